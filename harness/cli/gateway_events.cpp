#include "cli/gateway_events.hpp"

#include "base/text.hpp"
#include "io/control_socket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>
#include <sstream>
#include <thread>

namespace sipvet::cli {

namespace {

using Json = nlohmann::ordered_json;

// A voiceprint counts as heard from this length on: one piece of speech could be chance.
constexpr std::uint64_t heard_enough_ms = 200;

// Packets are counted as long as a call lasts and told when it is over: an event for each would say nothing.
Json counters_json(const gateway::CallInfo& call) {
  if (call.state != gateway::CallState::ended) return nullptr;
  Json dropped = Json::object();
  for (const auto& [why, count] : call.media.dropped) dropped[std::string(ua::name(why))] = count;
  return {{"rtp_sent", call.media.rtp_sent},
          {"rtp_accepted", call.media.rtp_accepted},
          {"rtcp_sent", call.media.rtcp_sent},
          {"rtcp_accepted", call.media.rtcp_accepted},
          {"dropped", dropped}};
}

Json call_json(const gateway::CallInfo& call) {
  Json heard = Json::array();
  for (const auto& [number, length_ms] : call.heard_ms)
    if (length_ms >= heard_enough_ms) heard.push_back(rtp::to_string(rtp::Voiceprint(number)));
  return {{"event", "call"},
          {"handle", static_cast<std::uint64_t>(call.handle)},
          {"direction", call.outgoing ? "outgoing" : "incoming"},
          {"state", std::string(gateway::name(call.state))},
          {"remote", call.remote},
          {"transport", std::string(ua::name(call.transport))},
          {"status", call.status},
          {"reason", call.reason},
          {"offered", call.offered ? Json(std::string(keying::name(*call.offered))) : Json(nullptr)},
          {"media", call.srtp ? Json(*call.srtp ? "srtp" : "rtp") : Json(nullptr)},
          {"suite", call.suite ? Json(std::string(rtp::name(*call.suite))) : Json(nullptr)},
          {"heard", heard},
          {"dtmf", call.dtmf},
          {"recording", call.recording.empty() ? Json(nullptr) : Json(call.recording)},
          {"packets", counters_json(call)},
          {"ended_by_remote", call.ended_by_remote},
          {"cause", call.cause}};
}

Json registration_json(const gateway::RegistrationStatus& status) {
  return {{"event", "registration"},
          {"address_of_record", status.address_of_record},
          {"state", std::string(gateway::state_name(status))},
          {"status", status.status},
          {"bindings", status.bindings},
          {"expires_s", status.granted_s}};
}

// A line of DGW's status page.
Json link_json(const gateway::LinkStatus& link) {
  return {{"event", "link"},
          {"gateway", link.gateway},
          {"server", link.server},
          {"local_port", link.local_port},
          {"remote", to_string(link.remote)},
          {"state", link.up ? "Up" : "Down"}};
}

void print_line(const Json& json) {
  std::puts(json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

void add_order(OrderQueue& queue, Order order) {
  const std::lock_guard lock(queue.mutex);
  if (queue.network == nullptr) return; // nobody carries it out any more
  queue.orders.push_back(std::move(order));
  queue.network->interrupt();
}

void read_orders(const std::shared_ptr<OrderQueue>& queue) {
  std::string line;
  while (std::getline(std::cin, line)) add_order(*queue, {line, nullptr});
  add_order(*queue, {"quit", nullptr});
}

// Waits until the gateway's thread has answered.
std::string order_and_wait(OrderQueue& queue, const std::string& line) {
  auto answer = std::make_shared<std::promise<std::string>>();
  std::future<std::string> answered = answer->get_future();
  add_order(queue, {line, std::move(answer)});
  try {
    return answered.get();
  } catch (const std::future_error&) { // the console ended with the order in its queue
    return "error: the gateway has ended";
  }
}

} // namespace

GatewayConsole::GatewayConsole(gateway::Gateway& gateway, io::SocketNetwork& network,
                               GatewayConsoleOptions options)
    : gateway_(gateway), network_(network), options_(options), orders_(std::make_shared<OrderQueue>()) {
  orders_->network = &network;
}

GatewayConsole::~GatewayConsole() {
  const std::lock_guard lock(orders_->mutex);
  orders_->network = nullptr;
}

void GatewayConsole::print_listening() const {
  if (!options_.events) return;
  for (const auto& one : gateway_.endpoints())
    print_line({{"event", "listening"},
                {"transport", std::string(ua::name(one.transport))},
                {"address", to_string(one.endpoint)}});
}

void GatewayConsole::print_if_new(const std::string& what, const std::string& text) {
  if (std::exchange(printed_others_[what], text) == text) return;
  std::puts(text.c_str());
  std::fflush(stdout);
}

void GatewayConsole::print_changes() {
  if (!options_.events) return;
  for (const gateway::LinkStatus& link : gateway_.links())
    print_if_new("link " + link.server, link_json(link).dump());
  for (const gateway::RegistrationStatus& status : gateway_.registrations())
    print_if_new("registration " + status.address_of_record, registration_json(status).dump());
  for (const gateway::CallInfo& call : gateway_.calls()) {
    const Json json = call_json(call);
    std::string& last = printed_[call.handle];
    if (const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace); text != last) {
      last = text;
      print_line(json);
    }
  }
}

Result<void> GatewayConsole::call(const std::string& uri) {
  gateway::PlaceCall place;
  place.request_uri = uri;
  SIPVET_TRY(place.target, ua::target_of_uri(uri, ua::Transport::udp));
  SIPVET_CHECK(gateway_.place_call(place));
  return {};
}

gateway::CallHandle GatewayConsole::latest_call() const {
  const auto calls = gateway_.calls();
  return calls.empty() ? gateway::CallHandle::none : calls.back().handle;
}

// The last one that rings here; where there is none, the last of all says why it cannot be answered.
gateway::CallHandle GatewayConsole::ringing_call() const {
  const auto calls = gateway_.calls();
  const auto rings = std::find_if(calls.rbegin(), calls.rend(), [](const gateway::CallInfo& call) {
    return !call.outgoing && call.state == gateway::CallState::ringing;
  });
  return rings == calls.rend() ? latest_call() : rings->handle;
}

// NUMBER [CALLER [CALLER NAME]]
Result<void> GatewayConsole::dial(const std::string& what) {
  gateway::PlaceCall place;
  std::istringstream words(what);
  words >> place.number >> place.caller >> std::ws;
  std::getline(words, place.caller_name);
  SIPVET_CHECK(gateway_.place_call(place));
  return {};
}

Result<void> GatewayConsole::obey(const std::string& order) {
  const auto sides = split_once(trim(order), ' ');
  const std::string verb(sides ? sides->first : trim(order));
  const std::string argument(sides ? trim(sides->second) : "");
  if (verb.empty()) return {};
  if (verb == "quit") {
    quit_ = true;
    return {};
  }
  if (verb == "unregister") {
    gateway_.unregister();
    return {};
  }
  if (verb == "call") return call(argument);
  if (verb == "dial") return dial(argument);
  if (verb == "answer") return gateway_.answer(ringing_call());
  if (verb == "decline") return gateway_.decline(ringing_call());
  if (verb == "hangup" || (verb == "hang" && argument == "up")) return gateway_.hang_up(latest_call());
  if (verb == "dtmf") return gateway_.send_dtmf(latest_call(), argument);
  if (verb == "record") return gateway_.record(latest_call(), argument);
  if (verb == "fax") return gateway_.send_fax(latest_call());
  return fail("no such order");
}

std::string GatewayConsole::answer_to(const std::string& order) {
  if (trim(order) == "calls") {
    Json all = Json::array();
    for (const gateway::CallInfo& call : gateway_.calls()) all.push_back(call_json(call));
    return all.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  const Result<void> done = obey(order);
  if (done) return "ok";
  std::string text = "error: " + to_string(done.error());
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

void GatewayConsole::serve_orders() {
  std::deque<Order> orders;
  {
    const std::lock_guard lock(orders_->mutex);
    orders.swap(orders_->orders);
  }
  for (const Order& order : orders) {
    const std::string answer = answer_to(order.line);
    if (order.answer) {
      order.answer->set_value(answer);
    } else if (answer.starts_with("error: ")) {
      std::fprintf(stderr, "sipvet: order '%s': %s\n", order.line.c_str(), answer.c_str() + 7);
    } else if (answer != "ok") {
      std::printf("%s\n", answer.c_str());
      std::fflush(stdout);
    }
  }
}

Result<void> GatewayConsole::serve(const std::atomic<bool>& stop) {
  std::optional<io::ControlSocket> control;
  if (!options_.control.empty()) {
    SIPVET_TRY(io::ControlSocket made,
               io::ControlSocket::open(options_.control, [queue = orders_](const std::string& order) {
                 return order_and_wait(*queue, order);
               }));
    control.emplace(std::move(made));
  }
  print_listening();
  if (options_.commands) std::thread([queue = orders_] { read_orders(queue); }).detach();
  gateway_.on_change([this] { print_changes(); });
  while (!quit_ && !stop.load()) {
    network_.run_until([&] { return stop.load(); }, network_.now() + std::chrono::hours(24));
    serve_orders();
  }
  gateway_.on_change({});
  // What a client asked for meanwhile is not done any more; it must not wait for ever.
  const std::lock_guard lock(orders_->mutex);
  orders_->network = nullptr;
  orders_->orders.clear();
  return {};
}

} // namespace sipvet::cli
