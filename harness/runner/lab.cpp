#include "runner/lab.hpp"

namespace sipvet::runner {

Result<Lab> make_lab(std::uint64_t seed, Instant now) {
  SeededRandom random(seed);
  SIPVET_TRY(crypto::LabCa ca, crypto::LabCa::create(random, now));
  Lab lab;
  lab.root_pem = ca.root_pem();
  SIPVET_TRY(const crypto::LabCa other, crypto::LabCa::create(random, now, "sipvet other CA"));
  lab.other_root_pem = other.root_pem();

  crypto::LabCa::Request request;
  request.common_name = gateway_domain;
  request.dns_names = {std::string(gateway_domain)};
  request.uris = {"sip:" + std::string(gateway_domain)};
  request.ips = {"127.0.0.1", to_string(gateway_address())};
  SIPVET_TRY(lab.gateway, ca.issue(request));

  request.common_name = "peer.example.test";
  request.dns_names = {"peer.example.test"};
  request.uris = {"sip:peer.example.test"};
  request.ips = {"127.0.0.1", to_string(peer_address(0))};
  SIPVET_TRY(lab.peer, ca.issue(request));
  return lab;
}

IpAddress gateway_address() { return IpAddress::v4(192, 0, 2, 10); }

IpAddress peer_address(std::size_t index) {
  return IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(20 + index % 200));
}

} // namespace sipvet::runner
