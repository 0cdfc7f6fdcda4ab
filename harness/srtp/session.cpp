#include "srtp/session.hpp"

#include "rtp/packet.hpp"

#include <srtp2/srtp.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sipvet::srtp {
namespace {

// RFC 3711 §3.3.2 asks for 64 at least; streams merged from several paths in a capture are out of order by
// more.
constexpr unsigned long replay_window_packets = 1024;
constexpr std::size_t max_mki_octets = SRTP_MAX_MKI_LEN;
constexpr std::size_t max_packet_octets = 65535; // one UDP datagram can hold no more
constexpr std::size_t rtcp_header_octets = 8;    // with the sender's SSRC
constexpr std::size_t rtcp_index_octets = 4;     // E bit and index (RFC 3711 §3.4)

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
  SetPolicy rtcp; // 80-bit tags also for the _32 suites (RFC 4568 §6.2.2)
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

Result<void> check_key(const rtp::SrtpKey& key) {
  const auto& suite = rtp::info(key.suite);
  if (key.master_key.size() != suite.key_octets || key.master_salt.size() != suite.salt_octets) {
    return fail(std::string(suite.name) + " takes a key of " + std::to_string(suite.key_octets) +
                " and a salt of " + std::to_string(suite.salt_octets) + " octets, not " +
                std::to_string(key.master_key.size()) + " and " + std::to_string(key.master_salt.size()));
  }
  if (key.mki.size() > max_mki_octets) return fail("an MKI has 128 octets at most");
  return {};
}

// One libsrtp session under one master key, with what it takes to add streams to it later.
class Session {
 public:
  Session(const rtp::SrtpKey& key, srtp_ssrc_type_t direction)
      : material_(key.master_key), mki_(key.mki), suite_(rtp::info(key.suite)) {
    append(material_, key.master_salt);
    master_.key = material_.data();
    master_.mki_id = mki_.empty() ? nullptr : mki_.data();
    master_.mki_size = static_cast<unsigned>(mki_.size());
    const SuitePolicy& chosen = suite_policies[static_cast<std::size_t>(key.suite)];
    chosen.rtp(&policy_.rtp);
    chosen.rtcp(&policy_.rtcp);
    if (!chosen.encrypts) policy_.rtp.sec_serv = policy_.rtcp.sec_serv = sec_serv_auth;
    policy_.ssrc.type = direction;
    policy_.keys = keys_;
    policy_.num_master_keys = 1;
    policy_.window_size = replay_window_packets;
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
      return fail("the SRTP library does not offer " + std::string(suite_.name) + ": " + describe(status));
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
    if (status != srtp_err_status_ok || roc == 0) return status;
    return srtp_set_stream_roc(context_, ssrc, roc);
  }

  srtp_t context() const { return context_; }
  unsigned use_mki() const { return mki_.empty() ? 0 : 1; }
  std::size_t mki_octets() const { return mki_.size(); }
  const rtp::SrtpSuiteInfo& suite() const { return suite_; }

 private:
  // srtp_remove_stream() takes network order in this version of the library, unlike its neighbours.
  static unsigned ssrc_as_stored(std::uint32_t ssrc) { return __builtin_bswap32(ssrc); }

  Bytes material_; // key and salt, as the library wants them
  Bytes mki_;
  const rtp::SrtpSuiteInfo& suite_;
  srtp_master_key_t master_{};
  srtp_master_key_t* keys_[1] = {&master_};
  srtp_policy_t policy_{};
  srtp_t context_ = nullptr;
};

using Call = srtp_err_status_t (*)(srtp_t, void*, int*, unsigned use_mki);
srtp_err_status_t call_protect(srtp_t context, void* packet, int* octets, unsigned use_mki) {
  return srtp_protect_mki(context, packet, octets, use_mki, 0);
}
srtp_err_status_t call_protect_rtcp(srtp_t context, void* packet, int* octets, unsigned use_mki) {
  return srtp_protect_rtcp_mki(context, packet, octets, use_mki, 0);
}

Result<Bytes> protect(const Session& session, ByteView packet, Call call) {
  if (packet.size() > max_packet_octets) return fail("packet longer than a datagram", max_packet_octets);
  Bytes buffer(packet.size() + SRTP_MAX_TRAILER_LEN + session.mki_octets());
  std::copy(packet.begin(), packet.end(), buffer.begin());
  int octets = static_cast<int>(packet.size());
  const auto status = call(session.context(), buffer.data(), &octets, session.use_mki());
  if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old) {
    return fail("this packet index was sent before under this key (RFC 3711 §9.1 forbids it)");
  }
  if (status != srtp_err_status_ok) return fail("cannot protect: " + describe(status));
  buffer.resize(static_cast<std::size_t>(octets));
  return buffer;
}

boost::system::result<Bytes, Dropped> unprotect(const Session& session, ByteView packet, Call call) {
  if (packet.size() > max_packet_octets) return Dropped{Drop::malformed, "packet longer than a datagram"};
  Bytes buffer = to_bytes(packet);
  int octets = static_cast<int>(buffer.size());
  const auto status = call(session.context(), buffer.data(), &octets, session.use_mki());
  if (status != srtp_err_status_ok) return dropped(status);
  buffer.resize(static_cast<std::size_t>(octets));
  return buffer;
}

Result<std::unique_ptr<Session>> open_session(const rtp::SrtpKey& key, srtp_ssrc_type_t direction) {
  SIPVET_CHECK(check_key(key));
  auto session = std::make_unique<Session>(key, direction);
  SIPVET_CHECK(session->open());
  return session;
}

bool is_rtcp_header(ByteView packet) { return packet.size() >= rtcp_header_octets && packet[0] >> 6 == 2; }

} // namespace

struct Sender::State {
  std::unique_ptr<Session> session;
};

Sender::Sender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sender::Sender(Sender&&) noexcept = default;
Sender& Sender::operator=(Sender&&) noexcept = default;
Sender::~Sender() = default;

Result<Sender> Sender::create(const rtp::SrtpContext& context) {
  SIPVET_TRY(auto session, open_session(context.first_key(), ssrc_any_outbound));
  return Sender(std::make_unique<State>(State{std::move(session)}));
}

Result<Bytes> Sender::protect_rtp(ByteView packet) {
  SIPVET_CHECK(rtp::header_octets(packet));
  return protect(*state_->session, packet, call_protect);
}

Result<Bytes> Sender::protect_rtcp(ByteView packet) {
  if (!is_rtcp_header(packet)) return fail("expected an RTCP packet of version 2 with 8 octets at least", 0);
  return protect(*state_->session, packet, call_protect_rtcp);
}

struct Receiver::State {
  std::unique_ptr<Session> session;
};

Receiver::Receiver(std::unique_ptr<State> state) : state_(std::move(state)) {}
Receiver::Receiver(Receiver&&) noexcept = default;
Receiver& Receiver::operator=(Receiver&&) noexcept = default;
Receiver::~Receiver() = default;

Result<Receiver> Receiver::create(const rtp::SrtpContext& context) {
  SIPVET_TRY(auto session, open_session(context.first_key(), ssrc_any_inbound));
  return Receiver(std::make_unique<State>(State{std::move(session)}));
}

boost::system::result<Bytes, Dropped> Receiver::unprotect_rtp(ByteView packet) {
  const Session& session = *state_->session;
  const auto header = rtp::header_octets(packet);
  if (!header) return Dropped{Drop::malformed, to_string(header.error())};
  if (packet.size() < *header + session.suite().rtp_tag_octets + session.mki_octets()) {
    return Dropped{Drop::malformed, "packet is too short for its authentication tag"};
  }
  return unprotect(session, packet, srtp_unprotect_mki);
}

boost::system::result<Bytes, Dropped> Receiver::unprotect_rtcp(ByteView packet) {
  const Session& session = *state_->session;
  const std::size_t least =
      rtcp_header_octets + rtcp_index_octets + session.suite().rtcp_tag_octets + session.mki_octets();
  if (!is_rtcp_header(packet)) return Dropped{Drop::malformed, "not RTCP of version 2"};
  if (packet.size() < least) return Dropped{Drop::malformed, "packet is too short for its index and tag"};
  return unprotect(session, packet, srtp_unprotect_rtcp_mki);
}

Result<void> Receiver::set_rollover_counter(std::uint32_t ssrc, std::uint32_t roc) {
  const auto status = state_->session->start_stream(ssrc, roc);
  if (status != srtp_err_status_ok) return fail("cannot set the rollover counter: " + describe(status));
  return {};
}

void throw_exception_from_error(const Dropped& dropped, const boost::source_location&) {
  throw std::runtime_error("packet dropped: " + dropped.what);
}

} // namespace sipvet::srtp
