#include "tls/openssl_datagram_bio.hpp"

#include "crypto/owned.hpp"

#include <openssl/bio.h>

#include <algorithm>

namespace sipvet::tls {
namespace {

using MethodPtr = crypto::Owned<BIO_METHOD, BIO_meth_free>;

constexpr long ip_and_udp_octets = 28;

DatagramQueues& queues_of(BIO* bio) { return *static_cast<DatagramQueues*>(BIO_get_data(bio)); }

int read_datagram(BIO* bio, char* out, int room) {
  BIO_clear_retry_flags(bio);
  auto& in = queues_of(bio).in;
  if (in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const Bytes datagram = std::move(in.front());
  in.pop_front();
  // What does not fit is lost, as with a socket.
  const std::size_t count = std::min(datagram.size(), static_cast<std::size_t>(std::max(room, 0)));
  std::copy_n(datagram.begin(), count, out);
  return static_cast<int>(count);
}

int write_datagram(BIO* bio, const char* octets, int count) {
  BIO_clear_retry_flags(bio);
  if (count <= 0) return 0;
  queues_of(bio).out.push_back(to_bytes(std::string_view(octets, static_cast<std::size_t>(count))));
  return count;
}

long control(BIO* bio, int command, long, void*) {
  switch (command) {
  case BIO_CTRL_FLUSH:
  case BIO_CTRL_DUP:
  case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
    return 1;
  case BIO_CTRL_DGRAM_QUERY_MTU:
  case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
  case BIO_CTRL_DGRAM_GET_MTU:
    return static_cast<long>(queues_of(bio).mtu);
  case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
    return ip_and_udp_octets;
  default:
    return 0;
  }
}

const BIO_METHOD* method() {
  static const MethodPtr made = [] {
    MethodPtr fresh(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram memory"));
    BIO_meth_set_read(fresh.get(), read_datagram);
    BIO_meth_set_write(fresh.get(), write_datagram);
    BIO_meth_set_ctrl(fresh.get(), control);
    return fresh;
  }();
  return made.get();
}

} // namespace

bio_st* new_datagram_bio(DatagramQueues& queues) {
  BIO* bio = BIO_new(method());
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &queues);
  BIO_set_init(bio, 1);
  return bio;
}

} // namespace sipvet::tls
