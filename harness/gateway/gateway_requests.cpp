// Requests of the gateway outside of calls: OPTIONS, at the first server that answers (RFC 3263 §4.3).
#include "gateway/gateway_state.hpp"

#include <algorithm>

namespace sipvet::gateway {

Result<ua::RequestId> Gateway::State::send_options(const ua::Target& target) {
  const ua::RequestId handle{static_cast<std::uint64_t>(agent->reserve_call())};
  requests[handle].info.handle = handle;
  const Result<void> sent = ask(handle, {}, {target});
  if (sent) return handle;
  requests.erase(handle);
  return sent.error();
}

Result<ua::RequestId> Gateway::State::send_options(const std::string& text) {
  SIPVET_TRY(const sip::Uri uri, sip::parse_uri(text));
  const ua::RequestId handle{static_cast<std::uint64_t>(agent->reserve_call())};
  RequestInfo& info = requests[handle].info;
  info.handle = handle;
  info.remote = text;
  locate({uri, {}, transports()}, [this, handle, text](const Result<std::vector<ua::Target>>& found) {
    const Result<void> sent = found ? ask(handle, text, *found) : Result<void>(found.error());
    if (sent) return;
    RequestInfo& failed = requests.at(handle).info;
    failed.done = true;
    failed.status = 503;
    failed.reason = failed.cause = sent.error().what;
    notify();
  });
  return handle;
}

Result<void> Gateway::State::ask(ua::RequestId handle, const std::string& uri,
                                 const std::vector<ua::Target>& targets) {
  std::vector<ua::Target> in_order = targets;
  if (config.deviations.route.last_server_first) std::ranges::reverse(in_order);
  const ua::Target first = in_order.front();
  in_order.erase(in_order.begin());
  PendingRequest& pending = requests.at(handle);
  pending.info.remote = std::string(ua::name(first.transport)) + " " + to_string(first.remote);
  SIPVET_TRY(const ua::RequestId id, agent->request("OPTIONS", first, uri, {}, {}, std::move(in_order)));
  asked_as[id] = handle;
  pending.connection = last_sent_over;
  say(LogLevel::info, "asks " + pending.info.remote + " for OPTIONS");
  return {};
}

RequestInfo* Gateway::State::asked(ua::RequestId id) {
  const auto known = asked_as.find(id);
  const auto found = known == asked_as.end() ? requests.end() : requests.find(known->second);
  return found == requests.end() ? nullptr : &found->second.info;
}

void Gateway::State::on_request_moved(ua::RequestId id, const ua::Target& next, const std::string& cause) {
  RequestInfo* const info = asked(id);
  if (info == nullptr) return;
  const std::string to = std::string(ua::name(next.transport)) + " " + to_string(next.remote);
  say(LogLevel::warning, "OPTIONS fails at " + info->remote + " (" + cause + "): goes on to " + to);
  info->remote = to;
  requests.at(info->handle).connection = last_sent_over;
}

void Gateway::State::on_response(ua::RequestId id, const sip::Message& response) {
  if (proxy_sets && proxy_sets->take_response(id, response.status())) return notify();
  if (uplink->note_response(id, response)) return;
  if (note_info(id, response.status(), std::to_string(response.status()) + " " + response.reason())) return;
  RequestInfo* const info = asked(id);
  if (info == nullptr || response.status() < 200) return;
  info->done = true;
  info->status = response.status();
  info->reason = response.reason();
  say(LogLevel::info,
      info->remote + " answers OPTIONS: " + std::to_string(info->status) + " " + info->reason);
  notify();
}

void Gateway::State::on_request_failed(ua::RequestId id, const ua::RequestFailure& failure) {
  if (proxy_sets && proxy_sets->take_failure(id, failure.cause)) return notify();
  if (uplink->note_failure(id) || note_info(id, 0, failure.cause)) return;
  RequestInfo* const info = asked(id);
  if (info == nullptr) return;
  const Told told = told_of(failure, requests.at(info->handle).connection);
  info->done = true;
  info->status = told.status;
  info->reason = told.reason;
  info->cause = failure.cause;
  say(LogLevel::warning, info->remote + " does not answer OPTIONS: " + info->cause);
  notify();
}

} // namespace sipvet::gateway
