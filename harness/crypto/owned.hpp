// Owning pointers for C objects that come with a function to free them.
#pragma once

#include <memory>

namespace sipvet::crypto {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <typename T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

} // namespace sipvet::crypto
