// The names beside the subject (subjectAltName, RFC 5280 §4.2.1.6), between the library's form and ours; for
// this folder's .cpp files only.
#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>
#include <vector>

struct stack_st_GENERAL_NAME;

namespace sipvet::crypto {

struct AlternativeNames {
  std::vector<std::string> dns = {};
  std::vector<std::string> uris = {};
  std::vector<std::string> ips = {}; // as text

  bool empty() const { return dns.empty() && uris.empty() && ips.empty(); }
};

struct FreeGeneralNames {
  void operator()(stack_st_GENERAL_NAME* names) const;
};
using GeneralNames = std::unique_ptr<stack_st_GENERAL_NAME, FreeGeneralNames>;

// Fails on an IP address that is none, and on names that are not ASCII (IA5String).
Result<GeneralNames> to_library(const AlternativeNames& names);
// Kinds of names that SIP has no use for are left out.
AlternativeNames from_library(const stack_st_GENERAL_NAME* names);

} // namespace sipvet::crypto
