#include "ua/t38_description.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sipvet::ua {

namespace {

// ITU-T T.38 table D.1: what these sessions do.
void add_t38_attributes(sdp::Media& media) {
  media.attributes.add("T38FaxVersion", "0");
  media.attributes.add("T38MaxBitRate", "14400");
  media.attributes.add("T38FaxRateManagement", "transferredTCF");
  media.attributes.add("T38FaxMaxDatagram", "400");
  media.attributes.add("T38FaxUdpEC", "t38UDPRedundancy");
}

sdp::Media image_section(std::uint16_t port) {
  sdp::Media media;
  media.type = "image";
  media.port = port;
  media.protocol = "udptl";
  media.formats = {"t38"};
  add_t38_attributes(media);
  return media;
}

bool is_t38(const sdp::Media& media) {
  return media.type == "image" && iequals(media.protocol, "udptl") &&
         std::ranges::any_of(media.formats, [](const std::string& each) { return iequals(each, "t38"); });
}

sdp::Session empty_session(const IpAddress& address, const OriginState& origin) {
  sdp::Session session;
  session.origin.session_id = std::to_string(origin.session_id);
  session.origin.version = std::to_string(origin.version);
  session.origin.address_type = address.v6 ? "IP6" : "IP4";
  session.origin.address = to_string(address);
  session.connection = sdp::Connection{"IN", session.origin.address_type, to_string(address)};
  return session;
}

sdp::Media turned_down(const sdp::Media& before) {
  sdp::Media media;
  media.type = before.type;
  media.protocol = before.protocol;
  media.formats = before.formats;
  return media;
}

} // namespace

std::optional<std::size_t> t38_section(const sdp::Session& offer) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < offer.media.size(); ++i) {
    const sdp::Media& media = offer.media[i];
    if (media.port == 0) continue;
    if (media.type == "audio") return std::nullopt;
    if (!found && is_t38(media)) found = i;
  }
  return found;
}

sdp::Session make_t38_offer(const IpAddress& address, std::uint16_t port, const OriginState& origin,
                            const sdp::Session& before) {
  sdp::Session session = empty_session(address, origin);
  bool placed = false;
  for (const sdp::Media& each : before.media) {
    const bool here = !placed && is_t38(each);
    session.media.push_back(here ? image_section(port) : turned_down(each));
    placed = placed || here;
  }
  if (!placed) session.media.push_back(image_section(port));
  return session;
}

sdp::Session make_t38_answer(const sdp::Session& offer, std::size_t section, const IpAddress& address,
                             std::uint16_t port, const OriginState& origin) {
  sdp::Session session = empty_session(address, origin);
  session.times = offer.times; // RFC 3264 §6
  for (std::size_t i = 0; i < offer.media.size(); ++i)
    session.media.push_back(i == section ? image_section(port) : turned_down(offer.media[i]));
  return session;
}

Result<Endpoint> t38_endpoint(const sdp::Session& theirs) {
  for (const sdp::Media& media : theirs.media)
    if (is_t38(media) && media.port != 0) return media_endpoint(theirs, media);
  return fail("expected an image section over udptl with t38 whose port is not 0");
}

} // namespace sipvet::ua
