// The SIP messages of a report: in memory as long as they are few, and then the older ones in a temporary
// file, so that a report does not grow with its capture.
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

// Copies of a list share what is in the file: that is never changed.
class MessageList {
 public:
  // So many messages are held in memory before the older half goes into the file.
  static constexpr std::size_t most_in_memory = 16'384;

  MessageList() = default;
  MessageList(std::initializer_list<SipMessage> messages) : recent_(messages) {}

  void push_back(SipMessage message);
  SipMessage& emplace_back();
  void resize(std::size_t count) { recent_.resize(count); }
  void clear() { *this = {}; }
  // By time, then by frame: those of connections that waited for a secret come late.
  void sort();

  std::size_t size() const { return on_disk_ + late_.size() + recent_.size(); }
  bool empty() const { return size() == 0; }
  std::size_t in_file() const { return on_disk_; }
  // Only of a list that is in memory as a whole.
  SipMessage& operator[](std::size_t index) { return recent_[index]; }
  const SipMessage& operator[](std::size_t index) const { return recent_[index]; }

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

  std::vector<SipMessage> recent_;
  std::vector<SipMessage> late_; // before what is in the file already, in order once sort() was called
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
  using value_type = SipMessage;
  using difference_type = std::ptrdiff_t;

  Iterator() = default;
  explicit Iterator(const MessageList& list);
  const SipMessage& operator*() const;
  const SipMessage* operator->() const { return &**this; }
  Iterator& operator++();
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const { return from_ == From::end; }

 private:
  void next_of_file();
  void choose();

  enum class From { file, late, recent, end };
  From from_ = From::end;
  const MessageList* list_ = nullptr;
  std::size_t block_ = 0;
  Bytes octets_; // of the block
  std::size_t read_ = 0;
  std::optional<SipMessage> of_file_; // the next one
  std::size_t late_ = 0;
  std::size_t recent_ = 0;
};

} // namespace sipvet::analysis
