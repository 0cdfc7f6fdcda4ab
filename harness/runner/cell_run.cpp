#include "runner/cell_run.hpp"

#include "analysis/inspect.hpp"
#include "gateway/gateway.hpp"
#include "io/capture_tap.hpp"
#include "io/socket_network.hpp"
#include "net/sim_network.hpp"
#include "peers/expectation.hpp"
#include "peers/peer.hpp"
#include "runner/conductor.hpp"
#include "runner/gateway_actor.hpp"
#include "runner/start_refusal.hpp"
#include "runner/wire_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>

namespace sipvet::runner {

namespace {

using verdict::Finding;
using verdict::Outcome;

// After the last step: time for what is still on its way (a request, the response to a BYE) to arrive.
constexpr Duration settle_time = std::chrono::seconds(2);

std::unique_ptr<net::Network> make_network(const CellOptions& options, net::Tap& tap) {
  if (options.network == NetworkKind::sim) {
    auto network = std::make_unique<net::SimNetwork>(options.seed);
    network->set_tap(&tap);
    return network;
  }
  auto network = std::make_unique<io::SocketNetwork>(options.seed);
  network->set_tap(&tap);
  return network;
}

// Where the settings name no files, certificates are the lab's.
Result<void> give_certificates(gateway::Config& config, const Lab& lab) {
  gateway::TlsSettings& tls = config.tls;
  if (tls.certificate_pem.empty() && tls.lab_certificate != gateway::no_lab_item) {
    const std::string variant = tls.lab_certificate.empty() ? "good" : tls.lab_certificate;
    SIPVET_TRY(const crypto::Identity identity,
               lab.identity(Holder::gateway, variant, config.domain,
                            {IpAddress::v4(127, 0, 0, 1), gateway_address()}));
    tls.certificate_pem = identity.certificate_pem;
    tls.private_key_pem = identity.private_key_pem;
  }
  if (tls.trusted_roots_pem.empty() && tls.lab_trust != gateway::no_lab_item)
    tls.trusted_roots_pem = tls.lab_trust == "other" ? lab.other_root_pem() : lab.root_pem();
  return {};
}

Result<gateway::Config> gateway_config(const script::Cell& cell, const Lab& lab, const CellOptions& options) {
  gateway::Config config = gateway::read_config(cell.gateway.settings).config;
  const bool sim = options.network == NetworkKind::sim;
  for (gateway::UserAgentAddress& agent : config.user_agents) {
    agent.ip = sim ? gateway_address() : IpAddress::v4(127, 0, 0, 1);
    if (!sim) agent.port = 0;
  }
  if (config.domain.empty()) config.domain = gateway_domain;
  SIPVET_CHECK(give_certificates(config, lab));
  config.media_pace = options.media_pace;
  config.voiceprint = rtp::Voiceprint(0);
  return config;
}

std::string roots_for(peers::Trust trust, const Lab& lab) {
  if (trust == peers::Trust::none) return {};
  return trust == peers::Trust::other ? lab.other_root_pem() : lab.root_pem();
}

bool wants_premaster_version(const script::Cell& cell) {
  return std::ranges::any_of(cell.wire, [](const script::WireExpectation& wanted) {
    return wanted.argument.find("premaster_version") != nullptr;
  });
}

void add_key(analysis::Keys& keys, const std::string& pem, const std::string& password) {
  const auto key = crypto::PrivateKey::from_pem(pem, password);
  if (key && key->type() == crypto::KeyType::rsa)
    keys.rsa.push_back({std::nullopt, std::nullopt, "sip", "the lab", *key});
}

// One message of the run, for the lines around a failure and for the second witness.
struct Trace {
  struct PeersMessage {
    std::string peer;
    bool sent = false;
    net::ConnectionId connection = net::ConnectionId::none;
    std::string text;
  };
  std::vector<std::string> lines; // "peer server > INVITE sip:… "
  std::vector<PeersMessage> messages;
  std::string log; // everything, for the evidence folder

  void add(const std::string& who, bool sent, const ua::Hop& hop, const sip::Message& message) {
    const std::string text = message.serialize();
    lines.push_back(
        fmt::format("{} {} {}", who, sent ? "sends" : "receives", text.substr(0, text.find("\r\n"))));
    log += lines.back() + "\n" + text + "\n";
    messages.push_back({who, sent, hop.connection, text});
  }
};

// What was given to a connection that then came to nothing never left, and what a peer that misbehaves in TLS
// sends need not be readable.
bool is_on_the_wire(const Trace::PeersMessage& message, const PeersView& view) {
  if (!message.sent) return true;
  for (const PeerView& peer : view.peers) {
    if (peer.name != message.peer) continue;
    if (peer.misbehaves_in_tls) return false;
    for (const peers::ConnectionRecord& record : peer.connections)
      if (record.hop.connection == message.connection && message.connection != net::ConnectionId::none)
        return record.state != peers::ConnectionRecord::State::failed;
  }
  return true;
}

// Everything that belongs to one run of one cell, taken down in the right order.
class Stage {
 public:
  Stage(const script::Cell& cell, const Lab& lab, const CellOptions& options)
      : cell_(cell), lab_(lab), options_(options), network_(make_network(options, tap_)) {}

  // What kept the cell from starting; empty when all is up.
  Result<void> start() {
    SIPVET_TRY(gateway::Config config, gateway_config(cell_, lab_, options_));
    gateway_ = std::make_unique<gateway::Gateway>(*network_, std::move(config), log_, keylog());
    SIPVET_CHECK(gateway_->start());
    actor_ = std::make_unique<GatewayActor>(*gateway_, log_,
                                            [this](const std::string& name) { return find_peer(name); });
    actors_["gateway"] = actor_.get();
    for (std::size_t i = 0; i < cell_.peers.size(); ++i) SIPVET_CHECK(start_peer(i));
    return {};
  }

  Conducted conduct(const std::atomic<bool>& stop) {
    Conducted out = runner::conduct(cell_, actors_, *network_, stop);
    if (out.findings.empty() && !out.interrupted)
      network_->run_until([&] { return idle() || stop.load(); }, network_->now() + settle_time);
    return out;
  }

  PeersView view(bool media_proven) const {
    PeersView out;
    out.gateway_voiceprint = actor_->voiceprint();
    for (const auto& [name, peer] : peers_)
      out.peers.push_back({name, peer->voiceprint(), peer->agreed_calls(), peer->connections(),
                           peer->settings().tls.deviations != tls::Deviations{}});
    for (const Trace::PeersMessage& message : trace_.messages)
      if (is_on_the_wire(message, out)) out.messages.push_back(message.text);
    out.media_proven = media_proven;
    out.gateway_failure_expected = actor_->failure_expected();
    return out;
  }

  // The TLS secrets of a run stand in its capture. The version inside a premaster secret shows only to who
  // has the server's key.
  analysis::Keys capture_keys() const {
    analysis::Keys keys;
    if (!wants_premaster_version(cell_)) return keys;
    const gateway::TlsSettings& tls = gateway_->config().tls;
    add_key(keys, tls.private_key_pem, tls.private_key_password);
    for (const crypto::Identity& identity : identities_) add_key(keys, identity.private_key_pem, "");
    return keys;
  }

  const io::CaptureTap& tap() const { return tap_; }
  const Trace& trace() const { return trace_; }
  const gateway::MemoryLog& gateway_log() const { return log_; }

 private:
  // What a peer closed, the gateway has closed as well, and answered.
  bool connections_agree() const {
    std::vector<Endpoint> open;
    for (const auto& [name, peer] : peers_)
      for (const peers::ConnectionRecord& record : peer->connections())
        if (!record.over()) open.push_back(record.hop.local);
    return std::ranges::all_of(gateway_->user_agent().transport().hops(), [&](const ua::Hop& hop) {
      return std::ranges::find(open, hop.remote) != open.end();
    });
  }

  bool idle() const {
    return actor_->idle() && connections_agree() &&
           std::all_of(peers_.begin(), peers_.end(), [](const auto& each) { return each.second->idle(); });
  }

  std::function<void(std::string_view)> keylog() {
    return [this](std::string_view line) { tap_.secret(line); };
  }

  Result<void> start_peer(std::size_t index) {
    const script::Peer& spec = cell_.peers[index];
    const peers::Settings settings = peers::read_settings(spec.settings).settings;
    const bool sim = options_.network == NetworkKind::sim;
    SIPVET_TRY(crypto::Identity identity,
               lab_.identity(Holder::peer, settings.tls.certificate, settings.domain,
                             {IpAddress::v4(127, 0, 0, 1), peer_address(index)}));
    if (!settings.tls.certificate_pem.empty())
      identity = {settings.tls.certificate_pem, settings.tls.private_key_pem};
    peers::Surroundings around{
        *network_,
        sim ? peer_address(index) : IpAddress::v4(127, 0, 0, 1),
        sim ? settings.port : std::uint16_t{0},
        std::move(identity),
        settings.tls.trusted_roots_pem.empty() ? roots_for(settings.tls.trust, lab_)
                                               : settings.tls.trusted_roots_pem,
        rtp::Voiceprint(static_cast<unsigned>(index) + 1),
        options_.media_pace,
        [this](ua::Transport transport) { return find_gateway(transport); },
        keylog(),
        [this, name = spec.name](bool sent, const ua::Hop& hop, const sip::Message& message) {
          trace_.add(name, sent, hop, message);
        }};
    identities_.push_back(around.identity);
    auto peer = std::make_unique<peers::Peer>(spec.name, settings, std::move(around));
    SIPVET_TRY(const Endpoint endpoint, peer->listen());
    targets_[spec.name] = {settings.transport, endpoint, net::ConnectionId::none, settings.domain};
    actors_[spec.name] = peer.get();
    peers_.emplace_back(spec.name, std::move(peer));
    return {};
  }

  Result<ua::Target> find_gateway(ua::Transport transport) const {
    const auto endpoint = gateway_->endpoint(transport);
    if (!endpoint) return fail(fmt::format("the gateway does not listen on {}", ua::name(transport)));
    const std::string& domain = gateway_->config().domain;
    return ua::Target{transport, *endpoint, net::ConnectionId::none, domain, {}, domain};
  }

  Result<PeerPlace> find_peer(const std::string& name) const {
    const auto target = targets_.find(name);
    if (target == targets_.end()) return fail(fmt::format("there is no peer '{}'", name));
    PeerPlace place{target->second, {}};
    for (const auto& [peer_name, peer] : peers_)
      for (const peers::ConnectionRecord& record : peer->connections())
        if (peer_name == name && !record.over()) place.connected_at.push_back(record.hop.local);
    return place;
  }

  const script::Cell& cell_;
  const Lab& lab_;
  const CellOptions& options_;
  io::CaptureTap tap_;
  Trace trace_;
  gateway::MemoryLog log_;
  std::unique_ptr<net::Network> network_; // outlives everything below
  std::unique_ptr<gateway::Gateway> gateway_;
  std::unique_ptr<GatewayActor> actor_;
  std::vector<std::pair<std::string, std::unique_ptr<peers::Peer>>> peers_;
  std::vector<crypto::Identity> identities_; // of the peers
  std::map<std::string, ua::Target> targets_;
  Actors actors_;
};

Finding harness_finding(const script::Cell& cell, std::string id, std::string text, std::string actual) {
  Finding out;
  out.id = std::move(id);
  out.witness = verdict::Witness::harness;
  out.text = std::move(text);
  out.actual = std::move(actual);
  out.where = cell.at;
  return out;
}

Outcome outcome_of(const std::vector<Finding>& findings) {
  Outcome out = Outcome::pass;
  for (const Finding& finding : findings) {
    if (finding.severity != verdict::Severity::error) continue;
    if (finding.witness == verdict::Witness::harness) return Outcome::error;
    out = Outcome::fail;
  }
  return out;
}

// A known failure must fail, and for the reason that is known; anything else is a failure.
void apply_known_failure(const script::Cell& cell, verdict::Result& result) {
  if (!cell.known_failure || result.outcome == Outcome::error) return;
  const std::string& wanted = cell.known_failure->finding;
  const bool as_known = std::any_of(result.findings.begin(), result.findings.end(),
                                    [&](const Finding& finding) { return finding.id == wanted; });
  if (result.outcome == Outcome::fail && as_known) {
    for (Finding& finding : result.findings) finding.severity = verdict::Severity::info;
    result.outcome = Outcome::pass;
    return;
  }
  Finding finding =
      harness_finding(cell, "known-failure", "A failure that is known did not happen as known.",
                      result.outcome == Outcome::pass ? "the cell passed" : "it failed otherwise");
  finding.witness = verdict::Witness::peers;
  finding.expected = fmt::format("{} ({})", wanted, cell.known_failure->reason);
  finding.where = cell.known_failure->at;
  result.findings.push_back(std::move(finding));
  result.outcome = Outcome::fail;
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void write_evidence(const Stage& stage, const std::string& folder) {
  write_text(folder + "/messages.txt", stage.trace().log);
  std::string log;
  for (const auto& [level, text] : stage.gateway_log().lines)
    log += fmt::format("{} {}\n", gateway::name(level), text);
  write_text(folder + "/gateway.log", log);
}

// The last messages in front of the failure.
void add_context(std::vector<Finding>& findings, const Trace& trace) {
  constexpr std::size_t shown = 12;
  const std::size_t from = trace.lines.size() > shown ? trace.lines.size() - shown : 0;
  for (Finding& finding : findings)
    finding.context.assign(trace.lines.begin() + static_cast<std::ptrdiff_t>(from), trace.lines.end());
}

void judge(const script::Cell& cell, const Stage& stage, const Conducted& conducted,
           const std::string& capture, verdict::Result& result) {
  result.findings = conducted.findings;
  if (const auto written = stage.tap().write(capture); !written) {
    result.findings.push_back(
        harness_finding(cell, "capture", "The capture could not be written.", written.error().what));
    return;
  }
  auto report = analysis::inspect(capture, stage.capture_keys());
  if (!report) {
    result.findings.push_back(
        harness_finding(cell, "capture", "The capture could not be read back.", report.error().what));
    return;
  }
  // Keys that nobody asked to be of use are ours.
  std::erase_if(report->findings, [](const Finding& finding) { return finding.id == "unused-key"; });
  const PeersView view = stage.view(conducted.media_proven);
  WireVerdict wire = judge_wire(cell, view, *report);
  result.observations = std::move(wire.observations);
  // When the steps failed already, what the capture lacks follows from that.
  if (!conducted.findings.empty()) return;
  result.findings = check_peers_connections(cell, view);
  for (Finding& finding : wire.findings) result.findings.push_back(std::move(finding));
}

} // namespace

CellRun run_cell(const script::Cell& cell, const Lab& lab, const CellOptions& options,
                 const std::atomic<bool>& stop) {
  const auto begin = std::chrono::steady_clock::now();
  CellRun run;
  run.result.id = cell.id;
  run.result.title = cell.title;
  run.result.covers = cell.covers;

  Stage stage(cell, lab, options);
  const bool refusal = refusal_step(cell) != nullptr;
  const bool readable = !refusal || gateway::read_config(cell.gateway.settings).errors.empty();
  const Result<void> started = readable ? stage.start() : Result<void>();
  if (refusal) {
    run.result.findings = judge_refusal(cell, started);
  } else if (!started) {
    run.result.findings = {
        harness_finding(cell, "start", "The cell could not be set up.", started.error().what)};
  } else {
    const Conducted conducted = stage.conduct(stop);
    run.interrupted = conducted.interrupted;
    judge(cell, stage, conducted, options.evidence_folder + "/capture.pcapng", run.result);
    add_context(run.result.findings, stage.trace());
  }
  write_evidence(stage, options.evidence_folder);
  for (Finding& finding : run.result.findings)
    if (finding.requirement.empty() && cell.covers.size() == 1) finding.requirement = cell.covers.front();
  run.result.outcome = outcome_of(run.result.findings);
  apply_known_failure(cell, run.result);
  run.result.duration = std::chrono::steady_clock::now() - begin;
  return run;
}

std::vector<verdict::Diagnostic> check_cell(const script::Cell& cell) {
  std::vector<verdict::Diagnostic> out = check_refusal(cell);
  if (refusal_step(cell) == nullptr) out = gateway::read_config(cell.gateway.settings).errors;
  for (const script::Step& step : cell.steps)
    for (verdict::Diagnostic& error :
         step.actor == "gateway" ? check_gateway_step(step) : peers::check_step(step))
      out.push_back(std::move(error));
  for (const script::Peer& peer : cell.peers)
    for (verdict::Diagnostic& error : peers::read_settings(peer.settings).errors)
      out.push_back(std::move(error));
  return out;
}

} // namespace sipvet::runner
