// sipvet inspect: decrypts and judges captures.
#include "cli/commands.hpp"

#include "analysis/inspect.hpp"
#include "cli/inspect_output.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace sipvet::cli {

namespace {

struct Options {
  std::vector<std::string> captures, tls_keys, keylogs, tls_psks, srtp_keys, mikey_psks;
  std::string format = "text";
  bool show_keys = false;
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

Exit inspect(const Options& options) {
  analysis::Keys keys;
  const bool usable = add_all(keys, options.tls_keys, "tls-key", analysis::add_tls_keys) &&
                      add_all(keys, options.keylogs, "keylog", add_keylog) &&
                      add_all(keys, options.tls_psks, "tls-psk", analysis::add_tls_psk) &&
                      add_all(keys, options.srtp_keys, "srtp-key", analysis::add_srtp_key) &&
                      add_all(keys, options.mikey_psks, "mikey-psk", analysis::add_mikey_psk);
  if (!usable) return Exit::bad_input;

  analysis::Options judged;
  judged.show_keys = options.show_keys;
  judged.keep_message_text = options.show_keys; // a message may hold SDES keys
  const auto report = analysis::inspect(options.captures, keys, judged);
  if (!report) {
    std::fprintf(stderr, "sipvet: %s\n", to_string(report.error()).c_str());
    return Exit::bad_input;
  }
  const std::string text = options.format == "json" ? inspect_json(*report) : inspect_text(*report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return analysis::worst(*report) == verdict::Severity::error ? Exit::check_failed : Exit::good;
}

} // namespace

void add_inspect(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("inspect", "Decrypt and judge captures");
  const auto options = std::make_shared<Options>();
  command->add_option("CAPTURE", options->captures, "pcap or pcapng files, read one after another")
      ->required();
  command->add_option("--tls-key", options->tls_keys,
                      "ADDRESS,PORT,PROTOCOL,KEYFILE[;…]: RSA keys of TLS servers");
  command->add_option("--keylog", options->keylogs, "TLS key log file (NSS format)");
  command->add_option("--tls-psk", options->tls_psks, "IDENTITY:HEX: pre-shared key of TLS");
  command->add_option("--srtp-key", options->srtp_keys,
                      "SUITE:BASE64, SUITE:hex:HEX, either with @0xSSRC, or dtls:FILE");
  command->add_option("--mikey-psk", options->mikey_psks, "MIKEY pre-shared key: text, or hex:HEX");
  command->add_option("--format", options->format, "what to print")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_flag("--show-keys", options->show_keys, "print traffic keys and the text of messages");
  command->callback([&work, options] { work = [options] { return inspect(*options); }; });
}

} // namespace sipvet::cli
