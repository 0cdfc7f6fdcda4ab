#include "analysis/content_queue.hpp"

#include "sip/message_view.hpp"

#include <string>
#include <utility>

namespace sipvet::analysis {

ContentQueue::ContentQueue(ContentSink& reader) : reader_(reader), thread_([this] { work(); }) {}

ContentQueue::~ContentQueue() { stop(); }

void ContentQueue::on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) {
  add(Kind::sip, origin, at, as_bytes(message.text()));
}

void ContentQueue::on_turn(const SipOrigin& origin, frames::Captured at, ByteView message) {
  add(Kind::turn, origin, at, message);
}

void ContentQueue::on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) {
  add(Kind::framing_lost, origin, at, as_bytes(error.what), error.offset);
}

void ContentQueue::on_plaintext(const SipOrigin& from, ByteView octets, frames::Captured at) {
  add(Kind::plaintext, from, at, octets);
}

void ContentQueue::on_plaintext_gap(const SipOrigin& from, frames::Captured at) {
  add(Kind::plaintext_gap, from, at, {});
}

void ContentQueue::on_plaintext_end(std::size_t connection) {
  SipOrigin origin;
  origin.connection = connection;
  add(Kind::plaintext_end, origin, {}, {});
}

void ContentQueue::on_datagram(const frames::Datagram& datagram, frames::Captured at) {
  SipOrigin origin;
  origin.source = datagram.source;
  origin.destination = datagram.destination;
  add(Kind::datagram, origin, at, datagram.payload);
}

void ContentQueue::on_secret(std::string_view line) { add(Kind::secret, {}, {}, as_bytes(line)); }

void ContentQueue::add(Kind kind, const SipOrigin& origin, frames::Captured at, ByteView octets,
                       std::optional<std::size_t> error_offset) {
  append(batch_.octets, octets);
  Event& event = batch_.events.emplace_back();
  event.kind = kind;
  event.origin = origin;
  event.at = at;
  event.octets = octets.size();
  event.error_offset = error_offset;
  if (batch_.octets.size() >= batch_octets || batch_.events.size() >= batch_events) hand_over();
}

void ContentQueue::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < most_batches; });
  waiting_.push_back(std::exchange(batch_, {}));
  if (!spare_.empty()) {
    batch_ = std::move(spare_.back());
    spare_.pop_back();
  }
  lock.unlock();
  changed_.notify_all();
}

void ContentQueue::work() {
  read_all();
  if (!last_ || failure_) return;
  try {
    last_();
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void ContentQueue::read_all() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    const bool failed = failure_ != nullptr;
    lock.unlock();
    changed_.notify_all();
    if (!failed) read(batch);
    batch.octets.clear();
    batch.events.clear();
    lock.lock();
    spare_.push_back(std::move(batch));
  }
}

void ContentQueue::read(const Batch& batch) {
  try {
    ByteView octets(batch.octets);
    for (const Event& event : batch.events) {
      read(event, octets.first(event.octets));
      octets = octets.subspan(event.octets);
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
}

void ContentQueue::read(const Event& event, ByteView octets) {
  switch (event.kind) {
  case Kind::sip:
    // It was read once, out of a stream that this thread may not touch.
    if (const auto message = sip::view_message(as_text(octets)))
      reader_.on_sip(event.origin, event.at, *message);
    return;
  case Kind::turn:
    return reader_.on_turn(event.origin, event.at, octets);
  case Kind::framing_lost:
    return reader_.on_framing_lost(event.origin, event.at,
                                   Error(std::string(as_text(octets)), event.error_offset));
  case Kind::plaintext:
    return reader_.on_plaintext(event.origin, octets, event.at);
  case Kind::plaintext_gap:
    return reader_.on_plaintext_gap(event.origin, event.at);
  case Kind::plaintext_end:
    return reader_.on_plaintext_end(event.origin.connection.value_or(0));
  case Kind::datagram:
    return reader_.on_datagram({event.origin.source, event.origin.destination, octets}, event.at);
  case Kind::secret:
    return reader_.on_secret(as_text(octets));
  }
}

void ContentQueue::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ContentQueue::finish(std::function<void()> last) {
  if (!batch_.events.empty()) hand_over();
  last_ = std::move(last); // read once `ended_` is seen
  stop();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

} // namespace sipvet::analysis
