// sipvet inspect: decrypts and judges captures.
#include "cli/commands.hpp"

#include "analysis/finding_kinds.hpp"
#include "analysis/inspect.hpp"
#include "cli/inspect_expect.hpp"
#include "cli/inspect_files.hpp"
#include "cli/inspect_filter.hpp"
#include "cli/inspect_html.hpp"
#include "cli/inspect_ladder.hpp"
#include "cli/inspect_output.hpp"
#include "cli/terminal.hpp"

#include <CLI/CLI.hpp>
#include <malloc.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace sipvet::cli {

namespace {

struct Options {
  std::vector<std::string> captures, tls_keys, keylogs, tls_psks, srtp_keys, mikey_psks, mikey_keys, filters;
  std::string format = "text";
  bool format_given = false;
  bool show_keys = false;
  bool list_findings = false;
  std::string expect, decrypted, wav_folder;
  std::size_t jobs = 3;
  bool embed_secrets = false;
};

// Keys are read before anything else, so that a wrong one is not mistaken for a finding.
bool add_all(analysis::Keys& keys, const std::vector<std::string>& values, std::string_view option,
             Result<void> (*add)(analysis::Keys&, std::string_view)) {
  for (const std::string& value : values) {
    const auto added = add(keys, value);
    if (added) continue;
    std::fprintf(stderr, "sipvet: --%.*s: %s\n", static_cast<int>(option.size()), option.data(),
                 to_string(added.error()).c_str());
    return false;
  }
  return true;
}

Result<void> add_keylog(analysis::Keys& keys, std::string_view path) {
  return analysis::add_keylog_file(keys, std::string(path));
}

LadderStyle ladder_style() {
  const auto console = console_style(false);
  LadderStyle style;
  style.colour = console.colour;
  if (console.width != 0) style.width = console.width;
  return style;
}

void print(const analysis::Report& report, const Options& options) {
  const Print out = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  if (options.format == "json")
    inspect_json(report, out);
  else if (options.format == "html")
    out(inspect_html(report));
  else if (options.format == "ladder")
    out(inspect_ladder(report, ladder_style()));
  else
    inspect_text(report, out);
}

// What the capture holds is measured against the file alone: findings are bad only where it says so.
Exit expectations_hold(const analysis::Report& report, const std::string& path) {
  const auto wanted = script::load_yaml_file(path);
  const auto outcome = compare_expectations(
      wanted, asks_for_messages(wanted) ? inspect_json(report) : inspect_json_without_messages(report));
  for (const auto& error : outcome.errors) std::fprintf(stderr, "%s\n", to_string(error).c_str());
  if (!outcome.errors.empty()) return Exit::bad_input;
  for (const auto& difference : outcome.differences)
    std::printf("%s: %s\n", to_string(difference.at).c_str(), difference.message.c_str());
  std::printf("%zu of %zu expectations differ\n", outcome.differences.size(), outcome.compared);
  return outcome.differences.empty() ? Exit::good : Exit::check_failed;
}

Exit list_findings() {
  std::fputs(analysis::finding_kinds_markdown().c_str(), stdout);
  return Exit::good;
}

// Of all captures together; 0 where one has no size, as standard input.
std::uint64_t octets_of(const std::vector<std::string>& captures) {
  std::uint64_t sum = 0;
  for (const auto& capture : captures) {
    std::error_code failed;
    const auto octets = std::filesystem::file_size(capture, failed);
    if (failed) return 0;
    sum += octets;
  }
  return sum;
}

Exit failed(const Error& error, Exit code) {
  std::fprintf(stderr, "sipvet: %s\n", to_string(error).c_str());
  return code;
}

Exit inspect(const Options& options) {
  analysis::Keys keys;
  const bool usable = add_all(keys, options.tls_keys, "tls-key", analysis::add_tls_keys) &&
                      add_all(keys, options.keylogs, "keylog", add_keylog) &&
                      add_all(keys, options.tls_psks, "tls-psk", analysis::add_tls_psk) &&
                      add_all(keys, options.srtp_keys, "srtp-key", analysis::add_srtp_key) &&
                      add_all(keys, options.mikey_psks, "mikey-psk", analysis::add_mikey_psk) &&
                      add_all(keys, options.mikey_keys, "mikey-key", analysis::add_mikey_key);
  if (!usable) return Exit::bad_input;

  std::vector<Filter> filters;
  for (const auto& text : options.filters) {
    const auto filter = parse_filter(text);
    if (!filter) {
      std::fprintf(stderr, "sipvet: --filter: %s\n", to_string(filter.error()).c_str());
      return Exit::bad_input;
    }
    filters.push_back(*filter);
  }

  // A heap for each thread would hold what that thread gave back, 20 MB of it with thousands of calls, and
  // the two threads seldom ask at the same time.
  mallopt(M_ARENA_MAX, 1);
  analysis::Options judged;
  judged.show_keys = options.show_keys;
  judged.jobs = options.jobs;
  judged.keep_message_text = options.show_keys; // a message may hold SDES keys
  StatusLine status(is_terminal());
  judged.progress = [&](std::uint64_t octets) {
    if (is_terminal()) status.show(progress_text(octets, octets_of(options.captures)));
  };
  InspectFiles files(options.captures, options.keylogs, options.decrypted, options.embed_secrets,
                     options.wav_folder);
  if (const auto opened = files.open(judged.sinks); !opened) return failed(opened.error(), Exit::environment);
  const auto report = analysis::inspect(options.captures, keys, judged);
  status.clear();
  if (!report) return failed(report.error(), Exit::bad_input);
  if (const auto written = files.finish(*report); !written) return failed(written.error(), Exit::environment);
  if (!options.expect.empty()) {
    if (options.format_given) print(filtered(*report, filters), options);
    return expectations_hold(*report, options.expect);
  }
  if (options.format == "json" || filters.empty())
    print(*report, options);
  else
    print(filtered(*report, filters), options);
  return analysis::worst(*report) == verdict::Severity::error ? Exit::check_failed : Exit::good;
}

} // namespace
void add_inspect(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("inspect", "Decrypt and judge captures");
  const auto options = std::make_shared<Options>();
  command->add_option("CAPTURE", options->captures, "pcap or pcapng files, read one after another");
  // One value for each time an option is given: a capture may follow it.
  const auto add_list = [command](const char* name, std::vector<std::string>& values, const char* help) {
    command->add_option(name, values, help)->allow_extra_args(false);
  };
  add_list("--tls-key", options->tls_keys, "ADDRESS,PORT,PROTOCOL,KEYFILE[;…]: RSA keys of TLS servers");
  add_list("--keylog", options->keylogs, "TLS key log file (NSS format)");
  add_list("--tls-psk", options->tls_psks, "IDENTITY:HEX: pre-shared key of TLS");
  add_list("--srtp-key", options->srtp_keys,
           "SUITE:BASE64, SUITE:hex:HEX, either with @0xSSRC, or dtls:FILE");
  add_list("--mikey-psk", options->mikey_psks, "MIKEY pre-shared key: text, or hex:HEX");
  add_list("--mikey-key", options->mikey_keys,
           "RSA key of the side that answers, for MIKEY's public-key messages: KEYFILE[,PASSWORD]");
  command->add_option("--format", options->format, "what to print")
      ->check(CLI::IsMember({"text", "json", "ladder", "html"}))
      ->capture_default_str();
  add_list("--filter", options->filters,
           "call:TEXT, address:IP[:PORT] or method:NAME: only that part (not for json)");
  auto* decrypted = command->add_option("--write-decrypted", options->decrypted,
                                        "pcapng file without TLS and SRTP: plain SIP and RTP");
  command
      ->add_flag("--embed-secrets", options->embed_secrets,
                 "write the captured frames instead, with the TLS secrets that open them inside")
      ->needs(decrypted);
  command->add_option("--wav", options->wav_folder, "folder for a WAV file of each direction of G.711 calls");
  command->add_option("--expect", options->expect, "YAML file that says what must be found");
  command->add_option("--jobs", options->jobs, "threads that read; the result does not depend on it")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_flag("--list-findings", options->list_findings, "print every kind of finding, and end");
  command->add_flag("--show-keys", options->show_keys, "print traffic keys and the text of messages");
  command->callback([&work, options, command] {
    options->format_given = command->count("--format") > 0;
    if (options->captures.empty() && !options->list_findings) throw CLI::RequiredError("CAPTURE");
    work = [options] { return options->list_findings ? list_findings() : inspect(*options); };
  });
}

} // namespace sipvet::cli
