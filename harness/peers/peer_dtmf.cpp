// The key presses that a scripted peer sends and hears.
#include "peers/keys_expectation.hpp"
#include "peers/peer_state.hpp"
#include "ua/dtmf_relay.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

using script::Step;

ActiveStep Peer::State::dtmf(const Step& step) {
  Leg* leg = latest();
  if (leg == nullptr || !leg->media) return impossible(step, "it has no call");
  if (const auto keys = check_keys(step.argument.text); !keys) return impossible(step, keys.error().what);
  const script::Value* by = step.options.find("by");
  if (by != nullptr && by->text == "info") return dtmf_by_info(step, *leg);
  return done_or_impossible(step, leg->media->send_dtmf(step.argument.text));
}

// One INFO behind the other; each must be answered with 2xx.
ActiveStep Peer::State::dtmf_by_info(const Step& step, const Leg& leg) {
  constexpr unsigned duration_ms = 160;
  const auto left = std::make_shared<std::string>(step.argument.text);
  const auto send_next = [this, left, call = leg.id] {
    begin_outcome("INFO");
    const ua::Body body{ua::dtmf_relay_body(left->front(), duration_ms), ua::dtmf_relay_type};
    left->erase(0, 1);
    return agent->request_in_call(call, "INFO", body);
  };
  if (const auto sent = send_next(); !sent) return impossible(step, sent.error().what);
  return {[this, step, left, send_next]() -> std::optional<Findings> {
            if (!answered_all()) return std::nullopt;
            Findings out = compare(step, ExpectedResponse{}, outcomes.back());
            if (!out.empty() || left->empty()) return out;
            if (const auto sent = send_next(); !sent)
              return Findings{
                  step_finding(step, "step-impossible", "INFO cannot be sent.", "", sent.error().what)};
            return std::nullopt;
          },
          [this] { return fmt::format("a final response to the INFO of {}", name); }};
}

std::string Peer::State::keys_heard() {
  const Leg* leg = latest();
  return leg == nullptr || !leg->media ? std::string() : leg->media->keys_heard() + leg->keys_by_info;
}

} // namespace sipvet::peers
