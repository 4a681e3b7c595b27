// Threads for work that takes long or blocks, offered to the host by a plugin (A 14). Loop threads
// never block; what has to wait for files, names or other machines runs here.
#pragma once

#include "flin/plugin.h"

namespace flin {

using WorkFn = void (*)(void* data) noexcept;  // [worker]

class IWorkers {
 public:
  static constexpr Text kId = "flin.host.IWorkers/1";
  // Runs fn on one of a bounded number of threads; work waits in order until one is free. R0302
  // when too much waits already, and after stop(): then nothing was taken and neither fn nor drop
  // is called. `drop` runs in place of fn for work that still waits at stop(). From the end of
  // load() to stop(). [any-thread]
  virtual Status run(WorkFn fn, void* data, DropFn drop) noexcept = 0;

 protected:
  ~IWorkers() = default;
};

}  // namespace flin
