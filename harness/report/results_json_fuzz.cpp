// results.json from elsewhere: read or refused, and what was read can be written and read again.
#include "report/results_json.hpp"

#include <cstdlib>
#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::report;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto run = read_results(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!run) return 0;
  const std::vector<verdict::Requirement> catalogue;
  const auto again = read_results(results_json({run->results, catalogue, false, run->target, run->version}));
  if (!again || again->results.size() != run->results.size()) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {
      R"({"schema":"sipvet-results/1","version":"1","target":"t","results":[{"id":"a","title":"t","outcome":"fail",
"covers":["R"],"duration_ms":1.5,"findings":[{"id":"f","severity":"error","witness":"wire","text":"t","requirement":"R",
"expected":"e","actual":"a","where":{"file":"x","line":1,"column":2},"frame":3,"fix":"","context":["inline:AAAA|1"]}],
"evidence":"e","observations":{"a":"b"}}]})"};
}
