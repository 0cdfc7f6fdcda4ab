// One call's media from a peer's side: the offers and answers it writes, and the RTP sessions that follow
// from them.
#pragma once

#include "base/endpoint.hpp"
#include "net/network.hpp"
#include "peers/settings.hpp"
#include "rtp/voiceprint.hpp"
#include "ua/media_session.hpp"
#include "ua/session_description.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::peers {

// Which media of an offer is answered: SRTP where it is offered and a key line can be used, or only the one
// named.
enum class MediaWish { best, srtp, rtp };

class LegMedia {
 public:
  LegMedia(net::Network& network, const IpAddress& address, const Settings& settings,
           ua::MediaOptions options, rtp::Voiceprint voiceprint);

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
  void stop();
  Result<void> send_dtmf(std::string_view digits);

  std::string kind() const;   // "srtp", "rtp", or empty before anything was agreed
  std::string suite() const;  // empty unless kind() is srtp
  Endpoint local_rtp() const; // of the session in use; port 0 before anything was agreed
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const;
  std::string describe() const;

 private:
  Result<void> open(std::unique_ptr<ua::MediaSession>& session);
  Result<void> run(ua::MediaSession& session, const ua::AgreedMedia& agreed);
  // How an answer's section comes to its keys.
  struct Keys {
    std::vector<sdp::Crypto> lines;
    std::vector<std::string> literal; // in their place
    keying::MediaKeys keys;
  };
  Result<Keys> keys_for(const sdp::Media& offered, std::span<const rtp::SrtpSuite> suites,
                        std::span<const std::string> crypto);
  Result<sdp::Session> answer_section(const sdp::Session& offer, std::size_t section,
                                      std::optional<Keys> keys, const sdp::AttributeList& further);

  net::Network& network_;
  IpAddress address_;
  const Settings& settings_;
  ua::MediaOptions options_;
  rtp::Voiceprint voiceprint_;
  ua::OriginState origin_;
  std::optional<sdp::Session> our_offer_;
  std::unique_ptr<ua::MediaSession> first_;
  std::unique_ptr<ua::MediaSession> second_; // of the RTP section in an offer of two
  ua::MediaSession* active_ = nullptr;
  std::optional<ua::AgreedMedia> agreed_;
};

} // namespace sipvet::peers
