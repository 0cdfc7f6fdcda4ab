#include "runner/lab.hpp"

#include "base/reader.hpp"
#include "crypto/certificate_variants.hpp"
#include "crypto/hash.hpp"

#include <map>
#include <mutex>
#include <tuple>

namespace sipvet::runner {

namespace {

constexpr int rsa_bits = 2048;

} // namespace

struct Lab::Parts {
  std::uint64_t seed = 0;
  Instant now;
  std::string root_pem, other_root_pem;
  std::vector<crypto::PrivateKey> keys; // of the trusted authority, the other, gateway, peers

  using Wish = std::tuple<Holder, std::string, std::string, std::vector<std::string>>;
  std::mutex mutex;
  std::map<Wish, crypto::Identity> made;

  // What a certificate is made from depends on what it is, and not on those that were made before it.
  std::uint64_t seed_of(const Wish& wish) const {
    const auto& [holder, variant, domain, ips] = wish;
    std::string text = std::to_string(seed) + (holder == Holder::gateway ? "\ngateway\n" : "\npeer\n");
    text += variant + "\n" + domain;
    for (const std::string& ip : ips) text += "\n" + ip;
    const Bytes digest = crypto::digest(crypto::Hash::sha256, as_bytes(text));
    Reader reader(digest);
    return reader.u64("digest").value();
  }

  Result<crypto::Identity> make(const Wish& wish) const {
    SeededRandom random(seed_of(wish));
    SIPVET_TRY(auto trusted, crypto::LabCa::from_pem(root_pem, keys[0], random, now));
    SIPVET_TRY(auto other, crypto::LabCa::from_pem(other_root_pem, keys[1], random, now));
    const auto& [holder, variant, domain, ips] = wish;
    crypto::VariantMaker maker(trusted, other, now, keys[holder == Holder::gateway ? 2 : 3], random);
    return maker.make(variant, {domain, ips});
  }
};

Lab::Lab(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Lab::Lab(Lab&&) noexcept = default;
Lab& Lab::operator=(Lab&&) noexcept = default;
Lab::~Lab() = default;

Result<Lab> Lab::make(std::uint64_t seed, Instant now) {
  SeededRandom random(seed);
  auto parts = std::make_unique<Parts>();
  parts->seed = seed;
  parts->now = now;
  SIPVET_TRY(const auto trusted, crypto::LabCa::create(random, now));
  SIPVET_TRY(const auto other, crypto::LabCa::create(random, now, "sipvet other CA"));
  parts->root_pem = trusted.root_pem();
  parts->other_root_pem = other.root_pem();
  parts->keys = {trusted.key(), other.key()};
  for (int holder = 0; holder < 2; ++holder) {
    SIPVET_TRY(const auto key, crypto::PrivateKey::generate_rsa(rsa_bits, random));
    parts->keys.push_back(key);
  }
  return Lab(std::move(parts));
}

const std::string& Lab::root_pem() const { return parts_->root_pem; }
const std::string& Lab::other_root_pem() const { return parts_->other_root_pem; }

Result<crypto::Identity> Lab::identity(Holder holder, const std::string& variant, const std::string& domain,
                                       const std::vector<IpAddress>& addresses) const {
  std::vector<std::string> ips;
  for (const IpAddress& address : addresses) ips.push_back(to_string(address));
  const Parts::Wish wish{holder, variant, domain, ips};
  const std::lock_guard lock(parts_->mutex);
  if (const auto known = parts_->made.find(wish); known != parts_->made.end()) return known->second;
  SIPVET_TRY(const crypto::Identity made, parts_->make(wish));
  parts_->made.emplace(wish, made);
  return made;
}

IpAddress gateway_address() { return IpAddress::v4(192, 0, 2, 10); }

IpAddress dns_address() { return IpAddress::v4(192, 0, 2, 53); }

IpAddress peer_address(std::size_t index) {
  return IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(20 + index % 200));
}

} // namespace sipvet::runner
