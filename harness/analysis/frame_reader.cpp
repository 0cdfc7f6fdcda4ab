#include "analysis/frame_reader.hpp"

#include "io/frame_sorter.hpp"

#include <utility>

namespace sipvet::analysis {
namespace {

constexpr std::size_t frames_between_progress = 16'384;

// Whose next frame is the earliest; nothing when all have ended.
std::optional<std::size_t> earliest_of(const std::vector<CaptureSource>& sources) {
  std::optional<std::size_t> earliest;
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].frame && (!earliest || sources[i].frame->time < sources[*earliest].frame->time))
      earliest = i;
  return earliest;
}

} // namespace

// The next frame of a source, if there is one.
void FrameReader::advance(CaptureSource& source, std::size_t file, FrameSink& to) {
  auto& facts = report_.files[file];
  auto frame = source.reader->next();
  const auto& lines = source.reader->keylog_lines();
  for (; source.secrets_taken < lines.size(); ++source.secrets_taken)
    to.on_secret_line(lines[source.secrets_taken]);
  source.frame.reset();
  if (!frame) return to.on_unreadable(file, facts.first_frame + facts.packets - 1, std::move(frame.error()));
  if (!*frame) return;
  source.frame = std::move(*frame);
  source.frame->number = facts.first_frame + facts.packets;
  ++facts.packets;
}

// Files of one time are several places of capture.
void FrameReader::read(std::vector<CaptureSource> sources, FrameSink& to) {
  io::FrameSorter sorter;
  const auto take_sorted = [&] {
    while (auto frame = sorter.next()) to.on_frame(std::move(*frame));
  };
  for (auto& source : sources) report_.files.push_back({source.name, source.first_frame, 0});
  for (std::size_t i = 0; i < sources.size(); ++i) advance(sources[i], i, to);
  while (const auto earliest = earliest_of(sources)) {
    ++report_.packets;
    sorter.add(std::move(*sources[*earliest].frame));
    advance(sources[*earliest], *earliest, to);
    take_sorted();
    if (options_.progress && report_.packets % frames_between_progress == 0) {
      std::uint64_t octets = 0;
      for (const auto& source : sources) octets += source.reader->offset();
      options_.progress(octets);
    }
  }
  sorter.finish();
  take_sorted();
}

} // namespace sipvet::analysis
