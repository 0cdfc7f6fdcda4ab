// Hands what packets carry to its reader on another thread, in the order it came: what the reader makes of it
// does not depend on there being two.
#pragma once

#include "analysis/content_sink.hpp"
#include "base/bytes.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace sipvet::analysis {

class ContentQueue final : public ContentSink {
 public:
  // What waits for the reader at most; who hands over more waits.
  static constexpr std::size_t most_batches = 8;
  static constexpr std::size_t batch_octets = 128 * 1024;
  static constexpr std::size_t batch_events = 1024;

  // From now on only the thread made here calls `reader`, until finish() or destruction.
  explicit ContentQueue(ContentSink& reader);
  ~ContentQueue() override;
  ContentQueue(const ContentQueue&) = delete;
  ContentQueue& operator=(const ContentQueue&) = delete;

  void on_sip(const SipOrigin& origin, frames::Captured at, const sip::MessageView& message) override;
  void on_turn(const SipOrigin& origin, frames::Captured at, ByteView message) override;
  void on_framing_lost(const SipOrigin& origin, frames::Captured at, const Error& error) override;
  void on_plaintext(const SipOrigin& from, ByteView octets, frames::Captured at) override;
  void on_plaintext_gap(const SipOrigin& from, frames::Captured at) override;
  void on_plaintext_end(std::size_t connection) override;
  void on_datagram(const frames::Datagram& datagram, frames::Captured at) override;
  void on_secret(std::string_view line) override;

  // Waits until the reader has everything, and `last` was called on its thread: what is put together there
  // takes the memory that was given back there. What either threw comes out here; then `last` is not called.
  void finish(std::function<void()> last = {});

 private:
  enum class Kind { sip, turn, framing_lost, plaintext, plaintext_gap, plaintext_end, datagram, secret };
  struct Event {
    Kind kind{};
    SipOrigin origin; // of a datagram: its addresses only
    frames::Captured at;
    std::size_t octets = 0;                       // that belong to it, of its batch
    std::optional<std::size_t> error_offset = {}; // of framing_lost, whose octets are the text
  };
  struct Batch {
    Bytes octets;
    std::vector<Event> events;
  };

  void add(Kind kind, const SipOrigin& origin, frames::Captured at, ByteView octets,
           std::optional<std::size_t> error_offset = {});
  void hand_over();
  void work();
  void read_all();
  void read(const Batch& batch);
  void read(const Event& event, ByteView octets);
  void stop();

  ContentSink& reader_;
  Batch batch_; // being filled

  std::mutex mutex_; // of all that follows
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  std::vector<Batch> spare_;
  bool ended_ = false;
  std::function<void()> last_;
  std::exception_ptr failure_;

  std::thread thread_; // the last: it uses all the others
};

} // namespace sipvet::analysis
