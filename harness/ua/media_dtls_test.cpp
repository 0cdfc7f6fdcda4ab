#include "ua/dtls_settings.hpp"
#include "ua/media_session.hpp"

#include "net/sim_network.hpp"
#include "rtp/packet.hpp"
#include "tlswire/dtls_record.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using namespace std::chrono_literals;
using keying::Setup;

namespace {

const IpAddress left_ip = IpAddress::v4(10, 0, 0, 1), right_ip = IpAddress::v4(10, 0, 0, 2);
const std::vector<rtp::SrtpSuite> suites = {rtp::SrtpSuite::aead_aes_128_gcm,
                                            rtp::SrtpSuite::aes_cm_128_hmac_sha1_80};

Endpoint next(Endpoint rtp) {
  ++rtp.port;
  return rtp;
}

// One end of a call whose description has been written.
struct End {
  MediaSession media;
  DtlsSettings settings;
  DtlsIdentity identity;
  DtlsLeg leg;
  std::vector<std::string> keylog;
  std::size_t told = 0;

  End(net::Network& network, const IpAddress& ip, DtlsSettings wanted, MediaOptions options = {})
      : media(network, options), settings(std::move(wanted)),
        identity(make_dtls_identity(network.random(), network.now()).value()) {
    media.open(ip).value();
    media.expect_payload_types(0, 101);
    media.await_keys();
    media.on_dtls = [this] { ++told; };
  }

  Result<void> secure(const keying::DtlsAgreement& agreement) {
    leg.agreed = agreement;
    DtlsPlan plan = dtls_plan(settings, identity, agreement, suites);
    plan.keylog = [this](std::string_view line) { keylog.emplace_back(line); };
    return media.secure_by_dtls(std::move(plan));
  }
  const DtlsStatus& status() const { return *media.dtls(); }
};

// Left offers, right answers.
struct Call {
  net::SimNetwork network;
  End left, right;
  keying::DtlsAgreement of_left, of_right;

  explicit Call(DtlsSettings offerer = {}, DtlsSettings answerer = {}, MediaOptions options = {})
      : network(7), left(network, left_ip, std::move(offerer), options),
        right(network, right_ip, std::move(answerer), options) {
    left.media.set_remote(right.media.local_rtp(), next(right.media.local_rtp()));
    right.media.set_remote(left.media.local_rtp(), next(left.media.local_rtp()));
  }

  void agree() {
    const OwnDtls offer = offer_dtls(left.settings, left.identity, left.leg, network.random());
    const OwnDtls answer =
        answer_dtls(right.settings, right.identity, right.leg, offer.written, network.random());
    of_left = keying::agree_as_offerer(offer.honest, answer.written).value();
    of_right = keying::agree_as_answerer(offer.written, answer.honest).value();
  }

  void connect() {
    agree();
    right.secure(of_right).value();
    left.secure(of_left).value();
  }

  void talk(Duration time = 500ms) {
    left.media.start(rtp::Voiceprint(1), 0);
    right.media.start(rtp::Voiceprint(2), 0);
    run(time);
  }
  void run(Duration time) {
    (void)network.run_until([] { return false; }, network.now() + time);
  }
  bool both_hear() const {
    return left.media.heard_ms(rtp::Voiceprint(2)) >= 300 && right.media.heard_ms(rtp::Voiceprint(1)) >= 300;
  }
};

DtlsSettings settings(Setup offer = Setup::actpass, Setup answer = Setup::active, bool mux = false) {
  DtlsSettings made;
  made.offer_setup = offer;
  made.answer_setup = answer;
  made.rtcp_mux = mux;
  return made;
}

DtlsSettings deviant(bool DtlsDeviations::*field) {
  DtlsSettings made;
  made.deviations.*field = true;
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(media_dtls)

BOOST_AUTO_TEST_CASE(either_side_may_begin_and_rtcp_goes_either_way) {
  for (const Setup answer : {Setup::active, Setup::passive}) {
    for (const bool mux : {false, true}) {
      Call call(settings(Setup::actpass, Setup::active, mux), settings(Setup::actpass, answer, mux));
      call.connect();
      call.talk();
      BOOST_TEST(call.both_hear());
      for (const End* each : {&call.left, &call.right}) {
        BOOST_TEST(each->status().failure == "");
        BOOST_TEST((each->status().established && each->told == 1));
        BOOST_TEST((each->status().profile == tlswire::SrtpProfile::aead_aes_128_gcm));
        BOOST_TEST(each->status().version == "DTLSv1.2");
        BOOST_TEST(each->media.counters().dropped.empty());
        BOOST_TEST(each->media.counters().rtcp_accepted == 1u);
        // RFC 5763 §6.7.2: one check to each address, by who waits.
        const bool waits = each->status().role == keying::DtlsRole::server;
        BOOST_TEST(each->media.counters().checks_confirmed == (!waits ? 0u : mux ? 1u : 2u));
        BOOST_TEST(each->media.counters().checks_answered == (waits ? 0u : mux ? 1u : 2u));
        BOOST_TEST(each->keylog.size() == (mux ? 1u : 2u));
      }
      BOOST_TEST((call.right.status().role == *keying::role_of(answer)));
    }
  }
}

BOOST_AUTO_TEST_CASE(checks_that_are_not_sent_or_not_answered) {
  for (const auto field : {&DtlsDeviations::no_check_sent, &DtlsDeviations::checks_not_answered}) {
    const bool of_server = field == &DtlsDeviations::no_check_sent;
    Call call(of_server ? deviant(field) : DtlsSettings{}, of_server ? DtlsSettings{} : deviant(field));
    call.connect(); // the right side begins the handshake
    call.talk();
    BOOST_TEST(call.both_hear());
    BOOST_TEST(call.right.media.counters().checks_answered == 0u);
    BOOST_TEST(call.left.media.counters().checks_confirmed == 0u);
  }
}

// RFC 5763 §6.2: the handshake may come before the answer, and is not lost.
BOOST_AUTO_TEST_CASE(a_handshake_that_comes_before_the_answer_waits_for_it) {
  Call call;
  call.agree();
  call.right.secure(call.of_right).value(); // the active side
  call.run(100ms);
  BOOST_TEST(!call.right.status().established);
  call.left.secure(call.of_left).value();
  call.run(100ms);
  BOOST_TEST((call.right.status().established && call.left.status().established));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_was_not_promised_leaves_no_keys) {
  for (const bool by_offerer : {true, false}) {
    const DtlsSettings wrong = deviant(&DtlsDeviations::wrong_fingerprint);
    Call call(by_offerer ? wrong : DtlsSettings{}, by_offerer ? DtlsSettings{} : wrong);
    call.connect();
    call.talk(2s);
    End& judge = by_offerer ? call.right : call.left;
    End& liar = by_offerer ? call.left : call.right;
    BOOST_TEST(judge.status().failure.find("does not promise") != std::string::npos);
    BOOST_TEST((judge.status().alert_sent == tls::Alert{tls::AlertLevel::fatal, 42}));
    BOOST_TEST((liar.status().alert_received == tls::Alert{tls::AlertLevel::fatal, 42}));
    BOOST_TEST(!judge.media.secured());
    for (const End* each : {&call.left, &call.right}) {
      BOOST_TEST(each->told == 1u);
      BOOST_TEST(each->media.counters().rtp_accepted == 0u);
      BOOST_TEST(each->media.counters().rtcp_sent == 0u);
    }
    BOOST_TEST(judge.media.counters().rtp_sent == 0u);
  }
}

BOOST_AUTO_TEST_CASE(who_does_not_compare_takes_any_certificate) {
  DtlsSettings careless = deviant(&DtlsDeviations::any_fingerprint);
  Call call(deviant(&DtlsDeviations::wrong_fingerprint), careless);
  call.connect();
  call.talk();
  BOOST_TEST(call.both_hear());
}

BOOST_AUTO_TEST_CASE(media_before_the_handshake_is_dropped_and_counted) {
  DtlsSettings hasty = deviant(&DtlsDeviations::late_handshake);
  hasty.deviations.media_before_handshake = true;
  Call call({}, hasty); // right begins the handshake a second late
  call.connect();
  call.talk(900ms);
  BOOST_TEST(call.left.media.counters().dropped_for(MediaDrop::before_keys) > 40u);
  BOOST_TEST(call.left.media.counters().rtp_accepted == 0u);
  BOOST_TEST(call.left.media.counters().rtp_sent == 0u); // and answers with none
  call.run(1s);
  BOOST_TEST(call.both_hear());
  DtlsSettings credulous = deviant(&DtlsDeviations::hears_before_handshake);
  Call taken(credulous, hasty);
  taken.connect();
  taken.talk(900ms);
  BOOST_TEST(taken.left.media.counters().rtp_accepted > 40u);
}

BOOST_AUTO_TEST_CASE(a_side_that_never_shakes_hands_is_given_up) {
  Call call({}, deviant(&DtlsDeviations::no_handshake));
  call.connect();
  call.talk(9s);
  BOOST_TEST(call.left.status().failure == "");
  call.run(2s);
  BOOST_TEST(call.left.status().failure ==
             "no DTLS handshake came about in time: sent nothing, received nothing");
  BOOST_TEST(call.left.told == 1u);
  BOOST_TEST(call.left.media.counters().rtp_sent == 0u);
}

BOOST_AUTO_TEST_CASE(the_same_agreement_again_leaves_the_association_alone) {
  Call call;
  call.connect();
  call.talk();
  const auto keylog = call.left.keylog.size();
  call.connect(); // a re-INVITE
  call.run(500ms);
  BOOST_TEST(call.left.keylog.size() == keylog);
  BOOST_TEST(call.left.media.counters().dropped.empty());
  const std::uint64_t before = call.left.media.counters().rtp_accepted;
  call.right.leg.tls_id = "another-association-of-this-side"; // RFC 8842 §3.1
  call.right.leg.agreed.reset();
  call.connect();
  call.run(500ms);
  BOOST_TEST(call.left.keylog.size() == 2 * keylog);
  BOOST_TEST((call.left.told == 2u && call.left.status().established));
  BOOST_TEST(call.left.media.counters().rtp_accepted >= before + 20);
}

BOOST_AUTO_TEST_CASE(other_sources_cannot_disturb_a_handshake_where_sdp_decides) {
  struct Stranger final : net::Node {
  } stranger;
  MediaOptions locked;
  locked.source = SourcePolicy::sdp_only;
  Call call({}, {}, locked);
  const auto socket = call.network.open_datagram(stranger, {IpAddress::v4(10, 0, 0, 9), 5000}).value();
  call.network.send_to(socket, call.left.media.local_rtp(), Bytes(60, 22));
  call.run(10ms);
  BOOST_TEST(call.left.media.counters().dropped_for(MediaDrop::wrong_source) == 1u);
  call.connect();
  call.talk();
  BOOST_TEST(call.both_hear());
}

// RFC 7983 §7.
BOOST_AUTO_TEST_CASE(what_is_neither_media_nor_dtls_is_malformed) {
  struct Stranger final : net::Node {
  } stranger;
  Call call;
  call.connect();
  call.run(100ms);
  const auto socket = call.network.open_datagram(stranger, {IpAddress::v4(10, 0, 0, 9), 5000}).value();
  for (const int first : {0, 3, 19, 64, 127, 192})
    call.network.send_to(socket, call.left.media.local_rtp(), Bytes(60, static_cast<std::uint8_t>(first)));
  for (const int first : {20, 22, 63}) // DTLS, and nothing that it would mind
    call.network.send_to(socket, call.left.media.local_rtp(), Bytes(60, static_cast<std::uint8_t>(first)));
  call.run(10ms);
  BOOST_TEST(call.left.media.counters().dropped_for(MediaDrop::malformed) == 6u);
  BOOST_TEST(call.left.media.counters().rtp_received == 6u);
  call.talk();
  BOOST_TEST(call.both_hear());
}

BOOST_AUTO_TEST_CASE(a_plan_that_cannot_be_used_changes_nothing) {
  Call call;
  call.agree();
  DtlsPlan plan = dtls_plan(call.left.settings, call.left.identity, call.of_left, {});
  BOOST_TEST(!call.left.media.secure_by_dtls(plan));
  BOOST_TEST(call.left.media.dtls() == nullptr);
  plan.profiles = {tlswire::SrtpProfile::aead_aes_128_gcm};
  plan.private_key_pem.clear();
  BOOST_TEST(!call.left.media.secure_by_dtls(plan));
}

BOOST_AUTO_TEST_CASE(deviations_have_their_names) {
  DtlsDeviations deviations;
  for (const DtlsDeviationInfo& info : dtls_deviation_infos()) {
    DtlsDeviations one;
    BOOST_TEST(set_dtls_deviation(one, info.name, "true").has_value());
    BOOST_TEST((one != deviations));
    BOOST_TEST(set_dtls_deviation(one, info.name, "false").has_value());
    BOOST_TEST((one == deviations));
    BOOST_TEST(!set_dtls_deviation(one, info.name, "yes"));
  }
  BOOST_TEST(set_dtls_deviation(deviations, "wrong_fingerprnt", "true").error().what ==
             "unknown DTLS deviation 'wrong_fingerprnt'; did you mean 'wrong_fingerprint'?");
}

BOOST_AUTO_TEST_SUITE_END()
