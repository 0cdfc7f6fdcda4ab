#include "crypto/certificate_variants.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>

namespace sipvet::crypto {
namespace {

constexpr auto day = std::chrono::hours(24);
constexpr int weak_rsa_bits = 512;
constexpr std::string_view another_name = "lab device"; // a common name that is nobody's domain
constexpr std::string_view elsewhere = "elsewhere.invalid";

enum class Signer {
  trusted,
  other,
  itself,
  intermediate,        // a CA below the trusted one
  second_intermediate, // below one that allows no further
  leaf,                // a certificate of the trusted CA that is no CA's
};
enum class Key { rsa, weak, ec };
enum class Sent { all, leaf_only, leaf_tampered_with };

// What a change may look at.
struct Circumstances {
  const VariantSubject& subject;
  Instant now;
};
using Change = void (*)(LabCa::Request& request, const Circumstances& in);

void name_only(LabCa::Request& request, std::vector<std::string> uris, std::vector<std::string> dns_names) {
  request.common_name = another_name;
  request.uris = std::move(uris);
  request.dns_names = std::move(dns_names);
  request.ips.clear();
}

void nothing(LabCa::Request&, const Circumstances&) {}
void expired(LabCa::Request& request, const Circumstances& in) {
  request.not_before = in.now - 366 * day;
  request.not_after = in.now - day;
}
void not_yet_valid(LabCa::Request& request, const Circumstances& in) {
  request.not_before = in.now + day;
  request.not_after = in.now + 366 * day;
}
void wrong_name(LabCa::Request& request, const Circumstances&) {
  name_only(request, {"sip:" + std::string(elsewhere)}, {std::string(elsewhere)});
  request.common_name = elsewhere;
}
void cn_only(LabCa::Request& request, const Circumstances& in) {
  name_only(request, {}, {});
  request.common_name = in.subject.domain;
}
void san_uri(LabCa::Request& request, const Circumstances& in) {
  name_only(request, {"sip:" + in.subject.domain}, {});
}
void san_dns(LabCa::Request& request, const Circumstances& in) {
  name_only(request, {}, {in.subject.domain});
}
void san_uri_and_dns(LabCa::Request& request, const Circumstances& in) {
  name_only(request, {"sip:" + in.subject.domain}, {in.subject.domain});
}
void wildcard(LabCa::Request& request, const Circumstances& in) {
  const auto parent = split_once(in.subject.domain, '.'); // make() has seen to the dot
  name_only(request, {}, {"*." + std::string(parent->second)});
}
void no_key_usage(LabCa::Request& request, const Circumstances&) { request.key_usage.emplace(); }
void wrong_key_usage(LabCa::Request& request, const Circumstances&) {
  request.key_usage = {KeyUsage::data_encipherment};
}
void ec_wrong_usage(LabCa::Request& request, const Circumstances&) {
  request.key_usage = {KeyUsage::key_encipherment};
}
void wrong_purpose(LabCa::Request& request, const Circumstances&) {
  request.server_usage = request.client_usage = false;
  request.other_purposes = {"emailProtection"};
}
void sha1(LabCa::Request& request, const Circumstances&) { request.digest = Hash::sha1; }

struct Recipe {
  VariantInfo info;
  Change change = nothing;
  Signer signer = Signer::trusted;
  Key key = Key::rsa;
  Sent sent = Sent::all;
};

const Recipe recipes[] = {
    {{"good", "right: the domain as URI, DNS name and common name, and the addresses"}},
    {{"expired", "ended a day ago"}, expired},
    {{"not-yet-valid", "begins in a day"}, not_yet_valid},
    {{"other-ca", "of a CA that is not trusted"}, nothing, Signer::other},
    {{"self-signed", "signed with its own key"}, nothing, Signer::itself},
    {{"bad-signature", "the signature's last bit is flipped"},
     nothing,
     Signer::trusted,
     Key::rsa,
     Sent::leaf_tampered_with},
    {{"wrong-name", "another domain in every field, and no addresses"}, wrong_name},
    {{"cn-only", "the domain as common name and nowhere else"}, cn_only},
    {{"san-uri", "the domain as SIP URI only; the common name is another"}, san_uri},
    {{"san-dns", "the domain as DNS name only; the common name is another"}, san_dns},
    {{"san-uri-and-dns", "the domain as SIP URI and DNS name; the common name is another"}, san_uri_and_dns},
    {{"wildcard", "a DNS name with * for the domain's first label"}, wildcard},
    {{"no-key-usage", "right, but no key usage is stated"}, no_key_usage},
    {{"wrong-key-usage", "the key may only encipher data"}, wrong_key_usage},
    {{"wrong-extended-key-usage", "for electronic mail only"}, wrong_purpose},
    {{"weak-key", "an RSA key of 512 bits"}, nothing, Signer::trusted, Key::weak},
    {{"sha1", "signed over SHA-1"}, sha1},
    {{"ec", "right, with a key of the curve secp256r1"}, nothing, Signer::trusted, Key::ec},
    {{"ec-wrong-usage", "such a key that may not sign"}, ec_wrong_usage, Signer::trusted, Key::ec},
    {{"intermediate", "right, of a CA below the trusted one, whose certificate is sent along"},
     nothing,
     Signer::intermediate},
    {{"missing-intermediate", "the same without the certificate in between"},
     nothing,
     Signer::intermediate,
     Key::rsa,
     Sent::leaf_only},
    {{"path-too-long", "below a CA that is one too many"}, nothing, Signer::second_intermediate},
    {{"not-a-ca-issuer", "signed by somebody whose certificate, sent along, is no CA's"},
     nothing,
     Signer::leaf},
};

Result<const Recipe*> find_recipe(std::string_view variant) {
  std::vector<std::string> names;
  for (const Recipe& each : recipes) {
    if (each.info.name == variant) return &each;
    names.emplace_back(each.info.name);
  }
  std::string what = "there is no certificate variant \"" + std::string(variant) + '"';
  if (const auto near = nearest(variant, names)) what += "; did you mean " + *near + '?';
  return fail(std::move(what));
}

Result<void> check_domain(std::string_view variant, const std::string& domain) {
  if (domain.empty()) return fail("expected a domain for the certificate");
  const auto sides = split_once(domain, '.');
  if (variant == "wildcard" && (!sides || sides->second.empty()))
    return fail("expected a domain with a dot for the variant wildcard, got \"" + domain + '"');
  return {};
}

Result<std::string> sent_of(Sent sent, const std::string& chain_pem) {
  if (sent == Sent::all) return {boost::system::in_place_value, chain_pem};
  SIPVET_TRY(const auto chain, parse_certificates_pem(chain_pem));
  Certificate leaf = chain.front();
  // The signature's octets stand last.
  if (sent == Sent::leaf_tampered_with) leaf.der.back() ^= 1;
  return {boost::system::in_place_value, to_pem(leaf)};
}

} // namespace

class VariantMaker::Workshop {
 public:
  Workshop(LabCa& trusted, LabCa& other, Instant now, PrivateKey rsa_key, Random& random)
      : trusted_(trusted), other_(other), now_(now), rsa_key_(std::move(rsa_key)), random_(random) {}

  Result<Identity> make(const Recipe& recipe, const VariantSubject& subject);

 private:
  Result<PrivateKey> key(Key kind);
  // Of the CAs made here: as long as the given one.
  Result<PrivateKey> issuer_key();
  Result<LabCa*> signer(Signer kind);
  Result<LabCa> make_signer(Signer kind);

  LabCa& trusted_;
  LabCa& other_;
  Instant now_;
  PrivateKey rsa_key_;
  Random& random_;
  std::map<Key, PrivateKey> keys_;
  std::optional<PrivateKey> issuer_key_;
  std::map<Signer, LabCa> signers_;
};

Result<PrivateKey> VariantMaker::Workshop::key(Key kind) {
  if (kind == Key::rsa) return rsa_key_;
  if (const auto made = keys_.find(kind); made != keys_.end()) return made->second;
  SIPVET_TRY(const PrivateKey made, kind == Key::ec ? PrivateKey::generate_ec(Group::secp256r1, random_)
                                                    : PrivateKey::generate_rsa(weak_rsa_bits, random_));
  keys_.emplace(kind, made);
  return made;
}

Result<PrivateKey> VariantMaker::Workshop::issuer_key() {
  if (!issuer_key_) {
    SIPVET_TRY(issuer_key_, PrivateKey::generate_rsa(static_cast<int>(rsa_key_.bits()), random_));
  }
  return *issuer_key_;
}

Result<LabCa> VariantMaker::Workshop::make_signer(Signer kind) {
  SIPVET_TRY(const PrivateKey key, issuer_key());
  LabCa::Request request;
  request.common_name = "sipvet intermediate CA";
  request.key = key;
  request.not_before = now_ - day;
  request.not_after = now_ + 365 * day;
  request.server_usage = request.client_usage = kind == Signer::leaf;
  if (kind == Signer::leaf) {
    request.common_name = "sipvet end entity";
    SIPVET_TRY(const Identity leaf, trusted_.issue(request));
    return LabCa::from_pem(leaf.certificate_pem + trusted_.root_pem(), key, random_, now_);
  }
  if (kind == Signer::intermediate) return trusted_.issue_intermediate(request);
  request.path_length = 0;
  SIPVET_TRY(LabCa upper, trusted_.issue_intermediate(request));
  request.path_length.reset();
  request.common_name = "sipvet second intermediate CA";
  return upper.issue_intermediate(request);
}

Result<LabCa*> VariantMaker::Workshop::signer(Signer kind) {
  if (kind == Signer::trusted || kind == Signer::itself) return &trusted_;
  if (kind == Signer::other) return &other_;
  auto made = signers_.find(kind);
  if (made == signers_.end()) {
    SIPVET_TRY(LabCa ca, make_signer(kind));
    made = signers_.emplace(kind, std::move(ca)).first;
  }
  return &made->second;
}

Result<Identity> VariantMaker::Workshop::make(const Recipe& recipe, const VariantSubject& subject) {
  LabCa::Request request;
  request.common_name = subject.domain;
  request.uris = {"sip:" + subject.domain};
  request.dns_names = {subject.domain};
  request.ips = subject.ips;
  request.not_before = now_ - day;
  request.not_after = now_ + 365 * day;
  SIPVET_TRY(request.key, key(recipe.key));
  request.self_signed = recipe.signer == Signer::itself;
  recipe.change(request, {subject, now_});
  SIPVET_TRY(LabCa * by, signer(recipe.signer));
  SIPVET_TRY(Identity identity, by->issue(request));
  SIPVET_TRY(identity.certificate_pem, sent_of(recipe.sent, identity.certificate_pem));
  return identity;
}

std::span<const VariantInfo> certificate_variants() {
  static const std::vector<VariantInfo> infos = [] {
    std::vector<VariantInfo> all;
    for (const Recipe& each : recipes) all.push_back(each.info);
    return all;
  }();
  return infos;
}

VariantMaker::VariantMaker(LabCa& trusted, LabCa& other, Instant now, PrivateKey rsa_key, Random& random)
    : workshop_(std::make_unique<Workshop>(trusted, other, now, std::move(rsa_key), random)) {}
VariantMaker::VariantMaker(VariantMaker&&) noexcept = default;
VariantMaker& VariantMaker::operator=(VariantMaker&&) noexcept = default;
VariantMaker::~VariantMaker() = default;

Result<Identity> VariantMaker::make(std::string_view variant, const VariantSubject& subject) {
  SIPVET_TRY(const Recipe* recipe, find_recipe(variant));
  SIPVET_CHECK(check_domain(variant, subject.domain));
  return workshop_->make(*recipe, subject);
}

} // namespace sipvet::crypto
