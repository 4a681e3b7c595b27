// Calls, returns, components, and what happens to them when an error passes.
#include "base/assert.h"
#include "runtime/call_port.h"
#include "runtime/convert.h"
#include "runtime/engine.h"

#include <algorithm>

namespace flin::runtime {

namespace {

constexpr std::size_t kTraceLimit = 200;  // frames noted
constexpr std::size_t kTraceShown = 20;   // of them written (L 19.4)
constexpr std::uint32_t kComponentDepth = 200;

// What a native frame goes on with when the function it called has returned.
const Cell kResumeNative[2] = {{{&Engine::ResumeNative}, 0, 0, 0},
                               {{&Engine::ResumeNative}, 0, 0, 0}};

}  // namespace

void Machine::clear_frames() {
  for (const ThenRow& then : thens_)
    if (then.drop) then.drop(then.data);
  thens_.clear();
  frames_.clear();
  tries_.clear();
  slots_.clear();
  marks_.clear();
  elements_.clear();
  tag_open_ = false;
  error_ = kEmpty;
  result_ = kNone;
  then_result_ = kEmpty;
  system_depth = 0;
  op_ = {};
}

Value* Machine::stack_top() {
  if (frames_.empty()) return stack_.get();
  const Frame& frame = frames_.back();
  return frame.base + (frame.kind == FrameKind::kCode  ? linked_->codes[frame.function].size
                       : frame.kind == FrameKind::kHof ? kHofSize
                                                       : 1);
}

bool Machine::make_room(std::uint32_t function, const Value* window) {
  if (frames_.size() >= limits_.frames) {
    const auto name = [&](std::uint32_t row) {
      const Value v = linked_->functions[row].name;
      return is_text(v) && as_text(v)->size ? std::string(as_text(v)->view())
                                            : std::string("(anonymous)");
    };
    const std::uint32_t caller =
        frames_.back().kind == FrameKind::kCode ? frames_.back().function : function;
    return fail_false(2, "calls nested deeper than " + std::to_string(limits_.frames) + ": " +
                             name(caller) + " -> " + name(function));
  }
  if (window + linked_->codes[function].size > stack_end_)
    return fail_false(1, "operand stack overflow");
  if (frames_.is_full()) frames_.grow();
  return true;
}

bool Machine::push_frame(std::uint32_t function, Closure* closure, Component* component,
                         const Value* args, std::uint32_t given) {
  const Code& code = linked_->codes[function];
  const LinkedFunction& callee = linked_->functions[function];
  Value* base = stack_top();
  if (!make_room(function, base)) return false;
  std::fill_n(base, code.refs, kEmpty);
  for (std::uint32_t n = 0; n < std::min<std::uint32_t>(given, callee.arity); ++n)
    if (!unbox(*this, args[n], code.slots[n].kind, base + code.slots[n].reg)) return false;
  Frame& frame = frames_.push();
  frame.ip = code.entry();
  frame.base = base;
  frame.closure = closure;
  frame.component = component;
  frame.function = function;
  frame.flags = kBoxesResult;
  return true;
}

Frame* Machine::push_native(FrameKind kind, std::uint32_t size, Value* result) {
  Value* base = stack_top();
  if (base + size > stack_end_) {
    fail(1, "operand stack overflow");
    return nullptr;
  }
  std::fill_n(base, size, kEmpty);
  Frame& frame = frames_.push();
  frame.ip = kResumeNative + 1;
  frame.base = base;
  frame.kind = kind;
  frame.result = result;
  return &frame;
}

bool Machine::call_value(const Value* callee, std::uint32_t count) {
  if (!is_kind(*callee, ObjectKind::kClosure))
    return fail_false(12, type_name(*callee, *linked_) + " cannot be called");
  auto* closure = cast<Closure>(*callee);
  const LinkedFunction& function = linked_->functions[closure->function];
  if (count < function.least)
    return fail_false(14, "invalid argument: " + display(*callee) + " takes " +
                              std::to_string(function.least) +
                              (function.least == 1 ? " argument" : " arguments") + ", " +
                              std::to_string(count) + " given");
  return push_frame(closure->function, closure, closure->component, callee + 1, count);
}

bool Machine::push_call(Value callee, const Value* args, std::uint32_t count) {
  if (count <= 3) {
    Value row[4] = {callee};
    std::copy_n(args, count, row + 1);
    return call_value(row, count);
  }
  std::vector<Value> row{callee};
  row.insert(row.end(), args, args + count);
  return call_value(row.data(), count);
}

// f a1..an, the last of them named: puts each at its parameter's place.
bool Machine::call_named(const Value* callee, std::uint32_t count, std::uint32_t names_k) {
  if (!is_kind(*callee, ObjectKind::kClosure))
    return fail_false(12, type_name(*callee, *linked_) + " cannot be called");
  const LinkedFunction& function = linked_->functions[cast<Closure>(*callee)->function];
  const auto& names = linked_->chunk.constants[names_k].items;
  const auto positional = count - static_cast<std::uint32_t>(names.size());
  std::vector<Value> row(1 + std::max<std::size_t>(function.arity, positional), kEmpty);
  std::copy_n(callee, 1 + positional, row.begin());
  Value* placed = row.data() + 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = linked_->chunk.text(names[i]);
    const auto found = std::find(function.parameters.begin(), function.parameters.end(), name);
    if (found == function.parameters.end())
      return fail_false(14, "invalid argument: " + display(*callee) + " has no parameter '" +
                                std::string(name) + "'");
    placed[found - function.parameters.begin()] = callee[1 + positional + i];
  }
  for (std::uint32_t i = 0; i < function.least; ++i)
    if (is_empty(placed[i]))
      return fail_false(14, "invalid argument: " + display(*callee) + " needs '" +
                                std::string(function.parameters[i]) + "'");
  return call_value(row.data(), static_cast<std::uint32_t>(row.size() - 1));
}

bool Machine::call_spread(const Value* callee) {
  if (!is_list(callee[1])) {
    wrong_type("list", callee[1]);
    return false;
  }
  ListObject* list = as_list(callee[1]);
  if (list->size > 255) return fail_false(14, "invalid argument: more than 255 arguments");
  const auto count = static_cast<std::uint32_t>(list->size);
  return push_call(callee[0], items_of(heap_, list), count);
}

Value Machine::make_closure(std::uint32_t row) {
  const Frame& frame = frames_.back();
  const LinkedFunction& function = linked_->functions[row];
  if (function.closure && frame.component == nullptr) return from_object(function.closure);
  auto* closure =
      heap_.make<Closure>(ObjectKind::kClosure, function.upvalues.size() * sizeof(Cell*));
  closure->function = row;
  closure->size = static_cast<std::uint32_t>(function.upvalues.size());
  closure->component = frame.component;
  const Code& code = linked_->codes[frame.function];
  for (std::uint32_t i = 0; i < closure->size; ++i) {
    const auto& upvalue = function.upvalues[i];
    closure->cells()[i] = upvalue.from_parent_upvalue
                              ? frame.closure->cells()[upvalue.index]
                              : make_cell(frame.base[code.slots[upvalue.index].reg]);
  }
  return from_object(closure);
}

// The slot holds a cell from now on, with the value it had.
Captured* Machine::make_cell(Value& slot) {
  if (is_kind(slot, ObjectKind::kCell)) return cast<Captured>(slot);
  auto* cell = heap_.make<Captured>(ObjectKind::kCell);
  cell->value = slot;
  slot = from_object(cell);
  return cell;
}

bool Machine::store_cell(Value& slot, Value v) {
  if (!is_kind(slot, ObjectKind::kCell)) {
    if (!may_allocate()) return false;
    slot = kEmpty;
  }
  make_cell(slot)->value = v;
  return true;
}

void Machine::begin_try(const Cell* caught, Value* error) {
  tries_.push_back({static_cast<std::uint32_t>(frames_.size() - 1),
                    static_cast<std::uint32_t>(slots_.size()), caught, error, output_state()});
}

void Machine::end_tries() {
  const std::size_t index = frames_.size() - 1;
  while (!tries_.empty() && tries_.back().frame == index) tries_.pop_back();
}

void Machine::throw_value(Value v) {
  if (is_kind(v, ObjectKind::kError))
    fail_value(v);
  else
    fail(16, text_form(v));
}

Machine::Next Machine::give(Value* result, Value v) {
  if (frames_.empty()) {
    result_ = v;
    return Next::kDone;
  }
  if (frames_.back().kind != FrameKind::kCode) return resume(v);
  *result = v;
  return Next::kContinue;
}

Machine::Next Machine::go_on_with_top() {
  if (!is_empty(error_)) return Next::kFailed;
  if (frames_.back().kind != FrameKind::kCode) return step_hof(false, kNone);
  return Next::kContinue;
}

Machine::Next Machine::resume(Value returned) {
  switch (frames_.back().kind) {
    case FrameKind::kHof: return step_hof(true, returned);
    case FrameKind::kThen: return resume_then(returned);
    case FrameKind::kComponent: return resume_component(true, returned);
    case FrameKind::kCode: break;
  }
  return Next::kContinue;
}

Outcome Machine::run_native(std::uint32_t row, Value* args, std::uint32_t count) {
  Value out = kNone;
  native_base_ = args;
  const Outcome outcome = linked_->natives[row].run(*this, args, count, out);
  if (outcome == Outcome::kValue) *args = out;
  return outcome;
}

Outcome Machine::run_method(Value* object, std::uint32_t count, std::uint32_t k) {
  Value out = kNone;
  native_base_ = object;
  const Outcome outcome = call_method(object, count, k, out);
  if (outcome == Outcome::kValue) *object = out;
  return outcome;
}

Outcome Machine::run_member(Value* object, std::uint32_t k) {
  Value out = kNone;
  native_base_ = object;
  const Outcome outcome = member(*object, k, out);
  if (outcome == Outcome::kValue) *object = out;
  return outcome;
}

void Machine::call_then(std::uint32_t function, const Value* args, std::uint32_t count,
                        ThenRow then) {
  Frame* frame = push_native(FrameKind::kThen, 1, native_base_);
  if (frame == nullptr) {
    if (then.drop) then.drop(then.data);
    return;
  }
  frame->function = bytecode::kNoIndex;
  thens_.push_back(then);
  push_frame(function, linked_->functions[function].closure, nullptr, args, count);
}

Machine::Next Machine::resume_then(Value returned) {
  const Frame frame = frames_.back();
  const ThenRow then = thens_.back();
  frames_.pop();
  thens_.pop_back();
  if (then.port) {
    const std::size_t depth = frames_.size();
    native_base_ = frame.result;
    then_result_ = kEmpty;
    then.port(isolate_, returned, then.data);
    if (!is_empty(error_)) return Next::kFailed;
    if (frames_.size() > depth)
      return frames_.back().kind == FrameKind::kCode ? Next::kContinue : resume(kNone);
    return give(frame.result, is_empty(then_result_) ? returned : then_result_);
  }
  op_ = {frame.function, frame.result, frame.given};
  const LinkedOp& op = linked_->ops[frame.function];
  Value out = kNone;
  call_port_->begin(op, op_.args, op_.count);
  Status status = then.plugin(*op.self, *call_port_, returned, then.data, out);
  return finish_op(std::move(status), out);
}

// An opcode, its completion or its `then` has returned.
Machine::Next Machine::finish_op(Status status, Value result) {
  const LinkedOp& op = linked_->ops[op_.import];
  CallPort::Pending pending = call_port_->take_pending();
  if (!status.ok()) {
    if (pending.then.drop) pending.then.drop(pending.then.data);
    std::string message(status.message());
    if (status.code() == code('R', 501))
      message =
          "plugin " + std::string(op.owner) + " failed in " + std::string(op.name) + ": " + message;
    fail_code(status.code(), std::move(message), call_port_->take_fields());
    return Next::kFailed;
  }
  if (call_port_->take_suspended()) return Next::kSuspended;
  if (pending.is_call) {
    Frame* frame = push_native(FrameKind::kThen, 1, op_.args);
    if (frame == nullptr) {
      if (pending.then.drop) pending.then.drop(pending.then.data);
      return Next::kFailed;
    }
    frame->function = op_.import;
    frame->given = static_cast<std::uint16_t>(op_.count);
    thens_.push_back(pending.then);
    if (!push_call(pending.callee, pending.args.data(),
                   static_cast<std::uint32_t>(pending.args.size())))
      return Next::kFailed;
    return Next::kContinue;
  }
  if (op.results) *op_.args = result;
  return Next::kContinue;
}

Machine::Next Machine::run_ext(std::uint32_t import, Value* args) {
  const LinkedOp& op = linked_->ops[import];
  const std::uint32_t count = linked_->chunk.imports[import].args;
  op_ = {import, args, count};
  Value out = kNone;
  call_port_->begin(op, op_.args, count);
  Status status = op.run(*op.self, *call_port_, op_.args, count, out);
  return finish_op(std::move(status), out);
}

// Components. The native frame runs the default of each prop that was not given, in order, then the
// component's own function.
bool Machine::create_component(std::uint32_t constant, Value props) {
  const auto& row = linked_->chunk.constants[constant];
  const auto parent = static_cast<std::uint32_t>(frames_.size() - 1);
  std::uint32_t nesting = 0;
  for (const Frame& frame : frames_) nesting += frame.kind == FrameKind::kComponent;
  if (nesting >= kComponentDepth)
    return fail_false(2, "components nested deeper than " + std::to_string(kComponentDepth) + ": " +
                             std::string(linked_->chunk.text(row.items[0])));
  end_tag();
  auto* component = heap_.make<Component>(ObjectKind::kComponent);
  component->constant = constant;
  component->function = row.items[1];
  component->props = props;
  component->state = nullptr;
  Frame* pushed = push_native(FrameKind::kComponent, 1, nullptr);
  if (pushed == nullptr) return false;
  Frame& frame = *pushed;
  frame.component = component;
  frame.function = 0;
  frame.last = static_cast<std::uint32_t>(slots_.size());
  frame.first = frame.last;
  while (frame.first > 0 && slots_[frame.first - 1].frame == parent) --frame.first;
  return resume_component(false, kNone) != Next::kFailed;
}

Machine::Next Machine::resume_component(bool has_value, Value returned) {
  Frame& frame = frames_.back();
  Component* component = frame.component;
  const auto& items = linked_->chunk.constants[component->constant].items;
  const auto props = static_cast<std::uint32_t>((items.size() - 2) / 3);
  if (has_value && frame.function > props) {  // the component itself has ended
    slots_.resize(frame.first);
    frames_.pop();
    return frames_.back().kind == FrameKind::kCode ? Next::kContinue : resume(kNone);
  }
  const auto name_of = [&](std::uint32_t prop) { return linked_->constants[items[2 + 3 * prop]]; };
  if (has_value) {
    if (!is_map(component->props)) component->props = from_object(new_map(heap_));
    map_put(heap_, as_map(component->props), name_of(frame.function - 1), returned);
  }
  while (frame.function < props) {
    const std::uint32_t prop = frame.function++;
    const std::uint32_t fallback = items[2 + 3 * prop + 2];
    const bool given =
        is_map(component->props) && map_find(as_map(component->props), name_of(prop));
    if (given || fallback == bytecode::kNoIndex) continue;
    return push_frame(fallback, nullptr, component, nullptr, 0) ? Next::kContinue : Next::kFailed;
  }
  frame.function = props + 1;
  const auto owner = static_cast<std::uint32_t>(frames_.size() - 1);
  if (!push_frame(component->function, nullptr, component, nullptr, 0)) return Next::kFailed;
  frames_.back().owner = owner;
  frames_.back().flags |= kHasOwner;
  return Next::kContinue;
}

// Content written between a component's tags runs in a frame of its own, with a copy of the window
// it was written in; that one waits below for the component to end and takes the variables back.
bool Machine::render_slot(const TextObject* name, Value* result) {
  const SlotRow* found = nullptr;
  if (frames_.back().flags & kHasOwner) {
    const Frame& owner = frames_[frames_.back().owner];
    for (std::uint32_t i = owner.first; i < owner.last; ++i)
      if (equal_texts(slots_[i].name, name)) found = &slots_[i];
  }
  if (found == nullptr) {
    *result = kFalse;
    return true;
  }
  end_tag();
  if (frames_.size() >= limits_.frames)
    return fail_false(2, "calls nested deeper than " + std::to_string(limits_.frames) +
                             ": a slot that shows itself");
  const Frame parent = frames_[found->frame];
  const std::uint32_t size = linked_->codes[parent.function].size;
  Value* base = stack_top();
  if (base + size > stack_end_) return fail_false(1, "operand stack overflow");
  std::copy_n(parent.base, size, base);
  const Cell* content = found->ip;
  const std::uint32_t from = found->frame;
  Frame& frame = frames_.push();
  frame = parent;
  frame.base = base;
  frame.ip = content;
  frame.first = from;
  frame.flags = static_cast<std::uint8_t>((parent.flags & kHasOwner) | kSlotFrame | kBoxesResult);
  return true;
}

void Machine::begin_slot(const TextObject* name, const Cell* content) {
  slots_.push_back({name, content, static_cast<std::uint32_t>(frames_.size() - 1)});
}

void Machine::end_slot() {
  const Frame& frame = frames_.back();
  Value* to = frames_[frame.first].base;
  for (const Code::Place& place : linked_->codes[frame.function].slots)
    to[place.reg] = frame.base[place.reg];
}

void Machine::end_handler() {
  FLIN_ASSERT(frames_.back().flags & kHandlerFrame, "EndHandler is reached in a handler only");
  frames_.clear();
  tries_.clear();
  result_ = kNone;
}

void Machine::restore_output(const OutputState& state) {
  output_.resize(std::min(output_.size(), state.size));
  marks_.resize(std::min(marks_.size(), state.marks));
  elements_.resize(std::min(elements_.size(), state.elements));
  tag_open_ = state.tag_open;
}

bool Machine::unwind() {
  FLIN_ASSERT(!is_empty(error_), "unwinding has an error to carry");
  auto* error = cast<ErrorObject>(error_);
  if (error->trace == nullptr) error->trace = make_trace();
  const bool catchable = !(error->flags & kUncatchable);
  const std::size_t keep = catchable && !tries_.empty() ? tries_.back().frame + 1 : 0;
  while (frames_.size() > keep) {
    if (frames_.back().kind == FrameKind::kThen) {
      const ThenRow then = thens_.back();
      thens_.pop_back();
      if (then.drop) then.drop(then.data);
    }
    frames_.pop();
  }
  if (keep == 0) {
    finish_failed();
    return false;
  }
  const TryRow row = tries_.back();
  tries_.pop_back();
  slots_.resize(row.slots);
  restore_output(row.output);
  *row.error = error_;
  frames_.back().ip = row.ip;
  error_ = kEmpty;
  return true;
}

Bytes* Machine::make_trace() {
  std::vector<TraceRow> rows;
  for (std::size_t i = frames_.size(); i-- > 0 && rows.size() < kTraceLimit;) {
    const Frame& frame = frames_[i];
    if (frame.kind != FrameKind::kCode) continue;
    if (linked_->chunk.functions[frame.function].flags & bytecode::kPrelude) continue;
    const Code& code = linked_->codes[frame.function];
    const auto next = static_cast<std::size_t>(frame.ip - code.entry());
    rows.push_back({code.offsets[next ? next - 1 : 0], frame.function});
  }
  const std::size_t size = rows.size() * sizeof(TraceRow);
  auto* bytes = heap_.make<Bytes>(ObjectKind::kBytes, size);
  bytes->size = bytes->used = size;
  if (size) std::copy_n(reinterpret_cast<const char*>(rows.data()), size, bytes->data());
  return bytes;
}

std::vector<std::string> Machine::trace_lines(const Bytes* trace) const {
  std::vector<std::string> lines;
  if (trace == nullptr) return lines;
  const auto* rows = reinterpret_cast<const TraceRow*>(trace->data());
  const std::size_t count = trace->used / sizeof(TraceRow);
  const bytecode::Chunk& chunk = linked_->chunk;
  for (std::size_t i = 0; i < count; ++i) {
    if (count > kTraceShown && i == kTraceShown / 2) {
      lines.push_back(".. " + std::to_string(count - kTraceShown) + " more");
      i = count - kTraceShown / 2;
    }
    const auto after = std::upper_bound(
        chunk.lines.begin(), chunk.lines.end(), rows[i].code_offset,
        [](std::uint32_t at, const bytecode::LineRow& row) { return at < row.code_offset; });
    const Value name = linked_->functions[rows[i].function].name;
    std::string line = "at ";
    if (is_text(name) && as_text(name)->size)
      line += as_text(name)->view();
    else
      line += rows[i].function == 0 ? "main" : "(anonymous)";
    if (after != chunk.lines.begin()) {
      const bytecode::LineRow& row = after[-1];
      if (row.file < chunk.files.size())
        line += " (" + chunk.files[row.file] + ":" + std::to_string(row.line) + ":" +
                std::to_string(row.column) + ")";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

void Machine::finish_failed() {
  auto* error = cast<ErrorObject>(error_);
  failure_ = {};
  failure_.code = error->code;
  failure_.message = text_form(error->message);
  if (is_map(error->fields)) {
    for (const MapEntry *entry = as_map(error->fields)->begin(),
                        *end = as_map(error->fields)->end();
         entry != end; ++entry)
      if (!is_empty(entry->key))
        failure_.fields.emplace_back(text_form(entry->key), text_form(entry->value));
  }
  failure_.trace = trace_lines(error->trace);
  const Value kept = error_;
  clear_frames();
  result_ = kept;
  state_ = RunState::kFailed;
}

}  // namespace flin::runtime
