#include "base/hex.hpp"
#include "keying/dtls_srtp.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::keying;
using tlswire::SrtpProfile;

namespace {

const Bytes certificate = to_bytes("any octets will do for a hash");

sdp::Session session_with(std::string_view session_lines, std::string_view media_lines) {
  std::string text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
  text.append(session_lines).append("m=audio 4000 UDP/TLS/RTP/SAVP 0\r\n").append(media_lines);
  return sdp::parse_session(text).value();
}

Result<std::optional<DtlsDescription>> read(std::string_view session_lines, std::string_view media_lines) {
  const sdp::Session session = session_with(session_lines, media_lines);
  return read_dtls(session, session.media.front());
}

std::string line(std::string_view hash, ByteView of = certificate) {
  return "a=fingerprint:" + to_string(fingerprint_of(hash, of).value()) + "\r\n";
}

DtlsDescription with_setup(Setup setup, bool mux = false) {
  return {{fingerprint_of("sha-256", certificate).value()}, setup, "", mux};
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtls_srtp)

// RFC 8122 §5 prints this one.
BOOST_AUTO_TEST_CASE(a_fingerprint_is_read_and_written_back) {
  const std::string text = "sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB";
  const Fingerprint read = parse_fingerprint(text).value();
  BOOST_TEST(read.hash == "sha-1");
  BOOST_TEST(to_hex(read.value) == "4aadb9b13f82183b540212df3e5d496b19e57cab");
  BOOST_TEST(to_string(read) == text);
  BOOST_TEST(
      (parse_fingerprint("SHA-1 4a:ad:b9:b1:3f:82:18:3b:54:02:12:df:3e:5d:49:6b:19:e5:7c:ab").value() ==
       read));
  BOOST_TEST(parse_fingerprint("sha-3 01:02").has_value()); // a hash that is not known is not looked into
}

BOOST_AUTO_TEST_CASE(what_is_no_fingerprint_is_refused) {
  for (const char* text : {"", "sha-256", "sha-256 ", " 01:02", "sha-1 4A:AD", "sha-3 1:02", "sha-3 01:0g",
                           "sha-3 01::02", "sha-3 0102", "sha-3 01:02:"})
    BOOST_TEST(!parse_fingerprint(text), text);
  BOOST_TEST(to_string(parse_fingerprint("sha-1 4A:AD").error()) ==
             "expected 20 octets of sha-1 in a=fingerprint, found 2 (at octet 6)");
}

BOOST_AUTO_TEST_CASE(every_character_of_a_fingerprint_counts) {
  const std::string text = to_string(fingerprint_of("sha-256", certificate).value());
  const Fingerprint whole = parse_fingerprint(text).value();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = other[at] == '0' ? '1' : '0';
    const auto read = parse_fingerprint(other);
    BOOST_TEST((!read || fingerprint_mismatch({&*read, 1}, certificate).has_value()));
    std::string cut = text;
    cut.erase(at, 1);
    const auto shorter = parse_fingerprint(cut);
    BOOST_TEST((!shorter || fingerprint_mismatch({&*shorter, 1}, certificate).has_value()));
  }
}

BOOST_AUTO_TEST_CASE(of_several_hashes_the_strongest_decides) {
  const Fingerprint right1 = fingerprint_of("sha-1", certificate).value();
  const Fingerprint right256 = fingerprint_of("sha-256", certificate).value();
  const Fingerprint wrong256 = fingerprint_of("sha-256", Bytes{1}).value();
  const Fingerprint unknown{"sha-3", {1, 2}};
  const auto fits = [](std::vector<Fingerprint> promised) {
    return !fingerprint_mismatch(promised, certificate);
  };
  BOOST_TEST(fits({right1}));
  BOOST_TEST(fits({right256, unknown}));
  BOOST_TEST(fits({wrong256, right256})); // one of those of that hash: another certificate may have the other
  BOOST_TEST(!fits({wrong256}));
  BOOST_TEST(!fits({right1, wrong256})); // the weaker one does not help
  BOOST_TEST(fits({right256, fingerprint_of("sha-1", Bytes{1}).value()}));
  BOOST_TEST(!fits({unknown}));
  BOOST_TEST(!fits({}));
  BOOST_TEST(fingerprint_mismatch(std::vector{wrong256}, certificate).value().find(to_string(right256)) !=
             std::string::npos);
  BOOST_TEST(!fingerprint_of("md5", certificate));
}

// RFC 4145 §4.1 and RFC 8842 §5.3.
BOOST_AUTO_TEST_CASE(the_table_of_setup_answers) {
  BOOST_TEST((answer_to(Setup::actpass) == Setup::active));
  BOOST_TEST((answer_to(Setup::actpass, Setup::passive) == Setup::passive));
  BOOST_TEST((answer_to(Setup::active) == Setup::passive));
  BOOST_TEST((answer_to(Setup::passive, Setup::passive) == Setup::active));
  BOOST_TEST((answer_to(Setup::holdconn) == Setup::holdconn));
  const Setup all[] = {Setup::active, Setup::passive, Setup::actpass, Setup::holdconn};
  std::size_t allowed = 0;
  for (const Setup offered : all) {
    BOOST_TEST(!may_answer(offered, Setup::actpass));
    for (const Setup answered : all) {
      BOOST_TEST(may_answer(offered, answer_to(offered, answered)));
      allowed += may_answer(offered, answered);
    }
    BOOST_TEST((find_setup(name(offered)) == offered));
  }
  BOOST_TEST(allowed == 8u);
  BOOST_TEST(!may_answer(Setup::active, Setup::active));
  BOOST_TEST(!may_answer(Setup::passive, Setup::passive));
  BOOST_TEST(!find_setup("Active"));
  BOOST_TEST((role_of(Setup::active) == DtlsRole::client && role_of(Setup::passive) == DtlsRole::server));
  BOOST_TEST((!role_of(Setup::holdconn) && !role_of(Setup::actpass)));
}

BOOST_AUTO_TEST_CASE(attributes_are_read_at_both_levels) {
  const auto both = read(line("sha-1") + "a=setup:passive\r\na=tls-id:0123456789abcdef0123\r\n",
                         line("sha-256") + "a=setup:actpass\r\na=rtcp-mux\r\n");
  const DtlsDescription& description = both.value().value();
  BOOST_TEST(description.fingerprints.size() == 1u); // the section's own stand in the place of the session's
  BOOST_TEST(description.fingerprints.front().hash == "sha-256");
  BOOST_TEST((description.setup == Setup::actpass && description.rtcp_mux));
  BOOST_TEST(description.tls_id == "0123456789abcdef0123");
  const auto session_only = read(line("sha-1") + line("sha-512") + "a=setup:passive\r\n", "").value().value();
  BOOST_TEST(session_only.fingerprints.size() == 2u);
  BOOST_TEST((session_only.setup == Setup::passive && !session_only.rtcp_mux));
  BOOST_TEST((read(line("sha-256"), "").value().value().setup == Setup::active)); // RFC 4145 §4.1
  const sdp::Session unsaid = session_with(line("sha-256"), "");
  BOOST_TEST(
      (read_dtls(unsaid, unsaid.media.front(), Setup::passive).value().value().setup == Setup::passive));
  BOOST_TEST(!read("", "a=setup:active\r\n").value().has_value());
  BOOST_TEST(!read(line("sha-256"), "a=setup:both\r\n"));
  BOOST_TEST(!read("", "a=fingerprint:sha-256 00\r\n"));
  sdp::Session written = session_with("", "");
  add_dtls(written.media.front().attributes, description);
  BOOST_TEST((read_dtls(written, written.media.front()).value().value() == description));
}

BOOST_AUTO_TEST_CASE(both_sides_see_one_agreement) {
  for (const Setup answer : {Setup::active, Setup::passive}) {
    const auto offer = with_setup(Setup::actpass, true), answered = with_setup(answer, true);
    const auto offerer = agree_as_offerer(offer, answered).value();
    const auto answerer = agree_as_answerer(offer, answered).value();
    BOOST_TEST((offerer.role == other(answerer.role)));
    BOOST_TEST((answerer.role == (answer == Setup::active ? DtlsRole::client : DtlsRole::server)));
    BOOST_TEST((offerer.rtcp_mux && answerer.rtcp_mux));
    BOOST_TEST((offerer.remote_fingerprints == answered.fingerprints));
  }
  BOOST_TEST(!agree_as_offerer(with_setup(Setup::actpass), with_setup(Setup::active, true)).value().rtcp_mux);
  BOOST_TEST(!agree_as_offerer(with_setup(Setup::active), with_setup(Setup::active)));
  BOOST_TEST(!agree_as_offerer(with_setup(Setup::actpass), with_setup(Setup::actpass)));
  BOOST_TEST(agree_as_answerer(with_setup(Setup::holdconn), with_setup(Setup::holdconn))
                 .error()
                 .what.find("holdconn") != std::string::npos);
}

// RFC 8842 §3.1.
BOOST_AUTO_TEST_CASE(an_association_goes_on_unless_something_of_it_changes) {
  const DtlsAgreement before =
      agree_as_offerer(with_setup(Setup::actpass), with_setup(Setup::active)).value();
  BOOST_TEST(keeps_association(before, before));
  DtlsAgreement other_role = before, other_print = before, other_id = before;
  other_role.role = DtlsRole::client;
  other_print.remote_fingerprints.front().value[0] ^= 1;
  other_id.remote_tls_id = "another";
  for (const DtlsAgreement& after : {other_role, other_print, other_id})
    BOOST_TEST(!keeps_association(before, after));
  SeededRandom random(3);
  const std::string id = new_tls_id(random);
  BOOST_TEST(id.size() == 32u);
  BOOST_TEST(id != new_tls_id(random));
}

// RFC 5764 §4.2: client key, server key, client salt, server salt.
BOOST_AUTO_TEST_CASE(exported_octets_are_cut_in_the_order_of_the_rfc) {
  for (const tlswire::SrtpProfileInfo& row : tlswire::srtp_profiles()) {
    Bytes exported;
    exported.insert(exported.end(), row.key_octets, 0xc1);
    exported.insert(exported.end(), row.key_octets, 0x51);
    exported.insert(exported.end(), row.salt_octets, 0xc2);
    exported.insert(exported.end(), row.salt_octets, 0x52);
    const MediaKeys client = keys_of_export(row.profile, DtlsRole::client, exported).value();
    BOOST_TEST((client.exchange == KeyExchange::dtls_srtp));
    BOOST_TEST((client.local.first_key().master_key == Bytes(row.key_octets, 0xc1)));
    BOOST_TEST((client.local.first_key().master_salt == Bytes(row.salt_octets, 0xc2)));
    BOOST_TEST((client.remote.first_key().master_key == Bytes(row.key_octets, 0x51)));
    BOOST_TEST((client.remote.first_key().master_salt == Bytes(row.salt_octets, 0x52)));
    const MediaKeys server = keys_of_export(row.profile, DtlsRole::server, exported).value();
    BOOST_TEST((server.local == client.remote && server.remote == client.local));
    const rtp::SrtpSuiteInfo& suite = rtp::info(client.local.suite());
    BOOST_TEST((suite.key_octets == row.key_octets && suite.salt_octets == row.salt_octets));
    BOOST_TEST((profile_of(suite.suite) == row.profile));
    // RFC 5764 §4.1.2, RFC 7714 §14.2.
    const bool aead = row.salt_octets == 12;
    BOOST_TEST(client.local.options.most_packets == std::uint64_t{1} << (aead ? 48 : 31));
    BOOST_TEST((client.local.options == client.remote.options));
    exported.pop_back();
    BOOST_TEST(!keys_of_export(row.profile, DtlsRole::client, exported));
    exported.resize(exported.size() + 2);
    BOOST_TEST(!keys_of_export(row.profile, DtlsRole::client, exported));
  }
  BOOST_TEST(!profile_of(rtp::SrtpSuite::aes_256_cm_hmac_sha1_80)); // RFC 6188 has none
  const auto profiles =
      profiles_of({rtp::SrtpSuite::aead_aes_256_gcm, rtp::SrtpSuite::aes_256_cm_hmac_sha1_80,
                   rtp::SrtpSuite::aes_cm_128_hmac_sha1_80});
  BOOST_TEST(profiles_of({rtp::SrtpSuite::null_hmac_sha1_80, rtp::SrtpSuite::null_hmac_sha1_32}).empty());
  BOOST_TEST((profiles == std::vector{SrtpProfile::aead_aes_256_gcm, SrtpProfile::aes128_cm_hmac_sha1_80}));
}

BOOST_AUTO_TEST_SUITE_END()
