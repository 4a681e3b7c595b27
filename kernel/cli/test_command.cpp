#include "cli/test_command.h"

#include "base/json.h"
#include "cli/build_program.h"
#include "cli/kernel.h"
#include "compile/compile.h"
#include "host/catalogue.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

namespace flin::cli {

namespace {

struct TestResult {
  std::string_view name;
  std::optional<runtime::Failure> failure;
  std::int64_t ms = 0;
};

int tell(int status, const Error& error) {
  if (!error.message.empty()) std::fprintf(stderr, "flin: %s\n", told(error).c_str());
  return status;
}

// What tests run with whatever the settings say: nothing they do may be seen outside, or stay.
Options isolated(const Options& options) {
  Options out = options;
  const auto loads = [&](std::string_view id) {
    return !options.has_plugins ||
           std::find(options.plugins.begin(), options.plugins.end(), id) != options.plugins.end();
  };
  const bool tells = std::any_of(options.settings.begin(), options.settings.end(),
                                 [](const Argument& a) { return a.name == "log_level"; });
  if (!tells) out.settings.push_back({"log_level", "warning"});
#define TEST_SETTING(plugin, key, value) \
  if (loads(plugin)) out.settings.push_back({plugin "." key, value});
#include "cli/test_settings.def"
#undef TEST_SETTING
  return out;
}

void print_text(const TestResult& result) {
  std::printf("%s  %.*s (%lld ms)\n", result.failure ? "FAIL" : "ok  ",
              static_cast<int>(result.name.size()), result.name.data(),
              static_cast<long long>(result.ms));
  if (!result.failure) return;
  std::printf("      %s: %s\n", code_text(result.failure->code).c_str(),
              result.failure->message.c_str());
  for (const std::string& line : result.failure->trace) std::printf("        %s\n", line.c_str());
}

void print_json(const TestResult& result) {
  std::string line = "{\"test\":";
  json::append_text(line, result.name);
  line += result.failure ? ",\"ok\":false" : ",\"ok\":true";
  line += ",\"ms\":";
  json::append_int(line, result.ms);
  if (result.failure) {
    line += ",\"code\":";
    json::append_text(line, code_text(result.failure->code));
    line += ",\"message\":";
    json::append_text(line, result.failure->message);
    line += ",\"trace\":[";
    for (std::size_t i = 0; i < result.failure->trace.size(); ++i) {
      if (i > 0) line += ',';
      json::append_text(line, result.failure->trace[i]);
    }
    line += ']';
  }
  std::printf("%s}\n", line.c_str());
}

// `test "adds two"`: the name between the quotes.
std::string_view name_of(std::string_view function) {
  function.remove_prefix(6);
  function.remove_suffix(1);
  return function;
}

// One test with everything of its own; `status` is set if it could not be run at all.
TestResult run_one(const Options& options, const bytecode::Chunk& chunk, std::uint32_t row,
                   int& status) {
  TestResult result;
  result.name = name_of(chunk.text(chunk.functions[row].name_k));
  const auto start = std::chrono::steady_clock::now();
  Kernel kernel(options, options.operands.front());
  if (options.json)
    kernel.core().set_print([](std::string_view line) { std::cerr << line << '\n'; });
  if (Result<void> loaded = kernel.load(); !loaded.ok())
    return status = tell(kernel.status(), loaded.error()), result;
  if (Result<void> linked = kernel.link(chunk); !linked.ok())
    return status = tell(kernel.status(), linked.error()), result;
  Result<std::optional<runtime::Failure>> ran = kernel.run_test(row);
  if (!ran.ok()) return status = tell(kernel.status(), ran.error()), result;
  result.failure = std::move(ran).value();
  result.ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                  std::chrono::steady_clock::now() - start)
                  .count();
  return result;
}

Result<BuiltProgram> build(const Options& options, int& status) {
  Kernel kernel(options, options.operands.front());
  if (Result<void> loaded = kernel.load(); !loaded.ok()) {
    status = kernel.status();
    return std::move(loaded).error();
  }
  status = 2;
  return build_program(options.operands.front(), kernel.plugins().bindings(), BuildFor::kTests);
}

}  // namespace

int run_tests(const Options& given) {
  const Options options = isolated(given);
  int status = 0;
  Result<BuiltProgram> built = build(options, status);
  if (!built.ok()) return tell(status, built.error());
  std::fputs(built.value().diagnostics.c_str(), stderr);
  if (!built.value().ok) return 1;
  const bytecode::Chunk& chunk = *built.value().chunk;
  std::size_t count = 0, failed = 0;
  for (const std::uint32_t row : compile::test_functions(chunk)) {
    if (name_of(chunk.text(chunk.functions[row].name_k)).find(options.filter) == std::string::npos)
      continue;
    int unable = 0;
    const TestResult result = run_one(options, chunk, row, unable);
    if (unable != 0) return unable;
    ++count;
    failed += result.failure ? 1 : 0;
    options.json ? print_json(result) : print_text(result);
    std::fflush(stdout);
  }
  if (count == 0)
    return tell(
        options.filter.empty() ? 0 : 1,
        Error{0, options.filter.empty() ? options.operands.front() + " has no tests"
                                        : "no test has '" + options.filter + "' in its name"});
  if (!options.json)
    std::printf("\n%zu %s: %zu passed, %zu failed\n", count, count == 1 ? "test" : "tests",
                count - failed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace flin::cli
