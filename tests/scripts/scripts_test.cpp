// Runs the programs of this folder and compares what they print with their `//=` comments.
#include "base/arena.h"
#include "bytecode/disassembler.h"
#include "check/program.h"
#include "compile/compile.h"
#include "compile/prelude.h"
#include "host/binding_table.h"
#include "runtime/core_library.h"
#include "runtime/isolate.h"
#include "syntax/parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace flin {
namespace {

namespace fs = std::filesystem;

class NoPorts : public runtime::Ports {
 public:
  std::uint64_t suspend(const IPlugin&, std::uint32_t) override { return 0; }
  AgentId agent() override { return {}; }
  void** local(const IPlugin&, DropFn) override { return &nothing_; }
  void depend(std::uint64_t) override {}
  void committed(std::uint64_t) override {}
  Status context(ICall&, std::uint32_t, Value& out) override {
    out = runtime::kNone;
    return {};
  }
  runtime::PortResult live_value(runtime::Isolate&, std::uint32_t, const Value*, std::uint32_t,
                                 Value&) override {
    return runtime::PortResult::kFailed;
  }
  bool form_fields(runtime::Isolate&, std::uint32_t, const Value*, std::uint32_t) override {
    return false;
  }
  void body_begins(runtime::Isolate&) override {}

 private:
  void* nothing_ = nullptr;
};

struct Expected {
  std::vector<std::string> printed;
  std::vector<std::string> errors;  // "R0011", "R0011 message", "E0301"
};

Expected expected_of(const std::string& source) {
  Expected out;
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    if (std::size_t at = line.find("//= "); at != line.npos)
      out.printed.push_back(line.substr(at + 4));
    else if (std::size_t empty = line.find("//="); empty != line.npos && empty + 3 == line.size())
      out.printed.emplace_back();
    if (std::size_t at = line.find("//! "); at != line.npos)
      out.errors.push_back(line.substr(at + 4));
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

// What running a source printed, and how it failed.
struct Outcome {
  std::vector<std::string> printed;
  std::vector<std::string> errors;
  std::string report;  // for people: diagnostics, or the dump
};

Outcome run(const std::string& path, std::string source) {
  Outcome out;
  runtime::CoreLibrary core;
  core.set_print([&](std::string_view line) { out.printed.emplace_back(line); });
  core.set_log([](int, std::string_view) {});
  BindingTable bindings([](std::string_view) { return std::string(); });
  for (const runtime::CoreBuiltin& b : core.builtins())
    bindings.add_kernel_builtin({std::string(b.name),
                                 std::string(b.signature),
                                 {},
                                 static_cast<check::Tier>(b.tier),
                                 b.flags,
                                 std::string(b.help)});
  for (const check::Builtin& b : compile::function_builtins()) bindings.add_kernel_builtin(b);

  syntax::Sources sources;
  syntax::Diagnostics diagnostics;
  Arena arena;
  syntax::File* file =
      syntax::parse(sources, sources.add(path, std::move(source)), arena, diagnostics);
  auto checked = check::check({file}, sources, "script", bindings, diagnostics);
  out.report = diagnostics.render(sources);
  if (diagnostics.has_errors()) {
    for (const syntax::Diagnostic& d : diagnostics.sorted())
      if (syntax::is_error(d.code)) out.errors.emplace_back(syntax::name_of(d.code));
    return out;
  }
  bytecode::Chunk chunk = compile::compile(*checked, sources, bindings);
  out.report += bytecode::disassemble(chunk);
  auto linked = runtime::Program::link(std::move(chunk), 1, core,
                                       [](std::string_view, runtime::LinkedOp&) { return false; });
  if (!linked.ok()) {
    out.errors.push_back(code_text(linked.error().code) + ' ' + linked.error().message);
    return out;
  }
  NoPorts ports;
  runtime::Isolate isolate;
  isolate.reset(linked.value(), ports);
  isolate.enter_function(0, nullptr, 0);
  runtime::RunState state = runtime::RunState::kYielded;
  constexpr std::uint32_t kFuel = 100000;
  for (int turns = 0; state == runtime::RunState::kYielded && turns < 1000; ++turns)
    state = isolate.run(kFuel);
  if (state == runtime::RunState::kFailed)
    out.errors.push_back(code_text(isolate.failure().code) + ' ' + isolate.failure().message);
  else if (state != runtime::RunState::kDone)
    out.errors.emplace_back("does not end");
  return out;
}

std::vector<fs::path> scripts() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(FLIN_SOURCE_DIR "/tests/scripts"))
    if (entry.path().extension() == ".flin") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

class Scripts : public ::testing::TestWithParam<fs::path> {};

TEST_P(Scripts, PrintWhatTheySay) {
  std::ifstream in(GetParam(), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  Expected expected = expected_of(text.str());
  Outcome outcome = run(GetParam().filename().string(), text.str());
  EXPECT_EQ(joined(outcome.printed), joined(expected.printed)) << outcome.report;
  ASSERT_EQ(outcome.errors.size(), expected.errors.size())
      << joined(outcome.errors) << outcome.report;
  for (std::size_t n = 0; n < expected.errors.size(); ++n) {
    std::size_t length =
        expected.errors[n].size() > 5 ? std::string::npos : 5;  // without a message: the code
    EXPECT_EQ(outcome.errors[n].substr(0, length), expected.errors[n]) << outcome.report;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Scripts, ::testing::ValuesIn(scripts()), [](const auto& info) {
  std::string name =
      info.param.parent_path().filename().string() + '_' + info.param.stem().string();
  return name;
});

}  // namespace
}  // namespace flin
