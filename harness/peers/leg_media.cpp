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
                   ua::MediaOptions options, rtp::Voiceprint voiceprint, KeyMeans means)
    : network_(network), address_(address), settings_(settings), options_(std::move(options)),
      voiceprint_(voiceprint), dtls_(std::move(means.dtls)), mikey_(means.mikey) {
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
  suites_.assign(suites.begin(), suites.end());
  const bool secured = shape != keying::OfferShape::rtp_only;
  if (secured && settings_.uses(keying::KeyExchange::sdes))
    plan.crypto = keying::make_offer(suites, network_.random(), settings_.sdes);
  for (const std::string& text : crypto) {
    SIPVET_TRY(std::string line, fill_crypto_template(text, network_.random()));
    plan.literal_crypto.push_back(std::move(line));
  }
  mikey_offered_.reset();
  if (secured && mikey_ != nullptr) {
    SIPVET_TRY(mikey_offered_,
               mikey_->offer(first_->ssrc(), network_.random(), network_.now(), first_->rollovers()));
    if (shape == keying::OfferShape::srtp_and_rtp && form == keying::Form::capability_negotiation)
      mikey_offered_->stand_in_section();
    plan.key_mgmt = {mikey_offered_->level(), mikey_offered_->attributes()};
  }
  dtls_offered_.reset();
  if (secured && dtls_.identity != nullptr) {
    ua::OwnDtls own = ua::offer_dtls(settings_.dtls, *dtls_.identity, dtls_leg_, network_.random());
    plan.dtls = std::move(own.written);
    plan.dtls_first = settings_.key_exchanges.front() == keying::KeyExchange::dtls_srtp;
    dtls_offered_ = std::move(own.honest);
    if (!active_) first_->await_keys();
  }
  plan.origin = origin_;
  ++origin_.version;
  t38_offered_ = false;
  our_offer_ = ua::make_offer(plan);
  return *our_offer_;
}

Result<void> LegMedia::run(ua::MediaSession& session, const ua::AgreedMedia& agreed) {
  if (active_ != nullptr && active_ != &session) active_->stop();
  active_ = &session;
  agreed_ = agreed;
  if (std::exchange(in_fax_, false)) fax_->stop();
  session.set_remote(agreed.remote_rtp, agreed.remote_rtcp);
  session.expect_payload_types(agreed.send_payload_type, agreed.event_payload_type);
  SIPVET_CHECK(secure(session, agreed));
  if (!agreed.may_send)
    session.stop();
  else if (!held_)
    session.start(voiceprint_, agreed.send_payload_type);
  return {};
}

Result<void> LegMedia::secure(ua::MediaSession& session, const ua::AgreedMedia& agreed) {
  dtls_leg_.agreed = agreed.dtls;
  if (agreed.dtls) {
    ua::DtlsPlan plan = ua::dtls_plan(settings_.dtls, *dtls_.identity, *agreed.dtls, suites_);
    plan.keylog = dtls_.keylog;
    return session.secure_by_dtls(std::move(plan));
  }
  if (agreed.keys) return session.secure(agreed.keys->local, agreed.keys->remote);
  session.plain();
  return {};
}

Result<void> LegMedia::take_answer(const sdp::Session& answer) {
  if (!our_offer_) return fail("an answer came and nothing had been offered");
  SIPVET_TRY(const ua::AgreedMedia agreed, ua::read_answer(*our_offer_, answer, dtls_offered_, settings_.sdes,
                                                           mikey_offered_ ? &*mikey_offered_ : nullptr));
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
  keying::SdesSettings own = lenient_sdes();
  own.deviations.unknown_parameters_accepted = true;
  if (const auto line = sdp::parse_crypto(made.literal.front()))
    if (auto context = keying::context_of(*line, own)) made.keys.local = std::move(*context);
  return made;
}

Result<sdp::Session> LegMedia::answer_section(const sdp::Session& offer, std::size_t section,
                                              const OwnKeys& keys, const sdp::AttributeList& further) {
  SIPVET_CHECK(open(first_));
  ua::AnswerPlan plan;
  plan.address = address_;
  plan.rtp_port = first_->rtp_port();
  plan.payload_types = settings_.codecs;
  plan.payload_types.push_back(ua::payload_type_event);
  plan.section = section;
  if (keys.sdes) plan.crypto = keys.sdes->lines;
  if (keys.sdes) plan.literal_crypto = keys.sdes->literal;
  if (keys.dtls) plan.dtls = keys.dtls->written;
  plan.further = further;
  std::optional<keying::MediaKeys> made_keys;
  if (keys.sdes) made_keys = keys.sdes->keys;
  if (keys.mikey) {
    plan.key_mgmt = {keys.mikey->level, keys.mikey->attributes};
    if (keys.mikey->crypto) plan.crypto = {*keys.mikey->crypto};
    made_keys = keys.mikey->keys;
  }
  plan.origin = origin_;
  ++origin_.version;
  SIPVET_TRY(const sdp::Session made, ua::make_answer(offer, plan));
  SIPVET_TRY(const ua::AgreedMedia agreed,
             ua::agreed_as_answerer(offer, made, made_keys,
                                    keys.dtls ? std::optional(keys.dtls->honest) : std::nullopt));
  SIPVET_CHECK(run(*first_, agreed));
  return made;
}

// The first of its key exchanges that was offered and works.
Result<sdp::Session> LegMedia::answer_securely(const sdp::Session& offer, const keying::ShapeInfo& shape,
                                               std::span<const std::string> crypto) {
  std::optional<Error> why;
  for (const keying::ShapeInfo& reading : keying::readings_of(shape)) {
    auto made = answer_reading(offer, reading, crypto);
    if (made) return made;
    if (!why) why = made.error();
  }
  return *why;
}

Result<sdp::Session> LegMedia::answer_reading(const sdp::Session& offer, const keying::ShapeInfo& shape,
                                              std::span<const std::string> crypto) {
  std::string why = "the offer has no SRTP";
  for (const keying::KeyExchange exchange : settings_.key_exchanges) {
    OwnKeys keys;
    if (exchange == keying::KeyExchange::sdes && shape.srtp_section) {
      const sdp::Session taken = keying::offer_as_taken(offer, shape, true);
      auto made = keys_for(taken.media.at(*shape.srtp_section), suites_, crypto);
      if (made) {
        keys.sdes = std::move(*made);
        return answer_section(taken, *shape.srtp_section, keys,
                              keying::answer_attributes(shape, true, settings_.sdes.deviations));
      }
      why = made.error().what;
    } else if (exchange == keying::KeyExchange::mikey && shape.srtp_section) {
      SIPVET_CHECK(open(first_));
      const sdp::Session taken = keying::offer_as_taken(offer, shape, true);
      const keying::KeyMgmtLines lines = keying::key_mgmt_lines(taken, taken.media[*shape.srtp_section]);
      auto key =
          mikey_->answer(lines, first_->ssrc(), network_.random(), network_.now(), first_->rollovers());
      if (key) {
        keys.mikey = std::move(*key);
        return answer_section(taken, *shape.srtp_section, keys, keying::answer_attributes(shape, true));
      }
      why = key.error().what;
    } else if (exchange == keying::KeyExchange::dtls_srtp && shape.dtls_section) {
      const bool configured = keying::is_dtls_configuration(shape);
      const sdp::Session taken = keying::offer_as_taken(offer, shape, configured);
      SIPVET_TRY(const auto theirs, keying::read_dtls(taken, taken.media[*shape.dtls_section]));
      keys.dtls = ua::answer_dtls(settings_.dtls, *dtls_.identity, dtls_leg_, *theirs, network_.random());
      return answer_section(taken, *shape.dtls_section, keys,
                            configured ? keying::answer_attributes(shape, true) : sdp::AttributeList{});
    }
  }
  return fail(std::move(why));
}

Result<sdp::Session> LegMedia::answer(const sdp::Session& offer, MediaWish wish,
                                      std::span<const rtp::SrtpSuite> suites,
                                      std::span<const std::string> crypto) {
  SIPVET_TRY(const keying::ShapeInfo shape, keying::classify(offer, settings_.shape_rules));
  suites_.assign(suites.begin(), suites.end());
  std::string no_srtp;
  if (wish != MediaWish::rtp) {
    auto secured = answer_securely(offer, shape, crypto);
    if (secured) return secured;
    no_srtp = secured.error().what;
  }
  if (wish != MediaWish::srtp && shape.rtp_section)
    return answer_section(offer, *shape.rtp_section, {}, keying::answer_attributes(shape, false));
  return fail(wish == MediaWish::rtp ? "the offer has no plain RTP" : no_srtp);
}

void LegMedia::stop() {
  if (active_ != nullptr) active_->stop();
  if (fax_) fax_->stop();
}

Result<void> LegMedia::send_dtmf(std::string_view digits) {
  if (active_ == nullptr) return fail("there is no media to send digits in");
  return active_->send_dtmf(digits);
}

std::string LegMedia::keys_heard() const { return active_ == nullptr ? "" : active_->dtmf_received(); }

std::string LegMedia::kind() const {
  if (!agreed_) return {};
  if (in_fax_) return "t38";
  return agreed_->srtp() ? "srtp" : "rtp";
}

std::string LegMedia::suite() const {
  if (!agreed_) return {};
  if (agreed_->keys) return std::string(rtp::name(agreed_->keys->local.suite()));
  const ua::DtlsStatus* status = agreed_->dtls ? dtls() : nullptr;
  if (status == nullptr || !status->profile) return {};
  return std::string(rtp::name(*keying::suite_of(*status->profile)));
}

std::string LegMedia::exchange() const {
  if (!agreed_) return {};
  if (agreed_->dtls) return std::string(keying::name(keying::KeyExchange::dtls_srtp));
  return agreed_->keys ? std::string(keying::name(agreed_->keys->exchange)) : std::string();
}

std::optional<keying::MediaKeys> LegMedia::keys() const { return agreed_ ? agreed_->keys : std::nullopt; }

const ua::DtlsStatus* LegMedia::dtls() const { return active_ == nullptr ? nullptr : active_->dtls(); }

Endpoint LegMedia::local_rtp() const { return active_ == nullptr ? Endpoint{} : active_->local_rtp(); }

std::uint64_t LegMedia::heard_ms(const rtp::Voiceprint& print) const {
  return active_ == nullptr ? 0 : active_->heard_ms(print);
}

bool LegMedia::heard_anything() const { return active_ != nullptr && active_->counters().rtp_accepted > 0; }

std::string LegMedia::describe() const {
  return active_ == nullptr ? "no media was agreed" : describe_counters(active_->counters());
}

} // namespace sipvet::peers
