#include "io/live_capture.hpp"

#include "io/pcapng_writer.hpp"

#include <atomic>
#include <pcap/pcap.h>
#include <poll.h>
#include <thread>

namespace sipvet::io {

namespace {

constexpr int snap_octets = 262'144;
// How long the kernel may collect frames before it hands them over; also how soon stop() is noticed.
constexpr int batch_ms = 50;
// Batches taken at most after stop().
constexpr int last_rounds = 20;
// Room in the kernel for bursts while this thread does not run.
constexpr int kernel_buffer_octets = 16 * 1024 * 1024;

using Handle = std::unique_ptr<pcap_t, decltype(&pcap_close)>;

Error cannot_capture(const std::string& name, const std::string& why) {
  return fail("cannot capture on " + name + ": " + why);
}

Error activation_error(pcap_t* handle, const std::string& name, int code) {
  if (code == PCAP_ERROR_PERM_DENIED)
    return cannot_capture(name, "no permission; run as root, or give the program the capability with "
                                "'setcap cap_net_raw,cap_net_admin=eip PROGRAM'");
  if (code == PCAP_ERROR_NO_SUCH_DEVICE) return cannot_capture(name, "there is no such interface");
  if (code == PCAP_ERROR_IFACE_NOT_UP) return cannot_capture(name, "the interface is down");
  const std::string detail = pcap_geterr(handle);
  return cannot_capture(name, detail.empty() ? pcap_statustostr(code) : detail);
}

Result<void> set_filter(pcap_t* handle, const std::string& name, const std::string& filter) {
  if (filter.empty()) return {};
  bpf_program program{};
  if (pcap_compile(handle, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return cannot_capture(name, "filter '" + filter + "': " + pcap_geterr(handle));
  const int set = pcap_setfilter(handle, &program);
  pcap_freecode(&program);
  if (set != 0) return cannot_capture(name, pcap_geterr(handle));
  return {};
}

Result<Handle> open_interface(const std::string& name, const std::string& filter) {
  char message[PCAP_ERRBUF_SIZE] = "";
  Handle handle(pcap_create(name.c_str(), message), pcap_close);
  if (!handle) return cannot_capture(name, message);
  pcap_set_snaplen(handle.get(), snap_octets);
  pcap_set_timeout(handle.get(), batch_ms);
  pcap_set_buffer_size(handle.get(), kernel_buffer_octets);
  const bool nanoseconds = pcap_set_tstamp_precision(handle.get(), PCAP_TSTAMP_PRECISION_NANO) == 0;
  const int code = pcap_activate(handle.get());
  if (code < 0) return activation_error(handle.get(), name, code);
  if (!nanoseconds) return cannot_capture(name, "no time stamps in nanoseconds");
  SIPVET_CHECK(set_filter(handle.get(), name, filter));
  if (pcap_setnonblock(handle.get(), 1, message) != 0) return cannot_capture(name, message);
  return handle;
}

} // namespace

struct LiveCapture::State {
  State(Handle opened, std::unique_ptr<PcapngWriter> to) : handle(std::move(opened)), writer(std::move(to)) {}

  Handle handle;
  std::unique_ptr<PcapngWriter> writer;
  std::thread thread;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> written = 0;
  std::atomic<std::uint64_t> dropped = 0;
  std::optional<Error> failed; // the thread's, until it is joined
  std::optional<Result<void>> stopped;

  static void take(unsigned char* self, const pcap_pkthdr* head, const unsigned char* octets) {
    State& state = *reinterpret_cast<State*>(self);
    const Instant time(std::chrono::seconds(head->ts.tv_sec) + Duration(head->ts.tv_usec));
    state.writer->frame(time, ByteView(octets, head->caplen), head->len);
    ++state.written;
  }

  void count_drops() {
    pcap_stat stat{};
    if (pcap_stats(handle.get(), &stat) == 0) dropped = std::uint64_t{stat.ps_drop} + stat.ps_ifdrop;
  }

  // After stop() was asked for, goes on until the kernel has nothing left, or more keeps coming.
  void run() {
    pollfd waiting{pcap_get_selectable_fd(handle.get()), POLLIN, 0};
    for (int rounds_left = last_rounds; rounds_left > 0;) {
      const bool last = stopping;
      const int ready = ::poll(&waiting, 1, last ? 2 * batch_ms : batch_ms);
      const int count = pcap_dispatch(handle.get(), -1, take, reinterpret_cast<unsigned char*>(this));
      if (count < 0) {
        failed = fail(std::string("the capture ended: ") + pcap_geterr(handle.get()));
        return;
      }
      count_drops();
      if (last) rounds_left = ready == 0 && count == 0 ? 0 : rounds_left - 1;
    }
  }
};

LiveCapture::LiveCapture(std::unique_ptr<State> state) : state_(std::move(state)) {}

LiveCapture::~LiveCapture() { [[maybe_unused]] const auto result = stop(); }

Result<std::unique_ptr<LiveCapture>> LiveCapture::start(const std::string& interface_name,
                                                        const std::string& path, const std::string& filter) {
  SIPVET_TRY(Handle handle, open_interface(interface_name, filter));
  const int data_link = pcap_datalink(handle.get());
  // Files have a number of their own for raw IP, since that of the interface differs between systems.
  const std::uint32_t link_type = data_link == DLT_RAW ? 101u : static_cast<std::uint32_t>(data_link);
  SIPVET_TRY(auto writer, PcapngWriter::create(path, link_type));
  auto state = std::make_unique<State>(std::move(handle), std::move(writer));
  state->thread = std::thread([raw = state.get()] { raw->run(); });
  return std::unique_ptr<LiveCapture>(new LiveCapture(std::move(state)));
}

LiveCaptureStats LiveCapture::stats() const { return {state_->written, state_->dropped}; }

Result<void> LiveCapture::stop() {
  if (state_->stopped) return *state_->stopped;
  state_->stopping = true;
  if (state_->thread.joinable()) state_->thread.join();
  Result<void> closed = state_->writer->close();
  if (state_->failed) closed = *state_->failed;
  state_->stopped = closed;
  return closed;
}

} // namespace sipvet::io
