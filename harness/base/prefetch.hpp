// A word to the processor about what will be read soon: changes nothing but time.
#pragma once

namespace sipvet {

inline void prefetch([[maybe_unused]] const void* address) {
#if defined(__GNUC__) // Clang as well
  __builtin_prefetch(address);
#endif
}

} // namespace sipvet
