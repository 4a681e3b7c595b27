#include "cli/script_job.h"

#include <condition_variable>
#include <cstdio>
#include <mutex>

namespace flin::cli {

namespace {

struct Ended {
  std::mutex lock;  // guards what follows
  std::condition_variable told;
  bool has_ended = false;
  std::optional<runtime::Failure> failure;
};

void print_failure(const runtime::Failure& failure) {
  std::fprintf(stderr, "runtime error[%s]: %s\n", code_text(failure.code).c_str(),
               failure.message.c_str());
  for (const std::string& line : failure.trace) std::fprintf(stderr, "  %s\n", line.c_str());
}

class ScriptJob final : public agents::Job {
 public:
  ScriptJob(std::shared_ptr<const runtime::Program> program, std::uint32_t function, Ended& ended)
      : program_(std::move(program)), function_(function), ended_(ended) {}

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override {
    isolate.enter_function(function_, nullptr, 0);
    return true;
  }
  bool end(runtime::Isolate& isolate, runtime::RunState outcome) override {
    if (outcome == runtime::RunState::kFailed)
      finish(isolate.failure());
    else
      finish(std::nullopt);
    return false;
  }
  void abandon() override { finish(runtime::Failure{204, "cancelled", {}, {}}); }

 private:
  void finish(std::optional<runtime::Failure> failure) {
    std::lock_guard lock(ended_.lock);
    ended_.has_ended = true;
    ended_.failure = std::move(failure);
    ended_.told.notify_one();
  }
  const std::shared_ptr<const runtime::Program> program_;
  const std::uint32_t function_;
  Ended& ended_;
};

}  // namespace

std::optional<runtime::Failure> run_function(agents::Scheduler& scheduler,
                                             std::shared_ptr<const runtime::Program> program,
                                             std::uint32_t function) {
  Ended ended;
  agents::AgentOptions options;
  options.name = program->chunk().name;
  options.one_shot = true;
  auto started = scheduler.start_agent(
      std::move(options), std::make_unique<ScriptJob>(std::move(program), function, ended));
  if (!started.ok()) return runtime::Failure{started.error().code, started.error().message, {}, {}};
  std::unique_lock lock(ended.lock);
  ended.told.wait(lock, [&] { return ended.has_ended; });
  std::fflush(stdout);
  return std::move(ended.failure);
}

int run_main_code(agents::Scheduler& scheduler, std::shared_ptr<const runtime::Program> program) {
  const std::optional<runtime::Failure> failure = run_function(scheduler, std::move(program), 0);
  if (failure) print_failure(*failure);
  return failure ? 1 : 0;
}

}  // namespace flin::cli
