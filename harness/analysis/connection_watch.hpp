// Notes when and by whom TCP connections were closed, and how long they had been silent before.
#pragma once

#include "analysis/finding_list.hpp"
#include "analysis/report.hpp"
#include "base/flat_map.hpp"
#include "frames/tcp_stream.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace sipvet::analysis {

// Stands between reassembly and the reader of the octets, and hands everything on.
class ConnectionWatch final : public frames::TcpEvents {
 public:
  ConnectionWatch(frames::TcpEvents& next, Report& report) : next_(next), report_(report) {}

  void on_opened(const frames::TcpFlow& flow, frames::Captured at) override { next_.on_opened(flow, at); }
  void on_octets(const frames::TcpFlow& flow, frames::Direction direction, std::uint64_t offset,
                 ByteView octets, frames::Captured at) override;
  void on_gap(const frames::TcpFlow& flow, frames::Direction direction, std::uint64_t offset,
              std::uint64_t count, frames::Captured at) override {
    next_.on_gap(flow, direction, offset, count, at);
  }
  void on_finished(const frames::TcpFlow& flow, frames::Direction direction, frames::Captured at) override;
  void on_closed(const frames::TcpFlow& flow, frames::FlowEnd how, frames::Captured at) override;

 private:
  struct Flow {
    std::size_t known_connections = 0; // of the report, when the flow was seen first
    Instant last;
    std::chrono::nanoseconds pause{}; // the last long silence
    std::uint64_t octets_since = 0;   // and what came after it
    std::optional<frames::Captured> closed;
    bool closed_by_client = false;
    bool reset = false;
  };
  Flow& flow_of(const frames::TcpFlow& flow);
  void close(const frames::TcpFlow& flow, Flow& seen, bool by_client, frames::Captured at);

  frames::TcpEvents& next_;
  Report& report_;
  FlatMap<Flow> flows_; // by their numbers
};

// Over the whole report: connections closed after a silence, and the calls, registrations and requests that
// depended on them.
void check_idle_closes(const Report& report, FindingList& findings);

} // namespace sipvet::analysis
