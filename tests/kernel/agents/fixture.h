// A small program in bytecode, a plugin opcode that waits, and jobs that note what happens to them.
#pragma once

#include "agents/scheduler.h"
#include "bytecode/chunk_builder.h"
#include "bytecode/opcodes.h"
#include "runtime/core_library.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace flin::agents {

class FakeClock final : public Clock {
 public:
  std::int64_t now_ms() const override { return now.load(); }
  std::atomic<std::int64_t> now{1000};
};

// Functions of the program.
enum : std::uint32_t { kOne, kEndless, kSleep, kFail, kTwice };

// The opcode `test.sleep` suspends and notes its ticket.
class SleepPlugin final : public IPlugin {
 public:
  virtual ~SleepPlugin() = default;
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override {}
  std::atomic<std::uint64_t> ticket{0};
};

inline Status sleep_op(IPlugin& self, ICall& call, const Value*, std::uint32_t, Value&) noexcept {
  static_cast<SleepPlugin&>(self).ticket = call.suspend();
  return {};
}
inline Status give_seven(IPlugin&, ICall& call, void*, Value& result) noexcept {
  Plain seven;
  seven.kind = Kind::kInt;
  seven.i = 7;
  result = call.make(seven);
  return {};
}

inline std::shared_ptr<const runtime::Program> test_program(SleepPlugin& plugin,
                                                            const runtime::CoreLibrary& core,
                                                            std::uint32_t timeout_ms = 0) {
  using bytecode::Op;
  bytecode::ChunkBuilder builder;
  bytecode::Chunk& chunk = builder.chunk();
  const auto add = [&](std::vector<std::uint8_t> code, std::uint16_t max_stack) {
    bytecode::Function function;
    function.name_k = builder.text("f" + std::to_string(chunk.functions.size()));
    function.max_stack = max_stack;
    function.code_offset = static_cast<std::uint32_t>(chunk.code.size());
    function.code_size = static_cast<std::uint32_t>(code.size());
    chunk.functions.push_back(function);
    chunk.code.insert(chunk.code.end(), code.begin(), code.end());
  };
  const auto op = [](Op o) { return static_cast<std::uint8_t>(o); };
  builder.import("test.sleep", 0, 1, kMaySuspend);
  add({op(Op::LoadInt1), op(Op::Return)}, 1);
  add({op(Op::Nop), op(Op::Loop), 4, 0}, 0);
  add({op(Op::Ext), 0, 0, op(Op::Return)}, 1);
  add({op(Op::LoadInt1), op(Op::LoadInt0), op(Op::IntDiv), op(Op::Return)}, 2);
  add({op(Op::Ext), 0, 0, op(Op::Ext), 0, 0, op(Op::AddInt), op(Op::Return)}, 2);
  chunk.name = "test";
  auto linked = runtime::Program::link(
      std::move(chunk), 1, core,
      [&plugin, timeout_ms](std::string_view name, runtime::LinkedOp& out) {
        if (name != "test.sleep") return false;
        out = {"test.sleep", "test", &plugin, &sleep_op, kMaySuspend, timeout_ms, 0, 1};
        return true;
      });
  EXPECT_TRUE(linked.ok()) << (linked.ok() ? "" : linked.error().message);
  return std::move(linked).value();
}

// What became of a job.
struct Outcome {
  std::mutex lock;
  std::condition_variable told;
  bool has_ended = false, was_abandoned = false;
  std::uint32_t code = 0;
  std::string message;
  Value result = runtime::kNone;

  void wait() {
    std::unique_lock guard(lock);
    told.wait(guard, [&] { return has_ended || was_abandoned; });
  }
};

class TestJob final : public Job {
 public:
  TestJob(std::shared_ptr<const runtime::Program> program, std::uint32_t function, Outcome& outcome)
      : program_(std::move(program)), function_(function), outcome_(outcome) {}

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override {
    isolate.enter_function(function_, nullptr, 0);
    return true;
  }
  bool end(runtime::Isolate& isolate, runtime::RunState state) override {
    std::lock_guard guard(outcome_.lock);
    outcome_.has_ended = true;
    if (state == runtime::RunState::kFailed) {
      outcome_.code = isolate.failure().code;
      outcome_.message = isolate.failure().message;
    } else {
      outcome_.result = isolate.result();
    }
    outcome_.told.notify_all();
    return false;
  }
  void abandon() override {
    std::lock_guard guard(outcome_.lock);
    outcome_.was_abandoned = true;
    outcome_.told.notify_all();
  }

 private:
  const std::shared_ptr<const runtime::Program> program_;
  const std::uint32_t function_;
  Outcome& outcome_;
};

}  // namespace flin::agents
