// libsrtp2 as an engine: the second witness of our own transform. The only file that knows the library.
#include "srtp/engine.hpp"
#include "srtp/key_derivation.hpp"
#include "srtp/packet_transform.hpp"

#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace sipvet::srtp {
namespace {

constexpr std::size_t most_window = 0x7fff; // what the library takes

std::string_view text(srtp_err_status_t status) {
  switch (status) {
  case srtp_err_status_ok:
    return "no error";
  case srtp_err_status_auth_fail:
    return "authentication tag does not match";
  case srtp_err_status_replay_fail:
    return "packet index was seen before";
  case srtp_err_status_replay_old:
    return "packet index is older than the replay window";
  case srtp_err_status_pkt_idx_old:
    return "packet index is older than the set rollover counter";
  case srtp_err_status_pkt_idx_adv:
    return "packet index is too far ahead";
  case srtp_err_status_key_expired:
    return "the key's lifetime is over";
  case srtp_err_status_bad_mki:
    return "MKI is not the one agreed on";
  case srtp_err_status_parse_err:
  case srtp_err_status_bad_param:
    return "not a packet of this kind";
  case srtp_err_status_no_ctx:
    return "no stream for this SSRC";
  case srtp_err_status_cipher_fail:
    return "the cipher failed";
  default:
    return "the SRTP library failed";
  }
}

std::string describe(srtp_err_status_t status) {
  return std::string(text(status)) + " (libsrtp status " + std::to_string(static_cast<int>(status)) + ")";
}

Dropped dropped(srtp_err_status_t status) {
  switch (status) {
  case srtp_err_status_auth_fail:
  case srtp_err_status_cant_check: // the E bit is authenticated as well (RFC 3711 §3.4)
    return {Drop::authentication, describe(status)};
  case srtp_err_status_replay_fail:
    return {Drop::replay, describe(status)};
  case srtp_err_status_replay_old:
  case srtp_err_status_pkt_idx_old:
    return {Drop::too_old, describe(status)};
  case srtp_err_status_parse_err:
  case srtp_err_status_bad_param:
    return {Drop::malformed, describe(status)};
  case srtp_err_status_bad_mki:
    return {Drop::unknown_mki, describe(status)};
  case srtp_err_status_key_expired:
    return {Drop::key_expired, describe(status)};
  default:
    return {Drop::other, describe(status)};
  }
}

// Debian's libsrtp2 is built on NSS, which unloads itself with the last session and loads again with the
// next, at a cost of many milliseconds: one session stays open for the life of the program.
void keep_ciphers_loaded() {
  static std::array<unsigned char, SRTP_MAX_KEY_LEN> no_key{};
  srtp_policy_t policy{};
  srtp_crypto_policy_set_rtp_default(&policy.rtp);
  srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
  policy.ssrc.type = ssrc_any_inbound;
  policy.key = no_key.data();
  static srtp_t kept = nullptr;
  (void)srtp_create(&kept, &policy); // without it all works, only slower
}

srtp_err_status_t library_ready() {
  static std::once_flag once;
  static srtp_err_status_t status = srtp_err_status_fail;
  std::call_once(once, [] {
    status = srtp_init();
    if (status == srtp_err_status_ok) keep_ciphers_loaded();
  });
  return status;
}

using SetPolicy = void (*)(srtp_crypto_policy_t*);
struct SuitePolicy {
  rtp::SrtpSuite suite;
  SetPolicy rtp;
  SetPolicy rtcp; // 80-bit tags also for the _32 suites (RFC 4568 §6.2)
  bool encrypts;
};
using enum rtp::SrtpSuite;
// NULL encryption still derives its authentication key from the master key (RFC 3711 §4.3), which the library
// does only under a real cipher: so AES-CM with its encryption turned off.
constexpr SuitePolicy suite_policies[] = {
    {aes_cm_128_hmac_sha1_80, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtcp_default, true},
    {aes_cm_128_hmac_sha1_32, srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32,
     srtp_crypto_policy_set_rtcp_default, true},
    {aes_192_cm_hmac_sha1_80, srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80, true},
    {aes_192_cm_hmac_sha1_32, srtp_crypto_policy_set_aes_cm_192_hmac_sha1_32,
     srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80, true},
    {aes_256_cm_hmac_sha1_80, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, true},
    {aes_256_cm_hmac_sha1_32, srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, true},
    {aead_aes_128_gcm, srtp_crypto_policy_set_aes_gcm_128_16_auth, srtp_crypto_policy_set_aes_gcm_128_16_auth,
     true},
    {aead_aes_256_gcm, srtp_crypto_policy_set_aes_gcm_256_16_auth, srtp_crypto_policy_set_aes_gcm_256_16_auth,
     true},
    {null_hmac_sha1_80, srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtcp_default, false},
    {null_hmac_sha1_32, srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32, srtp_crypto_policy_set_rtcp_default,
     false},
};

srtp_sec_serv_t services(bool encrypts, bool authenticates) {
  return static_cast<srtp_sec_serv_t>((encrypts ? sec_serv_conf : 0) | (authenticates ? sec_serv_auth : 0));
}

// One libsrtp session, with what it takes to add streams to it later and to change its keys.
class Session {
 public:
  Session(const rtp::SrtpContext& context, srtp_ssrc_type_t direction) : direction_(direction) {
    describe_policy(context);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (context_) srtp_dealloc(context_);
  }

  Result<void> open() {
    if (const auto status = library_ready(); status != srtp_err_status_ok) {
      return fail("the SRTP library does not start: " + describe(status));
    }
    if (const auto status = srtp_create(&context_, &policy_); status != srtp_err_status_ok) {
      context_ = nullptr;
      return fail("the SRTP library does not offer " + std::string(suite_->name) + ": " + describe(status));
    }
    return {};
  }

  Result<void> rekey(const rtp::SrtpContext& context) {
    if (const auto gap = library_gap(context); !gap.empty())
      return fail("libsrtp2 does not know " + std::string(gap));
    describe_policy(context);
    if (const auto status = srtp_update(context_, &policy_); status != srtp_err_status_ok)
      return fail("the SRTP library does not take new keys: " + describe(status));
    for (const auto ssrc : started_) {
      std::uint32_t rollovers = 0;
      (void)srtp_get_stream_roc(context_, ssrc, &rollovers);
      if (const auto status = start_stream(ssrc, rollovers); status != srtp_err_status_ok)
        return fail("the SRTP library does not take new keys: " + describe(status));
    }
    return {};
  }

  // The stream is made anew: a rollover counter of an existing one could only be moved on.
  srtp_err_status_t start_stream(std::uint32_t ssrc, std::uint32_t roc) {
    srtp_remove_stream(context_, ssrc_as_stored(ssrc));
    srtp_policy_t own = policy_;
    own.ssrc.type = ssrc_specific;
    own.ssrc.value = ssrc;
    const auto status = srtp_add_stream(context_, &own);
    if (status != srtp_err_status_ok) return status;
    started_.insert(ssrc);
    return roc == 0 ? status : srtp_set_stream_roc(context_, ssrc, roc);
  }

  srtp_t context() const { return context_; }
  unsigned use_mki() const { return mki_octets_ == 0 ? 0 : 1; }
  std::size_t mki_octets() const { return mki_octets_; }
  std::size_t rtp_tag_octets() const { return static_cast<std::size_t>(policy_.rtp.auth_tag_len); }
  std::size_t rtcp_tag_octets() const { return suite_->rtcp_tag_octets; }
  bool aead() const { return is_aead(suite_->suite); }
  std::size_t keys() const { return masters_.size(); }

 private:
  // srtp_remove_stream() takes network order in this version of the library, unlike its neighbours.
  static unsigned ssrc_as_stored(std::uint32_t ssrc) { return __builtin_bswap32(ssrc); }

  void describe_policy(const rtp::SrtpContext& context) {
    const auto& options = context.options;
    suite_ = &rtp::info(context.keys.front().suite);
    mki_octets_ = context.keys.front().mki.size();
    add_keys(context.keys);
    policy_ = {};
    const SuitePolicy& chosen = suite_policies[static_cast<std::size_t>(suite_->suite)];
    chosen.rtp(&policy_.rtp);
    chosen.rtcp(&policy_.rtcp);
    policy_.rtp.sec_serv = services(chosen.encrypts && options.encrypt_rtp, options.authenticate_rtp);
    policy_.rtcp.sec_serv = services(chosen.encrypts && options.encrypt_rtcp, true);
    if (!options.authenticate_rtp) {
      policy_.rtp.auth_type = SRTP_NULL_AUTH;
      policy_.rtp.auth_key_len = policy_.rtp.auth_tag_len = 0;
    }
    policy_.ssrc.type = direction_;
    policy_.keys = pointers_.data();
    policy_.num_master_keys = masters_.size();
    policy_.window_size = std::min(window_packets(options), most_window);
  }

  void add_keys(const std::vector<rtp::SrtpKey>& keys) {
    pointers_.clear();
    masters_.clear();
    octets_.clear();
    for (const auto& key : keys) {
      Bytes& material = octets_.emplace_back(key.master_key); // key and salt, as the library wants them
      append(material, key.master_salt);
      Bytes& mki = octets_.emplace_back(key.mki);
      srtp_master_key_t& master = masters_.emplace_back();
      master.key = material.data();
      master.mki_id = mki.empty() ? nullptr : mki.data();
      master.mki_size = static_cast<unsigned>(mki.size());
      pointers_.push_back(&master);
    }
  }

  srtp_ssrc_type_t direction_;
  std::list<Bytes> octets_;
  std::list<srtp_master_key_t> masters_;
  std::vector<srtp_master_key_t*> pointers_;
  const rtp::SrtpSuiteInfo* suite_ = nullptr;
  std::size_t mki_octets_ = 0;
  srtp_policy_t policy_{};
  std::set<std::uint32_t> started_; // streams with a rollover counter of their own
  srtp_t context_ = nullptr;
};

using Protect = srtp_err_status_t (*)(srtp_t, void*, int*, unsigned use_mki, unsigned mki_index);
using Unprotect = srtp_err_status_t (*)(srtp_t, void*, int*, unsigned use_mki);

Result<Bytes> protect(const Session& session, ByteView packet, Protect call, std::size_t key) {
  Bytes buffer(packet.size() + SRTP_MAX_TRAILER_LEN + session.mki_octets());
  std::copy(packet.begin(), packet.end(), buffer.begin());
  int octets = static_cast<int>(packet.size());
  const auto status =
      call(session.context(), buffer.data(), &octets, session.use_mki(), static_cast<unsigned>(key));
  if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old) {
    return fail("this packet index was sent before under this key (RFC 3711 §9.1 forbids it)");
  }
  if (status != srtp_err_status_ok) return fail("cannot protect: " + describe(status));
  buffer.resize(static_cast<std::size_t>(octets));
  return buffer;
}

Unprotected unprotect(const Session& session, ByteView packet, Unprotect call) {
  Bytes buffer = to_bytes(packet);
  int octets = static_cast<int>(buffer.size());
  const auto status = call(session.context(), buffer.data(), &octets, session.use_mki());
  if (status != srtp_err_status_ok) return dropped(status);
  buffer.resize(static_cast<std::size_t>(octets));
  return buffer;
}

Result<std::unique_ptr<Session>> open_session(const rtp::SrtpContext& context, srtp_ssrc_type_t direction) {
  if (const auto gap = library_gap(context); !gap.empty())
    return fail("libsrtp2 does not know " + std::string(gap));
  auto session = std::make_unique<Session>(context, direction);
  SIPVET_CHECK(session->open());
  return session;
}

Result<void> start(Session& session, std::uint32_t ssrc, std::uint32_t rollovers) {
  const auto status = session.start_stream(ssrc, rollovers);
  if (status != srtp_err_status_ok) return fail("cannot set the rollover counter: " + describe(status));
  return {};
}

class LibrarySender final : public SendEngine {
 public:
  explicit LibrarySender(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  Result<Bytes> protect_rtp(ByteView packet, std::size_t) override {
    return protect(*session_, packet, srtp_protect_mki, key_);
  }
  Result<Bytes> protect_rtcp(ByteView packet) override {
    return protect(*session_, packet, srtp_protect_rtcp_mki, key_);
  }
  Result<void> rekey(const rtp::SrtpContext& context) override {
    SIPVET_CHECK(session_->rekey(context));
    key_ = 0;
    return {};
  }
  Result<void> use_key(std::size_t position) override {
    if (position >= session_->keys())
      return fail("expected the number of one of " + std::to_string(session_->keys()) + " keys");
    key_ = position;
    return {};
  }
  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) override {
    return start(*session_, ssrc, rollovers);
  }

 private:
  std::unique_ptr<Session> session_;
  std::size_t key_ = 0;
};

class LibraryReceiver final : public ReceiveEngine {
 public:
  explicit LibraryReceiver(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  Unprotected unprotect_rtp(ByteView packet, std::size_t header_octets) override {
    if (packet.size() < header_octets + session_->rtp_tag_octets() + session_->mki_octets())
      return Dropped{Drop::malformed, "packet is too short for its authentication tag"};
    return unprotect(*session_, packet, srtp_unprotect_mki);
  }
  Unprotected unprotect_rtcp(ByteView packet) override {
    const std::size_t least =
        rtcp_header_octets + rtcp_index_octets + session_->rtcp_tag_octets() + session_->mki_octets();
    if (packet.size() < least) return Dropped{Drop::malformed, "packet is too short for its index and tag"};
    return unprotect(*session_, packet, srtp_unprotect_rtcp_mki);
  }
  Result<void> rekey(const rtp::SrtpContext& context) override { return session_->rekey(context); }
  Result<void> set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) override {
    return start(*session_, ssrc, rollovers);
  }

 private:
  std::unique_ptr<Session> session_;
};

} // namespace

std::string_view library_gap(const rtp::SrtpContext& context) {
  if (context.options.key_derivation_rate != 0) return "a key derivation rate";
  if (context.keys.size() > SRTP_MAX_NUM_MASTER_KEYS) return "so many master keys";
  if (std::ranges::any_of(context.keys, [](const auto& key) { return key.lifetime_packets.has_value(); }))
    return "lifetimes of keys";
  // It derives session keys with AES-256, from master key and salt run together, where RFC 6188 §3 has
  // AES-192.
  if (context.first_key().master_key.size() == 24) return "the key derivation of AES-192";
  // It looks for SRTCP's MKI in front of a tag as long as SRTP's.
  const auto& suite = rtp::info(context.suite());
  const bool same_tags = context.options.authenticate_rtp && suite.rtp_tag_octets == suite.rtcp_tag_octets;
  if (!context.first_key().mki.empty() && !same_tags) return "an MKI beside tags of two lengths";
  return {};
}

Result<std::unique_ptr<SendEngine>> library_sender(const rtp::SrtpContext& context) {
  SIPVET_TRY(auto session, open_session(context, ssrc_any_outbound));
  return std::unique_ptr<SendEngine>(std::make_unique<LibrarySender>(std::move(session)));
}

Result<std::unique_ptr<ReceiveEngine>> library_receiver(const rtp::SrtpContext& context) {
  SIPVET_TRY(auto session, open_session(context, ssrc_any_inbound));
  return std::unique_ptr<ReceiveEngine>(std::make_unique<LibraryReceiver>(std::move(session)));
}

} // namespace sipvet::srtp
