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
  int status = 0;
};

void print_failure(const runtime::Failure& failure) {
  std::fprintf(stderr, "runtime error[%s]: %s\n", code_text(failure.code).c_str(),
               failure.message.c_str());
  for (const std::string& line : failure.trace) std::fprintf(stderr, "  %s\n", line.c_str());
}

class ScriptJob final : public agents::Job {
 public:
  ScriptJob(std::shared_ptr<const runtime::Program> program, Ended& ended)
      : program_(std::move(program)), ended_(ended) {}

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override {
    isolate.enter_function(0, nullptr, 0);
    return true;
  }
  bool end(runtime::Isolate& isolate, runtime::RunState outcome) override {
    if (outcome == runtime::RunState::kFailed) print_failure(isolate.failure());
    finish(outcome == runtime::RunState::kFailed ? 1 : 0);
    return false;
  }
  void abandon() override { finish(1); }

 private:
  void finish(int status) {
    std::lock_guard lock(ended_.lock);
    ended_.has_ended = true;
    ended_.status = status;
    ended_.told.notify_one();
  }
  const std::shared_ptr<const runtime::Program> program_;
  Ended& ended_;
};

}  // namespace

int run_main_code(agents::Scheduler& scheduler, std::shared_ptr<const runtime::Program> program) {
  Ended ended;
  agents::AgentOptions options;
  options.name = program->chunk().name;
  options.one_shot = true;
  auto started = scheduler.start_agent(std::move(options),
                                       std::make_unique<ScriptJob>(std::move(program), ended));
  if (!started.ok()) return 1;
  std::unique_lock lock(ended.lock);
  ended.told.wait(lock, [&] { return ended.has_ended; });
  std::fflush(stdout);
  return ended.status;
}

}  // namespace flin::cli
