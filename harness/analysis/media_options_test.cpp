// Streams whose key exchange asked for something else than SRTP's defaults: what is not encrypted, derived
// anew, not authenticated, or begun at another rollover counter.
#include "analysis/test_call.hpp"

#include "base/hex.hpp"
#include "crypto/hash.hpp"
#include "keying/mikey_party.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(media_options)

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::string_view savp = "RTP/SAVP";
const Instant noon(std::chrono::seconds(1'700'000'000));
const auto key_a = test_key(1), key_b = test_key(101);
const Bytes receiver_report = {0x80, 0xc9, 0, 1, 0, 0x0a, 0x11, 0xce};

std::string with(const std::string& line, std::string_view parameters) {
  std::string out = line;
  if (!parameters.empty()) out.insert(out.find("\r\n"), " " + std::string(parameters));
  return out;
}

std::string hash_of_payloads(const std::vector<Bytes>& packets) {
  crypto::Hasher hasher(crypto::Hash::sha256);
  for (const auto& packet : packets) hasher.update(ByteView(packet).subspan(12));
  return to_hex(hasher.finish());
}

// Alice sends sound and a report under that context.
void send_under(TestCall& call, const rtp::SrtpContext& context, const std::vector<Bytes>& plain) {
  auto sender = srtp::Sender::create(context).value();
  std::vector<Bytes> out;
  for (const auto& [ssrc, count] : context.rollovers) sender.set_rollover_counter(ssrc, count).value();
  for (const auto& packet : plain) out.push_back(sender.protect_rtp(packet).value());
  call.media(call.alice, call.bob, out);
  Endpoint from = call.alice.media, to = call.bob.media;
  ++from.port;
  ++to.port;
  call.capture.udp(from, to, sender.protect_rtcp(receiver_report).value());
}

void check_all_opened(const Report& report, const std::vector<Bytes>& plain) {
  BOOST_TEST_REQUIRE(report.srtp.size() == 1u);
  BOOST_TEST(report.srtp[0].authenticated == plain.size());
  BOOST_TEST(report.srtp[0].failed == 0u);
  BOOST_TEST(report.srtp[0].payload_sha256 == hash_of_payloads(plain));
  BOOST_TEST_REQUIRE(report.rtcp.size() == 1u);
  BOOST_TEST(report.rtcp[0].authenticated == 1u);
  BOOST_TEST(report.rtcp[0].failed == 0u);
}

struct Row {
  std::string_view parameters;
  rtp::SrtpOptions options;
};
const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    rtp::SrtpOptions clear_rtp, clear_rtcp, clear, derived, untagged;
    clear_rtp.encrypt_rtp = clear.encrypt_rtp = false;
    clear_rtcp.encrypt_rtcp = clear.encrypt_rtcp = false;
    derived.key_derivation_rate = 16;
    untagged.authenticate_rtp = false;
    return std::vector<Row>{{"", {}},
                            {"UNENCRYPTED_SRTP", clear_rtp},
                            {"UNENCRYPTED_SRTCP", clear_rtcp},
                            {"UNENCRYPTED_SRTP UNENCRYPTED_SRTCP", clear},
                            {"KDR=4", derived},
                            {"UNAUTHENTICATED_SRTP", untagged}};
  }();
  return all;
}

} // namespace

// RFC 4568 §6.3.1, §6.3.2, §6.3.3.
BOOST_AUTO_TEST_CASE(session_parameters_of_crypto_lines) {
  for (const auto& [parameters, options] : rows()) {
    BOOST_TEST_CONTEXT(parameters) {
      TestCall call;
      call.invite(savp, with(crypto_line(1, key_a), parameters));
      call.answer(savp, with(crypto_line(1, key_b), parameters == "KDR=4" ? "" : parameters));
      rtp::SrtpContext context(key_a);
      context.options = options;
      const auto plain = audio(call.alice, 40, 5);
      send_under(call, context, plain);
      check_all_opened(call.report(), plain);
    }
  }
}

// Each side's key derivation rate is its own.
BOOST_AUTO_TEST_CASE(a_derivation_rate_holds_for_its_own_side_only) {
  TestCall call;
  call.invite(savp, crypto_line(1, key_a));
  call.answer(savp, with(crypto_line(1, key_b), "KDR=4"));
  rtp::SrtpContext context(key_a);
  context.options.key_derivation_rate = 16;
  send_under(call, context, audio(call.alice, 40, 5));
  BOOST_TEST(call.report().srtp[0].failed > 0u);
}

namespace {

// A call keyed by MIKEY. `told`: the rollover counter that the message has; `begun`: that of the packets.
Report keyed_by_mikey(const rtp::SrtpOptions& options, const std::vector<Bytes>& plain, std::uint32_t told,
                      std::uint32_t begun) {
  TestCall call;
  keying::MikeySettings settings;
  settings.psk = to_bytes("secret");
  settings.options = options;
  // Nothing encrypted is the NULL cipher.
  settings.suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, rtp::SrtpSuite::null_hmac_sha1_80};
  keying::MikeyParty a(settings), b(settings);
  SeededRandom random(4);
  const auto offer = a.offer(call.alice.ssrc, random, noon, told).value();
  call.invite(savp, "a=key-mgmt:" + offer.attributes().front() + "\r\n");
  const auto answer =
      b.answer({keying::KeyMgmtLevel::media, offer.attributes()}, call.bob.ssrc, random, noon).value();
  call.answer(savp, "a=key-mgmt:" + answer.attributes.front() + "\r\n");
  rtp::SrtpContext context = answer.keys.remote;
  context.rollovers = {{call.alice.ssrc, begun}};
  send_under(call, context, plain);
  Keys keys;
  keys.mikey_psks.push_back(settings.psk);
  return call.report(keys);
}

} // namespace

// RFC 3830 §6.10.1: the same by a security policy.
BOOST_AUTO_TEST_CASE(options_of_security_policies) {
  for (const auto& [parameters, options] : rows()) {
    BOOST_TEST_CONTEXT(parameters) {
      const auto plain = audio(TestCall().alice, 40, 5);
      check_all_opened(keyed_by_mikey(options, plain, 0, 0), plain);
    }
  }
}

// RFC 3830 §6.1.1: what MIKEY tells is no wrong rollover counter, another one is.
BOOST_AUTO_TEST_CASE(rollover_counters_that_are_told) {
  const auto plain = audio(TestCall().alice, 40, 5);
  for (const std::uint32_t told : {0u, 2u, 1000u}) {
    const Report report = keyed_by_mikey({}, plain, told, told);
    check_all_opened(report, plain);
    BOOST_TEST(report.srtp[0].rollover_counter == told);
    BOOST_TEST(finding(report, "srtp-wrong-roc") == nullptr);
  }
  for (const auto& [told, begun] : {std::pair(0u, 2u), std::pair(2u, 0u)}) {
    const Report report = keyed_by_mikey({}, plain, told, begun);
    check_all_opened(report, plain);
    BOOST_TEST(finding(report, "srtp-wrong-roc") != nullptr);
  }
}

BOOST_AUTO_TEST_SUITE_END()
