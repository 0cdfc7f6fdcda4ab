#include "peers/leg_media.hpp"

#include "peers/actor.hpp"
#include "peers/crypto_template.hpp"

#include <fmt/format.h>

namespace sipvet::peers {

namespace {

// Answers with the offerer's own key.
void reuse_key(std::span<const sdp::Crypto> offered, keying::SdesAnswer& answer) {
  for (const sdp::Crypto& line : offered)
    if (line.tag == answer.crypto.tag) answer.crypto.keys = line.keys;
  answer.keys.local = answer.keys.remote;
}

} // namespace

LegMedia::LegMedia(net::Network& network, const IpAddress& address, const Settings& settings,
                   ua::MediaOptions options, rtp::Voiceprint voiceprint)
    : network_(network), address_(address), settings_(settings), options_(std::move(options)),
      voiceprint_(voiceprint) {
  origin_.session_id = network.random().u32();
}

Result<void> LegMedia::open(std::unique_ptr<ua::MediaSession>& session) {
  if (session) return {};
  session = std::make_unique<ua::MediaSession>(network_, options_);
  return session->open(address_);
}

Result<sdp::Session> LegMedia::offer(keying::OfferShape shape, keying::Form form,
                                     std::span<const rtp::SrtpSuite> suites,
                                     std::span<const std::string> crypto) {
  const bool two = shape == keying::OfferShape::srtp_and_rtp && form == keying::Form::two_sections;
  SIPVET_CHECK(open(first_));
  if (two) {
    SIPVET_CHECK(open(second_));
  }

  ua::MediaPlan plan;
  plan.address = address_;
  plan.rtp_port = first_->rtp_port();
  if (two) plan.second_port = second_->rtp_port();
  plan.payload_types = settings_.codecs;
  plan.payload_types.push_back(ua::payload_type_event);
  plan.shape = shape;
  plan.form = form;
  if (shape != keying::OfferShape::rtp_only)
    plan.crypto = keying::make_offer(suites, network_.random(), settings_.sdes);
  for (const std::string& text : crypto) {
    SIPVET_TRY(std::string line, fill_crypto_template(text, network_.random()));
    plan.literal_crypto.push_back(std::move(line));
  }
  plan.origin = origin_;
  ++origin_.version;
  our_offer_ = ua::make_offer(plan);
  return *our_offer_;
}

Result<void> LegMedia::run(ua::MediaSession& session, const ua::AgreedMedia& agreed) {
  if (active_ != nullptr && active_ != &session) active_->stop();
  active_ = &session;
  agreed_ = agreed;
  session.set_remote(agreed.remote_rtp, agreed.remote_rtcp);
  session.expect_payload_types(agreed.send_payload_type, agreed.event_payload_type);
  if (agreed.keys) {
    SIPVET_CHECK(session.secure(agreed.keys->local, agreed.keys->remote));
  } else {
    session.plain();
  }
  if (agreed.may_send)
    session.start(voiceprint_, agreed.send_payload_type);
  else
    session.stop();
  return {};
}

Result<void> LegMedia::take_answer(const sdp::Session& answer) {
  if (!our_offer_) return fail("an answer came and nothing had been offered");
  SIPVET_TRY(const ua::AgreedMedia agreed, ua::read_answer(*our_offer_, answer, settings_.sdes));
  const bool plain_section = keying::is_plain_profile(our_offer_->media[agreed.section].protocol);
  const bool two_sections = our_offer_->media.size() > 1;
  return run(plain_section && two_sections && second_ ? *second_ : *first_, agreed);
}

Result<LegMedia::Keys> LegMedia::keys_for(const sdp::Media& offered, std::span<const rtp::SrtpSuite> suites,
                                          std::span<const std::string> crypto) {
  const auto lines = keying::readable_crypto_lines(offered);
  SIPVET_TRY(keying::SdesAnswer chosen,
             keying::answer_section(offered, suites, network_.random(), settings_.sdes));
  if (settings_.media_deviations.key_reused) reuse_key(lines, chosen);
  Keys made{keying::written_lines(chosen, lines, settings_.sdes, network_.random()), {}, chosen.keys};
  for (const std::string& text : crypto) {
    SIPVET_TRY(std::string line, fill_crypto_template(text, network_.random(), &chosen.crypto));
    made.literal.push_back(std::move(line));
  }
  if (made.literal.empty()) return made;
  // What the line says is what is sent, as far as it says anything that can be done.
  if (const auto line = sdp::parse_crypto(made.literal.front()))
    if (auto context = keying::context_of(*line, settings_.sdes)) made.keys.local = std::move(*context);
  return made;
}

Result<sdp::Session> LegMedia::answer_section(const sdp::Session& offer, std::size_t section,
                                              std::optional<Keys> keys, const sdp::AttributeList& further) {
  SIPVET_CHECK(open(first_));
  ua::AnswerPlan plan;
  plan.address = address_;
  plan.rtp_port = first_->rtp_port();
  plan.payload_types = settings_.codecs;
  plan.payload_types.push_back(ua::payload_type_event);
  plan.section = section;
  if (keys) plan.crypto = keys->lines;
  if (keys) plan.literal_crypto = keys->literal;
  plan.further = further;
  plan.origin = origin_;
  ++origin_.version;
  SIPVET_TRY(const sdp::Session made, ua::make_answer(offer, plan));
  SIPVET_TRY(const ua::AgreedMedia agreed,
             ua::agreed_as_answerer(offer, made, keys ? std::optional(keys->keys) : std::nullopt));
  SIPVET_CHECK(run(*first_, agreed));
  return made;
}

Result<sdp::Session> LegMedia::answer(const sdp::Session& offer, MediaWish wish,
                                      std::span<const rtp::SrtpSuite> suites,
                                      std::span<const std::string> crypto) {
  SIPVET_TRY(const keying::ShapeInfo shape, keying::classify(offer, settings_.shape_rules));
  const auto further = [&](bool srtp) {
    return keying::answer_attributes(shape, srtp, settings_.sdes.deviations);
  };
  std::string no_srtp = "the offer has no SRTP";
  if (wish != MediaWish::rtp && shape.srtp_section) {
    const sdp::Session taken = keying::offer_as_taken(offer, shape, true);
    auto keys = keys_for(taken.media.at(*shape.srtp_section), suites, crypto);
    if (keys) return answer_section(taken, *shape.srtp_section, std::move(*keys), further(true));
    no_srtp = keys.error().what;
  }
  if (wish != MediaWish::srtp && shape.rtp_section)
    return answer_section(offer, *shape.rtp_section, std::nullopt, further(false));
  return fail(wish == MediaWish::rtp ? "the offer has no plain RTP" : no_srtp);
}

void LegMedia::stop() {
  if (active_ != nullptr) active_->stop();
}

Result<void> LegMedia::send_dtmf(std::string_view digits) {
  if (active_ == nullptr) return fail("there is no media to send digits in");
  return active_->send_dtmf(digits);
}

std::string LegMedia::kind() const {
  if (!agreed_) return {};
  return agreed_->srtp() ? "srtp" : "rtp";
}

std::string LegMedia::suite() const {
  return agreed_ && agreed_->keys ? std::string(rtp::name(agreed_->keys->local.suite())) : std::string();
}

Endpoint LegMedia::local_rtp() const { return active_ == nullptr ? Endpoint{} : active_->local_rtp(); }

std::uint64_t LegMedia::heard_ms(const rtp::Voiceprint& print) const {
  return active_ == nullptr ? 0 : active_->heard_ms(print);
}

std::string LegMedia::describe() const {
  return active_ == nullptr ? "no media was agreed" : describe_counters(active_->counters());
}

} // namespace sipvet::peers
