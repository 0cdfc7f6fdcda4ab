#include "analysis/frame_queue.hpp"

#include "base/prefetch.hpp"

#include <utility>

namespace sipvet::analysis {

namespace {
constexpr std::size_t cache_line_octets = 64;
}

FrameQueue::FrameQueue(std::function<void(FrameSink&)> read_files)
    : thread_([this, read = std::move(read_files)] { work(read); }) {}

FrameQueue::~FrameQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void FrameQueue::on_frame(io::CapturedFrame frame) {
  octets_ += frame.data.size();
  batch_.emplace_back(std::move(frame));
  if (octets_ >= batch_octets || batch_.size() >= batch_events) put_batch();
}

void FrameQueue::on_secret_line(std::string line) { batch_.emplace_back(Secret{std::move(line)}); }

void FrameQueue::on_unreadable(std::size_t file, std::size_t last_frame, Error error) {
  batch_.emplace_back(Unreadable{file, last_frame, std::move(error)});
}

void FrameQueue::put_batch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || waiting_.size() < most_batches; });
  if (stopped_) throw Stopped();
  waiting_.push_back(std::exchange(batch_, {}));
  octets_ = 0;
  lock.unlock();
  changed_.notify_all();
}

void FrameQueue::work(const std::function<void(FrameSink&)>& read_files) {
  std::exception_ptr failure;
  try {
    read_files(*this);
    put_batch();
  } catch (const Stopped&) {
    return;
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    failure_ = failure;
  }
  changed_.notify_all();
}

// False at the end.
bool FrameQueue::take_batch(Batch& batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
  if (waiting_.empty()) {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return false;
  }
  batch = std::move(waiting_.front());
  waiting_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return true;
}

void FrameQueue::hand_over(FrameSink& to) {
  Batch batch;
  while (take_batch(batch)) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (i + 1 < batch.size())
        if (const auto* next = std::get_if<io::CapturedFrame>(&batch[i + 1])) {
          prefetch(next->data.data());
          prefetch(next->data.data() + cache_line_octets);
        }
      Event& event = batch[i];
      if (auto* frame = std::get_if<io::CapturedFrame>(&event))
        to.on_frame(std::move(*frame));
      else if (auto* secret = std::get_if<Secret>(&event))
        to.on_secret_line(std::move(secret->line));
      else if (auto* unreadable = std::get_if<Unreadable>(&event))
        to.on_unreadable(unreadable->file, unreadable->last_frame, std::move(unreadable->error));
    }
    batch.clear();
  }
}

} // namespace sipvet::analysis
