#include "crypto/key_exchange.hpp"

#include "base/hex.hpp"
#include "crypto/pem.hpp"
#include "crypto/test_program.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

// Gives given octets once, as a private key of a published exchange.
class Given final : public Random {
 public:
  explicit Given(std::string_view hex) : left_(from_hex(hex).value()) {}
  void fill(std::span<std::uint8_t> out) override {
    BOOST_REQUIRE(out.size() <= left_.size());
    std::copy_n(left_.begin(), out.size(), out.begin());
    left_.erase(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(out.size()));
  }

 private:
  Bytes left_;
};

EphemeralKey key_of(Group group, std::string_view private_hex) {
  Given given(private_hex);
  return EphemeralKey::make(group, given);
}

constexpr Group all_groups[] = {Group::secp256r1, Group::secp384r1, Group::secp521r1, Group::x25519};

// SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4) before the public value itself.
std::string_view prefix_of(Group group) {
  switch (group) {
  case Group::secp256r1:
    return "3059301306072a8648ce3d020106082a8648ce3d030107034200";
  case Group::secp384r1:
    return "3076301006072a8648ce3d020106052b81040022036200";
  case Group::secp521r1:
    return "30819b301006072a8648ce3d020106052b8104002303818600";
  case Group::x25519:
    break;
  }
  return "302a300506032b656e032100";
}

std::string pem_of(Group group, ByteView public_value) {
  Bytes der = from_hex(prefix_of(group)).value();
  append(der, public_value);
  return to_pem("PUBLIC KEY", der);
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_exchange)

BOOST_AUTO_TEST_CASE(curve25519_as_published) {
  // RFC 7748 §6.1
  const EphemeralKey alice =
      key_of(Group::x25519, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const EphemeralKey bob =
      key_of(Group::x25519, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  BOOST_TEST(to_hex(alice.public_value()) ==
             "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  BOOST_TEST(to_hex(bob.public_value()) ==
             "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const std::string secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  BOOST_TEST(to_hex(alice.shared_secret(bob.public_value()).value()) == secret);
  BOOST_TEST(to_hex(bob.shared_secret(alice.public_value()).value()) == secret);
}

BOOST_AUTO_TEST_CASE(secp256r1_as_published) {
  // RFC 5903 §8.1
  const EphemeralKey initiator =
      key_of(Group::secp256r1, "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
  const EphemeralKey responder =
      key_of(Group::secp256r1, "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53");
  BOOST_TEST(to_hex(initiator.public_value()) ==
             "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
             "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3");
  BOOST_TEST(to_hex(responder.public_value()) ==
             "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
             "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab");
  const std::string x = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de";
  BOOST_TEST(to_hex(initiator.shared_secret(responder.public_value()).value()) == x);
  BOOST_TEST(to_hex(responder.shared_secret(initiator.public_value()).value()) == x);
}

BOOST_AUTO_TEST_CASE(the_openssl_program_gets_the_same_secret) {
  const Scratch scratch;
  for (const Group group : all_groups) {
    SeededRandom random(1);
    const EphemeralKey ours = EphemeralKey::make(group, random);
    BOOST_TEST((ours.group() == group));
    const bool montgomery = group == Group::x25519;
    const std::string made = scratch.openssl(
        std::string("genpkey -out theirs.pem -algorithm ") +
        (montgomery ? "X25519" : "EC -pkeyopt ec_paramgen_curve:P-" + std::string(name(group).substr(4, 3))));
    BOOST_TEST(made == "");
    BOOST_TEST(scratch.openssl("pkey -in theirs.pem -pubout -outform DER -out theirs.der") == "");
    const Bytes their_info = to_bytes(scratch.read("theirs.der"));
    BOOST_REQUIRE(their_info.size() > ours.public_value().size());
    const ByteView theirs = ByteView(their_info).last(ours.public_value().size());
    scratch.write("ours.pem", pem_of(group, ours.public_value()));
    BOOST_TEST(scratch.openssl("pkeyutl -derive -inkey theirs.pem -peerkey ours.pem -out secret") == "");
    BOOST_TEST(to_hex(ours.shared_secret(theirs).value()) == to_hex(as_bytes(scratch.read("secret"))));
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_key) {
  for (const Group group : all_groups) {
    SeededRandom one(7);
    SeededRandom same(7);
    SeededRandom other(8);
    const EphemeralKey key = EphemeralKey::make(group, one);
    BOOST_TEST((key.public_value() == EphemeralKey::make(group, same).public_value()), name(group));
    BOOST_TEST((key.public_value() != EphemeralKey::make(group, other).public_value()), name(group));
    BOOST_TEST((key.public_value() != EphemeralKey::make(group, one).public_value()), name(group));
  }
}

BOOST_AUTO_TEST_CASE(a_secret_keeps_its_leading_zeros) {
  for (const auto& [group, octets] :
       {std::pair{Group::secp256r1, 32u}, {Group::secp384r1, 48u}, {Group::secp521r1, 66u}}) {
    SeededRandom random(3);
    const EphemeralKey ours = EphemeralKey::make(group, random);
    bool seen = false;
    for (int i = 0; i < 3000 && !seen; ++i) {
      const Bytes secret = ours.shared_secret(EphemeralKey::make(group, random).public_value()).value();
      BOOST_REQUIRE_EQUAL(secret.size(), octets);
      seen = secret.front() == 0;
    }
    BOOST_TEST(seen, name(group));
  }
}

BOOST_AUTO_TEST_CASE(values_that_are_no_keys_are_refused) {
  SeededRandom random(5);
  for (const Group group : {Group::secp256r1, Group::secp384r1, Group::secp521r1}) {
    const EphemeralKey ours = EphemeralKey::make(group, random);
    Bytes value = EphemeralKey::make(group, random).public_value();
    BOOST_TEST(ours.shared_secret(ByteView(value).first(value.size() - 1))
                   .error()
                   .what.starts_with("expected a public value of " + std::string(name(group))));
    BOOST_TEST(!ours.shared_secret({}));
    BOOST_TEST(!ours.shared_secret(Bytes{0})); // the point at infinity
    value.front() = 2;                         // compressed
    BOOST_TEST(ours.shared_secret(value).error().what ==
               "expected an uncompressed point of " + std::string(name(group)) + ", which starts with 04");
    value.front() = 6; // hybrid
    BOOST_TEST(!ours.shared_secret(value));
    value.front() = 4;
    value.back() ^= 1;
    BOOST_TEST(ours.shared_secret(value).error().what ==
               "expected a point of " + std::string(name(group)) + ": it is not on the curve");
    Bytes beyond(value.size(), 0xff); // coordinates past the field
    beyond.front() = 4;
    BOOST_TEST(!ours.shared_secret(beyond));
    value.back() ^= 1;
    BOOST_TEST(bool(ours.shared_secret(value)));
  }
  const EphemeralKey ours = EphemeralKey::make(Group::x25519, random);
  BOOST_TEST(ours.shared_secret(Bytes(31)).error().what ==
             "expected a public value of x25519 of 32 octets, got 31");
  BOOST_TEST(ours.shared_secret(Bytes(32)).error().what ==
             "the public value of x25519 has a small order: the shared secret is all zeros");
  Bytes one(32);
  one.front() = 1;
  BOOST_TEST(!ours.shared_secret(one));
}

BOOST_AUTO_TEST_CASE(keys_move) {
  SeededRandom random(6);
  EphemeralKey first = EphemeralKey::make(Group::x25519, random);
  const EphemeralKey peer = EphemeralKey::make(Group::x25519, random);
  const Bytes secret = first.shared_secret(peer.public_value()).value();
  EphemeralKey moved = EphemeralKey::make(Group::secp256r1, random);
  moved = std::move(first);
  BOOST_TEST((moved.group() == Group::x25519));
  BOOST_TEST((moved.shared_secret(peer.public_value()).value() == secret));
}

BOOST_AUTO_TEST_SUITE_END()
