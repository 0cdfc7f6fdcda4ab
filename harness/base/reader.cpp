#include "base/reader.hpp"

#include <fmt/format.h>

namespace sipvet {

Error Reader::missing(std::size_t count, std::string_view field) const {
  return fail(fmt::format("{} needs {} octets, only {} are left", field, count, remaining()), offset());
}

ByteView Reader::rest() {
  const ByteView out = input_.subspan(at_);
  at_ = input_.size();
  return out;
}

namespace {

// A length that cannot be followed leaves the reader where it was, so that callers may try another reading.
template <typename Length>
Result<Reader> prefixed(Reader& reader, Result<Length> (Reader::*length)(std::string_view),
                        std::string_view field) {
  Reader ahead = reader;
  SIPVET_TRY(const Length count, (ahead.*length)(field));
  SIPVET_TRY(Reader inner, ahead.sub(count, field));
  reader = ahead;
  return inner;
}

} // namespace

Result<Reader> Reader::sub_prefixed8(std::string_view field) { return prefixed(*this, &Reader::u8, field); }
Result<Reader> Reader::sub_prefixed16(std::string_view field) { return prefixed(*this, &Reader::u16, field); }
Result<Reader> Reader::sub_prefixed24(std::string_view field) { return prefixed(*this, &Reader::u24, field); }

Result<void> Reader::expect_end(std::string_view structure) const {
  if (empty()) return {};
  return fail(fmt::format("{} has {} octets too many", structure, remaining()), offset());
}

} // namespace sipvet
