// Records that are wrong on purpose, and what the receiver makes of each; records of GnuTLS, opened and made
// again.
#include "tlswire/gnutls_trace.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/rfc8448_trace.hpp"
#include "tlswire/test_codec.hpp"
#include "tlswire/version.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {

struct Kind {
  std::uint16_t version;
  std::string_view suite;
  bool encrypt_then_mac;
};
constexpr Kind kinds[] = {
    {tls1_0, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", false},
    {tls1_0, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", true},
    {tls1_1, "TLS_RSA_WITH_AES_128_CBC_SHA", false},
    {tls1_2, "TLS_RSA_WITH_AES_256_CBC_SHA256", false},
    {tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA", true},
    {tls1_2, "TLS_RSA_WITH_RC4_128_SHA", false},
    {tls1_2, "TLS_RSA_WITH_NULL_SHA256", false},
    {tls1_2, "TLS_RSA_WITH_AES_128_GCM_SHA256", false},
    {tls1_2, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false},
    {tls1_2, "TLS_RSA_WITH_AES_128_CCM_8", false},
    {tls1_3, "TLS_AES_128_GCM_SHA256", false},
    {tls1_3, "TLS_CHACHA20_POLY1305_SHA256", false},
};

ProtectionParameters parameters(const Kind& kind) {
  const Suite& suite = *find_suite(kind.suite);
  const Bytes random(32, 5);
  const DirectionKeys keys = kind.version >= tls1_3
                                 ? traffic_keys(suite, random)
                                 : connection_keys(kind.version, suite, Bytes(48, 1), random, random).client;
  return {kind.version, &suite, keys, kind.encrypt_then_mac};
}

SuiteMode mode_of(const Kind& kind) { return find_suite(kind.suite)->mode(); }

Record record_of(const Bytes& wire) {
  RecordReader reader;
  reader.feed(wire);
  Record record = reader.next().value().value();
  record.fragment = ByteView(wire).subspan(record_header_octets);
  return record;
}

// Both ends of one direction.
struct Ends {
  explicit Ends(const Kind& kind)
      : sealer(RecordEncrypter::make(parameters(kind), random).value()),
        opener(RecordDecrypter::make(parameters(kind)).value()) {}

  Bytes seal(ByteView plaintext, const SealOptions& options = {}) {
    Bytes wire;
    sealer.seal(ContentType::application_data, plaintext, wire, options);
    return wire;
  }
  // "none", or the name of the fault.
  std::string_view outcome(std::size_t octets, const SealOptions& options) {
    const Bytes wire = seal(Bytes(octets, 0x41), options);
    return name(opener.open(record_of(wire)).fault);
  }

  SeededRandom random{1};
  RecordEncrypter sealer;
  RecordDecrypter opener;
};

// Gives the octets it was made of, in order.
class Given final : public Random {
 public:
  explicit Given(Bytes octets) : octets_(std::move(octets)) {}
  void fill(std::span<std::uint8_t> out) override {
    std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(at_), out.size(), out.begin());
    at_ += out.size();
  }

 private:
  Bytes octets_;
  std::size_t at_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(seal_options)

BOOST_AUTO_TEST_CASE(a_corrupt_mac_of_every_kind) {
  for (const Kind& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      for (const std::size_t octets : {0u, 1u, 100u})
        BOOST_TEST(Ends(kind).outcome(octets, {.corrupt_mac = true}) == "bad MAC");
    }
  }
}

BOOST_AUTO_TEST_CASE(padding_that_is_wrong_at_every_length) {
  for (const Kind& kind : kinds) {
    const bool cbc = mode_of(kind) == SuiteMode::cbc;
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      for (std::size_t octets = 0; octets < 40; ++octets) {
        BOOST_TEST(Ends(kind).outcome(octets, {.corrupt_padding = true}) == (cbc ? "bad padding" : "none"));
        BOOST_TEST(Ends(kind).outcome(octets, {.wrong_padding_length = true}) ==
                   (cbc ? "bad padding" : "none"));
      }
      BOOST_TEST(Ends(kind).outcome(300, {.wrong_padding_length = true}) == (cbc ? "bad padding" : "none"));
      BOOST_TEST(Ends(kind).outcome(5, {.corrupt_padding = true, .extra_padding_blocks = 3}) ==
                 (cbc ? "bad padding" : "none"));
    }
  }
}

BOOST_AUTO_TEST_CASE(corrupt_padding_keeps_the_length_and_adds_no_more_than_needed) {
  const Kind etm{tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA", true};
  for (std::size_t octets = 0; octets < 16; ++octets) {
    const std::size_t honest = Ends(etm).seal(Bytes(octets, 1)).size();
    const std::size_t corrupt = Ends(etm).seal(Bytes(octets, 1), {.corrupt_padding = true}).size();
    BOOST_TEST(corrupt == honest + (octets == 15 ? 16 : 0)); // 15: nothing but the length would be there
  }
}

BOOST_AUTO_TEST_CASE(longer_padding_is_right) {
  for (const Kind& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      const std::size_t honest = Ends(kind).seal(Bytes(20, 1)).size();
      const std::size_t block = find_suite(kind.suite)->block_octets();
      for (const std::size_t blocks : {1u, 3u, 1000u}) {
        Ends ends(kind);
        BOOST_TEST(ends.outcome(20, {.extra_padding_blocks = blocks}) == "none");
        BOOST_TEST(ends.outcome(20, {}) == "none"); // the chain goes on
        const std::size_t longer =
            Ends(kind).seal(Bytes(20, 1), {.extra_padding_blocks = blocks}).size() - honest;
        if (blocks < 1000)
          BOOST_TEST(longer == blocks * block);
        else
          BOOST_TEST((longer <= 255 && longer + 2 * block > 255) == (block != 0));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(inner_plaintext_of_tls13) {
  for (const Kind& kind : kinds) {
    const bool tls13 = kind.version >= tls1_3;
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      Ends ends(kind);
      for (const std::size_t zeros : {1u, 200u}) {
        const Bytes wire = ends.seal(as_bytes("OPTIONS"), {.inner_zeros = zeros});
        const auto opened = ends.opener.open(record_of(wire));
        BOOST_TEST(as_text(opened.plaintext) == "OPTIONS");
        BOOST_TEST((opened.type == ContentType::application_data));
        if (tls13) BOOST_TEST(wire.size() == 5u + 7 + 1 + zeros + 16);
      }
      const std::string_view expected = tls13 ? "no content type inside" : "none";
      for (const std::size_t octets : {0u, 50u}) {
        BOOST_TEST(Ends(kind).outcome(octets, {.no_inner_type = true}) == expected);
        BOOST_TEST(Ends(kind).outcome(octets, {.inner_zeros = 9, .no_inner_type = true}) == expected);
      }
    }
  }
}

// Made with another implementation of AES-GCM, under the client's application keys of RFC 8448 §3: "pad", the
// type, and five zeros.
BOOST_AUTO_TEST_CASE(padded_record_of_tls13) {
  const Suite& suite = *find_suite("TLS_AES_128_GCM_SHA256");
  SeededRandom random(1);
  auto sealer =
      RecordEncrypter::make({tls1_3, &suite, traffic_keys(suite, rfc8448::client_traffic), false}, random)
          .value();
  sealer.set_sequence(7);
  Bytes wire;
  sealer.seal(ContentType::handshake, as_bytes("pad"), wire, {.inner_zeros = 5});
  BOOST_TEST(to_hex(wire) == "1703030019e12399675d285f91b908378e59a3b667d77186e12d633be8fc");
}

BOOST_AUTO_TEST_CASE(nothing_inside_at_all_has_no_type) {
  const Suite& suite = *find_suite("TLS_AES_128_GCM_SHA256");
  auto opener =
      RecordDecrypter::make({tls1_3, &suite, traffic_keys(suite, rfc8448::client_traffic), false}).value();
  const Bytes wire = from_hex("1703030010d55393296669be0020b9a25c1231fbc7").value();
  BOOST_TEST(name(opener.open(record_of(wire)).fault) == "no content type inside");
  Record shorter = record_of(wire);
  shorter.fragment = shorter.fragment.first(15);
  BOOST_TEST(name(opener.open(shorter).fault) == "record too short");
}

BOOST_AUTO_TEST_CASE(the_records_version_is_all_that_differs) {
  for (const Kind& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      Ends ends(kind);
      const Bytes honest = ends.seal(Bytes(20, 1));
      BOOST_TEST(record_of(honest).version == std::min(kind.version, tls1_2));
      BOOST_TEST(bool(ends.opener.open(record_of(honest))));
      const Bytes odd = ends.seal(Bytes(20, 1), {.record_version = 0x0305});
      BOOST_TEST(record_of(odd).version == 0x0305);
      BOOST_TEST(bool(ends.opener.open(record_of(odd))));
      BOOST_TEST(odd.size() == honest.size());
    }
  }
}

BOOST_AUTO_TEST_CASE(plaintexts_that_are_too_long) {
  for (const Kind& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      Ends ends(kind);
      BOOST_TEST(ends.outcome(max_plaintext_octets, {}) == "none");
      BOOST_TEST(ends.outcome(max_plaintext_octets + 1, {}) == "plaintext too long");
      BOOST_TEST(ends.opener.sequence() == 1u);
      BOOST_TEST(Ends(kind).outcome(18000, {}) == "plaintext too long");
      const bool tls13 = kind.version >= tls1_3;
      BOOST_TEST(Ends(kind).outcome(max_plaintext_octets - 3, {.inner_zeros = 3}) == "none");
      BOOST_TEST(Ends(kind).outcome(max_plaintext_octets - 3, {.inner_zeros = 4}) ==
                 (tls13 ? "plaintext too long" : "none"));
      BOOST_TEST(Ends(kind).seal(Bytes(60000, 1)).size() > 60000u);
    }
  }
}

// RC4 and the chain of TLS 1.0 stand where they stood, so that the next try has a chance.
BOOST_AUTO_TEST_CASE(a_refused_record_leaves_the_cipher_where_it_was) {
  for (const Kind& kind : kinds) {
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      const SealOptions refused[] = {{.corrupt_mac = true}, {.corrupt_padding = true}};
      for (const SealOptions& options : refused) {
        Ends ends(kind);
        const Bytes good = ends.seal(as_bytes("good"));
        if (!ends.opener.open(record_of(Ends(kind).seal(Bytes(9, 1), options))))
          BOOST_TEST(as_text(ends.opener.open(record_of(good)).plaintext) == "good");
      }
      Ends ends(kind);
      const Bytes good = ends.seal(as_bytes("good"));
      BOOST_TEST(!ends.opener.open(record_of(Ends(kind).seal(Bytes(max_plaintext_octets + 1, 1)))));
      BOOST_TEST(as_text(ends.opener.open(record_of(good)).plaintext) == "good");
    }
  }
}

BOOST_AUTO_TEST_CASE(sequence_numbers_repeated_and_skipped) {
  for (const Kind& kind : kinds) {
    if (mode_of(kind) == SuiteMode::stream) continue; // the key stream would have to be skipped as well
    BOOST_TEST_CONTEXT(kind.suite << " " << version_name(kind.version)) {
      Ends ends(kind);
      BOOST_TEST(ends.outcome(5, {}) == "none");
      BOOST_TEST(ends.sealer.sequence() == 1u);
      ends.sealer.set_sequence(0);
      BOOST_TEST(ends.outcome(5, {}) == "bad MAC");
      ends.sealer.set_sequence(0xfffffffffffffffeull);
      ends.opener.set_sequence(0xfffffffffffffffeull);
      const Bytes last = ends.seal(Bytes(3, 9));
      if (kind.version > tls1_0) BOOST_TEST(bool(ends.opener.open(record_of(last))));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(records_of_gnutls)

BOOST_AUTO_TEST_CASE(triple_des_opened_and_made_again) {
  const Suite& suite = *find_suite("TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  for (const gnutls_trace::Session& session : gnutls_trace::sessions) {
    BOOST_TEST_CONTEXT(version_name(session.version)
                       << (session.encrypt_then_mac ? " encrypt-then-MAC" : "")) {
      const auto keys =
          connection_keys(session.version, suite, from_hex(session.master_secret).value(),
                          from_hex(session.client_random).value(), from_hex(session.server_random).value());
      const ProtectionParameters how{session.version, &suite, keys.client, session.encrypt_then_mac};
      Bytes ivs;
      for (const std::string_view each : session.records)
        append(ivs, ByteView(from_hex(each).value()).subspan(record_header_octets, 8));
      Given random(session.version > tls1_0 ? ivs : Bytes());
      auto opener = RecordDecrypter::make(how).value();
      auto sealer = RecordEncrypter::make(how, random).value();
      std::vector<Bytes> plain;
      for (const std::string_view each : session.records) {
        const Bytes wire = from_hex(each).value();
        const auto opened = opener.open(record_of(wire));
        BOOST_TEST(name(opened.fault) == "none");
        plain.push_back(to_bytes(opened.plaintext));
        Bytes again;
        sealer.seal(opened.type, opened.plaintext, again);
        BOOST_TEST(to_hex(again) == each);
      }
      BOOST_TEST(plain[0].size() == 16u);
      BOOST_TEST(as_text(plain[1]) == "OPTIONS sip:gw SIP/2.0\n");
      BOOST_TEST(as_text(plain[2]) == "second\n");
      BOOST_TEST((plain[3] == Bytes{1, 0}));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
