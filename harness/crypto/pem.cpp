#include "crypto/pem.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

namespace sipvet::crypto {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr std::size_t line_characters = 64;

// The headers of RFC 1421 §4.4, if any, end at an empty line; `body` keeps what follows.
std::string take_headers(std::string_view& body) {
  const std::string_view first_line = body.substr(0, body.find('\n'));
  if (first_line.find(':') == std::string_view::npos) return {};
  std::string headers;
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    const std::string_view line = trim(body.substr(0, end));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    if (line.empty()) break;
    headers.append(line).append("\n");
  }
  return headers;
}

Result<Bytes> decode_body(std::string_view body) {
  std::string packed;
  for (const char c : body) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') packed.push_back(c);
  }
  return from_base64(packed);
}

} // namespace

Result<std::vector<PemBlock>> find_pem_blocks(std::string_view text) {
  std::vector<PemBlock> blocks;
  for (std::size_t at = text.find(begin_mark); at != std::string_view::npos; at = text.find(begin_mark, at)) {
    PemBlock block;
    block.offset = at;
    const std::size_t label_at = at + begin_mark.size();
    const std::size_t label_end = text.find(dashes, label_at);
    const std::size_t line_end = text.find('\n', at);
    if (label_end == std::string_view::npos || line_end == std::string_view::npos || label_end > line_end)
      return fail("a PEM block's first line does not end with -----", at);
    block.label = text.substr(label_at, label_end - label_at);
    const std::string ending = std::string(end_mark) + block.label + std::string(dashes);
    const std::size_t end = text.find(ending, line_end);
    if (end == std::string_view::npos) return fail("the PEM block " + block.label + " has no " + ending, at);
    std::string_view body = text.substr(line_end + 1, end - line_end - 1);
    block.headers = take_headers(body);
    auto der = decode_body(body);
    if (!der) return fail("the PEM block " + block.label + " is not base64: " + der.error().what, at);
    block.der = std::move(*der);
    blocks.push_back(std::move(block));
    at = end + ending.size();
  }
  return blocks;
}

std::string to_pem(std::string_view label, ByteView der) {
  const std::string body = to_base64(der);
  std::string out = std::string(begin_mark) + std::string(label) + std::string(dashes) + "\n";
  for (std::size_t at = 0; at < body.size(); at += line_characters)
    out.append(body, at, line_characters).append("\n");
  return out.append(end_mark).append(label).append(dashes).append("\n");
}

} // namespace sipvet::crypto
