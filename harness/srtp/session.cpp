#include "srtp/session.hpp"

#include "rtp/packet.hpp"
#include "srtp/engine.hpp"
#include "srtp/key_derivation.hpp"
#include "srtp/packet_transform.hpp"

#include <algorithm>
#include <stdexcept>

namespace sipvet::srtp {
namespace {

constexpr std::size_t least_window = 64; // RFC 3711 §3.3.2
// Streams merged from several paths in a capture are out of order by more than the least.
constexpr std::size_t usual_window = 1024;
constexpr std::size_t max_packet_octets = 65535; // one UDP datagram can hold no more

bool is_rtcp_header(ByteView packet) { return packet.size() >= rtcp_header_octets && packet[0] >> 6 == 2; }

bool tells_apart(const std::vector<rtp::SrtpKey>& keys) {
  return std::ranges::all_of(keys, [&](const rtp::SrtpKey& key) {
    return !key.mki.empty() && std::ranges::count(keys, key.mki, &rtp::SrtpKey::mki) == 1;
  });
}

} // namespace

std::size_t window_packets(const rtp::SrtpOptions& options) {
  if (options.replay_window_packets == 0) return usual_window;
  return std::max(options.replay_window_packets, least_window);
}

Result<void> check_context(const rtp::SrtpContext& context) {
  if (context.keys.empty()) return fail("expected a master key at least, got none");
  const auto& first = context.keys.front();
  for (const auto& key : context.keys) {
    SIPVET_CHECK(check_key(key));
    if (key.suite != first.suite) return fail("expected one suite for all keys of a context");
    if (key.mki.size() != first.mki.size()) return fail("expected MKIs of one length (RFC 4568 §6.1)");
  }
  if (context.keys.size() > 1 && !tells_apart(context.keys))
    return fail("expected MKIs that tell several keys apart (RFC 4568 §6.1)");
  if (is_aead(first.suite) && !(context.options.encrypt_rtp && context.options.authenticate_rtp))
    return fail("an AEAD encrypts and authenticates every SRTP packet (RFC 7714 §8)");
  return {};
}

struct Sender::State {
  std::unique_ptr<SendEngine> engine;
};

Sender::Sender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sender::Sender(Sender&&) noexcept = default;
Sender& Sender::operator=(Sender&&) noexcept = default;
Sender::~Sender() = default;

Result<Sender> Sender::create(const rtp::SrtpContext& context, Engine engine) {
  SIPVET_CHECK(check_context(context));
  SIPVET_TRY(auto made, engine == Engine::own ? own_sender(context) : library_sender(context));
  return Sender(std::make_unique<State>(State{std::move(made)}));
}

Result<Bytes> Sender::protect_rtp(ByteView packet) {
  SIPVET_TRY(const auto header, rtp::header_octets(packet));
  if (packet.size() > max_packet_octets) return fail("packet longer than a datagram", max_packet_octets);
  return state_->engine->protect_rtp(packet, header);
}

Result<Bytes> Sender::protect_rtcp(ByteView packet) {
  if (!is_rtcp_header(packet)) return fail("expected an RTCP packet of version 2 with 8 octets at least", 0);
  if (packet.size() > max_packet_octets) return fail("packet longer than a datagram", max_packet_octets);
  return state_->engine->protect_rtcp(packet);
}

Result<void> Sender::rekey(const rtp::SrtpContext& context) {
  SIPVET_CHECK(check_context(context));
  return state_->engine->rekey(context);
}

Result<void> Sender::use_key(std::size_t position) { return state_->engine->use_key(position); }

Result<void> Sender::set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) {
  return state_->engine->set_rollover_counter(ssrc, rollovers);
}

struct Receiver::State {
  std::unique_ptr<ReceiveEngine> engine;
};

Receiver::Receiver(std::unique_ptr<State> state) : state_(std::move(state)) {}
Receiver::Receiver(Receiver&&) noexcept = default;
Receiver& Receiver::operator=(Receiver&&) noexcept = default;
Receiver::~Receiver() = default;

Result<Receiver> Receiver::create(const rtp::SrtpContext& context, Engine engine, ReceiverFaults faults) {
  SIPVET_CHECK(check_context(context));
  if (engine == Engine::library && faults != ReceiverFaults{})
    return fail("libsrtp2 has none of a faulty receiver's ways");
  SIPVET_TRY(auto made, engine == Engine::own ? own_receiver(context, faults) : library_receiver(context));
  for (const auto& [ssrc, count] : context.rollovers) SIPVET_CHECK(made->set_rollover_counter(ssrc, count));
  return Receiver(std::make_unique<State>(State{std::move(made)}));
}

Unprotected Receiver::unprotect_rtp(ByteView packet) {
  const auto header = rtp::header_octets(packet);
  if (!header) return Dropped{Drop::malformed, to_string(header.error())};
  if (packet.size() > max_packet_octets) return Dropped{Drop::malformed, "packet longer than a datagram"};
  return state_->engine->unprotect_rtp(packet, *header);
}

Unprotected Receiver::unprotect_rtcp(ByteView packet) {
  if (!is_rtcp_header(packet)) return Dropped{Drop::malformed, "not RTCP of version 2"};
  if (packet.size() > max_packet_octets) return Dropped{Drop::malformed, "packet longer than a datagram"};
  return state_->engine->unprotect_rtcp(packet);
}

Result<void> Receiver::rekey(const rtp::SrtpContext& context) {
  SIPVET_CHECK(check_context(context));
  return state_->engine->rekey(context);
}

Result<void> Receiver::set_rollover_counter(std::uint32_t ssrc, std::uint32_t rollovers) {
  return state_->engine->set_rollover_counter(ssrc, rollovers);
}

void throw_exception_from_error(const Dropped& dropped, const boost::source_location&) {
  throw std::runtime_error("packet dropped: " + dropped.what);
}

} // namespace sipvet::srtp
