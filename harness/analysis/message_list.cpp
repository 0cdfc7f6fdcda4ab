#include "analysis/message_list.hpp"

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

bool before(const SipMessageView& a, const SipMessageView& b) {
  return a.time != b.time ? a.time < b.time : a.frame < b.frame;
}

} // namespace

bool PackedMessages::before(const Place& a, const Place& b) {
  return a.time != b.time ? a.time < b.time : a.frame < b.frame;
}

void PackedMessages::push_back(const SipMessageView& message) {
  places_.push_back({message.time, message.frame, octets_.size()});
  pack(message, octets_);
}

SipMessageView PackedMessages::operator[](std::size_t index) const {
  ByteView packed = ByteView(octets_).subspan(places_[index].offset);
  return unpack_message(packed).value(); // packed here
}

void PackedMessages::sort() {
  if (std::ranges::is_sorted(places_, before)) return;
  std::ranges::stable_sort(places_, before);
  const Bytes mixed = std::exchange(octets_, {});
  octets_.reserve(mixed.size());
  for (Place& place : places_) {
    ByteView rest = ByteView(mixed).subspan(place.offset);
    const ByteView from_here = rest;
    place.offset = octets_.size();
    if (unpack_message(rest)) append(octets_, from_here.first(from_here.size() - rest.size()));
  }
}

ByteView PackedMessages::front(std::size_t count) const {
  return ByteView(octets_).first(count < places_.size() ? places_[count].offset : octets_.size());
}

void PackedMessages::drop_front(std::size_t count) {
  const std::size_t octets = front(count).size();
  octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(octets));
  places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(count));
  for (Place& place : places_) place.offset -= octets;
}

void PackedMessages::move_front(std::size_t count, PackedMessages& to) {
  const std::size_t behind = to.octets_.size();
  for (std::size_t i = 0; i < count; ++i) {
    Place place = places_[i];
    place.offset += behind;
    to.places_.push_back(place);
  }
  append(to.octets_, front(count));
  drop_front(count);
}

std::size_t PackedMessages::count_before(Instant time, std::size_t frame) const {
  const auto end = std::ranges::lower_bound(places_, Place{time, frame, 0}, before);
  return static_cast<std::size_t>(end - places_.begin());
}

MessageList::MessageList(std::initializer_list<SipMessage> messages) {
  for (const SipMessage& message : messages) push_back(message);
}

void MessageList::push_back(const SipMessageView& message) {
  recent_.push_back(message);
  if (recent_.size() >= most_in_memory && !no_file_) spill();
}

void MessageList::move_late() {
  if (on_disk_ > 0) recent_.move_front(recent_.count_before(last_time_, last_frame_), late_);
}

void MessageList::spill() {
  recent_.sort();
  move_late();
  const std::size_t count = recent_.size() / 2;
  if (count == 0) return;
  if (!spool_)
    if (auto made = io::Spool::make()) spool_ = *made;
  const ByteView block = recent_.front(count);
  const auto offset = spool_ ? spool_->append(block) : Result<std::uint64_t>(fail("no file"));
  no_file_ = !offset;
  if (no_file_) return;
  blocks_.push_back({*offset, block.size()});
  on_disk_ += count;
  const SipMessageView last = recent_[count - 1];
  last_time_ = last.time;
  last_frame_ = last.frame;
  recent_.drop_front(count);
}

void MessageList::sort() {
  recent_.sort();
  move_late();
  late_.sort();
}

void MessageList::Iterator::Cursor::next() {
  if (!message) message.emplace();
  if (rest.empty() || !unpack_message(rest, *message)) message.reset();
}

MessageList::Iterator::Iterator(const MessageList& list)
    : list_(&list), late_{list.late_.octets(), {}}, recent_{list.recent_.octets(), {}} {
  next_of_file();
  late_.next();
  recent_.next();
  choose();
}

// A block that cannot be read back ends what is of the file: there is nothing to say it to.
void MessageList::Iterator::next_of_file() {
  if (file_.rest.empty() && block_ < list_->blocks_.size()) {
    const auto& block = list_->blocks_[block_++];
    auto octets = list_->spool_->read(block.offset, block.octets);
    octets_ = std::make_shared<const Bytes>(octets ? std::move(*octets) : Bytes());
    file_.rest = *octets_;
  }
  file_.next();
}

void MessageList::Iterator::choose() {
  if (file_.message && !(late_.message && before(*late_.message, *file_.message)))
    from_ = From::file;
  else if (late_.message)
    from_ = From::late;
  else
    from_ = recent_.message ? From::recent : From::end;
}

MessageList::Iterator& MessageList::Iterator::operator++() {
  if (from_ == From::file)
    next_of_file();
  else
    (from_ == From::late ? late_ : recent_).next();
  choose();
  return *this;
}

} // namespace sipvet::analysis
