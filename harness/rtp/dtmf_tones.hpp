// The pairs of tones that telephones have for keys (ITU-T Q.23): their sound, and the keys that are heard in
// a recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sipvet::rtp {

struct DtmfTones {
  unsigned low_hz = 0, high_hz = 0;
  bool operator==(const DtmfTones&) const = default;
};
// Of 0 to 9, *, #, A to D (letters in either case); none for other characters.
std::optional<DtmfTones> tones_of_key(char key);

// Samples `first_sample` onward of a key's endless sound, at 8000 Hz, 16-bit linear. `below_0_dbm0` is the
// level of both tones together, as telephone events state it (RFC 4733 §2.3.4). Silence for what is no key.
std::vector<std::int16_t> dtmf_sound(char key, unsigned below_0_dbm0, std::uint64_t first_sample,
                                     std::size_t count);

// The keys in the order in which they were pressed. A press is 40 ms of both tones at least (ITU-T Q.24), a
// pause between two of the same key likewise; other sounds are passed over.
std::string recognise_keys(std::span<const std::int16_t> samples);

} // namespace sipvet::rtp
