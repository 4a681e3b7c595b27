// The parts of one flin process put together: settings, plugins, loops, programs, pages. Made in
// the order up of A 11, ended in the order down.
#pragma once

#include "agents/agents_service.h"
#include "agents/programs.h"
#include "agents/scheduler.h"
#include "base/log.h"
#include "cli/loops_adapter.h"
#include "cli/options.h"
#include "cli/program_loader.h"
#include "host/config.h"
#include "host/metrics.h"
#include "host/plugin_host.h"
#include "pages/live_hub.h"
#include "pages/pages_service.h"
#include "runtime/core_library.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flin::cli {

class Kernel {
 public:
  // `program`: the path given, for flin.json and .flin beside it; empty for commands without a
  // program.
  Kernel(const Options& options, std::string program);
  ~Kernel();

  // Reads the settings and loads the plugins: P, S codes, usage errors.
  Result<void> load();
  // Compiles and links the program. Prints its diagnostics.
  Result<void> link();
  // Compiles, links and carries out the declarations of the program. Prints its diagnostics.
  Result<void> compile();
  // Links a chunk that was compiled before, for the same plugins.
  Result<void> link(bytecode::Chunk chunk);
  // Runs one function without parameters in an agent of its own (a `test` block).
  Result<std::optional<runtime::Failure>> run_test(std::uint32_t function);
  // Starts loops and plugins, serves until SIGINT or SIGTERM, ends everything.
  int serve();
  // The same for flin dev, from compile() on: what the files say is served while they change. Gives
  // the exit status, or why it cannot begin.
  Result<int> develop();
  // Runs a script's main code.
  int run_script();

  bool is_server() const;
  const PluginHost& plugins() const { return *host_; }
  // Starts loops and plugins, for those who do what serve() and run_script() do not.
  Result<void> start();
  void shut_down();
  const Config& config() const { return config_; }
  const bytecode::Chunk& chunk() const;
  runtime::CoreLibrary& core() { return core_; }
  // Status of the last failure: 1, 2 or 78.
  int status() const { return status_; }

 private:
  Result<void> fail(int status, Error error);
  Result<void> set_log();
  void make_services();
  void tell_of_agents(agents::SchedulerOptions& options);
  bool start_serving(int& status);
  void wait_for_signal();
  void sweep_now_and_then();
  Error missing_offer(std::string_view interface_id) const;
  int refuse_start(const Error& error);

  const Options& options_;
  const std::string program_path_;
  std::string directory_;
  int status_ = 0;
  Config config_;
  Logger log_;
  Metrics metrics_;
  runtime::CoreLibrary core_;
  agents::SteadyClock clock_;
  std::unique_ptr<PluginHost> host_;
  std::unique_ptr<agents::Scheduler> scheduler_;
  std::unique_ptr<agents::Programs> programs_;
  std::unique_ptr<agents::AgentsService> agents_service_;
  std::unique_ptr<LoopsAdapter> loops_;
  std::unique_ptr<pages::Services> page_services_;
  std::unique_ptr<pages::LiveHub> hub_;
  std::unique_ptr<pages::PagesService> pages_;
  std::unique_ptr<ProgramLoader> loader_;
  bool are_loops_running_ = false;
};

// Of the running flin: plugins are looked for beside it.
std::string executable_path();
// Code and message as flin prints them: "P101: plugin ..".
std::string told(const Error& error);

}  // namespace flin::cli
