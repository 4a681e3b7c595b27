// IWatcher: one thread that waits for the system's events, lets them settle and tells the sinks.
#pragma once

#include "file_events.h"
#include "settle.h"

#include "flin/watcher.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace flin::async {

class Watcher final : public IWatcher {
 public:
  ~Watcher() { stop(); }

  void attach(IHost& host, WatcherKind kind);
  void stop();

  Status watch(Text folder, IChangeSink& sink) noexcept override;
  void end(IChangeSink& sink) noexcept override;

 private:
  struct Watched {
    std::string folder;
    IChangeSink* sink;
  };
  void run();
  void tell(const std::vector<std::string>& paths);

  IHost* host_ = nullptr;
  WatcherKind kind_ = WatcherKind::kInotify;

  std::mutex lock_;  // guards all below
  std::condition_variable told_;
  std::unique_ptr<FileEvents> events_;  // made with the first folder
  std::vector<Watched> watched_;
  std::thread thread_;
  bool is_telling_ = false, is_ending_ = false;
};

}  // namespace flin::async
