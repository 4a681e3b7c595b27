#include "cli/kernel.h"

#include "cli/dev_session.h"
#include "cli/kernel_metrics.h"
#include "cli/script_job.h"
#include "compile/prelude.h"
#include "host/plugin_library.h"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <thread>

namespace flin::cli {

namespace {

constexpr int kProgramError = 1, kUsageError = 2, kSetupError = 78;  // ARCHITECTURE 10
constexpr std::int64_t kSweepMs = 10000;

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

pages::Options page_options(const KernelSettings& settings, bool is_dev) {
  pages::Options options;
  options.dev = is_dev;
  options.production = !is_dev;
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
  const bool is_dev = options_.command == Command::kDev;
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
      pages::Services{*scheduler_, *programs_, *hub_, log_, nullptr,
                      page_options(config_.kernel(), is_dev), wall_clock_ms});
  pages_ = std::make_unique<pages::PagesService>(*page_services_);
  host_->attach_loops(*loops_);
  host_->services().add<IProgram>(programs_.get());
  host_->services().add<IAgents>(agents_service_.get());
  host_->services().add<ISources>(hub_.get());
  host_->services().add<IPages>(pages_.get());
  host_->services().add<IMetrics>(&metrics_);
  add_kernel_metrics(metrics_, {*scheduler_, *hub_, *pages_, wall_clock_ms});
  loader_ = std::make_unique<ProgramLoader>(
      program_path_, is_dev, ProgramLoader::Parts{*host_, *programs_, *scheduler_, *hub_, core_});
}

Result<void> Kernel::compile() {
  LoadedProgram loaded = loader_->load();
  std::fputs(loaded.diagnostics.c_str(), stderr);
  if (loaded.outcome == LoadedProgram::Outcome::kServed) return {};
  return fail(loaded.status, std::move(loaded.error));
}

Result<void> Kernel::link() {
  LoadedProgram linked = loader_->link();
  std::fputs(linked.diagnostics.c_str(), stderr);
  if (linked.outcome == LoadedProgram::Outcome::kServed) return {};
  return fail(linked.status, std::move(linked.error));
}

Result<void> Kernel::link(bytecode::Chunk chunk) {
  if (Result<void> linked = loader_->link(std::move(chunk)); !linked.ok())
    return fail(kProgramError, std::move(linked).error());
  programs_->serve();
  return {};
}

int Kernel::refuse_start(const Error& error) {
  std::fprintf(stderr, "flin: %s\n", told(error).c_str());
  shut_down();
  return kSetupError;
}

Result<void> Kernel::start() {
  programs_->on_ended([this](std::uint32_t number) {
    scheduler_->choose().post([this, number] {
      static_cast<void>(
          host_->events().emit(kProgramEnded, ProgramEvent{sizeof(ProgramEvent), number}));
    });
  });
  scheduler_->start(host_->offered<IPollers>());
  are_loops_running_ = true;
  return host_->start();
}

// Signals are blocked before any thread is made: the one that waits for them gets them.
bool Kernel::start_serving(int& status) {
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  hub_->sweep(clock_.now_ms());  // its time begins before the first page
  if (Result<void> started = start(); !started.ok()) {
    status = refuse_start(started.error());
    return false;
  }
  scheduler_->loop(0).post([this] { sweep_now_and_then(); });
  return true;
}

void Kernel::wait_for_signal() {
  const sigset_t signals = ending_signals();
  int signal = 0;
  sigwait(&signals, &signal);
  log_.info("kernel", "ending");
}

int Kernel::serve() {
  int status = 0;
  if (!start_serving(status)) return status;
  wait_for_signal();
  shut_down();
  return 0;
}

// Live values that nobody looks at any more are let go. [loop-thread of loop 0]
void Kernel::sweep_now_and_then() {
  hub_->sweep(clock_.now_ms());
  scheduler_->loop(0).after(kSweepMs, [this] { sweep_now_and_then(); });
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

// ---- flin dev ----

Error Kernel::missing_offer(std::string_view interface_id) const {
  std::string message = "flin dev needs " + std::string(interface_id) +
                        ", which no loaded plugin offers. Add a plugin that offers it to --plugins";
  for (const CatalogueEntry& entry : host_->catalogue().entries())
    for (const std::string& offer : entry.offers)
      if (offer == interface_id) message += ", such as " + entry.id;
  return Error{code('P', 111), message + "."};
}

Result<int> Kernel::develop() {
  status_ = kSetupError;
  auto* watcher = host_->offered<IWatcher>();
  auto* workers = host_->offered<IWorkers>();
  if (watcher == nullptr) return missing_offer(std::string_view(IWatcher::kId));
  if (workers == nullptr) return missing_offer(std::string_view(IWorkers::kId));
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  DevSession session({*loader_, *pages_, *programs_, log_, *watcher, *workers});
  Result<bool> first = session.first([] {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
  });
  if (!first.ok()) return std::move(first).error();
  if (!first.value()) return 0;
  if (!is_server()) {
    status_ = kUsageError;
    return Error{0, program_path_ + " has no pages and no routes. flin dev is for programs that " +
                        "are served; run this one with flin " + program_path_};
  }
  int status = 0;
  if (!start_serving(status)) return status;
  session.go_on();
  wait_for_signal();
  session.end();
  shut_down();
  return 0;
}

// ---- Order down (A 11), from wherever it stands ----

void Kernel::shut_down() {
  if (host_ == nullptr) return;
  if (programs_ != nullptr) programs_->on_ended(nullptr);
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
