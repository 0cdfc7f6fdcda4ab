#include "srtp/session.hpp"

#include <array>
#include <cstdlib>
#include <string>

using namespace sipvet;

namespace {

rtp::SrtpKey key_with(rtp::SrtpSuite suite, std::uint8_t mki) {
  const auto& facts = rtp::info(suite);
  // One key for AES and NULL would make each other's packets authentic.
  const auto fill = static_cast<std::uint8_t>(suite);
  return {suite, Bytes(facts.key_octets, fill), Bytes(facts.salt_octets, mki), Bytes{0, mki}, {}};
}

rtp::SrtpContext context_of(rtp::SrtpSuite suite) {
  rtp::SrtpContext context(key_with(suite, 1));
  context.keys.push_back(key_with(suite, 2));
  return context;
}

constexpr std::array suites = {rtp::SrtpSuite::aes_cm_128_hmac_sha1_80, rtp::SrtpSuite::aead_aes_128_gcm,
                               rtp::SrtpSuite::null_hmac_sha1_80};

} // namespace

// No packet, however broken, may do more than be dropped, and both engines drop the same ones.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView packet(data, size);
  for (const auto suite : suites) {
    const auto context = context_of(suite);
    auto ours = *srtp::Receiver::create(context);
    auto theirs = *srtp::Receiver::create(context, srtp::Engine::library);
    if (ours.unprotect_rtp(packet).has_value() != theirs.unprotect_rtp(packet).has_value()) std::abort();
    if (ours.unprotect_rtcp(packet).has_value() != theirs.unprotect_rtcp(packet).has_value()) std::abort();
  }
  // Nothing holds a packet back where nothing is authenticated.
  static auto open = [] {
    auto context = context_of(suites[0]);
    context.options.authenticate_rtp = false;
    context.options.key_derivation_rate = 1;
    return *srtp::Receiver::create(context);
  }();
  (void)open.unprotect_rtp(packet);
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const Bytes plain = {0x91, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 5, 6};
  const Bytes report = {0x80, 0xc9, 0, 1, 0, 0, 0, 3};
  std::vector<std::string> seeds;
  for (const auto suite : suites) {
    auto sender = *srtp::Sender::create(context_of(suite));
    seeds.emplace_back(as_text(*sender.protect_rtp(plain)));
    seeds.emplace_back(as_text(*sender.protect_rtcp(report)));
  }
  return seeds;
}
