#include "feed.h"

#include <algorithm>

namespace flin::store {

// Passes each change on and ends a commit when the next one begins.
class Feed::Fan final : public ICommitSink {
 public:
  explicit Fan(Feed& feed) : feed_(feed) {}

  std::uint32_t changed(std::uint64_t seq, const Change& change, const Row* before,
                        const Row* after) noexcept override {
    if (seq != seq_) end();
    seq_ = seq;
    for (ICommitSink* sink : feed_.sinks_) sink->changed(seq, change, before, after);
    if (feed_.watches_) feed_.watches_->change(change, before, after);
    return 1;
  }
  void end() {
    if (seq_ == 0) return;
    if (feed_.watches_) feed_.watches_->end_commit(seq_);
    feed_.fed_ = seq_;
    seq_ = 0;
  }

 private:
  Feed& feed_;
  std::uint64_t seq_ = 0;
};

void Feed::drain() {
  if (feeder_ == std::this_thread::get_id()) {
    is_asked_again_ = true;
    return;
  }
  const std::lock_guard lock(mutex_);
  feeder_ = std::this_thread::get_id();
  do {
    is_asked_again_ = false;
    read_log();
  } while (is_asked_again_);
  trim();
  feeder_ = std::thread::id();
}

void Feed::read_log() {
  Fan fan(*this);
  const bool is_complete = backend_.log(fed_, 0, fan) != 0;
  fan.end();
  if (is_complete) return;
  // The log was trimmed behind our back: nobody can tell what changed, so everything did.
  const Snapshot newest = backend_.snapshot();
  backend_.release(newest);
  if (newest.seq <= fed_) return;
  fed_ = newest.seq;
  if (!watches_) return;
  watches_->change_all();
  watches_->end_commit(fed_);
}

// Not at every commit: in a database each trim is a delete.
void Feed::trim() {
  const std::uint64_t step = std::max<std::uint64_t>(log_keep_ / 16, 1);
  if (fed_ - trimmed_at_ < step) return;
  backend_.trim(log_keep_);
  trimmed_at_ = fed_;
}

}  // namespace flin::store
