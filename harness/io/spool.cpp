#include "io/spool.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

namespace sipvet::io {

namespace {
constexpr std::size_t write_octets = 64 * 1024;

Error failed(const char* what) { return fail(std::string(what) + ": " + std::strerror(errno)); }
} // namespace

Result<std::shared_ptr<Spool>> Spool::make() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  if (error) return fail("no folder for temporary files: " + error.message());
  std::string path = (folder / "sipvet-XXXXXX").string();
  Fd file(::mkstemp(path.data()));
  if (!file) return failed("cannot make a temporary file");
  ::unlink(path.c_str());
  return std::shared_ptr<Spool>(new Spool(std::move(file)));
}

Result<void> Spool::write_out() {
  for (ByteView rest = unwritten_; !rest.empty();) {
    const auto done = ::pwrite(file_.get(), rest.data(), rest.size(),
                               static_cast<off_t>(written_ + unwritten_.size() - rest.size()));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return failed("cannot write a temporary file");
    rest = rest.subspan(static_cast<std::size_t>(done));
  }
  written_ += unwritten_.size();
  unwritten_.clear();
  return {};
}

Result<std::uint64_t> Spool::append(ByteView octets) {
  if (unwritten_.size() + octets.size() > write_octets) SIPVET_CHECK(write_out());
  const std::uint64_t offset = written_ + unwritten_.size();
  sipvet::append(unwritten_, octets);
  return offset;
}

Result<Bytes> Spool::read(std::uint64_t offset, std::size_t octets) {
  if (offset + octets > written_) SIPVET_CHECK(write_out());
  Bytes out(octets);
  for (std::size_t got = 0; got < octets;) {
    const auto done = ::pread(file_.get(), out.data() + got, octets - got, static_cast<off_t>(offset + got));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return failed("cannot read a temporary file");
    if (done == 0) return fail("a temporary file is shorter than what was written to it");
    got += static_cast<std::size_t>(done);
  }
  return out;
}

} // namespace sipvet::io
