// What a peer is like that acts as registrar and proxy: the settings under "proxy." and the accounts.
#pragma once

#include "base/clock.hpp"
#include "ua/transport.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sipvet::peers {

struct ProxySettings {
  bool acts = false;                           // acts-as: proxy
  std::map<std::string, std::string> accounts; // user to password
  std::string realm;                           // empty: its address
  std::vector<std::string> algorithms = {"MD5"};
  bool qop = true;
  Duration nonce_lifetime = std::chrono::seconds(30);
  bool next_nonce = false;
  bool challenge_calls = false;    // 407 to INVITEs that begin a call
  bool challenge_in_calls = false; // and to requests within them
  bool record_route = true;
  std::vector<ua::Transport> also_listens; // beside its transport
  // A connection on which nothing has come or gone for so long is closed.
  Duration idle_lifetime = std::chrono::minutes(2);
  int no_way_status = 500; // where the next hop's transport is none that it has, or sending fails
  std::uint32_t min_expires_s = 0, max_expires_s = 3600;
  bool route_without_transport = false; // misbehaves: no transport in Record-Route
  bool no_pong = false;                 // misbehaves: does not answer keep-alives
};

} // namespace sipvet::peers
