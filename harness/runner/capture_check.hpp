// What others can make of the capture of a run (`wire: {capture: …}`): those who have RSA keys of servers,
// and neither the run's secrets nor perhaps its beginning.
#pragma once

#include "analysis/report.hpp"
#include "io/capture_tap.hpp"
#include "script/scenario.hpp"
#include "verdict/verdict.hpp"

#include <map>
#include <string>
#include <vector>

namespace sipvet::runner {

// A TLS server of the run.
struct TlsServerPlace {
  Endpoint at;
  std::string private_key_pem;
};

// `whole` is what the run itself made of its capture; `folder` takes the other captures, and for a moment the
// key files.
std::vector<verdict::Finding> check_captures(const script::Cell& cell, const io::CaptureTap& tap,
                                             const analysis::Report& whole,
                                             const std::map<std::string, TlsServerPlace>& servers,
                                             const std::string& folder);

// What of such a check can be seen to be wrong before anything runs.
std::vector<verdict::Diagnostic> check_capture_words(const script::Cell& cell);

} // namespace sipvet::runner
