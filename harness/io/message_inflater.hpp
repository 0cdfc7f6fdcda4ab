// Decompresses messages of WebSocket's permessage-deflate (RFC 7692 §7.2.2).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <memory>

namespace sipvet::io {

// Of one direction. What came before is remembered, as a sender may refer to it (§7.1.1); one that promised
// not to loses nothing by that.
class MessageInflater {
 public:
  MessageInflater();
  MessageInflater(MessageInflater&&) noexcept;
  MessageInflater& operator=(MessageInflater&&) noexcept;
  ~MessageInflater();

  // The next message, put together from its frames. Fails on damaged data, and on more than `most` octets.
  Result<Bytes> inflate(ByteView message, std::size_t most);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sipvet::io
