// Orders of the telephone side within a call, and the key presses that come by INFO.
#include "gateway/gateway_state.hpp"
#include "rtp/telephone_event.hpp"
#include "ua/dtmf_relay.hpp"

namespace sipvet::gateway {

namespace {

constexpr unsigned key_duration_ms = 160; // what INFO says of a press, as most senders have it

bool is_over(const Leg& leg) {
  return leg.hanging_up || leg.info.state == CallState::ended || leg.info.state == CallState::failed;
}

} // namespace

// A call that somebody gave up while it rang cannot be answered, nor can one be answered twice.
Result<void> Gateway::State::may_answer(const Leg& leg) const {
  if (config.deviations.late_answer_taken) return {};
  if (leg.info.outgoing) return fail("the call was placed here");
  if (is_over(leg)) return fail("the call is over");
  if (leg.info.state != CallState::ringing) return fail("the call is answered already");
  return {};
}

Result<void> Gateway::State::order_answer(Leg& leg) {
  SIPVET_CHECK(may_answer(leg));
  if (config.deviations.late_answer_taken && leg.info.state != CallState::ringing) return {};
  network.cancel(leg.ringing);
  return answer_or_fail(leg);
}

Result<void> Gateway::State::decline(Leg& leg) {
  SIPVET_CHECK(may_answer(leg));
  leg.info.status = config.decline_status;
  SIPVET_CHECK(agent->reject(leg.info.handle, config.decline_status));
  finish(leg, CallState::ended, "declined");
  return {};
}

Result<void> Gateway::State::send_dtmf(Leg& leg, std::string_view digits) {
  if (is_over(leg)) return fail("the call is over");
  if (!leg.media) return fail("the call has no media yet");
  if (!config.dtmf_by_info) return leg.media->send_dtmf(digits);
  if (leg.info.state != CallState::answered) return fail("the call is not answered, and INFO needs that");
  for (std::size_t i = 0; i < digits.size(); ++i)
    if (!rtp::event_of_key(digits[i])) return fail("expected one of 0-9, *, #, A-D", i);
  if (config.deviations.media.events_unsent) return {};
  leg.keys_to_send += digits;
  if (leg.open_info == ua::RequestId::none) send_next_key(leg);
  return {};
}

// One at a time: over UDP, requests may overtake each other.
void Gateway::State::send_next_key(Leg& leg) {
  leg.open_info = ua::RequestId::none;
  if (leg.keys_to_send.empty()) return;
  const char key = leg.keys_to_send.front();
  leg.keys_to_send.erase(0, 1);
  const auto sent = agent->request_in_call(
      leg.info.handle, "INFO", ua::Body{ua::dtmf_relay_body(key, key_duration_ms), ua::dtmf_relay_type});
  if (sent) {
    leg.open_info = *sent;
    return;
  }
  leg.keys_to_send.clear();
  say(LogLevel::warning, leg.info.remote + ": no key can be sent: " + to_string(sent.error()));
}

bool Gateway::State::note_info(ua::RequestId id, int status, const std::string& what) {
  for (auto& [handle, leg] : legs) {
    if (leg.open_info != id || id == ua::RequestId::none) continue;
    if (status > 0 && status < 200) return true;
    if (status < 200 || status >= 300) {
      say(LogLevel::warning, leg.info.remote + " does not take keys by INFO: " + what);
      leg.keys_to_send.clear();
    }
    send_next_key(leg);
    notify();
    return true;
  }
  return false;
}

// RFC 6086 §4.2.2: what is no key is refused by its type; an INFO that says nothing is taken.
bool Gateway::State::take_info(ua::ServerId id, CallHandle call, const sip::Message& request) {
  Leg* leg = find(call);
  if (leg == nullptr || is_over(*leg)) return false; // the agent knows what to say
  const auto key = ua::dtmf_relay_key(request);
  if (!key && !request.body().empty()) {
    (void)agent->respond(id, 415, {}, {}, {{"Accept", ua::dtmf_relay_type}});
    return true;
  }
  (void)agent->respond(id, 200);
  if (key && !config.deviations.media.events_unheard && leg->keys_by_info.size() < max_keys_by_info)
    leg->keys_by_info.push_back(*key);
  notify();
  return true;
}

Result<void> Gateway::State::record(Leg& leg, const std::string& path) {
  if (is_over(leg)) return fail("the call is over");
  SIPVET_CHECK(finish_recording(leg));
  SIPVET_TRY(io::WavFile file, io::WavFile::create(path, rtp::sample_rate_hz));
  leg.recording_file.emplace(std::move(file));
  leg.recorder = std::make_shared<ua::SoundRecorder>();
  leg.info.recording = path;
  for (const auto* session : {&leg.media, &leg.second})
    if (*session) (*session)->record_to(leg.recorder);
  return {};
}

Result<void> Gateway::State::finish_recording(Leg& leg) {
  if (!leg.recorder) return {};
  std::vector<std::int16_t> samples = leg.recorder->samples();
  if (config.deviations.silent_recording) samples.assign(samples.size(), 0);
  for (const auto* session : {&leg.media, &leg.second})
    if (*session) (*session)->record_to(nullptr);
  leg.recorder.reset();
  io::WavFile file = std::move(*leg.recording_file);
  leg.recording_file.reset();
  SIPVET_CHECK(file.write(0, samples));
  return file.finish();
}

} // namespace sipvet::gateway
