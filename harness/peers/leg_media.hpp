// One call's media from a peer's side: the offers and answers it writes, and the RTP sessions that follow
// from them.
#pragma once

#include "base/endpoint.hpp"
#include "net/network.hpp"
#include "peers/settings.hpp"
#include "rtp/voiceprint.hpp"
#include "ua/dtls_settings.hpp"
#include "ua/media_session.hpp"
#include "ua/session_description.hpp"
#include "ua/t38_session.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::peers {

// Which media of an offer is answered: SRTP where it is offered and a key line can be used, or only the one
// named.
enum class MediaWish { best, srtp, rtp };

// What DTLS-SRTP needs of the peer; `identity` is null where it is not used.
struct DtlsMeans {
  const ua::DtlsIdentity* identity = nullptr;
  std::function<void(std::string_view)> keylog;
};

// What key exchanges need of the peer.
struct KeyMeans {
  DtlsMeans dtls = {};
  keying::MikeyParty* mikey = nullptr; // null where it is not used
};

class LegMedia {
 public:
  LegMedia(net::Network& network, const IpAddress& address, const Settings& settings,
           ua::MediaOptions options, rtp::Voiceprint voiceprint, KeyMeans means = {});

  // Opens the ports that the offer names. Called again for a re-INVITE it keeps them and makes new keys.
  // `crypto`: templates of the crypto lines, in place of those that the settings would make.
  Result<sdp::Session> offer(keying::OfferShape shape, keying::Form form,
                             std::span<const rtp::SrtpSuite> suites,
                             std::span<const std::string> crypto = {});
  // The answer to the last offer(): media starts. Says what is wrong with the answer.
  Result<void> take_answer(const sdp::Session& answer);
  // Answers an offer and starts media. Fails when the wish cannot be met.
  Result<sdp::Session> answer(const sdp::Session& offer, MediaWish wish,
                              std::span<const rtp::SrtpSuite> suites,
                              std::span<const std::string> crypto = {});
  // The same for fax over T.38, whose media takes the place of the sound.
  Result<sdp::Session> offer_t38();
  Result<void> take_t38_answer(const sdp::Session& answer);
  Result<sdp::Session> answer_t38(const sdp::Session& offer, std::size_t section);
  void hold();                                         // the next answer begins with answer_sent()
  void answer_sent();                                  // what was answered begins, where it is a fax or held
  bool offers_t38() const { return t38_offered_; }     // in its last offer
  std::optional<rtp::T30Indicator> fax_signal() const; // the last that came
  void stop();
  Result<void> send_dtmf(std::string_view digits);

  std::string kind() const;     // "srtp", "rtp", "t38", or empty before anything was agreed
  std::string suite() const;    // empty unless kind() is srtp; with DTLS-SRTP until its handshake is done
  std::string exchange() const; // "sdes", "mikey", "dtls-srtp"; empty without SRTP
  std::optional<keying::MediaKeys> keys() const;
  const ua::DtlsStatus* dtls() const; // of the session in use; null: no DTLS-SRTP
  Endpoint local_rtp() const;         // of the session in use; port 0 before anything was agreed
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const;
  bool heard_anything() const;
  std::string keys_heard() const; // as telephone events
  std::string describe() const;

 private:
  Result<void> open(std::unique_ptr<ua::MediaSession>& session);
  Result<void> run(ua::MediaSession& session, const ua::AgreedMedia& agreed);
  Result<void> open_fax();
  void begin_fax(const Endpoint& remote, rtp::T30Indicator signal);
  Result<void> secure(ua::MediaSession& session, const ua::AgreedMedia& agreed);
  // How an answer's section comes to its keys by SDES.
  struct Keys {
    std::vector<sdp::Crypto> lines;
    std::vector<std::string> literal; // in their place
    keying::MediaKeys keys;
  };
  Result<Keys> keys_for(const sdp::Media& offered, std::span<const rtp::SrtpSuite> suites,
                        std::span<const std::string> crypto);
  struct OwnKeys { // none: RTP
    std::optional<Keys> sdes = {};
    std::optional<keying::MikeyAnswer> mikey = {};
    std::optional<ua::OwnDtls> dtls = {};
  };
  Result<sdp::Session> answer_section(const sdp::Session& offer, std::size_t section, const OwnKeys& keys,
                                      const sdp::AttributeList& further);
  Result<sdp::Session> answer_securely(const sdp::Session& offer, const keying::ShapeInfo& shape,
                                       std::span<const std::string> crypto);
  Result<sdp::Session> answer_reading(const sdp::Session& offer, const keying::ShapeInfo& shape,
                                      std::span<const std::string> crypto);

  net::Network& network_;
  IpAddress address_;
  const Settings& settings_;
  ua::MediaOptions options_;
  rtp::Voiceprint voiceprint_;
  ua::OriginState origin_;
  DtlsMeans dtls_;
  ua::DtlsLeg dtls_leg_;
  std::vector<rtp::SrtpSuite> suites_; // of the last offer or answer
  std::optional<sdp::Session> our_offer_;
  std::optional<keying::DtlsDescription> dtls_offered_; // in it
  keying::MikeyParty* mikey_;
  std::optional<keying::MikeyExchange> mikey_offered_; // in it, likewise
  std::unique_ptr<ua::MediaSession> first_;
  std::unique_ptr<ua::MediaSession> second_; // of the RTP section in an offer of two
  ua::MediaSession* active_ = nullptr;
  std::optional<ua::AgreedMedia> agreed_;
  std::unique_ptr<ua::T38Session> fax_;
  bool t38_offered_ = false;
  bool in_fax_ = false;
  std::optional<Endpoint> fax_to_begin_;
  bool held_ = false;
};

} // namespace sipvet::peers
