// One agent's machine: its heap, stack and frames. A resumable state machine: run() goes on until
// the code ends, fails, waits or has used up its fuel, and no C++ frame stands between two FLIN
// frames. Used by one thread at a time. Reset and borrowed again by the next agent: a short agent's
// heap is dropped whole.
#pragma once

#include "base/result.h"
#include "runtime/ports.h"
#include "runtime/program.h"
#include "runtime/value.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace flin::runtime {

class Heap;
class Machine;

enum class RunState : std::uint8_t { kDone, kSuspended, kYielded, kFailed };

// A run-time error: code as made by flin::code('R', 11), message, and the stack when it was raised.
struct Failure {
  std::uint32_t code = 0;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;  // `error.fields`, in order
  std::vector<std::string> trace;  // "at total (shop.flin:14:12)", innermost first
};

struct Limits {
  std::uint64_t memory = 64u << 20;  // bytes of heap: R0003
  std::uint32_t frames = 1024;       // R0002
  std::uint32_t stack = 65536;       // values: R0001
  std::uint32_t cpu_ms = 0;  // processor time of one entry, checked between turns: R0004; 0: none
  bool gc_stress = false;    // collect before every cell that may allocate; also by FLIN_GC=stress
};

// A variable of a frame that is given before the code starts.
struct Preset {
  enum Where : std::uint8_t { kGlobal, kState, kLocal, kUpvalue, kProp } where;
  std::uint32_t index;  // slot; kProp: text constant
  Value value;
};

class Isolate {
 public:
  explicit Isolate(Limits limits = {});
  ~Isolate();
  Isolate(const Isolate&) = delete;
  Isolate& operator=(const Isolate&) = delete;

  // Begins anew with a program: drops heap, stack, globals, output. `ports` is borrowed until the
  // next reset.
  void reset(std::shared_ptr<const Program> program, Ports& ports);
  // Ends what reset() began: nothing of the program is held any more, so that it can end.
  void clear();
  const Program& program() const;
  Heap& heap();

  // Entries; each makes ready what run() then runs. Values must belong to this isolate's heap.
  void enter_function(std::uint32_t function, const Value* args, std::uint32_t count);
  // A page: its function with `globals` unset page variables; HTML goes to output().
  void enter_page(const bytecode::PageRow& page);
  // Code [start, end) of a handler in a frame of its function, with variables preset; the rest are
  // kEmpty. `globals`: number of page variables.
  void enter_handler(const bytecode::HandlerRow& handler, std::uint32_t globals,
                     const Preset* presets, std::size_t count);

  // Runs at most `fuel` instructions (more for costly ones). kYielded: call again. kSuspended:
  // after complete().
  RunState run(std::uint32_t fuel);
  // Goes on behind the opcode that suspended, with its result or failure, by the plugin's own
  // function. Call run() afterwards.
  void complete(IPlugin& self, CompleteFn fn, void* data);
  void complete_with(Status error);  // a timeout or the end of the agent: R0201, R0204
  // Ends whatever runs or waits, with that failure; no code of it runs any more.
  void cancel(std::uint32_t code, std::string message);

  // After kDone: the value of the function (of main code its last value), none for handlers.
  Value result() const;
  // After kFailed.
  const Failure& failure() const;

  // Variables by slot, for what comes after a run.
  Value global(std::uint32_t slot) const;  // kEmpty: not set
  void set_global(std::uint32_t slot, Value value);
  Value handler_variable(Preset::Where where, std::uint32_t index)
      const;  // after a handler ended: its frame's variables
  bool changed_in_place(
      Value before) const;  // list, map or record that was changed since it was preset

  std::string& output();  // HTML written so far
  // What LoadContext gives to the code that runs or ran (flin/agents.h). False: it fails, and
  // failure() says why.
  bool context(std::uint32_t what, Value& out);

  // For ports and natives.
  void call_then(std::uint32_t function, const Value* args, std::uint32_t count,
                 void (*then)(Isolate&, Value returned, void* data), void* data, DropFn drop);
  void set_then_result(Value value);  // within `then`: what the caller gets instead of `returned`
  void fail(std::uint32_t code, std::string message);  // within ports, natives and `then`
  ICall& call();           // for IContext::load and done outside an opcode
  bool in_system() const;  // between system.enter() and system.leave()

 private:
  friend Machine& machine_of(Isolate& isolate);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Machine& machine_of(Isolate& isolate);  // within kernel/runtime

}  // namespace flin::runtime
