// From an initiator's MIKEY message in the open to the SRTP keys of its crypto sessions, and from these to
// the keys of both directions (RFC 3830 §4.1.3, §6.13, §7.1).
#pragma once

#include "keying/media_keys.hpp"
#include "mikey/init_message.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sipvet::keying {

// The SRTP key of one crypto session. A message that carries several keys with different MKIs gives several
// of these for the same session.
struct CsKey {
  std::uint8_t cs_id = 0; // position in the offer's CS ID map, from 1
  std::uint32_t ssrc = 0; // 0: not known yet (the answerer fills in that of its own stream)
  std::uint32_t roc = 0;
  rtp::SrtpKey key;
  rtp::SrtpOptions options = {};
  bool operator==(const CsKey&) const = default;
};

struct MikeyKeys {
  std::vector<CsKey> sessions;
  Bytes tgk; // the first TGK; empty when the message carries TEKs only

  // The keys of the session whose stream has this SSRC; the first one when a session has several.
  const CsKey* find_ssrc(std::uint32_t ssrc) const;
  const CsKey* find_session(std::uint8_t cs_id) const;
};

Result<MikeyKeys> derive_mikey_keys(const mikey::InitMessage& init);
// What is odd about the message but stops nobody: material for findings.
std::vector<std::string> mikey_notes(const mikey::InitMessage& init);

// Which side of an exchange asks.
enum class MikeySide { initiator, responder };
// The first crypto session is the initiator's stream, the second the responder's. A message with one session
// only keys both with it, as RTSP devices do. Fails when there is no session.
Result<MediaKeys> media_keys(const MikeyKeys& keys, MikeySide side);

} // namespace sipvet::keying
