// DER of a C object of the library, by the i2d_… function that belongs to its type.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>

namespace sipvet::crypto {

// Empty where there is no object, or the library cannot write it (its error queue then says why).
template <auto ToDer, typename Object>
Bytes encode_der(const Object* object) {
  const int size = object != nullptr ? ToDer(object, nullptr) : 0;
  if (size <= 0) return {};
  Bytes out(static_cast<std::size_t>(size));
  unsigned char* at = out.data();
  if (ToDer(object, &at) != size) return {};
  return out;
}

} // namespace sipvet::crypto
