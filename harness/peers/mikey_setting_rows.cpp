// The rows of a peer's settings that begin with "mikey.".
#include "base/hex.hpp"
#include "keying/mikey_party.hpp"
#include "peers/setting_row.hpp"

#include <array>

namespace sipvet::peers {

namespace {

using script::Value;

Problems take_psk(Settings& settings, const Value& value) {
  auto psk = value.is_scalar() ? keying::mikey_psk(value.text) : Result<Bytes>(fail(""));
  if (!psk) return wrong(value, "a text, or hex:HEX");
  settings.mikey.psk = std::move(*psk);
  return {};
}

Problems take_mode(Settings& settings, const Value& value) {
  static constexpr Choice<keying::MikeyMode> choices[] = {{"psk", keying::MikeyMode::psk},
                                                          {"public-key", keying::MikeyMode::public_key},
                                                          {"dh", keying::MikeyMode::diffie_hellman}};
  return take_choice(settings.mikey.mode, value, choices);
}

Problems take_group(Settings& settings, const Value& value) {
  static constexpr Choice<crypto::ModpGroup> choices[] = {{"oakley-1", crypto::ModpGroup::oakley_1},
                                                          {"oakley-2", crypto::ModpGroup::oakley_2},
                                                          {"oakley-5", crypto::ModpGroup::oakley_5}};
  return take_choice(settings.mikey.group, value, choices);
}

template <bool keying::MikeySettings::*Field>
Problems take_boolean(Settings& settings, const Value& value) {
  const auto boolean = script::as_boolean(value);
  if (!boolean) return wrong(value, "true or false");
  settings.mikey.*Field = *boolean;
  return {};
}

Problems take_identity(Settings& settings, const Value& value) {
  if (!value.is_scalar()) return wrong(value, "a URI");
  settings.mikey.identity = value.text;
  return {};
}

Problems take_mki(Settings& settings, const Value& value) {
  constexpr std::size_t max_mki_octets = 255; // RFC 3830 §6.14
  auto octets = value.is_scalar() ? from_hex(value.text) : Result<Bytes>(fail(""));
  if (!octets || octets->size() > max_mki_octets) return wrong(value, "up to 255 octets in hexadecimal");
  settings.mikey.mki = std::move(*octets);
  return {};
}

Problems take_derivation_rate(Settings& settings, const Value& value) {
  const auto rate = script::as_integer(value);
  constexpr std::int64_t max_rate = 1 << 24;
  if (!rate || *rate < 0 || *rate > max_rate || (*rate & (*rate - 1)) != 0)
    return wrong(value, "0 or a power of two up to 2^24");
  settings.mikey.options.key_derivation_rate = static_cast<std::uint32_t>(*rate);
  return {};
}

Problems take_mikey_deviations(Settings& settings, const Value& value) {
  return take_deviations(value, [&](const auto& name, const auto& values) {
    return keying::set_mikey_deviation(settings.mikey.deviations, name, values);
  });
}

constexpr std::array rows = {
    SettingRow{{"mikey.psk", "pre-shared key: text, or hex:HEX"}, take_psk},
    SettingRow{{"mikey.mode",
                "how its offers are made: psk, public-key or dh; signatures and envelopes are with the "
                "certificates of TLS"},
               take_mode},
    SettingRow{{"mikey.group", "group of its Diffie-Hellman offers: oakley-1, oakley-2 or oakley-5"},
               take_group},
    SettingRow{{"mikey.verification", "whether its offers ask for a verification message"},
               take_boolean<&keying::MikeySettings::verification_wanted>},
    SettingRow{{"mikey.protocol-list",
                "whether messages of MIKEY offered alone repeat the list of key management protocols, too"},
               take_boolean<&keying::MikeySettings::protocol_list>},
    SettingRow{{"mikey.null-protection", "offers keys in the open without a MAC, and takes such offers"},
               take_boolean<&keying::MikeySettings::null_protection>},
    SettingRow{{"mikey.identity", "URI in the ID payloads of its messages; without it there are none"},
               take_identity},
    SettingRow{{"mikey.mki", "MKI of the keys that it offers, in hexadecimal"}, take_mki},
    SettingRow{{"mikey.key-derivation-rate", "key derivation rate that its security policies ask for"},
               take_derivation_rate},
    SettingRow{{"mikey.deviations", "a map of ways in which its MIKEY misbehaves: true for each"},
               take_mikey_deviations},
};

} // namespace

std::span<const SettingRow> mikey_setting_rows() { return rows; }

} // namespace sipvet::peers
