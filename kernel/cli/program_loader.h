// The road of a program from its file into service: build, link, declare, swap (A 6). The same for
// the first Program of a process and for those that replace it; a Program is never changed.
#pragma once

#include "agents/programs.h"
#include "agents/scheduler.h"
#include "cli/build_program.h"
#include "host/plugin_host.h"
#include "pages/live_hub.h"
#include "runtime/core_library.h"

#include <memory>
#include <string>
#include <vector>

namespace flin::cli {

struct LoadedProgram {
  enum class Outcome {
    kServed,  // from now on
    kSame,    // the text means what is served already: nothing has changed
    kRefused  // what was served before, if anything, goes on
  };
  Outcome outcome = Outcome::kRefused;
  int status = 0;                  // of flin if it was refused: 1, 2, 78
  std::string diagnostics;         // errors and warnings as text, "" without
  Error error;                     // refused otherwise: no such file, a port of a plugin ..
  std::vector<std::string> files;  // that were read, or looked for
};

// What is wrong as one text for people: the diagnostics, then the error.
std::string shown_text(const LoadedProgram& loaded);

class ProgramLoader {
 public:
  struct Parts {
    PluginHost& host;
    agents::Programs& programs;
    agents::Scheduler& scheduler;
    pages::LiveHub& hub;
    const runtime::CoreLibrary& core;
  };
  // `dev`: pages are made for development.
  ProgramLoader(std::string path, bool dev, const Parts& parts)
      : path_(std::move(path)), dev_(dev), parts_(parts) {}

  // Builds and links a Program without serving it: IProgram shows it to this thread. For commands
  // that only look; "served" means that it could be linked. [load]
  LoadedProgram link();
  // The same with a chunk that was built before. E1104, E1105.
  Result<void> link(bytecode::Chunk chunk);
  // The first Program. [load]
  LoadedProgram load();
  // Another one beside the Program served, while loops and plugins run. Plugins swap their tables,
  // every loop passes a turn, then the old Program lives on by its agents and pages alone. One call
  // at a time, on a thread that is no loop.
  LoadedProgram replace();

 private:
  LoadedProgram serve(std::shared_ptr<const runtime::Program>& old);
  Result<void> declare(int& status);

  const std::string path_;
  const bool dev_;
  const Parts parts_;
  std::uint32_t last_number_ = 0;
};

}  // namespace flin::cli
