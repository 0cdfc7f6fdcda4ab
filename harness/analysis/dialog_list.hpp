// The dialogs of a report, in the order of their first messages. Those that nothing was heard of for long can
// be put away into a temporary file, and come back when they are asked for.
#pragma once

#include "analysis/dialog.hpp"
#include "io/spool.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

namespace sipvet::analysis {

class DialogList {
 public:
  DialogList() = default;
  DialogList(const DialogList& other);
  DialogList& operator=(const DialogList& other);
  DialogList(DialogList&&) noexcept = default;
  DialogList& operator=(DialogList&&) noexcept = default;

  Dialog& emplace_back();
  void push_back(Dialog dialog) { emplace_back() = std::move(dialog); }

  std::size_t size() const { return slots_.size(); }
  bool empty() const { return slots_.empty(); }
  // Brings it back into memory. A dialog that cannot be read back is an empty one.
  Dialog& operator[](std::size_t index);
  const Dialog& operator[](std::size_t index) const { return const_cast<DialogList&>(*this)[index]; }
  const Dialog& front() const { return (*this)[0]; }
  void put_away(std::size_t index);

  // From front to back, without bringing any back. What it points to is valid until it moves.
  class Iterator {
   public:
    using value_type = Dialog;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(const DialogList& list) : list_(&list) { load(); }
    const Dialog& operator*() const { return of_file_ ? *of_file_ : *list_->slots_[index_].here; }
    const Dialog* operator->() const { return &**this; }
    Iterator& operator++() {
      ++index_;
      load();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return index_ == list_->slots_.size(); }

   private:
    void load();

    const DialogList* list_ = nullptr;
    std::size_t index_ = 0;
    std::optional<Dialog> of_file_;
  };
  Iterator begin() const { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  struct Slot {
    std::unique_ptr<Dialog> here; // none: in the file
    std::uint64_t offset = 0;
    std::uint32_t octets = 0;
  };
  Dialog read(const Slot& slot) const;

  std::vector<Slot> slots_;
  std::shared_ptr<io::Spool> spool_;
};

} // namespace sipvet::analysis
