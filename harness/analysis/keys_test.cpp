#include "analysis/keys.hpp"
#include "analysis/test_tls.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sipvet-keys-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
  std::filesystem::path path;
};

std::string error_of(const Result<void>& result) { return result ? "" : result.error().what; }

} // namespace

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(tls_keys_in_wiresharks_syntax) {
  const Folder folder;
  const auto file = folder.file("a.key", TestTls::identity().private_key_pem);
  Keys keys;
  BOOST_TEST(error_of(add_tls_keys(
                 keys, fmt::format("192.0.2.1,5061,sip,{};0.0.0.0,0,data,{};", file, file))) == "");
  BOOST_TEST_REQUIRE(keys.rsa.size() == 2);
  BOOST_TEST((keys.rsa[0].address == IpAddress::v4(192, 0, 2, 1)));
  BOOST_TEST(keys.rsa[0].port.value_or(0) == 5061);
  BOOST_TEST(keys.rsa[0].protocol == "sip");
  BOOST_TEST(!keys.rsa[1].address.has_value());
  BOOST_TEST(!keys.rsa[1].port.has_value());
}

BOOST_AUTO_TEST_CASE(tls_keys_that_cannot_be_used_say_why) {
  const Folder folder;
  const auto file = folder.file("a.key", TestTls::identity().private_key_pem);
  const auto text = folder.file("text", "hello");
  Keys keys;
  const auto error = [&](const std::string& specification) {
    return error_of(add_tls_keys(keys, specification));
  };
  BOOST_TEST(error("").find("expected ADDRESS,PORT,PROTOCOL,KEYFILE") != std::string::npos);
  BOOST_TEST(error("192.0.2.1,5061,sip").find("expected ADDRESS") != std::string::npos);
  BOOST_TEST(error("192.0.2.300,5061,sip," + file).find("192.0.2.300") != std::string::npos);
  BOOST_TEST(error("any,70000,sip," + file).find("port") != std::string::npos);
  BOOST_TEST(error("any,0,sip,/nowhere/a.key").find("/nowhere/a.key: cannot be opened") != std::string::npos);
  BOOST_TEST(error("any,0,sip," + text).find(text) != std::string::npos);
  BOOST_TEST(error(fmt::format("any,0,sip,{};any,0,sip,{}", file, text)) != "");
  BOOST_TEST(keys.rsa.empty()); // nothing is added by halves
}

BOOST_AUTO_TEST_CASE(keylogs) {
  const Folder folder;
  const std::string random(64, '1'), secret(96, '2');
  Keys keys;
  const auto good = folder.file("good", fmt::format("# comment\r\nCLIENT_RANDOM {} {}\r\n", random, secret));
  BOOST_TEST(error_of(add_keylog_file(keys, good)) == "");
  BOOST_TEST((keys.keylog.find("CLIENT_RANDOM", Bytes(32, 0x11)) != nullptr));
  BOOST_TEST(keys.remarks.empty());

  const auto half = folder.file("half", fmt::format("CLIENT_RANDOM {} {}\nCLIENT_RANDOM 12", random, secret));
  BOOST_TEST(error_of(add_keylog_file(keys, half)) == "");
  BOOST_TEST_REQUIRE(keys.remarks.size() == 1);
  BOOST_TEST(keys.remarks[0].find("line 2") != std::string::npos);

  BOOST_TEST(error_of(add_keylog_file(keys, folder.file("junk", "what is this\n"))).find("no usable line") !=
             std::string::npos);
  BOOST_TEST(error_of(add_keylog_file(keys, folder.file("empty", "# nothing\n"))).find("holds no secret") !=
             std::string::npos);
  BOOST_TEST(error_of(add_keylog_file(keys, "/nowhere/log")).find("cannot be opened") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(srtp_keys) {
  Keys keys;
  // 30 octets: the key and salt of RFC 4568 §6.1's example.
  BOOST_TEST(
      error_of(add_srtp_key(keys, "AES_CM_128_HMAC_SHA1_80:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj")) == "");
  BOOST_TEST(error_of(add_srtp_key(
                 keys, "AES_CM_128_HMAC_SHA1_32:hex:"
                       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d@0xdeadbeef")) == "");
  BOOST_TEST_REQUIRE(keys.srtp.size() == 2);
  BOOST_TEST(as_text(keys.srtp[0].key.master_key) == "wDfvg&T+)xG7@fb5");
  BOOST_TEST(keys.srtp[1].ssrc.value_or(0) == 0xdeadbeef);
  BOOST_TEST(keys.srtp[1].key.master_salt.front() == 0x10);
  BOOST_TEST(keys.srtp[1].name.find("0001") == std::string::npos); // the name gives no secret away
  const auto error = [&](const std::string& specification) {
    return error_of(add_srtp_key(keys, specification));
  };
  BOOST_TEST(error("AES_CM_128_HMAC_SHA1_80").find("expected SUITE:BASE64") != std::string::npos);
  BOOST_TEST(error("AES_9:AAAA").find("unknown suite 'AES_9'") != std::string::npos);
  BOOST_TEST(error("AES_CM_128_HMAC_SHA1_80:AAAA").find("needs 30 octets") != std::string::npos);
  BOOST_TEST(error("AES_CM_128_HMAC_SHA1_80:AAAA@0xzz") != "");
  BOOST_TEST(error("dtls:/nowhere/x").find("/nowhere/x") != std::string::npos);
  BOOST_TEST(keys.srtp.size() == 2);
}

BOOST_AUTO_TEST_CASE(exporter_material_is_client_key_server_key_client_salt_server_salt) {
  const Folder folder;
  std::string hex;
  for (const auto& [octet, count] : {std::pair{"c1", 16}, {"51", 16}, {"c2", 14}, {"52", 14}})
    for (int i = 0; i < count; ++i) hex += octet;
  Keys keys;
  BOOST_TEST(error_of(add_srtp_key(keys, "dtls:" + folder.file("material", hex + "\n"))) == "");
  BOOST_TEST_REQUIRE(keys.srtp.size() == 4); // of tags of 80 bits and of 32
  BOOST_TEST((keys.srtp[0].key.master_key == Bytes(16, 0xc1)));
  BOOST_TEST((keys.srtp[0].key.master_salt == Bytes(14, 0xc2)));
  BOOST_TEST((keys.srtp[1].key.master_key == Bytes(16, 0x51)));
  BOOST_TEST((keys.srtp[1].key.master_salt == Bytes(14, 0x52)));
  BOOST_TEST(keys.srtp[0].key_source == "dtls");
  BOOST_TEST((keys.srtp[2].key.suite == rtp::SrtpSuite::aes_cm_128_hmac_sha1_32));
  for (const auto& [octets, suite] :
       {std::pair{56, rtp::SrtpSuite::aead_aes_128_gcm}, {88, rtp::SrtpSuite::aead_aes_256_gcm}}) {
    Keys gcm;
    const std::string name = folder.file("gcm", std::string(static_cast<std::size_t>(2 * octets), 'a'));
    BOOST_TEST(error_of(add_srtp_key(gcm, "dtls:" + name)) == "");
    BOOST_TEST((gcm.srtp.size() == 2 && gcm.srtp[0].key.suite == suite));
  }
  BOOST_TEST(error_of(add_srtp_key(keys, "dtls:" + folder.file("short", "00")))
                 .find("expected 56, 60 or 88 octets") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(mikey_pre_shared_keys) {
  Keys keys;
  BOOST_TEST(error_of(add_mikey_psk(keys, "secret")) == "");
  BOOST_TEST(error_of(add_mikey_psk(keys, "hex:00ff")) == "");
  BOOST_TEST((keys.mikey_psks == std::vector<Bytes>{to_bytes("secret"), {0x00, 0xff}}));
  BOOST_TEST(error_of(add_mikey_psk(keys, "hex:0")) != "");
  BOOST_TEST(error_of(add_mikey_psk(keys, "")) != "");
}

BOOST_AUTO_TEST_CASE(tls_pre_shared_keys) {
  Keys keys;
  BOOST_TEST(error_of(add_tls_psk(keys, "phone:1:00ff")) == "");
  BOOST_TEST(error_of(add_tls_psk(keys, ":0102")) == "");
  BOOST_TEST_REQUIRE(keys.tls_psks.size() == 2);
  BOOST_TEST((keys.tls_psks[0].identity == to_bytes("phone:1")));
  BOOST_TEST((keys.tls_psks[0].key == Bytes{0x00, 0xff}));
  BOOST_TEST(keys.tls_psks[1].identity.empty());
  for (const auto bad : {"phone", "phone:", "phone:0g", "phone:123"})
    BOOST_TEST(error_of(add_tls_psk(keys, bad)).starts_with("TLS pre-shared key: "));
  BOOST_TEST(keys.tls_psks.size() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
