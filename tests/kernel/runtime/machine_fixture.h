// A machine for tests: ports that note what is asked of them, printed lines, chunks linked on the
// spot.
#pragma once

#include "runtime/convert.h"
#include "runtime/core_library.h"
#include "runtime/isolate.h"
#include "runtime/linked.h"
#include "runtime/machine.h"
#include "support/assembler.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace flin::test {

using namespace flin::runtime;

class TestPorts : public Ports {
 public:
  std::vector<std::uint64_t> sources, commits;
  std::uint64_t tickets = 0;
  void* local_pointer = nullptr;
  int contexts = 0;
  PortResult (*on_live)(Isolate&, std::uint32_t, const Value*, std::uint32_t, Value&) = nullptr;

  std::uint64_t suspend(const IPlugin&, std::uint32_t) override { return ++tickets; }
  AgentId agent() override { return {7}; }
  void** local(const IPlugin&, DropFn) override { return &local_pointer; }
  void depend(std::uint64_t source) override { sources.push_back(source); }
  void committed(std::uint64_t seq) override { commits.push_back(seq); }
  Status context(ICall& call, std::uint32_t what, Value& out) override {
    ++contexts;
    Plain plain;
    plain.kind = Kind::kInt;
    plain.i = what;
    out = call.make(plain);
    return {};
  }
  PortResult live_value(Isolate& isolate, std::uint32_t row, const Value* inputs,
                        std::uint32_t count, Value& out) override {
    if (on_live) return on_live(isolate, row, inputs, count, out);
    isolate.fail(code('R', 14), "no live values here");
    return PortResult::kFailed;
  }
  bool form_fields(Isolate& isolate, std::uint32_t handler, const Value*, std::uint32_t) override {
    isolate.output() += "<i " + std::to_string(handler) + ">";
    return true;
  }
  void body_begins(Isolate& isolate) override { isolate.output() += "<body>"; }
};

class MachineTest : public ::testing::Test {
 protected:
  CoreLibrary core;
  TestPorts ports;
  std::vector<std::string> printed;
  FindOp find;
  Limits limits;
  std::unique_ptr<Isolate> isolate;
  std::shared_ptr<const Program> program;

  void SetUp() override {
    core.set_print([this](std::string_view line) { printed.emplace_back(line); });
    core.set_log([](int, std::string_view) {});
  }

  void load(Assembler& a) {
    auto linked = Program::link(a.finish(), 3, core, find);
    ASSERT_TRUE(linked.ok()) << linked.error().message;
    program = linked.value();
    isolate = std::make_unique<Isolate>(limits);
    isolate->reset(program, ports);
  }
  RunState go(std::uint32_t fuel = 1u << 30) {
    RunState state;
    do state = isolate->run(fuel);
    while (state == RunState::kYielded);
    return state;
  }
  // Runs the main code to its end; its last value in display form, or "R0011: message".
  std::string run(Assembler& a, std::uint32_t fuel = 1u << 30) {
    load(a);
    if (!isolate) return "not linked";
    isolate->enter_function(0, nullptr, 0);
    return outcome(go(fuel));
  }
  std::string outcome(RunState state) {
    if (state == RunState::kFailed)
      return code_text(isolate->failure().code) + ": " + isolate->failure().message;
    if (state == RunState::kSuspended) return "suspended";
    return show(isolate->result());
  }
  std::string show(Value v) {
    std::string out;
    append_display(out, v, program->linked());
    return out;
  }
};

}  // namespace flin::test
