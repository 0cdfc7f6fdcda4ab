// When the gateway takes SRTP, RTP or neither: the guide's two tables, mode by mode.
#pragma once

#include "keying/offer_shape.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sipvet::gateway {

enum class SrtpMode { always, as_needed, never };
inline constexpr SrtpMode default_srtp_mode = SrtpMode::as_needed;

// What an offer that came in gets.
enum class Treatment { srtp, rtp, reject_488 };

// Rows: SrtpMode. Columns: keying::OfferShape.
using InboundTable = std::array<std::array<Treatment, 3>, 3>;
inline constexpr InboundTable inbound_table = {{
    //               srtp-only              srtp-and-rtp     rtp-only
    /* always    */ {Treatment::srtp, Treatment::srtp, Treatment::reject_488},
    /* as-needed */ {Treatment::srtp, Treatment::srtp, Treatment::rtp},
    /* never     */ {Treatment::reject_488, Treatment::rtp, Treatment::rtp},
}};

// What the gateway offers by itself. Index: SrtpMode.
using OutboundTable = std::array<keying::OfferShape, 3>;
inline constexpr OutboundTable outbound_table = {
    /* always    */ keying::OfferShape::srtp_only,
    /* as-needed */ keying::OfferShape::srtp_and_rtp,
    /* never     */ keying::OfferShape::rtp_only,
};

// The tables as one gateway uses them: the guide's unless a deviation changed an entry.
struct SrtpPolicy {
  InboundTable inbound = inbound_table;
  OutboundTable outbound = outbound_table;

  Treatment treat(SrtpMode mode, keying::OfferShape offer) const;
  keying::OfferShape offer(SrtpMode mode) const;
};

std::string_view name(SrtpMode mode);       // "always", "as-needed", "never"
std::string_view name(Treatment treatment); // "srtp", "rtp", "488"
std::optional<SrtpMode> find_srtp_mode(std::string_view name);
std::optional<Treatment> find_treatment(std::string_view name);
std::optional<keying::OfferShape> find_offer_shape(std::string_view name);

} // namespace sipvet::gateway
