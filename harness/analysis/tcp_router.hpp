// Looks at what a TCP connection carries, on any port, and hands its octets to who can read them.
#pragma once

#include "analysis/sip_stream.hpp"
#include "analysis/tls_follower.hpp"
#include "base/flat_map.hpp"
#include "frames/tcp_stream.hpp"

#include <deque>
#include <memory>
#include <set>
#include <vector>

namespace sipvet::analysis {

class TcpRouter final : public frames::TcpEvents {
 public:
  TcpRouter(TlsContext& context, FindingList& findings) : context_(context), findings_(findings) {}

  void on_octets(const frames::TcpFlow& flow, frames::Direction direction, std::uint64_t offset,
                 ByteView octets, frames::Captured at) override;
  void on_gap(const frames::TcpFlow& flow, frames::Direction direction, std::uint64_t offset,
              std::uint64_t count, frames::Captured at) override;
  void on_closed(const frames::TcpFlow& flow, frames::FlowEnd how, frames::Captured at) override;

  // After the last flow is closed: what only shows when all connections are known.
  void finish();

 private:
  struct Half {
    SipStream sip;
    Bytes waiting; // too little to tell what it is
    std::uint64_t waiting_offset = 0;
    bool other = false; // neither TLS nor SIP
    bool gap = false;   // octets were lost and no start was found since
  };
  struct Flow {
    Flow(const frames::TcpFlow& flow, SipSink& sink);
    Half to_server;
    Half to_client;
    std::unique_ptr<TlsFollower> tls;
    bool reversed = false; // the hello came from what was taken for the server
    bool plain_sip = false;
    bool reported = false;
  };
  struct PlainSip {
    Endpoint server;
    std::size_t frame;
  };

  Flow& flow_of(const frames::TcpFlow& flow);
  void look(Flow& flow, const frames::TcpFlow& facts, frames::Direction direction, std::uint64_t offset,
            ByteView octets, frames::Captured at);
  void start_tls(Flow& flow, const frames::TcpFlow& facts, frames::Captured at);
  void end(std::unique_ptr<TlsFollower> tls);
  void note_plain_sip(Flow& flow, const frames::TcpFlow& facts, frames::Captured at);
  void report_plain_sip(const Endpoint& server, std::size_t frame);

  TlsContext& context_;
  FindingList& findings_;
  FlatMap<std::unique_ptr<Flow>> flows_;             // by their numbers
  std::deque<std::unique_ptr<TlsFollower>> waiting_; // ended, and without their secrets so far
  std::set<Endpoint> tls_servers_;
  std::vector<PlainSip> unanswered_; // SIP in the clear to a port that never spoke SIP back
};

} // namespace sipvet::analysis
