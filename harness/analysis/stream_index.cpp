#include "analysis/stream_index.hpp"

#include <cstring>

namespace sipvet::analysis {
namespace {

// Of every bit of the value depends every bit of the result.
std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0x9E3779B97F4A7C15U; // 2^64 by the golden ratio
  value ^= value >> 29;
  value *= 0xBF58476D1CE4E5B9U; // odd, with about half of its bits set
  return value ^ value >> 32;
}

std::uint64_t hash_of(const Endpoint& endpoint, std::uint64_t seed) {
  std::uint64_t halves[2];
  std::memcpy(halves, endpoint.ip.octets.data(), sizeof halves);
  const std::uint64_t port = endpoint.port | (endpoint.ip.v6 ? 0x10000U : 0U);
  return mixed(mixed(seed ^ halves[0]) ^ (halves[1] << 1) ^ (port << 40));
}

} // namespace

std::uint64_t hash_of(const StreamKey& key) {
  return hash_of(key.destination, hash_of(key.source, key.ssrc));
}

} // namespace sipvet::analysis
