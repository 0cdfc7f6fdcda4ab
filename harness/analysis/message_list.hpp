// The SIP messages of a report: packed, in memory as long as they are few, and then the older ones in a
// temporary file, so that a report does not grow with its capture.
#pragma once

#include "analysis/sip_message.hpp"
#include "base/bytes.hpp"
#include "io/spool.hpp"

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

namespace sipvet::analysis {

// Messages one behind the other.
class PackedMessages {
 public:
  void push_back(const SipMessageView& message);
  // By time, then by frame.
  void sort();
  // The first `count` of them.
  ByteView front(std::size_t count) const;
  void drop_front(std::size_t count);
  // To behind those of `to`.
  void move_front(std::size_t count, PackedMessages& to);
  // How many at the front come before that time, or that frame of that time. All are in order.
  std::size_t count_before(Instant time, std::size_t frame) const;

  std::size_t size() const { return places_.size(); }
  const Bytes& octets() const { return octets_; }
  SipMessageView operator[](std::size_t index) const;

 private:
  struct Place {
    Instant time;
    std::size_t frame = 0;
    std::size_t offset = 0;
  };
  static bool before(const Place& a, const Place& b);
  Bytes octets_;
  std::vector<Place> places_;
};

// Copies of a list share what is in the file: that is never changed.
class MessageList {
 public:
  // So many messages are held in memory before the older half goes into the file.
  static constexpr std::size_t most_in_memory = 16'384;

  MessageList() = default;
  MessageList(std::initializer_list<SipMessage> messages);

  void push_back(const SipMessageView& message);
  void push_back(const SipMessage& message) { push_back(SipMessageView(message)); }
  void clear() { *this = {}; }
  // By time, then by frame: those of connections that waited for a secret come late.
  void sort();

  std::size_t size() const { return on_disk_ + late_.size() + recent_.size(); }
  bool empty() const { return size() == 0; }
  std::size_t in_file() const { return on_disk_; }
  // Only of a list that is in memory as a whole, and valid until the list changes.
  SipMessageView operator[](std::size_t index) const { return recent_[index]; }

  class Iterator;
  Iterator begin() const;
  std::default_sentinel_t end() const { return {}; }

 private:
  struct Block {
    std::uint64_t offset = 0;
    std::size_t octets = 0;
  };
  void spill();
  void move_late();

  PackedMessages recent_;
  PackedMessages late_; // before what is in the file already, in order once sort() was called
  std::vector<Block> blocks_;
  std::shared_ptr<io::Spool> spool_;
  std::size_t on_disk_ = 0;
  Instant last_time_; // of what is in the file
  std::size_t last_frame_ = 0;
  bool no_file_ = false; // none could be made, or written: all stays in memory
};

// From front to back. What it points to is valid until it moves.
class MessageList::Iterator {
 public:
  using value_type = SipMessageView;
  using difference_type = std::ptrdiff_t;

  Iterator() = default;
  explicit Iterator(const MessageList& list);
  const SipMessageView& operator*() const { return *now().message; }
  const SipMessageView* operator->() const { return &**this; }
  Iterator& operator++();
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const { return from_ == From::end; }

 private:
  // Goes through packed messages.
  struct Cursor {
    ByteView rest;
    std::optional<SipMessageView> message;
    void next();
  };
  const Cursor& now() const { return from_ == From::file ? file_ : from_ == From::late ? late_ : recent_; }
  void next_of_file();
  void choose();

  enum class From { file, late, recent, end };
  From from_ = From::end;
  const MessageList* list_ = nullptr;
  std::size_t block_ = 0;               // the next to be read
  std::shared_ptr<const Bytes> octets_; // of the block before
  Cursor file_, late_, recent_;
};

inline MessageList::Iterator MessageList::begin() const { return Iterator(*this); }

} // namespace sipvet::analysis
