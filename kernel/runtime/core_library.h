// The kernel's built-ins (L 24.1 to 24.7, tier B; L 20.6). One table, core_library.def, is what the
// checker knows of them, what linking finds and what `CallNative` runs.
#pragma once

#include "runtime/value.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flin::runtime {

class Machine;

enum class Outcome : std::uint8_t {
  kValue,   // `out` is the value
  kPushed,  // it pushed frames (Isolate::call_then): the value comes from there
  kFailed   // it called Machine::fail
};
// `args` lie on the machine's stack and are alive while it runs. Nothing is collected meanwhile.
using NativeFn = Outcome (*)(Machine& machine, const Value* args, std::uint32_t count, Value& out);

// A row of core_library.def. `signature` as check::Builtin::signature; tier and flags are
// flin::Tier and flin::OpFlag. Rows of one name are overloads, told apart by their first parameter.
struct CoreBuiltin {
  std::string_view name, signature;
  std::uint32_t tier = 0, flags = 0;
  NativeFn run = nullptr;
  std::string_view help;
};

class CoreLibrary {
 public:
  CoreLibrary();

  const std::vector<CoreBuiltin>& builtins() const { return builtins_; }
  // What CallNative of that name runs: overloads share one function, which looks at its arguments.
  NativeFn find(std::string_view name) const;

  // Takes each line of print(), without its end. Default: standard output.
  void set_print(std::function<void(std::string_view line)> sink) { print_ = std::move(sink); }
  // Takes the lines of log_*(): 0 debug, 1 info, 2 warning, 3 error. Default: standard error.
  void set_log(std::function<void(int level, std::string_view line)> sink) {
    log_ = std::move(sink);
  }
  void print(std::string_view line) const { print_(line); }
  void log(int level, std::string_view line) const { log_(level, line); }

 private:
  std::vector<CoreBuiltin> builtins_;
  std::unordered_map<std::string_view, NativeFn> by_name_;
  std::function<void(std::string_view)> print_;
  std::function<void(int, std::string_view)> log_;
};

}  // namespace flin::runtime
