// Lets captures be read on another thread than the packets in them, in the same order.
#pragma once

#include "analysis/frame_sink.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace sipvet::analysis {

class FrameQueue final : private FrameSink {
 public:
  // What waits for the reader of packets at most; who reads the files waits then.
  static constexpr std::size_t most_batches = 4;
  static constexpr std::size_t batch_octets = 64 * 1024;
  static constexpr std::size_t batch_events = 256;

  // `read_files` runs on a thread of its own, and gives what it reads to the sink it is called with.
  explicit FrameQueue(std::function<void(FrameSink&)> read_files);
  // Before the end of hand_over(), ends the other thread as soon as it gives something.
  ~FrameQueue() override;
  FrameQueue(const FrameQueue&) = delete;
  FrameQueue& operator=(const FrameQueue&) = delete;

  // Hands over all there is, and waits for it, on this thread. What the other threw comes out here.
  void hand_over(FrameSink& to);

 private:
  struct Secret {
    std::string line;
  };
  struct Unreadable {
    std::size_t file;
    std::size_t last_frame;
    Error error;
  };
  using Event = std::variant<io::CapturedFrame, Secret, Unreadable>;
  using Batch = std::vector<Event>;
  struct Stopped {};

  void on_frame(io::CapturedFrame frame) override;
  void on_secret_line(std::string line) override;
  void on_unreadable(std::size_t file, std::size_t last_frame, Error error) override;

  void work(const std::function<void(FrameSink&)>& read_files);
  void put_batch();
  bool take_batch(Batch& batch);

  Batch batch_; // being filled
  std::size_t octets_ = 0;

  std::mutex mutex_; // of all that follows
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  bool ended_ = false;   // nothing more will come
  bool stopped_ = false; // nothing more is wanted
  std::exception_ptr failure_;

  std::thread thread_; // the last: it uses all the others
};

} // namespace sipvet::analysis
