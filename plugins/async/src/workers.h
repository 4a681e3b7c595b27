// A bounded pool of threads for work that blocks (IWorkers). Threads are made as work comes, up to
// the limit, and stay.
#pragma once

#include "flin/workers.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace flin::async {

class Workers final : public IWorkers {
 public:
  ~Workers() { stop(); }

  // At most that many threads, and pieces of work that wait. Before the first run().
  void attach(IHost& host, std::size_t threads, std::size_t queue);
  // Drops what waits and joins what runs. Nothing is taken afterwards.
  void stop();

  Status run(WorkFn fn, void* data, DropFn drop) noexcept override;

  std::size_t threads() const;
  std::size_t waiting() const;

 private:
  struct Work {
    WorkFn fn;
    void* data;
    DropFn drop;
  };
  void work();

  IHost* host_ = nullptr;
  std::size_t most_threads_ = 1, most_waiting_ = 1;

  mutable std::mutex lock_;  // guards all below
  std::condition_variable told_;
  std::deque<Work> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool is_ending_ = false;
};

}  // namespace flin::async
