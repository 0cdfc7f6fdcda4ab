// Records that a server has authority over, and what it answers from them (RFC 1034 §4.3.2).
#pragma once

#include "dns/message.hpp"

#include <map>
#include <string>
#include <vector>

namespace sipvet::dns {

class Zone {
 public:
  // How long that there is nothing may be remembered (RFC 2308 §5).
  explicit Zone(std::uint32_t negative_ttl_s) : negative_ttl_s_(negative_ttl_s) {}

  void add(Record record);
  bool empty() const { return records_.empty(); }

  // The response to a query: the records asked for behind their aliases, or that there are none with an SOA
  // record. What is no query of one question of class IN gets an error code.
  Message answer(const Message& query) const;

 private:
  std::map<std::string, std::vector<Record>> records_; // by key of the owner's name
  std::uint32_t negative_ttl_s_;
};

// As a datagram may carry it: cut behind the question and marked where it is too long (RFC 2181 §9).
Bytes datagram_of(const Message& response);

} // namespace sipvet::dns
