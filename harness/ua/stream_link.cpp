#include "ua/stream_link.hpp"

namespace sipvet::ua {

namespace {
constexpr std::uint8_t close_notify = 0; // RFC 8446 §6.1
constexpr std::string_view ping_octets = "\r\n\r\n";
} // namespace

StreamLink::StreamLink(std::unique_ptr<tls::Engine> engine, StreamDeviations deviations,
                       sip::FramerLimits limits)
    : engine_(std::move(engine)), deviations_(deviations), limits_(limits),
      framer_(sip::KeepAlives::pairs, limits) {}

void StreamLink::connected() {
  if (engine_) {
    engine_->start();
    pump();
    return;
  }
  up_ = true;
  events_.push_back(LinkUp{});
}

void StreamLink::receive(ByteView octets) {
  if (broken_) return;
  if (!engine_) {
    take_application_data(octets);
    return;
  }
  engine_->receive(octets);
  pump();
}

void StreamLink::send(ByteView octets) {
  if (!engine_) {
    append(output_, octets);
    return;
  }
  engine_->send(octets);
  pump();
}

void StreamLink::ping() {
  framer_.read_keep_alives_as(sip::KeepAlives::pongs);
  send(as_bytes(ping_octets));
}

void StreamLink::close() {
  if (!engine_) return;
  engine_->close();
  append(output_, engine_->take_output());
}

LinkBroken StreamLink::ended(const std::string& how) const {
  if (engine_ && !up_) {
    const std::string text = "the connection was " + how + " during the TLS handshake";
    return {text + " (" + engine_->progress() + ")", alert_};
  }
  return {"the connection was " + how, alert_};
}

Bytes StreamLink::take_output() { return std::exchange(output_, {}); }
std::vector<LinkEvent> StreamLink::take_events() { return std::exchange(events_, {}); }

void StreamLink::pump() {
  std::vector<tls::Event> events = engine_->take_events();
  append(output_, engine_->take_output());
  for (tls::Event& event : events) {
    if (!broken_) take(event);
  }
}

void StreamLink::take(tls::Event& event) {
  if (auto* done = std::get_if<tls::HandshakeDone>(&event)) {
    up_ = true;
    session_ = done->session;
    events_.push_back(LinkUp{std::move(done->session)});
  } else if (auto* received = std::get_if<tls::Received>(&event)) {
    take_application_data(received->octets);
  } else if (auto* line = std::get_if<tls::KeylogLine>(&event)) {
    events_.push_back(LinkKeylog{std::move(line->line)});
  } else if (auto* alert = std::get_if<tls::AlertReceived>(&event)) {
    note_alert(alert->alert, false);
  } else if (auto* sent = std::get_if<tls::AlertSent>(&event)) {
    note_alert(sent->alert, true);
  } else if (auto* failed = std::get_if<tls::Failed>(&event)) {
    break_off({std::move(failed->cause), failed->alert ? failed->alert : alert_, std::move(failed->rejection),
               fatal_received_});
  } else {
    break_off({"the other side closed the TLS connection", alert_, {}, true});
  }
}

void StreamLink::take_application_data(ByteView octets) {
  for (sip::StreamEvent& event : framer_.receive(octets)) {
    if (std::holds_alternative<sip::Pong>(event)) framer_.read_keep_alives_as(sip::KeepAlives::pairs);
    events_.push_back(std::move(event));
    if (deviations_.message_for_each_read) break;
  }
  if (deviations_.message_for_each_read) framer_ = sip::Framer(sip::KeepAlives::pairs, limits_);
}

void StreamLink::note_alert(const tls::Alert& alert, bool sent) {
  events_.push_back(LinkAlert{alert, sent});
  if (alert.description == close_notify) return;
  alert_ = alert;
  fatal_received_ = fatal_received_ || (!sent && alert.level == tls::AlertLevel::fatal);
}

void StreamLink::break_off(LinkBroken why) {
  broken_ = true;
  events_.push_back(std::move(why));
}

} // namespace sipvet::ua
