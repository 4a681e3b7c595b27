// Jobs that plugins start (IAgents): a function of the program with plain arguments and a context,
// or a C++ function of the plugin.
#pragma once

#include "agents/job.h"
#include "flin/agents.h"

#include <deque>
#include <string>
#include <vector>

namespace flin::agents {

// Deep copies of plain values: their texts are kept here.
class PlainCopies {
 public:
  void add(const Plain& plain);
  const std::vector<Plain>& values() const { return values_; }

 private:
  std::vector<Plain> values_;
  std::deque<std::string> texts_;
};

class FunctionJob final : public Job {
 public:
  // Takes over `context` (may be null).
  FunctionJob(std::shared_ptr<const runtime::Program> program, std::uint32_t function,
              List<Plain> arguments, IContext* context);
  ~FunctionJob() override;

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override;
  bool end(runtime::Isolate& isolate, runtime::RunState outcome) override;
  Status context(ICall& call, std::uint32_t what, Value& out) override;

 private:
  std::shared_ptr<const runtime::Program> program_;
  const std::uint32_t function_;
  PlainCopies arguments_;
  IContext* context_;
};

class PostedJob final : public Job {
 public:
  PostedJob(std::shared_ptr<const runtime::Program> program, AgentFn fn, IPlugin& self, void* data,
            DropFn drop)
      : program_(std::move(program)), fn_(fn), self_(self), data_(data), drop_(drop) {}
  ~PostedJob() override {
    if (drop_ != nullptr && fn_ != nullptr) drop_(data_);
  }

  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate& isolate) override;
  bool end(runtime::Isolate&, runtime::RunState) override { return false; }

 private:
  std::shared_ptr<const runtime::Program> program_;
  AgentFn fn_;  // null once it was called
  IPlugin& self_;
  void* data_;
  DropFn drop_;
};

}  // namespace flin::agents
