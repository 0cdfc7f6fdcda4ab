// PEM blocks (RFC 7468) found in text, and written from DER.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::crypto {

struct PemBlock {
  std::string label;   // "CERTIFICATE"
  std::string headers; // lines before the empty one, as old encrypted keys have ("Proc-Type: 4,ENCRYPTED")
  Bytes der;
  std::size_t offset = 0; // of the block's "-----BEGIN" in the text
};

// All blocks in order; text between them is skipped. Fails at a block that does not end or is not base64. No
// block at all is an empty list.
Result<std::vector<PemBlock>> find_pem_blocks(std::string_view text);

// 64 characters a line, as RFC 7468 §2 asks of writers.
std::string to_pem(std::string_view label, ByteView der);

} // namespace sipvet::crypto
