// One side of all its MIKEY exchanges, of whatever kind: what it offers, how it answers, and what follows for
// SRTP.
#pragma once

#include "crypto/certificate.hpp"
#include "crypto/modp.hpp"
#include "keying/key_mgmt.hpp"
#include "keying/mikey.hpp"
#include "keying/mikey_deviations.hpp"
#include "keying/mikey_replay.hpp"
#include "sdp/crypto.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::keying {

enum class MikeyMode { psk, public_key, diffie_hellman }; // RFC 3830 §3.1, §3.2, §3.3
std::string_view name(MikeyMode mode);                    // "psk", "public-key", "dh"
std::optional<MikeyMode> find_mikey_mode(std::string_view name);
// "oakley-1", "oakley-2", "oakley-5"
std::optional<crypto::ModpGroup> find_dh_group(std::string_view name);

struct MikeySettings {
  MikeyMode mode =
      MikeyMode::psk; // of offers; offers of others are answered as far as there are keys for them
  Bytes psk;
  // For signatures and envelopes: RSA. The first certificate is that of the key.
  std::optional<crypto::PrivateKey> key;
  std::vector<crypto::Certificate> chain;
  std::optional<crypto::Certificate> peer; // whom public-key messages are for
  std::vector<crypto::Certificate> roots;  // whose signatures are trusted
  std::string identity; // URI in ID payloads; empty: none, but in public-key messages the domain
  bool null_protection =
      false; // offers keys in the open without a MAC, and takes such offers (RFC 3830 §4.2.3, §4.2.4)
  crypto::ModpGroup group = crypto::ModpGroup::oakley_5; // of Diffie-Hellman offers
  bool verification_wanted = true;
  bool error_messages = true; // who is refused is told why by MIKEY as well (RFC 3830 §5.1.2)
  // Messages of MIKEY offered alone repeat the list of key management protocols, too (RFC 4567 §4.1.4). There
  // are readers that do not get past a general extension, such as GStreamer 1.22.
  bool protocol_list = true;
  // The first is offered, all are accepted.
  std::vector<rtp::SrtpSuite> suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};
  rtp::SrtpOptions options;
  Bytes mki;
  MikeyReplayLimits limits;
  MikeyDeviations deviations;
};

// Key, chain and roots from PEM, as far as they can be read: only exchanges that need one ask for it.
void give_identity(MikeySettings& settings, std::string_view certificates_pem, std::string_view key_pem,
                   std::string_view key_password, std::string_view roots_pem);

// An offer of ours that waits for its answer.
class MikeyExchange {
 public:
  const Bytes& message() const { return message_; }
  // Values of the a=key-mgmt attributes of the offer, and where they belong.
  const std::vector<std::string>& attributes() const { return attributes_; }
  KeyMgmtLevel level() const { return level_; }
  // Where the attributes are a capability of the section (RFC 5939 §3.4.1), that is where the answer has
  // them.
  void stand_in_section() { level_ = KeyMgmtLevel::media; }

  // `answer`: the key-mgmt attributes of the answered section, which may be none where no message was asked
  // for. Says what is wrong: no message, another level or protocol, a MIKEY error, a MAC or a signature that
  // is wrong, a CS ID map that is not the offer's. `notes` gets what is odd and did not stop us.
  Result<MediaKeys> complete(const KeyMgmtLines& answer, std::vector<std::string>* notes = nullptr) const;

 private:
  friend class MikeyParty;
  Result<MediaKeys> complete(ByteView answer, std::vector<std::string>* notes) const;
  // The initiator's keys, with what the answer's CS ID map says of the other side's stream.
  Result<MediaKeys> with_map(MikeyKeys keys, const std::vector<mikey::SrtpId>& answered) const;

  std::shared_ptr<const MikeySettings> settings_;
  MikeyOffer offer_;
  std::optional<crypto::ModpKey> own_value_;
  Bytes message_;
  std::vector<std::string> attributes_;
  KeyMgmtLevel level_ = KeyMgmtLevel::session;
  Instant made_;
};

struct MikeyAnswer {
  std::vector<std::string> attributes; // of the answer; empty: no message is wanted
  KeyMgmtLevel level = KeyMgmtLevel::session;
  std::optional<sdp::Crypto> crypto; // a deviation
  MediaKeys keys;
  std::vector<std::string> notes; // what is odd about the offer but did not stop us
};

class MikeyParty {
 public:
  explicit MikeyParty(MikeySettings settings);

  const MikeySettings& settings() const { return *settings_; }
  // `ssrc` is that of our own stream, `rollovers` how often its sequence number has wrapped (RFC 3830
  // §6.1.1). Fails where the mode's keys are not there.
  Result<MikeyExchange> offer(std::uint32_t ssrc, Random& random, Instant now, std::uint32_t rollovers = 0);
  // Answers the MIKEY message among the attributes. The error says why it is refused; it is not remembered
  // then, and `refusal` gets the attribute with the error message that tells the other side (§5.1.2), as far
  // as the message can be read.
  Result<MikeyAnswer> answer(const KeyMgmtLines& offered, std::uint32_t ssrc, Random& random, Instant now,
                             std::uint32_t rollovers = 0, std::vector<std::string>* refusal = nullptr);

 private:
  struct OwnStream {
    std::uint32_t ssrc = 0, rollovers = 0;
  };
  struct Refusing; // what an error message would say
  Result<MikeyAnswer> answer(ByteView message, const KeyMgmtLines& offered, const OwnStream& own,
                             Random& random, Instant now, Refusing& refusing);

  std::shared_ptr<const MikeySettings> settings_;
  MikeyReplayGuard guard_;
  std::optional<MikeyExchange> first_; // for who repeats it
};

} // namespace sipvet::keying
