// Every way in which a media session can be told to misbehave: one field for each, correct by default. The
// fields stand in media_deviations.def; a YAML key is a field's name.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::ua {

// Numbers of packets, from 1: "3", "5-9", "20-".
class PacketSet {
 public:
  static Result<PacketSet> parse(const std::vector<std::string>& ranges);
  bool contains(std::uint64_t number) const;
  bool empty() const { return ranges_.empty(); }
  bool operator==(const PacketSet&) const = default;

 private:
  struct Range {
    std::uint64_t first, last;
    bool operator==(const Range&) const = default;
  };
  std::vector<Range> ranges_;
};

struct MediaDeviations {
  using Packets = PacketSet;
  using Number = std::optional<std::uint32_t>;
#define SIPVET_DEVIATION(type, field, text) type field{};
#include "ua/media_deviations.def"
#undef SIPVET_DEVIATION

  bool operator==(const MediaDeviations&) const = default;
};

struct MediaDeviationInfo {
  std::string_view name;
  std::string_view value; // "packets", "a number", "true or false"
  std::string_view text;  // what it does, for documentation
};
std::span<const MediaDeviationInfo> media_deviation_infos();

// Sets one field from what a settings file says: "true", a number, or numbers and ranges of packets. Fails
// for an unknown name, which the nearest known one is proposed for, and for a value that the field cannot
// take.
Result<void> set_media_deviation(MediaDeviations& deviations, std::string_view name,
                                 const std::vector<std::string>& values);

} // namespace sipvet::ua
