#include "frames/fragments.hpp"

#include <algorithm>

namespace sipvet::frames {

namespace {
constexpr std::size_t unit_octets = 8;
std::size_t units(std::size_t octets) { return (octets + unit_octets - 1) / unit_octets; }
} // namespace

void Fragments::make_room(Instant time) {
  abandoned_ +=
      std::erase_if(datagrams_, [&](const auto& entry) { return time - entry.second.first_seen > max_age; });
  if (datagrams_.size() < max_datagrams) return;
  const auto oldest =
      std::min_element(datagrams_.begin(), datagrams_.end(), [](const auto& a, const auto& b) {
        return a.second.first_seen < b.second.first_seen;
      });
  datagrams_.erase(oldest);
  ++abandoned_;
}

// False when the fragment contradicts those before it.
bool Fragments::store(Datagram& datagram, const FragmentField& fragment, ByteView payload) {
  const std::size_t end = fragment.offset_octets + payload.size();
  if (!fragment.more) {
    if (datagram.total_octets && *datagram.total_octets != end) return false;
    if (datagram.octets.size() > end) return false;
    datagram.total_octets = end;
  }
  if (datagram.total_octets && end > *datagram.total_octets) return false;
  if (datagram.octets.size() < end) datagram.octets.resize(end);
  for (std::size_t at = 0; at < payload.size(); at += unit_octets) {
    const std::size_t unit = (fragment.offset_octets + at) / unit_octets;
    if (datagram.have[unit]) continue;
    datagram.have[unit] = true;
    ++datagram.have_units;
    const ByteView piece = payload.subspan(at, std::min(unit_octets, payload.size() - at));
    std::copy(piece.begin(), piece.end(),
              datagram.octets.begin() + static_cast<std::ptrdiff_t>(fragment.offset_octets + at));
  }
  return true;
}

std::optional<Fragments::Whole> Fragments::add(const IpPacket& packet, ByteView payload, Instant time) {
  const FragmentField& fragment = *packet.fragment;
  const Key key{packet.source, packet.destination, fragment.identification,
                packet.source.v6 ? std::uint8_t{0} : packet.protocol};
  auto found = datagrams_.find(key);
  if (found != datagrams_.end() && time - found->second.first_seen > max_age) {
    datagrams_.erase(found); // the identification is used again
    ++abandoned_;
    found = datagrams_.end();
  }
  if (found == datagrams_.end()) {
    make_room(time);
    found = datagrams_.try_emplace(key).first;
    found->second.first_seen = time;
  }
  Datagram& datagram = found->second;
  if (fragment.offset_octets == 0) datagram.protocol = packet.protocol;
  if (!store(datagram, fragment, payload)) {
    datagrams_.erase(found);
    ++abandoned_;
    return std::nullopt;
  }
  if (!datagram.total_octets || datagram.have_units < units(*datagram.total_octets)) return std::nullopt;
  whole_ = std::move(datagram.octets);
  const Whole whole{datagram.protocol, whole_};
  datagrams_.erase(found);
  return whole;
}

} // namespace sipvet::frames
