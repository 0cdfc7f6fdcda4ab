// One crypto line of SDES and the SRTP context that it stands for (RFC 4568 §6).
#pragma once

#include "base/random.hpp"
#include "base/result.hpp"
#include "keying/sdes_deviations.hpp"
#include "rtp/srtp_context.hpp"
#include "sdp/crypto.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::keying {

// How a side writes its own lines.
struct SdesStyle {
  std::uint32_t first_tag = 1;  // of an offer; each further line has one more
  std::uint32_t keys = 1;       // in a line; several need an MKI
  std::uint32_t mki_octets = 0; // 0: no MKI; otherwise 1 to 128; the keys of a line are counted from 1
  std::optional<sdp::Lifetime> lifetime;
  // Of offers. Answers have those of them that each side declares for itself.
  std::vector<sdp::SessionParameter> parameters;
};

struct SdesSettings {
  SdesStyle style;
  // Which of several lines is answered: the first of the offer that can be used (RFC 4568 §5.1.2), or that
  // with the first suite of one's own list.
  bool offerers_order = false;
  // Session parameters of §6.3 that the other side may ask for; a line with another one that must be
  // understood is passed over.
  std::vector<std::string> accepted_parameters = {"KDR", "WSH"};
  SdesDeviations deviations;
};

// What §6.3 says of a session parameter.
enum class ParameterKind {
  declared,   // by each side for what it sends
  negotiated, // offered and answered alike
  not_done,   // forward error correction is not done here
};
struct ParameterInfo {
  std::string_view name;
  ParameterKind kind;
  std::string_view text; // one sentence for documentation
};
std::span<const ParameterInfo> session_parameters();
const ParameterInfo* find_parameter(std::string_view name); // names are case-insensitive
// KDR=0: §6.3.1 has 1 to 24, the comment of §9.2 0 as well. It is read and never written.
bool is_kdr_0(const sdp::SessionParameter& parameter);

// The suite that a line names: by its registered name, or by one that devices write instead. The error of a
// known name says why the suite is not done.
Result<rtp::SrtpSuite> suite_of(const sdp::Crypto& crypto);

// The key a line hands over: its first key, with its MKI and lifetime, the length checked against the suite
// (§6.1).
Result<rtp::SrtpKey> key_of(const sdp::Crypto& crypto);
// All keys of a line, in order; a receiver tells them apart by MKI. Fails when several keys cannot be told
// apart: each needs an MKI of its own, all of the same length (§6.1).
Result<std::vector<rtp::SrtpKey>> keys_of(const sdp::Crypto& crypto);
// Keys and session parameters together. Fails, naming it, at what cannot be done or is not accepted.
Result<rtp::SrtpContext> context_of(const sdp::Crypto& crypto, const SdesSettings& settings = {});

// What is odd about a line that can be used: a key without padding, a suite under another name.
std::vector<std::string> remarks_on(const sdp::Crypto& crypto);

// A line with fresh keys in that style, without session parameters.
sdp::Crypto make_line(std::uint32_t tag, rtp::SrtpSuite suite, const SdesStyle& style, Random& random);
// The keys of a context as a line has them.
std::vector<sdp::InlineKey> inline_keys(const rtp::SrtpContext& context);

} // namespace sipvet::keying
