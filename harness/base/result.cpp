#include "base/result.hpp"

#include <stdexcept>

namespace sipvet {

std::string to_string(const Error& error) {
  if (!error.offset) return error.what;
  return error.what + " (at octet " + std::to_string(*error.offset) + ")";
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(to_string(error));
}

} // namespace sipvet
