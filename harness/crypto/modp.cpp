#include "crypto/modp.hpp"

#include "crypto/owned.hpp"

#include <openssl/bn.h>

namespace sipvet::crypto {
namespace {

using Number = Owned<BIGNUM, BN_clear_free>;
using NumberContext = Owned<BN_CTX, BN_CTX_free>;

constexpr std::size_t exponent_octets = 40;
constexpr BN_ULONG generator = 2;

struct Properties {
  ModpGroup group;
  std::string_view name;
  std::size_t octets;
  BIGNUM* (*prime)(BIGNUM*);
};
constexpr Properties properties[] = {
    {ModpGroup::oakley_1, "OAKLEY 1", 96, BN_get_rfc2409_prime_768},
    {ModpGroup::oakley_2, "OAKLEY 2", 128, BN_get_rfc2409_prime_1024},
    {ModpGroup::oakley_5, "OAKLEY 5", 192, BN_get_rfc3526_prime_1536},
};
const Properties& of(ModpGroup group) { return properties[static_cast<std::size_t>(group)]; }

Number number(ByteView octets) {
  return Number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

Bytes power(const Properties& group, const BIGNUM* base, ByteView exponent) {
  const Number prime(group.prime(nullptr)), out(BN_new()), secret = number(exponent);
  BN_set_flags(secret.get(), BN_FLG_CONSTTIME);
  const NumberContext context(BN_CTX_new());
  BN_mod_exp(out.get(), base, secret.get(), prime.get(), context.get());
  Bytes octets(group.octets);
  BN_bn2binpad(out.get(), octets.data(), static_cast<int>(octets.size()));
  return octets;
}

} // namespace

std::string_view name(ModpGroup group) { return of(group).name; }
std::size_t value_octets(ModpGroup group) { return of(group).octets; }

ModpKey::ModpKey(ModpGroup group, Bytes exponent) : group_(group), exponent_(std::move(exponent)) {
  const Number base(BN_new());
  BN_set_word(base.get(), generator);
  public_value_ = power(of(group_), base.get(), exponent_);
}

ModpKey ModpKey::make(ModpGroup group, Random& random) { return {group, random.bytes(exponent_octets)}; }

Result<Bytes> ModpKey::shared_secret(ByteView peer_public) const {
  const Properties& group = of(group_);
  if (peer_public.size() != group.octets)
    return fail("expected a public value of " + std::string(group.name) + " of " +
                std::to_string(group.octets) + " octets, got " + std::to_string(peer_public.size()));
  const Number prime(group.prime(nullptr)), peer = number(peer_public);
  BN_sub_word(prime.get(), 1);
  if (BN_is_zero(peer.get()) || BN_is_one(peer.get()) || BN_cmp(peer.get(), prime.get()) >= 0)
    return fail("the public value is none of " + std::string(group.name) +
                ": expected one from 2 to the prime less 2");
  return power(group, peer.get(), exponent_);
}

} // namespace sipvet::crypto
