// Finds the media stream of a packet among tens of thousands with one look at a flat table: each packet
// belongs to another one, so every place looked at is a miss of the caches.
#pragma once

#include "base/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace sipvet::analysis {

struct StreamKey {
  Endpoint source;
  Endpoint destination;
  std::uint32_t ssrc = 0;
  bool operator==(const StreamKey&) const = default;
};
std::uint64_t hash_of(const StreamKey& key);

// Streams in the order in which they came, which stay where they are. `Stream` has the member `key`.
template <typename Stream>
class StreamIndex {
 public:
  // nullptr: it is not there.
  Stream* find(const StreamKey& key) {
    if (slots_.empty()) return nullptr;
    const auto hash = hash_of(key);
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.stream == nullptr) return nullptr;
      if (slot.tag == tag_of(hash) && slot.stream->key == key) return slot.stream;
    }
  }

  // A stream that is not there yet, made from the key and what else it needs.
  template <typename... Arguments>
  Stream& add(const StreamKey& key, Arguments&&... arguments) {
    if (streams_.size() * 2 >= slots_.size()) grow();
    Stream& stream = streams_.emplace_back(key, std::forward<Arguments>(arguments)...);
    enter(stream);
    return stream;
  }

  std::size_t size() const { return streams_.size(); }
  // Hands over each in turn, and gives back its memory before the next.
  template <typename Take>
  void take_all(const Take& take) {
    slots_ = std::vector<Slot>();
    for (; !streams_.empty(); streams_.pop_front()) take(streams_.front());
  }

 private:
  struct Slot {
    Stream* stream = nullptr;
    std::uint64_t tag = 0;
  };
  static std::uint64_t tag_of(std::uint64_t hash) { return hash >> 16; }
  std::size_t mask() const { return slots_.size() - 1; }

  void enter(Stream& stream) {
    const auto hash = hash_of(stream.key);
    std::size_t at = hash & mask();
    while (slots_[at].stream != nullptr) at = (at + 1) & mask();
    slots_[at] = {&stream, tag_of(hash)};
  }

  void grow() {
    slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), Slot{});
    for (Stream& stream : streams_) enter(stream);
  }

  std::vector<Slot> slots_; // a power of two, at most half of them in use
  std::deque<Stream> streams_;
};

} // namespace sipvet::analysis
