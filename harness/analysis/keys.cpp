#include "analysis/keys.hpp"

#include "base/base64.hpp"
#include "base/hex.hpp"
#include "base/text.hpp"
#include "keying/dtls_srtp.hpp"
#include "tlswire/use_srtp.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace sipvet::analysis {
namespace {

// Keys and key logs are small; a capture or a device given by mistake is not read into memory.
constexpr std::size_t max_key_file_octets = 64 * 1024 * 1024;

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(fmt::format("{}: cannot be opened", path));
  std::string text;
  std::vector<char> block(64 * 1024);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_key_file_octets) return fail(fmt::format("{}: too large for a key file", path));
  }
  if (file.bad()) return fail(fmt::format("{}: cannot be read", path));
  return text;
}

Result<std::optional<IpAddress>> read_address(std::string_view text) {
  if (text.empty() || iequals(text, "any")) return std::optional<IpAddress>{};
  SIPVET_TRY(const auto address, parse_ip(text));
  if (address.is_unspecified()) return std::optional<IpAddress>{};
  return std::optional(address);
}

Result<std::optional<std::uint16_t>> read_port(std::string_view text) {
  if (text.empty() || iequals(text, "any") || iequals(text, "start_tls"))
    return std::optional<std::uint16_t>{};
  SIPVET_TRY(const auto port, parse_decimal(text, 65'535, "port"));
  if (port == 0) return std::optional<std::uint16_t>{};
  return std::optional(static_cast<std::uint16_t>(port));
}

Result<RsaKey> read_tls_key(std::string_view entry) {
  const auto fields = split(entry, ',');
  if (fields.size() != 4 && fields.size() != 5)
    return fail(fmt::format("TLS key '{}': expected ADDRESS,PORT,PROTOCOL,KEYFILE", entry));
  const auto address = read_address(trim(fields[0]));
  if (!address) return fail(fmt::format("TLS key '{}': {}", entry, address.error().what));
  const auto port = read_port(trim(fields[1]));
  if (!port) return fail(fmt::format("TLS key '{}': {}", entry, port.error().what));
  const std::string file(trim(fields[3]));
  SIPVET_TRY(const auto pem, read_file(file));
  auto key = crypto::PrivateKey::from_pem(pem, fields.size() == 5 ? fields[4] : std::string_view{});
  if (!key) return fail(fmt::format("{}: {}", file, key.error().what));
  if (key->type() != crypto::KeyType::rsa)
    return fail(fmt::format("{}: only an RSA key can open a capture, this one is {}", file,
                            crypto::name(key->type())));
  return RsaKey{*address, *port, std::string(trim(fields[2])), file, std::move(*key)};
}

Result<std::uint32_t> read_ssrc(std::string_view text) {
  std::string digits(text.starts_with("0x") || text.starts_with("0X") ? text.substr(2) : text);
  if (digits.empty() || digits.size() > 8) return fail("expected an SSRC of at most 8 hexadecimal digits");
  digits.insert(0, 8 - digits.size(), '0');
  SIPVET_TRY(const auto octets, from_hex(digits));
  std::uint32_t ssrc = 0;
  for (const auto octet : octets) ssrc = ssrc << 8 | octet;
  return ssrc;
}

Result<rtp::SrtpKey> split_key(rtp::SrtpSuite suite, ByteView key_and_salt) {
  const auto& info = rtp::info(suite);
  if (key_and_salt.size() != info.key_octets + info.salt_octets)
    return fail(fmt::format("{} needs {} octets of key and salt, not {}", info.name,
                            info.key_octets + info.salt_octets, key_and_salt.size()));
  return rtp::SrtpKey{suite,
                      to_bytes(key_and_salt.first(info.key_octets)),
                      to_bytes(key_and_salt.subspan(info.key_octets)),
                      {}};
}

// The octets do not say which profile they are for: each that takes as many is tried.
Result<std::vector<SuppliedSrtpKey>> read_exporter_material(const std::string& path) {
  SIPVET_TRY(const auto text, read_file(path));
  const auto material = from_hex(trim(text));
  if (!material) return fail(fmt::format("{}: {}", path, to_string(material.error())));
  std::vector<SuppliedSrtpKey> keys;
  for (const auto& row : tlswire::srtp_profiles()) {
    const bool encrypts = row.profile != tlswire::SrtpProfile::null_hmac_sha1_80 &&
                          row.profile != tlswire::SrtpProfile::null_hmac_sha1_32;
    if (!encrypts || material->size() != tlswire::exported_octets(row.profile)) continue;
    SIPVET_TRY(const auto both, keying::keys_of_export(row.profile, keying::DtlsRole::client, *material));
    keys.push_back({std::nullopt, both.local.first_key(), "dtls", fmt::format("dtls:{} (client)", path)});
    keys.push_back({std::nullopt, both.remote.first_key(), "dtls", fmt::format("dtls:{} (server)", path)});
  }
  if (keys.empty())
    return fail(
        fmt::format("{}: expected 56, 60 or 88 octets of exporter material, got {}", path, material->size()));
  return keys;
}

Result<SuppliedSrtpKey> read_srtp_key(std::string_view specification) {
  SuppliedSrtpKey supplied;
  auto text = specification;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    SIPVET_TRY(supplied.ssrc, read_ssrc(text.substr(at + 1)));
    text = text.substr(0, at);
  }
  const auto parts = split_once(text, ':');
  if (!parts) return fail("expected SUITE:BASE64, SUITE:hex:HEX or dtls:FILE");
  const auto suite = rtp::find_srtp_suite(parts->first);
  if (!suite) return fail(fmt::format("unknown suite '{}'", parts->first));
  const auto octets = parts->second.starts_with("hex:") ? from_hex(parts->second.substr(4))
                                                        : from_base64(parts->second, Padding::lenient);
  if (!octets) return octets.error();
  SIPVET_TRY(supplied.key, split_key(*suite, *octets));
  supplied.name = supplied.ssrc ? fmt::format("{} for SSRC 0x{:08x}", parts->first, *supplied.ssrc)
                                : std::string(parts->first);
  return supplied;
}

} // namespace

Result<void> add_tls_keys(Keys& keys, std::string_view specification) {
  std::vector<RsaKey> read;
  for (const auto entry : split(specification, ';')) {
    if (trim(entry).empty()) continue;
    SIPVET_TRY(auto key, read_tls_key(trim(entry)));
    read.push_back(std::move(key));
  }
  if (read.empty()) return fail("TLS key: expected ADDRESS,PORT,PROTOCOL,KEYFILE");
  std::ranges::move(read, std::back_inserter(keys.rsa));
  return {};
}

Result<void> add_keylog_file(Keys& keys, const std::string& path) {
  SIPVET_TRY(const auto text, read_file(path));
  tlswire::Keylog log;
  std::vector<std::string> remarks;
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    const auto content = trim(line);
    if (content.empty() || content.front() == '#') continue;
    if (const auto added = log.add_line(content, number); !added)
      remarks.push_back(fmt::format("{}: {}", path, added.error().what));
  }
  if (log.empty())
    return fail(remarks.empty() ? fmt::format("{}: holds no secret", path)
                                : fmt::format("{} (no usable line in it)", remarks.front()));
  keys.keylog.merge(log);
  keys.keylog_files.push_back(path);
  std::ranges::move(remarks, std::back_inserter(keys.remarks));
  return {};
}

Result<void> add_tls_psk(Keys& keys, std::string_view specification) {
  const auto colon = specification.rfind(':');
  if (colon == std::string_view::npos) return fail("TLS pre-shared key: expected IDENTITY:HEX");
  const auto key = from_hex(specification.substr(colon + 1));
  if (!key) return fail(fmt::format("TLS pre-shared key: {}", to_string(key.error())));
  if (key->empty()) return fail("TLS pre-shared key: expected IDENTITY:HEX");
  keys.tls_psks.push_back({to_bytes(specification.substr(0, colon)), *key});
  return {};
}

Result<void> add_srtp_key(Keys& keys, std::string_view specification) {
  if (specification.starts_with("dtls:")) {
    SIPVET_TRY(auto both, read_exporter_material(std::string(specification.substr(5))));
    std::ranges::move(both, std::back_inserter(keys.srtp));
    return {};
  }
  auto key = read_srtp_key(specification);
  if (!key) return fail(fmt::format("SRTP key: {}", key.error().what));
  keys.srtp.push_back(std::move(*key));
  return {};
}

Result<void> add_mikey_psk(Keys& keys, std::string_view specification) {
  Bytes key;
  if (specification.starts_with("hex:")) {
    const auto octets = from_hex(specification.substr(4));
    if (!octets) return fail(fmt::format("MIKEY pre-shared key: {}", to_string(octets.error())));
    key = *octets;
  } else {
    key = to_bytes(specification);
  }
  if (key.empty()) return fail("MIKEY pre-shared key: expected text or hex:HEX");
  keys.mikey_psks.push_back(std::move(key));
  return {};
}

} // namespace sipvet::analysis
