#include "base/writer.hpp"

namespace sipvet {

Writer& Writer::big_endian(std::uint64_t value, std::size_t count) {
  for (std::size_t i = count; i-- > 0;) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return *this;
}

Writer& Writer::bytes(ByteView octets) {
  append(out_, octets);
  return *this;
}

Writer& Writer::zeros(std::size_t count) {
  out_.resize(out_.size() + count);
  return *this;
}

Writer::Prefix::Prefix(Writer& writer, std::size_t width)
    : writer_(writer), width_(width), at_(writer.out_.size()) {
  writer_.zeros(width);
}

Writer::Prefix::~Prefix() {
  const std::size_t length = writer_.out_.size() - at_ - width_;
  for (std::size_t i = 0; i < width_; ++i)
    writer_.out_[at_ + i] = static_cast<std::uint8_t>(length >> (8 * (width_ - 1 - i)));
}

} // namespace sipvet
