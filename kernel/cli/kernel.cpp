#include "cli/kernel.h"

#include "cli/build_program.h"
#include "cli/kernel_metrics.h"
#include "cli/script_job.h"
#include "compile/prelude.h"
#include "host/plugin_library.h"
#include "runtime/declare.h"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <thread>

namespace flin::cli {

namespace {

constexpr int kProgramError = 1, kUsageError = 2, kSetupError = 78;  // ARCHITECTURE 10

}  // namespace

std::string executable_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

namespace {

std::int64_t wall_clock_ms() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

pages::Options page_options(const KernelSettings& settings) {
  pages::Options options;
  options.token_age_ms = settings.token_age;
  options.token_bytes = static_cast<std::size_t>(settings.token_bytes);
  options.page_calls = static_cast<std::uint32_t>(settings.page_calls);
  options.results = static_cast<std::size_t>(settings.page_results);
  options.results_ms = settings.page_results_time;
  options.results_bytes = static_cast<std::size_t>(settings.page_results_bytes);
  options.live_bytes = static_cast<std::size_t>(settings.page_live_bytes);
  return options;
}

agents::SchedulerOptions scheduler_options(const KernelSettings& settings) {
  agents::SchedulerOptions options;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  options.loops = settings.loops > 0 ? static_cast<std::uint32_t>(settings.loops) : cores;
  options.limits.memory = static_cast<std::uint64_t>(settings.agent_memory);
  options.limits.cpu_ms = static_cast<std::uint32_t>(settings.handler_time);
  options.mailbox = static_cast<std::uint32_t>(settings.mailbox);
  return options;
}

}  // namespace

std::string told(const Error& error) {
  return error.code == 0 ? error.message : code_text(error.code) + ": " + error.message;
}

Kernel::Kernel(const Options& options, std::string program)
    : options_(options), program_path_(std::move(program)) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(program_path_, error);
  directory_ = program_path_.empty() ? std::filesystem::current_path(error).string()
                                     : absolute.parent_path().string();
}

Kernel::~Kernel() { shut_down(); }

Result<void> Kernel::fail(int status, Error error) {
  status_ = status;
  return error;
}

bool Kernel::is_server() const { return programs_->current()->chunk().is_server; }
const bytecode::Chunk& Kernel::chunk() const { return programs_->current()->chunk(); }

// ---- Order up ----

Result<void> Kernel::load() {
  const Environment environment = process_environment();
  Result<ConfigFile> file = read_config_file(directory_ + "/flin.json");
  if (!file.ok()) return fail(kSetupError, std::move(file).error());
  if (Result<void> read = config_.read({options_.settings, environment, std::move(file).value()});
      !read.ok())
    return fail(kSetupError, std::move(read).error());
  if (Result<void> set = set_log(); !set.ok()) return set;

  const auto path = environment.find("FLIN_PLUGIN_PATH");
  PluginHostOptions host_options;
  host_options.directories = plugin_directories(
      options_.plugin_dirs, path != environment.end() ? path->second : std::string(),
      executable_path());
  host_options.keep_libraries = keeps_plugins(environment);
  host_ = std::make_unique<PluginHost>(host_options, config_, log_);
  for (const runtime::CoreBuiltin& builtin : core_.builtins())
    host_->bindings().add_kernel_builtin({std::string(builtin.name),
                                          std::string(builtin.signature),
                                          {},
                                          static_cast<check::Tier>(builtin.tier),
                                          builtin.flags,
                                          std::string(builtin.help)});
  for (const check::Builtin& builtin : compile::function_builtins())
    host_->bindings().add_kernel_builtin(builtin);
  make_services();

  std::vector<std::string> ids = options_.plugins;
  if (!options_.has_plugins) {
    Result<std::vector<std::string>> standard = standard_set(host_options.directories);
    if (!standard.ok()) return fail(kSetupError, std::move(standard).error());
    ids = std::move(standard).value();
  }
  if (Result<void> loaded = host_->load(ids); !loaded.ok())
    return fail(kSetupError, std::move(loaded).error());
  page_services_->sealer = host_->offered<ISealer>();

  const Leftovers leftovers = config_.leftovers(host_->order(), host_->catalogue().ids());
  for (const std::string& warning : leftovers.warnings) log_.warning("kernel", warning);
  if (!leftovers.unknown_options.empty())
    return fail(kUsageError, Error{0, unknown_option(leftovers.unknown_options.front())});
  return {};
}

// The events of agents (A 8), for whoever listens.
void Kernel::tell_of_agents(agents::SchedulerOptions& options) {
  options.observer.started = [this](AgentId id, const std::string& name) {
    if (!host_->events().has(kAgentStarted)) return;
    AgentEvent event{};
    event.agent = id;
    event.name = std::string_view(name);
    static_cast<void>(host_->events().emit(kAgentStarted, event));
  };
  options.observer.failed = [this](AgentId id, const std::string& name,
                                   const runtime::Failure& failure) {
    if (!host_->events().has(kAgentFailed)) return;
    AgentEvent event{};
    event.code = failure.code;
    event.agent = id;
    event.name = std::string_view(name);
    event.message = std::string_view(failure.message);
    static_cast<void>(host_->events().emit(kAgentFailed, event));
  };
}

Result<void> Kernel::set_log() {
  const std::string& text = config_.kernel().log_level;
  const std::optional<LogLevels> levels = log_levels_from_text(text);
  if (!levels)
    return fail(kSetupError,
                Error{code('S', 102),
                      "setting log_level cannot be '" + text +
                          "': it takes debug, info, warning or error, and module=level for single "
                          "modules, parted by commas: http=debug,info"});
  log_.set_levels(*levels);
  if (config_.kernel().log == "json") log_.set_sink(write_json_log_to_stderr);
  core_.set_log([this](int level, std::string_view line) {
    log_.write(static_cast<LogLevel>(level), "app", line);
  });
  return {};
}

void Kernel::make_services() {
  agents::SchedulerOptions options = scheduler_options(config_.kernel());
  options.on_late = [this](const std::string& name, std::uint32_t deadline_ms) {
    log_.warning("agents", name + " was still busy at its deadline of " +
                               std::to_string(deadline_ms) + " ms and was ended");
  };
  tell_of_agents(options);
  scheduler_ = std::make_unique<agents::Scheduler>(std::move(options), clock_);
  programs_ = std::make_unique<agents::Programs>(directory_);
  agents_service_ = std::make_unique<agents::AgentsService>(*scheduler_, *programs_);
  loops_ = std::make_unique<LoopsAdapter>(*scheduler_);
  hub_ = std::make_unique<pages::LiveHub>(
      *scheduler_, [this](std::uint32_t loop, std::uint64_t seq,
                          const std::vector<pages::LiveHub::Delivery>& entries) {
        pages_->deliver(loop, seq, entries);
      });
  page_services_ = std::make_unique<pages::Services>(
      pages::Services{*scheduler_, *programs_, *hub_, log_, nullptr, page_options(config_.kernel()),
                      wall_clock_ms});
  pages_ = std::make_unique<pages::PagesService>(*page_services_);
  host_->attach_loops(*loops_);
  host_->services().add<IProgram>(programs_.get());
  host_->services().add<IAgents>(agents_service_.get());
  host_->services().add<ISources>(hub_.get());
  host_->services().add<IPages>(pages_.get());
  host_->services().add<IMetrics>(&metrics_);
  add_kernel_metrics(metrics_, {*scheduler_, *hub_, *pages_, wall_clock_ms});
}

Result<void> Kernel::compile() {
  if (Result<void> linked = link(); !linked.ok()) return linked;
  return declare();
}

Result<void> Kernel::link() {
  Result<BuiltProgram> built = build_program(program_path_, host_->bindings());
  if (!built.ok()) return fail(kUsageError, std::move(built).error());
  std::fputs(built.value().diagnostics.c_str(), stderr);
  if (!built.value().ok) return fail(kProgramError, Error{});
  return link(std::move(*built.value().chunk));
}

Result<void> Kernel::link(bytecode::Chunk chunk) {
  const runtime::FindOp find = [this](std::string_view name, runtime::LinkedOp& out) {
    const OpEntry* entry = host_->ops().find(name);
    if (entry == nullptr) return false;
    out = {entry->name,  entry->owner,      entry->self, entry->run,
           entry->flags, entry->timeout_ms, entry->args, entry->results};
    return true;
  };
  auto linked = runtime::Program::link(std::move(chunk), 1, core_, find);
  if (!linked.ok()) return fail(kProgramError, std::move(linked).error());
  programs_->set_current(std::move(linked).value());
  return {};
}

// Runs the decl ops between program.linking and program.loaded (A 6).
Result<void> Kernel::declare() {
  const ProgramEvent event{sizeof(ProgramEvent), programs_->current()->number()};
  if (Result<void> linking = host_->events().emit(kProgramLinking, event); !linking.ok())
    return fail(kSetupError, std::move(linking).error());
  if (Result<void> declared = runtime::declare(programs_->current()); !declared.ok())
    return fail(kProgramError, std::move(declared).error());
  if (Result<void> loaded = host_->events().emit(kProgramLoaded, event); !loaded.ok())
    return fail(kSetupError, std::move(loaded).error());
  return {};
}

int Kernel::refuse_start(const Error& error) {
  std::fprintf(stderr, "flin: %s\n", told(error).c_str());
  shut_down();
  return kSetupError;
}

Result<void> Kernel::start() {
  scheduler_->start(host_->offered<IPollers>());
  are_loops_running_ = true;
  return host_->start();
}

int Kernel::serve() {
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals,
                  nullptr);  // before any thread is made: this one waits for them
  std::signal(SIGPIPE, SIG_IGN);
  if (Result<void> started = start(); !started.ok()) return refuse_start(started.error());
  int signal = 0;
  sigwait(&signals, &signal);
  log_.info("kernel", "ending");
  shut_down();
  return 0;
}

int Kernel::run_script() {
  if (Result<void> started = start(); !started.ok()) return refuse_start(started.error());
  const int status = run_main_code(*scheduler_, programs_->current());
  shut_down();
  return status;
}

Result<std::optional<runtime::Failure>> Kernel::run_test(std::uint32_t function) {
  scheduler_->start(host_->offered<IPollers>());
  are_loops_running_ = true;
  if (Result<void> started = host_->start(); !started.ok()) {
    status_ = kSetupError;
    return std::move(started).error();
  }
  std::optional<runtime::Failure> failure =
      run_function(*scheduler_, programs_->current(), function);
  shut_down();
  return failure;
}

// ---- Order down (A 11), from wherever it stands ----

void Kernel::shut_down() {
  if (host_ == nullptr) return;
  if (are_loops_running_) {
    const auto deadline = static_cast<std::uint32_t>(config_.kernel().deadline);
    host_->request_shutdown(deadline);
    for (const std::string& name : scheduler_->drain_and_end(deadline))
      log_.warning("kernel", "still busy at the deadline: " + name);
    are_loops_running_ = false;
  }
  host_->stop();
  pages_.reset();      // page records and what they hold
  scheduler_.reset();  // heaps, pollers
  host_->unload();
  hub_.reset();
  host_.reset();
}

}  // namespace flin::cli
