// A hash table in one piece of memory, for what is looked up once or more for every message of a capture.
#pragma once

#include "base/prefetch.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sipvet {

// Keys are hashes already, or numbers given one after the other: the table mixes them no further. A pointer
// to a value holds until the next try_emplace() or erase().
template <typename Value>
class FlatMap {
 public:
  std::size_t size() const { return size_; }

  Value* find(std::uint64_t key) { return find(key, any); }
  // Among values of one key, the one that `is_it`; add() puts them there.
  template <typename IsIt>
  Value* find(std::uint64_t key, IsIt is_it) {
    if (slots_.empty()) return nullptr;
    Slot& slot = slots_[place_of(key, is_it)];
    return slot.used ? &slot.value : nullptr;
  }
  // It will be looked up soon.
  void expect(std::uint64_t key) const {
    if (!slots_.empty()) prefetch(&slots_[key & mask()]);
  }

  // The value, and whether it is new.
  std::pair<Value*, bool> try_emplace(std::uint64_t key) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = slots_[place_of(key, any)];
    if (slot.used) return {&slot.value, false};
    slot = {key, Value(), true};
    ++size_;
    return {&slot.value, true};
  }

  // Beside others of that key.
  void add(std::uint64_t key, Value value) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    slots_[place_of(key, none)] = {key, std::move(value), true};
    ++size_;
  }

  void erase(std::uint64_t key) { erase(key, any); }
  template <typename IsIt>
  void erase(std::uint64_t key, IsIt is_it) {
    if (slots_.empty()) return;
    std::size_t hole = place_of(key, is_it);
    if (!slots_[hole].used) return;
    --size_;
    // What stands behind moves up, unless that would bring it before the place where its search begins.
    for (std::size_t at = after(hole); slots_[at].used; at = after(at)) {
      const std::size_t home = slots_[at].key & mask();
      if (((at - home) & mask()) < ((at - hole) & mask())) continue;
      slots_[hole] = std::move(slots_[at]);
      hole = at;
    }
    slots_[hole] = {};
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Value value{};
    bool used = false;
  };

  std::size_t mask() const { return slots_.size() - 1; }
  std::size_t after(std::size_t place) const { return (place + 1) & mask(); }
  static bool any(const Value&) { return true; }
  static bool none(const Value&) { return false; }
  // Where the one of that key is, or the free place where it would be.
  template <typename IsIt>
  std::size_t place_of(std::uint64_t key, IsIt is_it) const {
    std::size_t at = key & mask();
    while (slots_[at].used && !(slots_[at].key == key && is_it(slots_[at].value))) at = after(at);
    return at;
  }
  void grow() {
    constexpr std::size_t least_slots = 16;
    std::vector<Slot> old(slots_.empty() ? least_slots : slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old)
      if (slot.used) slots_[place_of(slot.key, none)] = std::move(slot);
  }

  std::vector<Slot> slots_; // a power of two, a quarter of them free; none at first
  std::size_t size_ = 0;
};

} // namespace sipvet
