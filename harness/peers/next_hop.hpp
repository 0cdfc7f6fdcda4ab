// How a server is told where the gateway next to it is, and which of that disagrees with the gateway when a
// request comes to nothing: Office Communications Server asks for address, port, transport and encryption
// level.
#pragma once

#include "keying/offer_shape.hpp"
#include "peers/connection_record.hpp"
#include "ua/transport.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sipvet::peers {

// What is not said is as the gateway has it.
struct NextHop {
  std::optional<std::string> domain; // that the gateway's certificate must be for
  std::optional<std::uint16_t> port;
  std::optional<ua::Transport> transport;
  std::optional<keying::OfferShape> encryption; // what calls to it offer
};

// "address", "port", "transport" or "encryption"; empty: none of them, as far as can be seen. `status` is
// that of the final response, 0 without one; `connection` the one that the request went over, null over UDP.
std::string disagreement(int status, const ConnectionRecord* connection);

} // namespace sipvet::peers
