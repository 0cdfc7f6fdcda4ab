// The extensions pre_shared_key (RFC 8446 §4.2.11) and psk_key_exchange_modes (§4.2.9).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "tlswire/extensions.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sipvet::tlswire {

struct PskIdentity {
  Bytes identity; // 1 to 65535 octets: a ticket, or the name of an external key
  std::uint32_t obfuscated_ticket_age =
      0; // milliseconds plus ticket_age_add, modulo 2^32; 0 for external keys
  bool operator==(const PskIdentity&) const = default;
};

struct PskOffer {
  std::vector<PskIdentity> identities;
  std::vector<Bytes> binders; // one for each identity, 32 to 255 octets
  bool operator==(const PskOffer&) const = default;
};

// ClientHello, where it must be the last extension (see is_last()). Refused are an empty list of either kind
// and lists of different lengths.
Extension make_psk_offer(const PskOffer& offer);
Result<PskOffer> parse_psk_offer(ByteView body);
// Whether the last extension has this type.
bool is_last(const Extensions& extensions, std::uint16_t type);

// RFC 8446 §4.2.11.2: a binder is the verify_data (finished_verify_data_13() with the binder key) of the
// transcript that ends with the ClientHello without its list of binders, whose lengths count it all the same.
// Octets that the list takes at the end of the message, its own length included: offers of the same hashes
// differ in their binders only, so a message may be written with binders of zeros first.
std::size_t binder_list_octets(const PskOffer& offer);
// `client_hello` is the whole message, with or without header, of which the offer is a part.
ByteView without_binders(ByteView client_hello, const PskOffer& offer);

// ServerHello: the index, from 0, of the identity chosen.
Extension make_selected_psk(std::uint16_t index);
Result<std::uint16_t> parse_selected_psk(ByteView body);

namespace psk_mode {
constexpr std::uint8_t psk_ke = 0;
constexpr std::uint8_t psk_dhe_ke = 1;
} // namespace psk_mode
// ClientHello; an empty list is refused.
Extension make_psk_modes(ByteView modes);
Result<Bytes> parse_psk_modes(ByteView body);

} // namespace sipvet::tlswire
