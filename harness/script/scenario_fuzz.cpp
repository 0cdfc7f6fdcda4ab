// Scenario texts: whatever stands in them, the reader ends, within its limits, with cells or with errors.
#include "script/catalogue.hpp"
#include "script/scenario_reader.hpp"

#include <cstdlib>
#include <string>
#include <vector>

using namespace sipvet::script;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ProfileStore profiles("");
  profiles.add_text("phone", "profile: phone\ntitle: t\nrole: both\npeer: {a: 1}\ngateway: {b: 2}\n");
  const Loaded loaded = load_scenario_text(text, "fuzz.yaml", profiles);
  if (loaded.errors.empty() == loaded.cells.empty()) std::abort();
  load_catalogue_text(text, "fuzz.yaml");
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {
      "scenario: a/b\ntitle: T ${mode}\ncovers: R-${mode}\nmatrix: {mode: [x, y], offer: [1, 2]}\n"
      "oracle:\n  answer:\n    x: {1: srtp, 2: 488}\n    y: rtp\n"
      "gateway: {profile: phone, k: \"${mode}\"}\npeers:\n  p: {profile: phone}\n  q:\n"
      "steps:\n  - p: {call: gateway, offer: srtp-only, headers: {A: b}}\n  - p: {expect: \"${answer}\", "
      "within: 2s}\n"
      "  - media: {between: [p, gateway], for: 200ms, if: answered}\n  - p: {hang up: gateway}\n"
      "wire: [tls: {connections: 1}, no_finding: x]\nknown_failure: {reason: r, finding: f}\ndeadline: 5s\n",
      "scenario: &n a/b\ntitle: *n\npeers: {p: }\nsteps:\n- p: &s {call: gateway}\n- p: *s\n",
      "requirements:\n  - {id: A-1, systems: [x, y], level: MUST, source: S, clause: C, text: T}\n",
      "a: &a [x, x]\nb: &b [*a, *a]\nc: |\n  text\n  $${x} ${y}\n",
  };
}
