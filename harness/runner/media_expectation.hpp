// What a scenario expects of the packets that came to the gateway (`expect: {media: …}`).
#pragma once

#include "script/value.hpp"
#include "ua/media_session.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sipvet::runner {

struct ExpectedMedia {
  std::optional<std::uint64_t> packets, reports; // RTP and RTCP accepted
  std::optional<std::uint64_t> checks_answered, checks_confirmed;
  std::map<ua::MediaDrop, std::uint64_t> dropped;

  // As many packets have come as are expected, whatever became of them.
  bool all_came(const ua::MediaCounters& counters) const;
  bool matches(const ua::MediaCounters& counters) const;
  // "17 RTP packets accepted, 2 dropped (replay)"
  std::string describe() const;
};

// `map` has been checked against the tables of the language.
ExpectedMedia read_expected_media(const script::Value& map);

} // namespace sipvet::runner
