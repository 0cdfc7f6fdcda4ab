#include "gateway/srtp_policy.hpp"

namespace sipvet::gateway {

namespace {

constexpr std::array<std::string_view, 3> mode_names = {"always", "as-needed", "never"};
constexpr std::array<std::string_view, 3> treatment_names = {"srtp", "rtp", "488"};

template <typename Enum, std::size_t count>
std::optional<Enum> find_in(const std::array<std::string_view, count>& names, std::string_view wanted) {
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == wanted) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

} // namespace

Treatment SrtpPolicy::treat(SrtpMode mode, keying::OfferShape offer) const {
  return inbound[static_cast<std::size_t>(mode)][static_cast<std::size_t>(offer)];
}

keying::OfferShape SrtpPolicy::offer(SrtpMode mode) const { return outbound[static_cast<std::size_t>(mode)]; }

std::string_view name(SrtpMode mode) { return mode_names[static_cast<std::size_t>(mode)]; }
std::string_view name(Treatment treatment) { return treatment_names[static_cast<std::size_t>(treatment)]; }

std::optional<SrtpMode> find_srtp_mode(std::string_view wanted) {
  return find_in<SrtpMode>(mode_names, wanted);
}
std::optional<Treatment> find_treatment(std::string_view wanted) {
  return find_in<Treatment>(treatment_names, wanted);
}

std::optional<keying::OfferShape> find_offer_shape(std::string_view wanted) {
  using keying::OfferShape;
  for (const OfferShape shape : {OfferShape::srtp_only, OfferShape::srtp_and_rtp, OfferShape::rtp_only}) {
    if (keying::name(shape) == wanted) return shape;
  }
  return std::nullopt;
}

} // namespace sipvet::gateway
