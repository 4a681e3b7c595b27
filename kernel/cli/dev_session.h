// flin dev (L 8.7): watches the files of a program and puts what they say in service while they
// change. Compiling runs on worker threads; pages and the terminal hear how it went.
#pragma once

#include "base/log.h"
#include "cli/program_loader.h"
#include "flin/watcher.h"
#include "flin/workers.h"
#include "pages/pages_service.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace flin::cli {

class DevSession final : public IChangeSink {
 public:
  struct Parts {
    ProgramLoader& loader;
    pages::PagesService& pages;
    const agents::Programs& programs;
    Logger& log;
    IWatcher& watcher;
    IWorkers& workers;
  };
  explicit DevSession(const Parts& parts) : parts_(parts) {}
  ~DevSession() { end(); }

  // Compiles the first Program; while it is refused, tells why and waits for a change. False: it
  // was over before one was served, as `is_over` says, which is asked now and then. An error: the
  // folder cannot be watched.
  Result<bool> first(const std::function<bool()>& is_over);
  // From now on changes replace the Program: loops and plugins run.
  void go_on();
  // Watches no more; a Program that is being replaced is finished first. One thread calls first(),
  // go_on() and this.
  void end();

  void changed(List<Text> paths) noexcept override;

 private:
  Result<bool> try_first();
  bool wait_for_change(const std::function<bool()>& is_over);
  Result<void> watch(const std::vector<std::string>& files);
  void start_replacing();
  void replace_while_due();
  void replace();
  void tell(const LoadedProgram& loaded, double ms);

  const Parts parts_;
  std::mutex lock_;  // guards all below
  std::condition_variable told_;
  std::set<std::string> files_;    // absolute paths of the program's sources
  std::set<std::string> folders_;  // they lie in; watched
  bool is_due_ = false;            // a file has changed since the last build began
  bool is_replacing_ = false;      // a worker is at it
  bool is_running_ = false;        // between go_on() and end()
  bool has_ended_ = false;
};

}  // namespace flin::cli
