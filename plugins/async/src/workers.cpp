#include "workers.h"

#include <string>
#include <system_error>

namespace flin::async {

void Workers::attach(IHost& host, std::size_t threads, std::size_t queue) {
  host_ = &host;
  most_threads_ = threads;
  most_waiting_ = queue;
}

Status Workers::run(WorkFn fn, void* data, DropFn drop) noexcept {
  const auto refused = [this](const std::string& message) {
    return host_->fail(code('R', 302), Text(std::string_view(message)));
  };
  try {
    const std::lock_guard lock(lock_);
    if (is_ending_) return refused("the server stops");
    if (waiting_.size() >= most_waiting_)
      return refused("queue of the worker threads is full (" + std::to_string(most_waiting_) +
                     ", setting async.queue)");
    if (idle_ <= waiting_.size() && threads_.size() < most_threads_)
      threads_.emplace_back([this] { work(); });
    waiting_.push_back({fn, data, drop});
    told_.notify_one();
    return {};
  } catch (const std::system_error& e) {  // no thread to be had
    return refused(std::string("no worker thread could be started: ") + e.what());
  } catch (const std::exception& e) { return refused(e.what()); }
}

void Workers::work() {
  std::unique_lock lock(lock_);
  for (;;) {
    ++idle_;
    told_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    --idle_;
    if (is_ending_) return;
    const Work next = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    next.fn(next.data);
    lock.lock();
  }
}

void Workers::stop() {
  std::deque<Work> dropped;
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(lock_);
    is_ending_ = true;
    dropped.swap(waiting_);
    threads.swap(threads_);
    told_.notify_all();
  }
  for (const Work& work : dropped)
    if (work.drop != nullptr) work.drop(work.data);
  for (std::thread& thread : threads) thread.join();
}

std::size_t Workers::threads() const {
  const std::lock_guard lock(lock_);
  return threads_.size();
}

std::size_t Workers::waiting() const {
  const std::lock_guard lock(lock_);
  return waiting_.size();
}

}  // namespace flin::async
