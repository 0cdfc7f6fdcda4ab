#include "tls/engine.hpp"

#include "tls/context_cache.hpp"
#include "tls/engine_choice.hpp"
#include "tls/openssl_context.hpp"
#include "tls/wire_context.hpp"
#include "tlswire/alert.hpp"
#include "tlswire/version.hpp"

#include <array>

namespace sipvet::tls {
namespace {

constexpr std::array versions{Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3};
constexpr std::array<std::string_view, 4> version_names{"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

} // namespace

std::string_view name(Version version) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i] == version) return version_names[i];
  }
  return "unknown";
}

std::optional<Version> find_version(std::string_view name) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (version_names[i] == name) return versions[i];
  }
  if (name == "TLSv1") return Version::tls1_0; // as OpenSSL and many devices write it
  return std::nullopt;
}

std::string to_string(const Alert& alert) {
  return tlswire::to_string({static_cast<std::uint8_t>(alert.level), alert.description});
}

std::string_view name(EngineKind kind) {
  switch (kind) {
  case EngineKind::openssl:
    return "openssl";
  case EngineKind::wire:
    return "wire";
  case EngineKind::automatic:
    break;
  }
  return "automatic";
}

std::optional<EngineKind> find_engine_kind(std::string_view text) {
  for (const EngineKind kind : {EngineKind::automatic, EngineKind::openssl, EngineKind::wire}) {
    if (name(kind) == text) return kind;
  }
  return std::nullopt;
}

Result<std::shared_ptr<const Context>> make_context(const Config& config) {
  ContextCache& cache = ContextCache::of_this_thread();
  if (auto known = cache.find(config)) return known;
  SIPVET_TRY(const EngineKind kind, choose_engine(config));
  std::shared_ptr<const Context> made;
  if (kind == EngineKind::wire) {
    SIPVET_TRY(made, WireContext::make(config));
  } else {
    SIPVET_TRY(made, OpensslContext::make(config));
  }
  cache.add(config, made);
  return made;
}

Result<std::unique_ptr<Engine>> make_engine(const Config& config, const Clock& clock, Random& random,
                                            const PeerName& peer) {
  SIPVET_TRY(const auto context, make_context(config));
  return context->make_engine(clock, random, peer);
}

Result<void> check_config(const Config& config) {
  SIPVET_CHECK(make_context(config));
  return {};
}

} // namespace sipvet::tls
