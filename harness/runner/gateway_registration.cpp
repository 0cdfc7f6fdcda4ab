// The gateway as one who registers with a proxy: its steps, and what a scenario expects of its connections.
#include "runner/gateway_actor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sipvet::runner {

namespace {

using peers::ActiveStep;
using peers::Findings;
using State = dialog::Registration::State;

// "registered", "refused", "unanswered" or "unconnected"; empty: not decided yet.
std::string outcome_of(const gateway::Gateway& gateway) {
  const auto links = gateway.links();
  const auto all = gateway.registrations();
  const auto are = [&](State state) {
    return std::ranges::any_of(all, [&](const auto& each) { return each.state == state; });
  };
  if (are(State::refused)) return "refused";
  if (are(State::waiting)) {
    const bool refused = std::ranges::any_of(all, [](const auto& each) { return each.status >= 300; });
    return refused ? "refused" : "unanswered";
  }
  if (are(State::registering)) return {};
  if (are(State::registered)) return "registered";
  return {};
}

// Outcomes that a connection comes to nothing for.
bool is_about_connection(std::string_view outcome) {
  return outcome == "unanswered" || outcome == "unconnected";
}

// "16000 192.0.2.20:5061 Up", a line of DGW's status page.
std::vector<std::string> lines_of(const std::vector<gateway::LinkStatus>& links) {
  std::vector<std::string> out;
  for (const gateway::LinkStatus& link : links)
    out.push_back(fmt::format("{} {} {}", link.local_port, to_string(link.remote), link.up ? "Up" : "Down"));
  return out;
}

std::string described(const gateway::Gateway& gateway) {
  std::string out;
  for (const std::string& line : lines_of(gateway.links())) out += line + "; ";
  for (const gateway::RegistrationStatus& each : gateway.registrations())
    out += fmt::format("{} {} ({}); ", each.address_of_record, gateway::state_name(each), each.status);
  if (out.empty()) return "nothing";
  out.resize(out.size() - 2);
  return out;
}

} // namespace

ActiveStep GatewayActor::register_with(const script::Step& step) {
  const auto place = find_peer_(step.argument.text);
  if (!place)
    return peers::finished(
        {peers::step_finding(step, "step-impossible", "There is no such proxy.", "", place.error().what)});
  const script::Value* option = step.options.find("outcome");
  const std::string wanted = option == nullptr ? "registered" : option->text;
  const std::size_t said = log_.lines.size();
  gateway_.use_proxy(place->target.remote);
  return {[this, step, wanted, said]() -> std::optional<Findings> {
            std::string got = outcome_of(gateway_);
            // A connection that came to nothing is tried again for ever: the first time counts.
            if (got.empty() && std::any_of(log_.lines.begin() + static_cast<std::ptrdiff_t>(said),
                                           log_.lines.end(), [](const auto& line) {
                                             return line.second.find(" is Down: ") != std::string::npos;
                                           }))
              got = "unconnected";
            if (got.empty()) return std::nullopt;
            failure_expected_ = failure_expected_ || (is_about_connection(wanted) && got == wanted);
            if (got == wanted) return Findings{};
            return Findings{peers::step_finding(
                step, "gateway-registration",
                "What came of the gateway's registration is something else than expected.", wanted,
                fmt::format("{}: {}", got, described(gateway_)))};
          },
          [this] { return "an outcome of the gateway's registration (" + described(gateway_) + ")"; }};
}

ActiveStep GatewayActor::unregister(const script::Step&) {
  gateway_.unregister();
  return {[this]() -> std::optional<Findings> {
            const auto all = gateway_.registrations();
            const bool open =
                std::ranges::any_of(all, [](const auto& each) { return each.state == State::unregistering; });
            return open ? std::nullopt : std::optional(Findings{});
          },
          [] { return std::string("the response to the gateway's REGISTER"); }};
}

std::string GatewayActor::missing_of_uplink(std::string_view key, const script::Value& wanted) const {
  return fmt::format("the gateway to be {}: {} ({})", key,
                     fmt::join(script::as_texts(wanted).value_or(std::vector<std::string>{}), ", "),
                     described(gateway_));
}

std::optional<Findings> GatewayActor::judge_uplink(const script::Step& step) const {
  if (const script::Value* wanted = step.argument.find("registered")) {
    const auto all = gateway_.registrations();
    const bool registered = !all.empty() && std::ranges::all_of(all, [](const auto& each) {
      return each.state == State::registered;
    });
    if (registered != script::as_boolean(*wanted).value_or(true)) return std::nullopt;
  }
  if (const script::Value* wanted = step.argument.find("links"))
    if (script::as_texts(*wanted).value_or(std::vector<std::string>{}) != lines_of(gateway_.links()))
      return std::nullopt;
  if (const script::Value* wanted = step.argument.find("link")) {
    const auto links = gateway_.links();
    const bool as_wanted =
        std::ranges::all_of(links, [&](const auto& link) { return link.up == (wanted->text == "Up"); });
    if (links.empty() || !as_wanted) return std::nullopt;
  }
  return Findings{};
}

} // namespace sipvet::runner
