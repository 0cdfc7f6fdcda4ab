// Writes pcapng (draft-ietf-opsawg-pcapng), little-endian.
#include "io/pcapng_writer.hpp"

#include "io/posix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace sipvet::io {

namespace {

constexpr std::size_t buffer_octets = 256 * 1024;
constexpr std::uint32_t snap_octets = 262'144;
constexpr std::uint8_t nanoseconds = 9; // if_tsresol: 10^-9

void put(Bytes& out, std::uint64_t value, std::size_t octets) {
  for (std::size_t i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_padded(Bytes& out, ByteView content) {
  append(out, content);
  out.resize(out.size() + (4 - content.size() % 4) % 4);
}

void put_option(Bytes& out, std::uint16_t code, ByteView value) {
  put(out, code, 2);
  put(out, value.size(), 2);
  put_padded(out, value);
}

void put_block(Bytes& out, std::uint32_t type, ByteView body) {
  const std::size_t total = 12 + body.size();
  put(out, type, 4);
  put(out, total, 4);
  append(out, body);
  put(out, total, 4);
}

Bytes section_header() {
  Bytes body;
  put(body, 0x1A2B3C4D, 4);
  put(body, 1, 2);
  put(body, 0, 2);
  put(body, ~std::uint64_t{0}, 8); // section length not stated
  put_option(body, 4, as_bytes("sipvet"));
  put_option(body, 0, {});
  return body;
}

Bytes interface_description(std::uint32_t link_type) {
  Bytes body;
  put(body, link_type, 2);
  put(body, 0, 2);
  put(body, snap_octets, 4);
  put_option(body, 9, ByteView(&nanoseconds, 1));
  put_option(body, 0, {});
  return body;
}

} // namespace

struct PcapngWriter::State {
  std::string path;
  Fd file;
  Bytes buffer;
  std::optional<Error> failed;
  std::vector<std::uint32_t> link_types; // of the interfaces, by number

  std::uint32_t interface_of(std::uint32_t link_type) {
    const auto found = std::ranges::find(link_types, link_type);
    if (found != link_types.end()) return static_cast<std::uint32_t>(found - link_types.begin());
    put_block(buffer, 1, interface_description(link_type));
    link_types.push_back(link_type);
    return static_cast<std::uint32_t>(link_types.size() - 1);
  }

  void write_out() {
    for (ByteView rest = buffer; !rest.empty() && !failed;) {
      const ssize_t done = ::write(file.get(), rest.data(), rest.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0)
        failed = fail("cannot write " + path + ": " + std::strerror(errno));
      else
        rest = rest.subspan(static_cast<std::size_t>(done));
    }
    buffer.clear();
  }
  void write_out_when_full() {
    if (buffer.size() >= buffer_octets) write_out();
  }
  Result<void> result() const {
    if (failed) return *failed;
    return {};
  }
};

PcapngWriter::PcapngWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PcapngWriter::~PcapngWriter() { state_->write_out(); }

Result<std::unique_ptr<PcapngWriter>> PcapngWriter::create(const std::string& path,
                                                           std::optional<std::uint32_t> link_type) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->file = Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!state->file) return fail("cannot create " + path + ": " + std::strerror(errno));
  put_block(state->buffer, 0x0A0D0D0A, section_header());
  if (link_type) state->interface_of(*link_type);
  return std::unique_ptr<PcapngWriter>(new PcapngWriter(std::move(state)));
}

void PcapngWriter::frame(Instant time, ByteView data) { frame(time, data, data.size()); }

void PcapngWriter::frame(Instant time, ByteView data, std::size_t original_octets) {
  frame_on(0, time, data, original_octets);
}

void PcapngWriter::frame(Instant time, ByteView data, std::size_t original_octets, std::uint32_t link_type) {
  frame_on(state_->interface_of(link_type), time, data, original_octets);
}

void PcapngWriter::frame_on(std::uint32_t interface, Instant time, ByteView data,
                            std::size_t original_octets) {
  data = data.first(std::min<std::size_t>(data.size(), snap_octets));
  const auto ticks = static_cast<std::uint64_t>(time.time_since_epoch().count());
  const std::size_t total = 32 + (data.size() + 3) / 4 * 4;
  Bytes& out = state_->buffer;
  put(out, 6, 4);
  put(out, total, 4);
  put(out, interface, 4);
  put(out, ticks >> 32, 4);
  put(out, ticks, 4);
  put(out, data.size(), 4);
  put(out, original_octets, 4);
  put_padded(out, data);
  put(out, total, 4);
  state_->write_out_when_full();
}

void PcapngWriter::secrets(std::string_view keylog_text) {
  if (keylog_text.empty()) return;
  Bytes body;
  put(body, 0x544C534B, 4); // TLS key log
  put(body, keylog_text.size(), 4);
  put_padded(body, as_bytes(keylog_text));
  put_block(state_->buffer, 10, body);
  state_->write_out_when_full();
}

Result<void> PcapngWriter::flush() {
  state_->write_out();
  return state_->result();
}

Result<void> PcapngWriter::close() {
  state_->write_out();
  if (state_->file && ::close(state_->file.release()) != 0 && !state_->failed)
    state_->failed = fail("cannot write " + state_->path + ": " + std::strerror(errno));
  return state_->result();
}

} // namespace sipvet::io
