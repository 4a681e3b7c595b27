// What stands behind Isolate: stack, frames, heap, output. What cells do is in handlers_*.cpp,
// calls and unwinding in frames.cpp, what instructions do to values in the files named below.
//
// Frames are records in an array of their own; each has a window on one array of 8-byte slots:
// references first, raw words behind them (cell.h). No C++ frame ever stands between two FLIN
// frames: what must go on after a call (a Hof, a component, a plugin's `then`) is a frame of its
// own kind.
#pragma once

#include "bytecode/opcodes.h"
#include "flin/plugin.h"
#include "runtime/frame_stack.h"
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

// What was being written when a Try began; an error goes back to it.
struct OutputState {
  std::size_t size = 0, marks = 0, elements = 0;
  bool tag_open = false;
};
struct TryRow {
  std::uint32_t frame;
  std::uint32_t slots;
  const Cell* ip;  // goes on there
  Value* error;    // with the error here
  OutputState output;
};
struct SlotRow {
  const TextObject* name;
  const Cell* ip;
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

  void clear();  // drops what reset() took
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

  // A safe point within an instruction whose operands are all in registers: collects if that is
  // due. False: R0003.
  bool may_allocate() { return !heap_.wants_collection() || collect(); }

  // Memory that one native is about to make: false and R0003 if there is no room.
  bool has_room(std::uint64_t bytes);

  const Program::Linked& linked() const { return *linked_; }
  Heap& heap() { return heap_; }
  Ports& ports() { return *ports_; }
  Isolate& isolate() { return isolate_; }
  std::string text_form(Value v) const;
  std::string display(Value v) const;

  // Calls, from natives and ports.
  bool push_call(Value callee, const Value* args, std::uint32_t count);
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
  friend struct Engine;

  enum class Next : std::uint8_t { kContinue, kFailed, kSuspended, kDone };
  static constexpr std::uint32_t kHofSize = 7;  // slots of a kHof frame (hof.cpp)
  struct Registers {                            // of handlers that are not chained (engine.h)
    const Cell* ip;
    Value* r;
    Frame* fp;
    std::int64_t fuel;
  };

  void mark_roots(Heap& heap) override;
  [[gnu::noinline]] bool collect();

  // frames.cpp
  void clear_frames();
  Value* stack_top();  // behind the window on top
  // Calls with arguments in a row; the caller wants its result boxed.
  bool push_frame(std::uint32_t function, Closure* closure, Component* component, const Value* args,
                  std::uint32_t given);
  Frame* push_native(FrameKind kind, std::uint32_t size, Value* result);  // null: R0001
  bool make_room(std::uint32_t function, const Value* window);  // for one more frame: R0001, R0002
  bool call_value(const Value* callee, std::uint32_t count);    // its arguments follow it
  bool call_named(const Value* callee, std::uint32_t count, std::uint32_t names);
  bool call_spread(const Value* callee);
  Next go_on_with_top();        // C++ pushed frames
  Next resume(Value returned);  // of a native frame on top
  Next resume_then(Value returned);
  Next resume_component(bool has_value, Value returned);
  Next give(Value* result, Value v);  // to the frame on top
  bool create_component(std::uint32_t constant, Value props);
  bool render_slot(const TextObject* name, Value* result);
  void begin_slot(const TextObject* name, const Cell* content);
  void end_slot();
  void end_handler();
  void begin_try(const Cell* caught, Value* error);
  void end_tries();  // of the frame on top
  void throw_value(Value v);
  Captured* make_cell(Value& slot);
  bool store_cell(Value& slot, Value v);
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
  bool begin_hof(bytecode::Op op, const Value* operands, Value* result);
  Next step_hof(bool has_value, Value returned);
  bool hof_sort(Value* state, Value& out);

  // ops
  Outcome run_native(std::uint32_t row, Value* args, std::uint32_t count);
  Outcome run_method(Value* object, std::uint32_t count, std::uint32_t k);
  Outcome run_member(Value* object, std::uint32_t k);
  Next run_ext(std::uint32_t import, Value* args);
  Next finish_op(Status status, Value result);
  void after_completion(Next next);

 public:
  // values.cpp, members.cpp
  bool interpolate(Value* from, std::uint32_t count, Value& out);
  bool start_for(Value subject, Value& out);
  bool next_item(Iterator* iterator, Value* r, const Cell& cell);  // as NextFor wants it
  void next_for(Iterator* iterator, Value* pair);
  bool fail_range(std::int64_t from, std::int64_t to);
  bool fail_unset(std::uint32_t global);  // R0005
  void store_state(std::uint32_t slot, Value v);
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

 private:
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
  Value* stack_end_ = nullptr;
  const Value* constants_ = nullptr;  // of linked_
  const Program::Linked::Divisor* divisors_ = nullptr;
  FrameStack frames_;
  Registers engine_{};
  std::vector<TryRow> tries_;
  std::vector<ThenRow> thens_;
  std::vector<SlotRow> slots_;
  std::vector<Value> globals_;

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

// A boxed value as a slot of that kind holds it; R0006 if it cannot.
bool unbox(Machine& m, Value v, bytecode::SlotKind kind, Value* to);

}  // namespace flin::runtime
