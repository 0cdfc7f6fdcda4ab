// Memory that OpenSSL reads and writes datagram by datagram, their bounds kept. Used by the openssl_*
// files only.
#pragma once

#include "base/bytes.hpp"

#include <deque>
#include <vector>

struct bio_st;

namespace sipvet::tls {

struct DatagramQueues {
  std::deque<Bytes> in;   // what the library will read
  std::vector<Bytes> out; // what it wrote
  std::size_t mtu = 1200;
};

// A BIO over `queues`, which must outlive it; null when memory is short. Reading from an empty queue asks for
// a retry.
bio_st* new_datagram_bio(DatagramQueues& queues);

} // namespace sipvet::tls
