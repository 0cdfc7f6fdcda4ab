#include "analysis/dialog_list.hpp"

#include <utility>

namespace sipvet::analysis {

DialogList::DialogList(const DialogList& other) : spool_(other.spool_) {
  slots_.reserve(other.slots_.size());
  for (const Slot& slot : other.slots_)
    slots_.push_back({slot.here ? std::make_unique<Dialog>(*slot.here) : nullptr, slot.offset, slot.octets});
}

DialogList& DialogList::operator=(const DialogList& other) { return *this = DialogList(other); }

Dialog& DialogList::emplace_back() { return *slots_.emplace_back(std::make_unique<Dialog>()).here; }

Dialog DialogList::read(const Slot& slot) const {
  const auto packed = spool_->read(slot.offset, slot.octets);
  auto dialog = packed ? unpack_dialog(*packed) : Result<Dialog>(packed.error());
  return dialog ? std::move(*dialog) : Dialog();
}

Dialog& DialogList::operator[](std::size_t index) {
  Slot& slot = slots_[index];
  if (!slot.here) slot.here = std::make_unique<Dialog>(read(slot));
  return *slot.here;
}

void DialogList::put_away(std::size_t index) {
  Slot& slot = slots_[index];
  if (!slot.here) return;
  if (!spool_)
    if (auto made = io::Spool::make()) spool_ = *made;
  if (!spool_) return;
  const auto packed = pack(*slot.here);
  const auto offset = spool_->append(packed);
  if (!offset) return;
  slot = {nullptr, *offset, static_cast<std::uint32_t>(packed.size())};
}

void DialogList::Iterator::load() {
  of_file_.reset();
  if (index_ == list_->slots_.size()) return;
  const Slot& slot = list_->slots_[index_];
  if (!slot.here) of_file_ = list_->read(slot);
}

} // namespace sipvet::analysis
