// The servers of an SBC's proxy sets: found by DNS, asked with OPTIONS whether they are alive, and put into
// the order in which calls go to them.
#pragma once

#include "gateway/event_log.hpp"
#include "gateway/sbc_settings.hpp"
#include "net/network.hpp"
#include "ua/server_location.hpp"
#include "ua/user_agent.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::gateway {

struct ProxySurroundings {
  net::Network& network;
  ua::Resolver* resolver = nullptr; // none: addresses only
  // Sends an OPTIONS; what comes of it is told with take_response() or take_failure().
  std::function<Result<ua::RequestId>(const ua::Target&)> ask;
  // Our own end of what goes out by a SIP interface; none: whichever fits.
  std::function<std::optional<Endpoint>(const std::string& sip_interface, ua::Transport)> interface_at;
  std::function<void(LogLevel, const std::string&)> say;
};

class ProxySets final : public net::Node {
 public:
  ProxySets(const SbcSettings& settings, ProxySurroundings around);
  ~ProxySets() override;

  // Looks for the servers and asks those of sets with keep-alive: they are down until they answer.
  void start();
  // Of the set, alive ones in the order in which they are to be tried: the one that answered a call last
  // stays the first.
  std::vector<ua::Target> alive(const std::string& set) const;
  std::vector<ua::Target> all(const std::string& set) const; // whatever state they are in
  // The IP group whose proxy set has that address; none: nobody's, or the group does not classify.
  std::optional<std::string> group_of(const IpAddress& source) const;

  // Whether that request was one of ours.
  bool take_response(ua::RequestId id, int status);
  bool take_failure(ua::RequestId id, const std::string& cause);
  // A call got through to the server, or did not.
  void call_answered(const Endpoint& server);
  void call_failed(const Endpoint& server, const std::string& cause);
  // Every server with keep-alive has been asked, and has answered or not.
  bool settled() const;

  void on_timer(net::TimerId) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::gateway
