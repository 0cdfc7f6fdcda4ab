#include "runner/cell_run.hpp"

#include "analysis/inspect.hpp"
#include "peers/expectation.hpp"
#include "runner/capture_check.hpp"
#include "runner/lab_dns.hpp"
#include "runner/stage.hpp"
#include "runner/start_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace sipvet::runner {

namespace {

using verdict::Finding;
using verdict::Outcome;

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
           const std::string& folder, verdict::Result& result) {
  const std::string capture = folder + "/capture.pcapng";
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
  for (Finding& finding : check_captures(cell, stage.tap(), *report, stage.tls_servers(), folder))
    result.findings.push_back(std::move(finding));
}

// Who registers with a peer registers with one that there is, and that takes registrations.
void check_registrations(const script::Cell& cell, std::vector<verdict::Diagnostic>& out) {
  const auto is_proxy = [&](const std::string& name) {
    return std::any_of(cell.peers.begin(), cell.peers.end(), [&](const script::Peer& peer) {
      return peer.name == name && peers::read_settings(peer.settings).settings.proxy.acts;
    });
  };
  for (const script::Peer& peer : cell.peers) {
    const std::string proxy = peers::read_settings(peer.settings).settings.registers_with;
    if (!proxy.empty() && !is_proxy(proxy))
      out.push_back(
          {peer.at, fmt::format("'registers_with': there is no peer '{}' that acts as proxy", proxy)});
  }
  for (const script::Step& step : cell.steps)
    if (const script::Value* through = step.options.find("through"); through && !is_proxy(through->text))
      out.push_back({through->at, fmt::format("'through': '{}' does not act as proxy", through->text)});
}

// Whose voice a recording must hold.
void check_voices(const script::Cell& cell, std::vector<verdict::Diagnostic>& out) {
  for (const script::Step& step : cell.steps) {
    const script::Value* recording = step.argument.find("recording");
    const script::Value* voice = recording == nullptr ? nullptr : recording->find("voice");
    if (voice != nullptr &&
        std::ranges::find(cell.peers, voice->text, &script::Peer::name) == cell.peers.end())
      out.push_back({voice->at, fmt::format("'voice': there is no peer '{}'", voice->text)});
  }
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
    judge(cell, stage, conducted, options.evidence_folder, run.result);
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
  for (verdict::Diagnostic& error : check_zone(cell)) out.push_back(std::move(error));
  for (verdict::Diagnostic& error : check_capture_words(cell)) out.push_back(std::move(error));
  for (const script::Step& step : cell.steps)
    for (verdict::Diagnostic& error :
         step.actor == "gateway" ? check_gateway_step(step) : peers::check_step(step))
      out.push_back(std::move(error));
  for (const script::Peer& peer : cell.peers)
    for (verdict::Diagnostic& error : peers::read_settings(peer.settings).errors)
      out.push_back(std::move(error));
  check_registrations(cell, out);
  check_voices(cell, out);
  return out;
}

} // namespace sipvet::runner
