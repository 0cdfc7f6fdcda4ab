// Subjects as the fields people write them with: "C=DE,O=Lab,CN=gw.example.com".
#pragma once

#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

struct X509_name_st;
struct asn1_string_st;

namespace sipvet::crypto {

struct SubjectField {
  std::string type;  // C, ST, L, O, OU, CN or emailAddress
  std::string value; // UTF-8
  bool operator==(const SubjectField&) const = default;
};

// Fields parted by commas, in the order they stand in the certificate; "\" takes the special meaning from the
// character after it (RFC 4514 §2.4). Fails with the offset of a field that has no "=", an unknown type, or a
// value that is empty or too long for its type (RFC 5280 appendix A.1).
Result<std::vector<SubjectField>> parse_subject(std::string_view text);

// For this folder: adds the fields to a name of the library's.
Result<void> add_fields(X509_name_st* to, std::span<const SubjectField> fields);
// For this folder: "CN=gw.example.com,O=Lab" (RFC 2253 order and escapes, UTF-8 as it is); the last CN, empty
// when there is none; any string in UTF-8.
std::string text_of(const X509_name_st* name);
std::string common_name_of(const X509_name_st* name);
std::string text_of(const asn1_string_st* value);

} // namespace sipvet::crypto
