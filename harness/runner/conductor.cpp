#include "runner/conductor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::runner {

namespace {

using peers::ActiveStep;
using peers::Actor;
using peers::Findings;
using script::Step;

// Who can say how the last call ended: the one that placed it and, for calls to peers, the one called, whose
// answer may still be under way. Before any call: everybody.
class LastCall {
 public:
  explicit LastCall(const Actors& actors) : actors_(actors) {
    for (const auto& [name, actor] : actors) parties_.push_back(actor);
  }

  void begins(const Step& step) {
    if (step.action != "call" || !actors_.contains(step.actor)) return;
    parties_ = {actors_.at(step.actor)};
    // The gateway may not have seen the INVITE yet and speak of the call before.
    const auto called = actors_.find(step.argument.text);
    if (called != actors_.end() && called->first != "gateway") parties_.push_back(called->second);
  }

  bool satisfies(const std::string& condition) const {
    if (condition.empty()) return true;
    return std::any_of(parties_.begin(), parties_.end(), [&](const Actor* party) {
      return condition == "answered" ? party->answered() : party->rejected();
    });
  }

 private:
  const Actors& actors_;
  std::vector<const Actor*> parties_;
};

// Both actors of a media step, and how much each must have heard of the other.
struct MediaWatch {
  Actor* a = nullptr;
  Actor* b = nullptr;
  std::string a_name, b_name;
  std::uint64_t a_wanted_ms = 0, b_wanted_ms = 0;

  bool a_heard() const { return a->heard_ms(b->voiceprint()) >= a_wanted_ms; }
  bool b_heard() const { return b->heard_ms(a->voiceprint()) >= b_wanted_ms; }
  std::string missing() const {
    const auto line = [](const Actor& ear, const std::string& name, const Actor& mouth,
                         const std::string& other) {
      return fmt::format("{} has heard {} ms of {} ({}); {}", name, ear.heard_ms(mouth.voiceprint()), other,
                         rtp::to_string(mouth.voiceprint()), ear.describe_media());
    };
    std::string out;
    if (!a_heard()) out = line(*a, a_name, *b, b_name);
    if (!b_heard()) out += (out.empty() ? "" : "; ") + line(*b, b_name, *a, a_name);
    return out;
  }
};

ActiveStep begin_media(const Step& step, const Actors& actors) {
  const auto names = script::as_texts(step.argument).value_or(std::vector<std::string>{});
  const bool two_known = names.size() == 2 && actors.contains(names[0]) && actors.contains(names[1]);
  if (!two_known)
    return peers::finished(
        {peers::step_finding(step, "step-impossible", "A media step needs two actors of the scenario.",
                             "between: [one, other]", script::describe(step.argument))});
  const script::Value* given = step.options.find("for");
  const Duration length = given == nullptr
                              ? std::chrono::milliseconds(200)
                              : script::as_duration(*given).value_or(std::chrono::milliseconds(200));
  const auto whole_ms = std::chrono::ceil<std::chrono::milliseconds>(length).count();
  const auto length_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(whole_ms, 1));
  MediaWatch watch{actors.at(names[0]), actors.at(names[1]), names[0], names[1], 0, 0};
  watch.a_wanted_ms = watch.a->heard_ms(watch.b->voiceprint()) + length_ms;
  watch.b_wanted_ms = watch.b->heard_ms(watch.a->voiceprint()) + length_ms;
  return {[watch]() -> std::optional<Findings> {
            if (watch.a_heard() && watch.b_heard()) return Findings{};
            return std::nullopt;
          },
          [watch] { return watch.missing(); }};
}

Duration passing(const Step& step) { return script::as_duration(step.argument).value_or(Duration{}); }

ActiveStep begin_time(const Step& step, net::Network& network) {
  const Instant end = network.now() + passing(step);
  return {[&network, end]() -> std::optional<Findings> {
            if (network.now() < end) return std::nullopt;
            return Findings{};
          },
          [] { return std::string("time to pass, longer than the scenario may take"); }};
}

ActiveStep begin(const Step& step, const Actors& actors, net::Network& network) {
  if (step.actor == "time") return begin_time(step, network);
  if (step.actor == "media") return begin_media(step, actors);
  const auto actor = actors.find(step.actor);
  if (actor != actors.end()) return actor->second->begin(step);
  return peers::finished(
      {peers::step_finding(step, "step-impossible", "There is no such actor.", "", step.actor)});
}

verdict::Finding timeout_finding(const Step& step, const ActiveStep& active) {
  const std::string missing = active.waiting_for();
  if (step.actor == "media")
    return peers::step_finding(step, "media-not-heard",
                               "The sound of one side did not arrive at the other as it should.",
                               "each side hears the other's voiceprint", missing);
  return peers::step_finding(step, "deadline", fmt::format("Waited in vain for {}.", missing), missing,
                             "nothing before the deadline");
}

} // namespace

Conducted conduct(const script::Cell& cell, const Actors& actors, net::Network& network,
                  const std::atomic<bool>& stop) {
  Conducted out;
  const Instant cell_deadline = network.now() + cell.deadline;
  LastCall last_call(actors);
  for (const Step& step : cell.steps) {
    if (!last_call.satisfies(step.condition)) continue;
    last_call.begins(step);
    const ActiveStep active = begin(step, actors, network);
    const std::optional<Duration> within = step.actor == "time" ? passing(step) : step.within;
    const Instant deadline = within ? std::min(cell_deadline, network.now() + *within) : cell_deadline;
    std::optional<Findings> findings = active.poll();
    const auto done = [&] {
      if (!findings) findings = active.poll();
      return findings.has_value() || stop.load();
    };
    if (!findings) network.run_until(done, deadline);
    if (!findings) findings = active.poll(); // time alone has passed
    if (stop.load()) {
      out.interrupted = true;
      return out;
    }
    if (!findings) findings = Findings{timeout_finding(step, active)};
    out.findings = std::move(*findings);
    if (!out.findings.empty()) return out;
    ++out.steps_done;
    if (step.actor == "media") out.media_proven = true;
  }
  return out;
}

} // namespace sipvet::runner
