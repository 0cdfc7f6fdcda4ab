// Judges SDES keys by themselves and across calls: patterns in them, and keys that come again.
#pragma once

#include "analysis/finding_list.hpp"
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "sdp/session.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sipvet::analysis {

// What shows that key and salt (of a suite with `key_octets` of key) were not drawn at random; nothing when
// they look as random as they should. A random key of 14 octets or more is called weak less than once in
// 10^9.
std::optional<std::string_view> key_weakness(ByteView key_and_salt, std::size_t key_octets);

class KeyLedger {
 public:
  // A description that was not seen before. The same key for the same media address is one that a device in
  // between passed on, not one used twice.
  void on_description(const sdp::Session& session, const std::string& call_id, std::size_t frame,
                      FindingList& findings);

 private:
  struct Use {
    std::string call_id;
    std::string media;
    std::size_t frame = 0;
  };
  std::unordered_map<std::string, Use> uses_; // by the digest of the key
};

} // namespace sipvet::analysis
