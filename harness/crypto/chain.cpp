#include "crypto/chain.hpp"

#include "base/utc.hpp"
#include "crypto/encode_der.hpp"
#include "crypto/library_error.hpp"
#include "crypto/owned.hpp"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace sipvet::crypto {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using Store = Owned<X509_STORE, X509_STORE_free>;
using StoreContext = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr std::array<std::string_view, 12> names{
    "not-yet-valid", "expired",         "unknown-issuer",
    "self-signed",   "bad-signature",   "not-a-ca",
    "path-too-long", "wrong-key-usage", "wrong-extended-key-usage",
    "weak-key",      "weak-digest",     "other"};

struct FaultOf {
  int library_code;
  ChainFault fault;
};
constexpr FaultOf faults[] = {
    {X509_V_ERR_CERT_NOT_YET_VALID, ChainFault::not_yet_valid},
    {X509_V_ERR_CERT_HAS_EXPIRED, ChainFault::expired},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, ChainFault::unknown_issuer},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, ChainFault::unknown_issuer},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, ChainFault::unknown_issuer},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, ChainFault::unknown_issuer},
    {X509_V_ERR_CERT_UNTRUSTED, ChainFault::unknown_issuer},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, ChainFault::self_signed},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, ChainFault::bad_signature},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, ChainFault::bad_signature},
    {X509_V_ERR_CA_BCONS_NOT_CRITICAL, ChainFault::not_a_ca},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, ChainFault::path_too_long},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, ChainFault::path_too_long},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, ChainFault::wrong_key_usage},
    {X509_V_ERR_EE_KEY_TOO_SMALL, ChainFault::weak_key},
    {X509_V_ERR_CA_KEY_TOO_SMALL, ChainFault::weak_key},
    {X509_V_ERR_CA_MD_TOO_WEAK, ChainFault::weak_digest},
};

X509Ptr library_certificate(const Certificate& certificate) {
  const unsigned char* at = certificate.der.data();
  return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
}

Stack stack_of(std::span<const Certificate> certificates) {
  Stack stack(sk_X509_new_null());
  for (const Certificate& each : certificates) {
    X509Ptr certificate = library_certificate(each);
    if (certificate != nullptr && sk_X509_push(stack.get(), certificate.get()) > 0) certificate.release();
  }
  return stack;
}

// Codes that stand for two faults are told apart by the certificate.
ChainFault fault_of(int code, X509* certificate, bool for_server) {
  if (certificate != nullptr && code == X509_V_ERR_INVALID_PURPOSE) {
    const std::uint32_t wanted = for_server ? XKU_SSL_SERVER : XKU_SSL_CLIENT;
    const bool extended = (X509_get_extended_key_usage(certificate) & wanted) == 0;
    return extended ? ChainFault::wrong_extended_key_usage : ChainFault::wrong_key_usage;
  }
  if (certificate != nullptr && code == X509_V_ERR_INVALID_CA) {
    const bool called_a_ca = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
    return called_a_ca ? ChainFault::wrong_key_usage : ChainFault::not_a_ca;
  }
  const auto found = std::find_if(std::begin(faults), std::end(faults),
                                  [&](const FaultOf& each) { return each.library_code == code; });
  return found != std::end(faults) ? found->fault : ChainFault::other;
}

std::string sentence(ChainFault fault, int code, const Certificate& wrong, const ChainRules& rules) {
  const std::string whose = "the certificate of \"" + wrong.subject + "\" ";
  const std::string role = rules.for_server ? "a TLS server" : "a TLS client";
  switch (fault) {
  case ChainFault::not_yet_valid:
    return whose + "is not valid before " + to_utc(wrong.not_before) + "; it is " + to_utc(rules.now);
  case ChainFault::expired:
    return whose + "expired after " + to_utc(wrong.not_after) + "; it is " + to_utc(rules.now);
  case ChainFault::unknown_issuer:
    return whose + "is issued by \"" + wrong.issuer + "\", which is not trusted" +
           (wrong.is_self_issued() ? "" : " and whose own certificate is not there");
  case ChainFault::self_signed:
    return whose + "is signed by itself and is not trusted";
  case ChainFault::bad_signature:
    return whose + "carries a signature that the key of its issuer \"" + wrong.issuer + "\" did not make";
  case ChainFault::not_a_ca:
    return whose + "issued another one, and basicConstraints does not call it a CA";
  case ChainFault::path_too_long:
    return whose + "allows fewer CAs below it than there are";
  case ChainFault::wrong_key_usage:
    return whose + (code == X509_V_ERR_INVALID_PURPOSE
                        ? "has a key usage that is not for " + role
                        : "issued another one, and its key usage lacks keyCertSign");
  case ChainFault::wrong_extended_key_usage:
    return whose + "has an extended key usage that is not for " + role;
  case ChainFault::weak_key:
    return whose + "has a key of " + std::to_string(wrong.key_bits) + " bits, too short for security level " +
           std::to_string(rules.security_level);
  case ChainFault::weak_digest:
    return whose + "is signed with a hash too weak for security level " +
           std::to_string(rules.security_level);
  case ChainFault::other:
    break;
  }
  return whose + "is refused: " + X509_verify_cert_error_string(code);
}

struct Judge {
  const ChainRules& rules;
  std::optional<ChainProblem> problem;
};

std::optional<ChainProblem> problem_of(X509_STORE_CTX* context, const ChainRules& rules) {
  const int code = X509_STORE_CTX_get_error(context);
  X509* at_fault = X509_STORE_CTX_get_current_cert(context);
  const ChainFault fault = fault_of(code, at_fault, rules.for_server);
  if (fault == ChainFault::unknown_issuer || fault == ChainFault::self_signed) {
    if (!rules.check_issuer) return std::nullopt;
  }
  const auto parsed = parse_certificate(encode_der<i2d_X509>(at_fault));
  const Certificate wrong = parsed ? *parsed : Certificate{};
  // The last second belongs to the validity (RFC 5280 §4.1.2.5); the library leaves it out.
  if (fault == ChainFault::expired && is_valid_at(wrong, rules.now)) return std::nullopt;
  return ChainProblem{fault, wrong.subject, sentence(fault, code, wrong, rules)};
}

// The library calls this with each fault it sees and goes on if told to: with what the rules excuse.
int on_verified(int right, X509_STORE_CTX* context) {
  if (right == 1) return 1;
  auto& judge = *static_cast<Judge*>(X509_STORE_CTX_get_app_data(context));
  judge.problem = problem_of(context, judge.rules);
  return judge.problem ? 0 : 1;
}

Store store_of(std::span<const Certificate> roots) {
  Store store(X509_STORE_new());
  for (const Certificate& each : roots) {
    if (const X509Ptr root = library_certificate(each)) X509_STORE_add_cert(store.get(), root.get());
  }
  return store;
}

ChainProblem other(std::string subject, std::string text) {
  return ChainProblem{ChainFault::other, std::move(subject), std::move(text)};
}

} // namespace

std::string_view name(ChainFault fault) { return names[static_cast<std::size_t>(fault)]; }

std::optional<ChainProblem> check_chain(std::span<const Certificate> presented, const ChainRules& rules) {
  if (presented.empty()) return other({}, "no certificate was presented");
  const X509Ptr leaf = library_certificate(presented.front());
  if (leaf == nullptr) return other(presented.front().subject, "the first certificate cannot be read");
  const Stack rest = stack_of(presented.subspan(1));
  const Store store = store_of(rules.roots);
  const StoreContext context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), rest.get()) != 1)
    return other(presented.front().subject, "the chain cannot be checked: " + take_library_error());
  Judge judge{rules, std::nullopt};
  X509_STORE_CTX_set_app_data(context.get(), &judge);
  X509_STORE_CTX_set_verify_cb(context.get(), on_verified);
  X509_VERIFY_PARAM* rule = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_auth_level(rule, rules.security_level);
  if (rules.check_dates)
    X509_VERIFY_PARAM_set_time(
        rule, std::chrono::floor<std::chrono::seconds>(rules.now).time_since_epoch().count());
  else
    X509_VERIFY_PARAM_set_flags(rule, X509_V_FLAG_NO_CHECK_TIME);
  if (rules.check_usage)
    X509_VERIFY_PARAM_set_purpose(rule, rules.for_server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT);
  const bool right = X509_verify_cert(context.get()) == 1;
  take_library_error();
  if (judge.problem || right) return judge.problem;
  // No callback came: the library itself failed.
  return other(presented.front().subject,
               std::string("the chain cannot be checked: ") +
                   X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
}

} // namespace sipvet::crypto
