// How a call changes to fax over T.38 and back. T.38 is never encrypted, so that a call with SRTP does so
// only where the configuration allows it.
#include "gateway/gateway_state.hpp"

namespace sipvet::gateway {

namespace {

constexpr int warn_media_type = 304; // RFC 3261 §20.43
constexpr const char* not_allowed = "T.38 is not allowed beside secure RTP";

} // namespace

bool Gateway::State::may_fax(const Leg& leg) const {
  if (config.deviations.no_t38) return false;
  if (config.deviations.t38_beside_srtp) return true;
  return !leg.agreed->srtp() || config.unsecure_t38_with_srtp;
}

Result<void> Gateway::State::open_fax(Leg& leg) {
  if (leg.fax && leg.fax->port() != 0) return {};
  leg.fax = std::make_unique<ua::T38Session>(network, config.media_pace);
  leg.fax->on_change = [this] { notify(); };
  return leg.fax->open(leg.local.address);
}

std::optional<Gateway::State::Turned> Gateway::State::prepare_fax(Leg& leg, const sdp::Session& offer,
                                                                  std::size_t section) {
  Result<Endpoint> remote = ua::t38_endpoint(offer);
  if (remote && !may_fax(leg)) remote = fail(not_allowed);
  if (remote) {
    if (const auto opened = open_fax(leg); !opened) remote = opened.error();
  }
  if (!remote) {
    const std::string& text = remote.error().what;
    say(LogLevel::info, "refused with 488: " + text);
    return Turned{config.deviations.status_instead_of_488,
                  {},
                  {{"Warning", std::to_string(warn_media_type) + " " + config.user + " \"" + text + "\""}}};
  }
  ++leg.local.origin.version;
  leg.local.sections = offer.media.size();
  leg.first_answer =
      ua::make_t38_answer(offer, section, leg.local.address, leg.fax->port(), leg.local.origin);
  leg.fax_remote = *remote;
  return std::nullopt;
}

Result<void> Gateway::State::send_fax(Leg& leg) {
  if (leg.info.state != CallState::answered || !leg.agreed) return fail("there is no call for the fax");
  if (!may_fax(leg)) {
    say(LogLevel::warning, std::string(not_allowed) + ": the fax stays in the sound");
    return {};
  }
  SIPVET_CHECK(open_fax(leg));
  ++leg.local.origin.version;
  sdp::Session before; // as many sections as the last exchange had (RFC 3264 §8)
  before.media.resize(leg.local.sections);
  for (sdp::Media& media : before.media) {
    media.type = "audio";
    media.protocol = "RTP/AVP";
    media.formats = {"0"};
  }
  const sdp::Session offer = ua::make_t38_offer(leg.local.address, leg.fax->port(), leg.local.origin, before);
  SIPVET_CHECK(agent->reinvite(leg.info.handle, ua::Body{sdp::serialize(offer), "application/sdp"}));
  leg.fax_offered = offer;
  say(LogLevel::info, "offers T.38 to " + leg.info.remote);
  return {};
}

// A fax that the other side does not take stays in the sound.
void Gateway::State::take_fax_answer(Leg& leg, const sip::Message& response) {
  const sdp::Session offer = *std::exchange(leg.fax_offered, std::nullopt);
  const ua::SdpInMessage found = ua::sdp_of(response.header("Content-Type").value_or(""), response.body());
  const Result<Endpoint> remote =
      response.status() < 300 && found.session
          ? ua::t38_endpoint(*found.session)
          : Result<Endpoint>(fail(std::to_string(response.status()) + " " + std::string(response.reason())));
  if (!remote) return say(LogLevel::warning, "T.38 is not taken: " + remote.error().what);
  leg.local.sections = offer.media.size();
  begin_fax(leg, *remote, rtp::T30Indicator::cng);
}

void Gateway::State::begin_fax(Leg& leg, const Endpoint& remote, rtp::T30Indicator signal) {
  leg.media->pause();
  leg.fax->set_remote(remote);
  leg.fax->start(signal);
  leg.in_fax = leg.info.fax = true;
  say(LogLevel::info, "changes to T.38 with " + leg.info.remote + ", in the clear");
  notify();
}

void Gateway::State::end_fax(Leg& leg) {
  if (!leg.in_fax) return;
  leg.fax->stop();
  leg.in_fax = leg.info.fax = false;
}

} // namespace sipvet::gateway
