#include "io/inflater.hpp"

#include <algorithm>
#include <climits>
#include <string>
#include <zlib.h>

namespace sipvet::io {

struct Inflater::State {
  z_stream stream{};
  bool in_member = false;
  bool begun = false;                                // a member was read to its end
  State() { inflateInit2(&stream, 16 + MAX_WBITS); } // 16: expect a gzip header
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { inflateEnd(&stream); }
};

bool looks_like_gzip(ByteView start) { return start.size() >= 2 && start[0] == 0x1F && start[1] == 0x8B; }

Inflater::Inflater() : state_(std::make_unique<State>()) {}
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;
Inflater::~Inflater() = default;

bool Inflater::complete() const { return !state_->in_member; }

Result<std::size_t> Inflater::inflate(ByteView& in, std::span<std::uint8_t> out) {
  std::size_t written = 0;
  while (!in.empty() && written < out.size()) {
    if (!state_->in_member && state_->begun) {
      const auto next = std::find_if(in.begin(), in.end(), [](std::uint8_t octet) { return octet != 0; });
      in = in.subspan(static_cast<std::size_t>(next - in.begin()));
      if (in.empty()) break;
    }
    state_->in_member = true;
    auto& stream = state_->stream;
    const auto room = std::min<std::size_t>(out.size() - written, INT_MAX);
    stream.next_in = const_cast<Bytef*>(in.data()); // zlib does not write to it
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), INT_MAX));
    stream.next_out = out.data() + written;
    stream.avail_out = static_cast<uInt>(room);
    const auto before = stream.avail_in;
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return fail(std::string("the gzip data is damaged: ") +
                  (stream.msg != nullptr ? stream.msg : "no dictionary is known for it"));
    in = in.subspan(before - stream.avail_in);
    written += room - stream.avail_out;
    if (code == Z_STREAM_END) {
      state_->in_member = false;
      state_->begun = true;
      inflateReset(&stream);
    } else if (before == stream.avail_in && room == stream.avail_out) {
      break;
    }
  }
  return written;
}

} // namespace sipvet::io
