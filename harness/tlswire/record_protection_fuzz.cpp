// Records of any octets given to decrypters of every kind, and key logs of any text.
#include "tlswire/keylog.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/version.hpp"

#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::tlswire;

std::vector<std::string> fuzz_seeds();
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

struct Kind {
  std::uint16_t version;
  const char* suite;
  bool encrypt_then_mac;
};
constexpr Kind kinds[] = {
    {tls1_0, "TLS_RSA_WITH_AES_128_CBC_SHA", false}, {tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA", false},
    {tls1_2, "TLS_RSA_WITH_AES_128_CBC_SHA", true},  {tls1_2, "TLS_RSA_WITH_AES_128_GCM_SHA256", false},
    {tls1_2, "TLS_RSA_WITH_AES_128_CCM_8", false},   {tls1_2, "TLS_RSA_WITH_NULL_SHA256", false},
    {tls1_0, "TLS_RSA_WITH_RC4_128_MD5", false},     {tls1_3, "TLS_CHACHA20_POLY1305_SHA256", false},
    {tls1_0, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", true}, {tls1_1, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", false},
};

ProtectionParameters parameters(const Kind& kind) {
  const Suite* suite = find_suite(kind.suite);
  const Bytes random(32, 1);
  const DirectionKeys keys = kind.version >= tls1_3
                                 ? traffic_keys(*suite, random)
                                 : connection_keys(kind.version, *suite, Bytes(48, 2), random, random).client;
  return {kind.version, suite, keys, kind.encrypt_then_mac};
}

} // namespace

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds{"CLIENT_RANDOM " + std::string(64, 'a') + " " + std::string(96, 'b') + "\n"};
  SeededRandom random(1);
  for (const Kind& kind : kinds) {
    Bytes wire;
    RecordEncrypter::make(parameters(kind), random)
        .value()
        .seal(ContentType::application_data, as_bytes("OPTIONS"), wire);
    seeds.emplace_back(as_text(ByteView(wire).subspan(record_header_octets)));
  }
  return seeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView octets(data, size);
  static std::vector<RecordDecrypter> decrypters = [] {
    std::vector<RecordDecrypter> made;
    for (const Kind& kind : kinds) made.push_back(RecordDecrypter::make(parameters(kind)).value());
    return made;
  }();
  for (RecordDecrypter& decrypter : decrypters) {
    decrypter.set_sequence(0);
    (void)decrypter.open(ContentType::application_data, tls1_2, octets);
  }
  (void)Keylog::parse(as_text(octets));
  return 0;
}
