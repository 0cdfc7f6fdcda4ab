// DTLS-SRTP in captures: keys from the key log, certificates against fingerprints, what a handshake shows.
#include "analysis/test_call.hpp"

#include "base/hex.hpp"
#include "base/writer.hpp"
#include "keying/dtls_srtp.hpp"
#include "tlswire/certificate_message.hpp"
#include "tlswire/dtls_record.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/server_hello.hpp"
#include "tlswire/use_srtp.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::analysis;
using tlswire::HandshakeType;
using tlswire::SrtpProfile;

namespace {

constexpr std::uint16_t suite_code = 0xc02b; // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
constexpr std::string_view savp = "UDP/TLS/RTP/SAVP";
const Bytes certificate_a = to_bytes("certificate of alice"), certificate_b = to_bytes("certificate of bob");

Bytes record(std::uint8_t type, std::uint16_t epoch, std::uint64_t sequence, ByteView fragment) {
  Writer writer;
  writer.u8(type).u16(tlswire::dtls1_2).u16(epoch).u48(sequence);
  {
    const auto length = writer.prefixed16();
    writer.bytes(fragment);
  }
  return writer.take();
}

Bytes fragment(HandshakeType type, std::uint16_t sequence, ByteView body, std::size_t from,
               std::size_t count) {
  Writer writer;
  writer.u8(static_cast<std::uint8_t>(type)).u24(static_cast<std::uint32_t>(body.size())).u16(sequence);
  writer.u24(static_cast<std::uint32_t>(from)).u24(static_cast<std::uint32_t>(count));
  writer.bytes(body.subspan(from, count));
  return writer.take();
}

Bytes message(HandshakeType type, std::uint16_t sequence, ByteView body) {
  return record(22, 0, sequence, fragment(type, sequence, body, 0, body.size()));
}

Bytes client_hello(std::uint8_t random, std::vector<std::uint16_t> profiles) {
  tlswire::ClientHello hello;
  hello.version = tlswire::dtls1_2;
  hello.random.fill(random);
  hello.suites = {suite_code};
  if (!profiles.empty()) hello.extensions.list.push_back(tlswire::make_use_srtp({std::move(profiles), {}}));
  Bytes body = write_client_hello(hello);
  body.insert(body.begin() + 2 + 32 + 1, 0); // an empty cookie
  return body;
}

Bytes server_hello(std::uint8_t random, std::uint16_t profile) {
  tlswire::ServerHello hello;
  hello.version = tlswire::dtls1_2;
  hello.random.fill(random);
  hello.suite = suite_code;
  hello.extensions.list.push_back(tlswire::make_use_srtp({{profile}, {}}));
  return write_server_hello(hello);
}

Bytes certificate(const Bytes& der) { return tlswire::write_certificate_message({{}, {der}}, 0x0303); }

struct Handshake {
  std::uint8_t client_random = 1, server_random = 2;
  std::vector<std::uint16_t> offered = {1, 2};
  SrtpProfile profile = SrtpProfile::aes128_cm_hmac_sha1_80;
  Bytes master = Bytes(48, 0x4d);

  keying::MediaKeys keys() const {
    Bytes seed(32, client_random);
    append(seed, Bytes(32, server_random));
    const Bytes exported = tlswire::prf(0x0303, *tlswire::find_suite(suite_code), master,
                                        "EXTRACTOR-dtls_srtp", seed, tlswire::exported_octets(profile));
    return keying::keys_of_export(profile, keying::DtlsRole::client, exported).value();
  }
  Keys keylog() const {
    Keys all;
    all.keylog.add_line("CLIENT_RANDOM " + to_hex(Bytes(32, client_random)) + " " + to_hex(master)).value();
    return all;
  }
};

// Alice begins; both certificates as given.
void shake_hands(TestCall& call, const Handshake& handshake, const Bytes& of_alice = certificate_a,
                 const Bytes& of_bob = certificate_b) {
  const Endpoint a = call.alice.media, b = call.bob.media;
  const auto code = static_cast<std::uint16_t>(handshake.profile);
  call.capture.udp(
      a, b,
      message(HandshakeType::client_hello, 0, client_hello(handshake.client_random, handshake.offered)));
  Bytes flight = message(HandshakeType::server_hello, 0, server_hello(handshake.server_random, code));
  append(flight, message(HandshakeType::certificate, 1, certificate(of_bob)));
  call.capture.udp(b, a, flight);
  // In two parts, the second first.
  const Bytes body = certificate(of_alice);
  const std::size_t half = body.size() / 2;
  call.capture.udp(a, b,
                   record(22, 0, 2, fragment(HandshakeType::certificate, 1, body, half, body.size() - half)));
  call.capture.udp(a, b, record(22, 0, 1, fragment(HandshakeType::certificate, 1, body, 0, half)));
  call.capture.udp(a, b, record(22, 1, 0, Bytes(40)));
  call.capture.udp(b, a, record(22, 1, 0, Bytes(40)));
}

std::string fingerprint(const Bytes& der) {
  return "a=fingerprint:" + to_string(keying::fingerprint_of("sha-256", der).value()) + "\r\n";
}

void set_up(TestCall& call, std::string_view answer_setup = "a=setup:passive\r\n") {
  call.invite(savp, fingerprint(certificate_a) + "a=setup:actpass\r\n");
  call.answer(savp, fingerprint(certificate_b) + std::string(answer_setup));
}

void talk(TestCall& call, const keying::MediaKeys& keys) {
  call.media(call.alice, call.bob, protect(audio(call.alice, 50), keys.local.first_key()));
  call.media(call.bob, call.alice, protect(audio(call.bob, 50), keys.remote.first_key()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtls_follower)

BOOST_AUTO_TEST_CASE(a_key_log_opens_the_media_of_every_profile) {
  for (const SrtpProfile profile : {SrtpProfile::aes128_cm_hmac_sha1_80, SrtpProfile::aes128_cm_hmac_sha1_32,
                                    SrtpProfile::aead_aes_128_gcm, SrtpProfile::aead_aes_256_gcm}) {
    BOOST_TEST_CONTEXT(tlswire::info(profile).name) {
      Handshake handshake;
      handshake.profile = profile;
      handshake.offered = {static_cast<std::uint16_t>(profile)};
      TestCall call;
      set_up(call);
      shake_hands(call, handshake);
      talk(call, handshake.keys());
      const Report report = call.report(handshake.keylog());
      for (const Phone* phone : {&call.alice, &call.bob}) {
        const MediaStream* found = stream(report.srtp, *phone);
        BOOST_TEST_REQUIRE(found != nullptr);
        BOOST_TEST(found->authenticated == 50u);
        BOOST_TEST(found->key_source == "dtls");
        BOOST_TEST(found->suite == rtp::name(handshake.keys().local.suite()));
        BOOST_TEST(found->call_id == "call@test");
      }
      BOOST_TEST_REQUIRE(report.dtls.size() == 1u);
      BOOST_TEST((report.dtls[0].client == call.alice.media && report.dtls[0].server == call.bob.media));
      BOOST_TEST((report.dtls[0].version == "DTLSv1.2" && report.dtls[0].completed));
      BOOST_TEST(report.dtls[0].profile == tlswire::info(profile).name);
      BOOST_TEST(report.dtls[0].key_source == "keylog");
      BOOST_TEST(report.dtls[0].client_certificate_sha256 ==
                 to_hex(crypto::digest(crypto::Hash::sha256, certificate_a)));
      for (const char* id : {"dtls-fingerprint-mismatch", "dtls-fingerprint-missing",
                             "dtls-setup-contradiction", "dtls-profile-not-offered", "dtls-handshake-failed"})
        BOOST_TEST(finding(report, id) == nullptr);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_the_key_log_nothing_opens) {
  const Handshake handshake;
  TestCall call;
  set_up(call);
  shake_hands(call, handshake);
  talk(call, handshake.keys());
  const Report report = call.report();
  BOOST_TEST_REQUIRE(report.dtls.size() == 1u);
  BOOST_TEST(report.dtls[0].key_source == "");
  BOOST_TEST(stream(report.srtp, call.alice)->authenticated == 0u);
  BOOST_TEST((stream(report.srtp, call.alice)->reason == "no key for this SSRC"));
}

BOOST_AUTO_TEST_CASE(a_handshake_before_the_answer_or_without_signalling_counts_too) {
  const Handshake handshake;
  TestCall early;
  early.invite(savp, fingerprint(certificate_a) + "a=setup:actpass\r\n");
  shake_hands(early, handshake);
  early.answer(savp, fingerprint(certificate_b) + "a=setup:passive\r\n");
  talk(early, handshake.keys());
  BOOST_TEST(stream(early.report(handshake.keylog()).srtp, early.bob)->authenticated == 50u);
  TestCall alone;
  shake_hands(alone, handshake);
  talk(alone, handshake.keys());
  BOOST_TEST(stream(alone.report(handshake.keylog()).srtp, alone.bob)->authenticated == 50u);
}

BOOST_AUTO_TEST_CASE(certificates_are_compared_with_what_was_promised) {
  for (const bool of_alice : {true, false}) {
    TestCall call;
    set_up(call);
    const Bytes stranger = to_bytes("somebody else");
    shake_hands(call, {}, of_alice ? stranger : certificate_a, of_alice ? certificate_b : stranger);
    const Report report = call.report();
    const auto* found = finding(report, "dtls-fingerprint-mismatch");
    BOOST_TEST_REQUIRE(found != nullptr);
    BOOST_TEST((found->severity == verdict::Severity::error));
    BOOST_TEST(found->text.find(to_string((of_alice ? call.alice : call.bob).media)) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_section_without_fingerprint_and_roles_that_contradict) {
  TestCall bare;
  bare.invite(savp, "a=setup:actpass\r\n");
  BOOST_TEST(finding(bare.report(), "dtls-fingerprint-missing") != nullptr);
  TestCall roles;
  set_up(roles, "a=setup:actpass\r\n");
  BOOST_TEST(finding(roles.report(), "dtls-setup-contradiction") != nullptr);
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_in_the_handshake_is_named) {
  Handshake other;
  other.profile = SrtpProfile::aead_aes_128_gcm; // not among those offered
  TestCall call;
  set_up(call);
  shake_hands(call, other);
  call.capture.udp(call.alice.media, call.bob.media, record(21, 0, 9, Bytes{2, 47}));
  const Report report = call.report();
  const auto* profile = finding(report, "dtls-profile-not-offered");
  BOOST_TEST_REQUIRE(profile != nullptr);
  BOOST_TEST(profile->text.find("SRTP_AEAD_AES_128_GCM") != std::string::npos);
  const auto* alert = finding(report, "dtls-handshake-failed");
  BOOST_TEST_REQUIRE(alert != nullptr);
  BOOST_TEST(alert->text.find("client: fatal illegal_parameter(47)") != std::string::npos);
}

// RFC 8842 §3.1: on the same ports.
BOOST_AUTO_TEST_CASE(a_second_association_has_keys_of_its_own) {
  Handshake first, second;
  second.client_random = 9;
  second.master = Bytes(48, 0x2d);
  TestCall call;
  set_up(call);
  shake_hands(call, first);
  talk(call, first.keys());
  shake_hands(call, second);
  call.alice.ssrc = 0xa2;
  call.bob.ssrc = 0xb2;
  talk(call, second.keys());
  Keys both = first.keylog();
  both.keylog.merge(second.keylog().keylog);
  const Report report = call.report(both);
  BOOST_TEST(report.dtls.size() == 2u);
  BOOST_TEST_REQUIRE(report.srtp.size() == 4u);
  for (const MediaStream& each : report.srtp) BOOST_TEST(each.authenticated == 50u);
}

BOOST_AUTO_TEST_CASE(damaged_handshakes_end_nothing) {
  TestCall whole;
  shake_hands(whole, {});
  const Bytes hello = message(HandshakeType::client_hello, 0, client_hello(1, {1}));
  for (std::size_t size = 13; size < hello.size(); ++size) {
    TestCall call;
    set_up(call);
    call.capture.udp(call.alice.media, call.bob.media, ByteView(hello).first(size));
    Bytes flipped = hello;
    flipped[size] ^= 0xff;
    call.capture.udp(call.alice.media, call.bob.media, flipped);
    BOOST_TEST(call.report().dtls.size() <= 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_fax_is_counted_where_it_was_agreed_on) {
  TestCall call;
  const auto image = [](const Phone& phone, std::string_view port) {
    return "v=0\r\no=- 1 2 IN IP4 " + to_string(phone.media.ip) + "\r\ns=-\r\nc=IN IP4 " +
           to_string(phone.media.ip) + "\r\nt=0 0\r\nm=image " + std::string(port) + " udptl t38\r\n";
  };
  const Bytes cng = from_hex("000001020000").value(), ced = from_hex("000001040000").value();
  const Endpoint a{call.alice.media.ip, 11'000}, b{call.bob.media.ip, 21'000};
  call.capture.udp(a, b, cng); // not agreed on yet
  call.send(call.alice, call.bob,
            sip_message("INVITE sip:b@test SIP/2.0", "1 INVITE", image(call.alice, "11000")));
  call.send(call.bob, call.alice, sip_message("SIP/2.0 200 OK", "1 INVITE", image(call.bob, "21000")));
  for (int i = 0; i < 3; ++i) call.capture.udp(a, b, cng);
  call.capture.udp(b, a, ced);
  call.capture.udp(b, a, Bytes{1, 2, 3});
  const Report report = call.report();
  BOOST_TEST_REQUIRE(report.t38.size() == 2u);
  BOOST_TEST((report.t38[0].source == a && report.t38[0].packets == 3));
  BOOST_TEST((report.t38[0].signals == std::vector<std::string>{"cng"}));
  BOOST_TEST((report.t38[1].packets == 1 && report.t38[1].signals == std::vector<std::string>{"ced"}));
  BOOST_TEST(report.t38[0].call_id == "call@test");
}

BOOST_AUTO_TEST_SUITE_END()
