// What stands behind Isolate: stack, frames, heap, output. The interpreter's loop is in
// interpreter.cpp, calls and unwinding in frames.cpp, what instructions do to values in the files
// named below.
//
// Frames are records in an array of their own; each has a window on one array of values: its
// arguments and locals first, its operands above. No C++ frame ever stands between two FLIN frames:
// what must go on after a call (a Hof, a component, a plugin's `then`) is a frame of its own kind.
#pragma once

#include "bytecode/opcodes.h"
#include "flin/plugin.h"
#include "runtime/heap.h"
#include "runtime/isolate.h"
#include "runtime/linked.h"
#include "runtime/list.h"
#include "runtime/map.h"
#include "runtime/text.h"

#include <memory>
#include <string>
#include <vector>

namespace flin::runtime {

class CallPort;

enum class FrameKind : std::uint8_t { kCode, kHof, kThen, kComponent };
enum FrameFlag : std::uint8_t {
  kHandlerFrame = 1,  // ends with EndHandler, its variables stay readable
  kMethodFrame = 4,   // Hof called as a method: gives a value in any case
  kSlotFrame = 2,  // content of a component's tag: uses the locals of the frame it was written in
};

struct Frame {
  const std::uint8_t* pc = nullptr;  // kCode: next instruction
  Value* base = nullptr;             // locals; kHof: its state
  Value* result = nullptr;           // the stack is cut to here when it returns
  Closure* closure = nullptr;
  Component* component = nullptr;
  std::uint32_t function =
      0;  // kHof: the opcode; kThen: import row or kNoIndex; kComponent: next prop
  std::uint32_t owner = 0xFFFFFFFF;   // index of the kComponent frame whose slots it renders
  std::uint32_t first = 0, last = 0;  // kComponent: its rows of slots_
  std::uint16_t given = 0;            // arguments given
  FrameKind kind = FrameKind::kCode;
  std::uint8_t flags = 0;
};

// What was being written when a Try began; an error goes back to it.
struct OutputState {
  std::size_t size = 0, marks = 0, elements = 0;
  bool tag_open = false;
};
struct TryRow {
  std::uint32_t frame;
  std::uint32_t slots;
  const std::uint8_t* pc;
  Value* sp;
  OutputState output;
};
struct SlotRow {
  const TextObject* name;
  const std::uint8_t* pc;
  std::uint32_t frame;  // that it was written in
};
using PortThen = void (*)(Isolate&, Value returned, void* data);
struct ThenRow {
  PortThen port = nullptr;
  ThenFn plugin = nullptr;
  void* data = nullptr;
  DropFn drop = nullptr;
};
struct OpContext {
  std::uint32_t import = 0;
  Value* args = nullptr;
  std::uint32_t count = 0;
};

class Machine : public RootSource {
 public:
  Machine(Isolate& isolate, Limits limits);
  ~Machine() override;

  void reset(std::shared_ptr<const Program> program, Ports& ports);
  void enter_function(std::uint32_t function, const Value* args, std::uint32_t count);
  void enter_page(const bytecode::PageRow& page);
  void enter_handler(const bytecode::HandlerRow& handler, std::uint32_t globals,
                     const Preset* presets, std::size_t count);
  RunState run(std::int64_t fuel);
  void complete(IPlugin& self, CompleteFn fn, void* data);
  void complete_with(const Status& error);

  // Errors. fail() notes the failure; whoever calls it returns Outcome::kFailed or false.
  Outcome fail(std::uint32_t number, std::string message);  // number: 11 is R0011
  bool fail_false(std::uint32_t number, std::string message) {
    fail(number, std::move(message));
    return false;
  }
  void fail_code(std::uint32_t code, std::string message, Value fields = kNone);
  void set_error_code(Value text);  // of the failure just noted: error.code
  Outcome fail_value(Value error);  // raises an error object again
  Outcome wrong_type(std::string_view expected, Value found);  // R0006

  // Memory that one native is about to make: false and R0003 if there is no room.
  bool has_room(std::uint64_t bytes);

  const Program::Linked& linked() const { return *linked_; }
  Heap& heap() { return heap_; }
  Ports& ports() { return *ports_; }
  Isolate& isolate() { return isolate_; }
  std::string text_form(Value v) const;
  std::string display(Value v) const;

  // Calls, from natives and ports.
  bool push_call(Value callee, const Value* args, std::uint32_t count, Value* result);
  void call_then(std::uint32_t function, const Value* args, std::uint32_t count, ThenRow then);
  void set_then_result(Value v) { then_result_ = v; }

  // x[from:to:step]; none: not given. R0006, R0014.
  bool slice(Value object, Value from, Value to, Value step, Value& out);

  // Output.
  void end_tag() {
    if (tag_open_) {
      output_ += '>';
      tag_open_ = false;
    }
  }

  std::uint32_t system_depth = 0;  // system.enter and system.leave

 private:
  friend class Isolate;
  friend class CallPort;

  enum class Next : std::uint8_t { kContinue, kFailed, kSuspended, kDone };

  void mark_roots(Heap& heap) override;
  RunState interpret(std::int64_t fuel);

  // frames.cpp
  void clear_frames();
  bool push_frame(std::uint32_t function, Closure* closure, Component* component, Value* base,
                  std::uint32_t given, Value* result);
  bool call_value(Value* callee,
                  std::uint32_t count);  // callee and its arguments are on top of the stack
  bool call_named(Value* callee, std::uint32_t count, std::uint32_t names);
  bool call_spread(Value* callee);
  Next leave_frame(Value returned);  // pops the code frame and goes on below
  Next resume(Value returned);       // of a native frame on top
  Next resume_then(Value returned);
  Next resume_component(bool has_value, Value returned);
  bool create_component(std::uint32_t constant);
  Next render_slot(const TextObject* name);
  void close_cells(const Value* from, const Value* to);
  Cell* capture(Value* at);
  Value make_closure(std::uint32_t function);
  bool unwind();  // to the innermost Try; false: there is none
  Bytes* make_trace();
  void finish_failed();
  std::vector<std::string> trace_lines(const Bytes* trace) const;
  OutputState output_state() const {
    return {output_.size(), marks_.size(), elements_.size(), tag_open_};
  }
  void restore_output(const OutputState& state);

  // hof.cpp
  bool begin_hof(bytecode::Op op);
  Next step_hof(bool has_value, Value returned);
  bool hof_sort(Frame& frame, Value& out);

  // ops
  bool run_ext(std::uint32_t import, bool& suspended, bool& pushed);
  Next finish_op(Status status, Value result);
  void after_completion(Next next);
  Next push_value(Value v);

  // values.cpp, members.cpp
  bool interpolate(Value* from, std::uint32_t count, Value& out);
  bool start_for(Value subject, const std::uint8_t* end, Value& out);
  bool next_for(Iterator* iterator, Value* locals);
  bool get_field(Value object, std::uint32_t k, Value& out);
  bool set_field(Value object, std::uint32_t k, Value v);
  bool get_index(Value object, Value index, Value& out);
  bool set_index(Value object, Value index, Value v);
  Outcome member(Value object, std::uint32_t k, Value& out);
  Outcome call_method(Value* object, std::uint32_t count, std::uint32_t k, Value& out);
  bool contains(Value item, Value collection, bool& out);
  bool compare(Value a, Value b, bytecode::Op op, Value& out);
  bool make_range(Value a, Value b, bool exclusive, Value& out);
  bool extend_list(ListObject* list, Value xs);
  bool unpack(Value list, std::uint32_t count, bool rest, Value* out);
  bool check_type(Value& v, std::uint32_t k);
  bool make_variant(std::uint32_t k, const Value* args, std::uint32_t count, Value& out);
  bool text_op(bytecode::Op op, const Value* args, Value& out);
  bool number_op(bytecode::Op op, const Value* args, Value& out);
  bool min_max(Value a, Value b, bool max, Value& out);
  bool make_duration(Value v, std::uint32_t unit, Value& out);
  bool make_money_of(Value v, std::string_view currency, Value& out);
  Value time_word(std::uint32_t word);
  bool load_context(std::uint32_t what, Value& out);
  void print(const Value* from, std::uint32_t count);

  // html.cpp
  void open_element(std::uint32_t k);
  void close_element(bool self_closing);
  void write_text(Value v, int depth = 0);
  void write_attribute(std::string_view name, Value v);
  void spread_attributes(Value v);

  Isolate& isolate_;
  Limits limits_;
  Heap heap_;
  std::shared_ptr<const Program> program_;
  const Program::Linked* linked_ = nullptr;
  Ports* ports_ = nullptr;
  std::unique_ptr<CallPort> call_port_;

  std::unique_ptr<Value, void (*)(void*)> stack_;
  Value* sp_ = nullptr;
  Value* stack_end_ = nullptr;
  std::vector<Frame> frames_;
  std::vector<TryRow> tries_;
  std::vector<ThenRow> thens_;
  std::vector<SlotRow> slots_;
  std::vector<Value> globals_;
  Cell* open_cells_ = nullptr;

  std::string output_;
  std::vector<std::size_t> marks_;       // where open views began
  std::vector<std::uint32_t> elements_;  // constants of open elements
  bool tag_open_ = false;
  std::string scratch_;

  Value error_ = kEmpty;  // pending; kEmpty: none
  Value result_ = kNone;
  Value then_result_ = kEmpty;
  Value contexts_[13];
  Failure failure_;
  RunState state_ = RunState::kDone;
  Frame handler_;  // of the handler entered last: its variables are read after it ended
  OpContext op_;   // of the opcode that runs or is suspended
  Value* native_base_ = nullptr;  // arguments of the native that runs
  std::uint64_t run_ns_ = 0;
};

}  // namespace flin::runtime
