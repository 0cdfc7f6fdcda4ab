#include "analysis/message_list.hpp"

#include "base/reader.hpp"
#include "base/writer.hpp"

#include <algorithm>
#include <utility>

namespace sipvet::analysis {
namespace {

bool before(const SipMessage& a, const SipMessage& b) {
  return a.time != b.time ? a.time < b.time : a.frame < b.frame;
}

void put_in_order(std::vector<SipMessage>& messages) {
  if (!std::ranges::is_sorted(messages, before)) std::ranges::stable_sort(messages, before);
}

} // namespace

void MessageList::push_back(SipMessage message) {
  recent_.push_back(std::move(message));
  if (recent_.size() >= most_in_memory && !no_file_) spill();
}

SipMessage& MessageList::emplace_back() {
  push_back({});
  return recent_.back();
}

void MessageList::move_late() {
  if (on_disk_ == 0) return;
  const auto end = std::ranges::find_if_not(recent_, [&](const SipMessage& message) {
    return message.time != last_time_ ? message.time < last_time_ : message.frame < last_frame_;
  });
  late_.insert(late_.end(), std::move_iterator(recent_.begin()), std::move_iterator(end));
  recent_.erase(recent_.begin(), end);
}

void MessageList::spill() {
  put_in_order(recent_);
  move_late();
  const std::size_t count = recent_.size() / 2;
  if (count == 0) return;
  Writer block;
  for (std::size_t i = 0; i < count; ++i) {
    const auto octets = pack(recent_[i]);
    block.u32(static_cast<std::uint32_t>(octets.size())).bytes(octets);
  }
  if (!spool_)
    if (auto made = io::Spool::make()) spool_ = *made;
  const auto offset = spool_ ? spool_->append(block.view()) : Result<std::uint64_t>(fail("no file"));
  no_file_ = !offset;
  if (no_file_) return;
  blocks_.push_back({*offset, block.size()});
  on_disk_ += count;
  last_time_ = recent_[count - 1].time;
  last_frame_ = recent_[count - 1].frame;
  recent_.erase(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(count));
}

void MessageList::sort() {
  put_in_order(recent_);
  move_late();
  put_in_order(late_);
}

MessageList::Iterator MessageList::begin() const { return Iterator(*this); }

MessageList::Iterator::Iterator(const MessageList& list) : list_(&list) {
  next_of_file();
  choose();
}

// A file that cannot be read any more ends the list early: there is nothing to say it to.
void MessageList::Iterator::next_of_file() {
  of_file_.reset();
  if (read_ == octets_.size()) {
    if (block_ == list_->blocks_.size()) return;
    const auto& block = list_->blocks_[block_++];
    auto octets = list_->spool_->read(block.offset, block.octets);
    octets_ = octets ? std::move(*octets) : Bytes();
    read_ = 0;
    if (octets_.empty()) return;
  }
  Reader reader(ByteView(octets_).subspan(read_));
  const auto length = reader.u32("length of a message");
  const auto packed = length ? reader.bytes(*length, "message") : Result<ByteView>(length.error());
  if (!packed) return;
  read_ += reader.offset();
  if (auto message = unpack_message(*packed)) of_file_ = std::move(*message);
}

void MessageList::Iterator::choose() {
  const bool late = late_ < list_->late_.size();
  if (of_file_ && !(late && before(list_->late_[late_], *of_file_)))
    from_ = From::file;
  else if (late)
    from_ = From::late;
  else
    from_ = recent_ < list_->recent_.size() ? From::recent : From::end;
}

const SipMessage& MessageList::Iterator::operator*() const {
  if (from_ == From::file) return *of_file_;
  return from_ == From::late ? list_->late_[late_] : list_->recent_[recent_];
}

MessageList::Iterator& MessageList::Iterator::operator++() {
  if (from_ == From::file)
    next_of_file();
  else
    ++(from_ == From::late ? late_ : recent_);
  choose();
  return *this;
}

} // namespace sipvet::analysis
