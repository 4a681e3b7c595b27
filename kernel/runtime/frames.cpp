// Calls, returns, components, and what happens to them when an error passes.
#include "base/assert.h"
#include "runtime/call_port.h"
#include "runtime/convert.h"
#include "runtime/machine.h"

#include <algorithm>

namespace flin::runtime {

namespace {

constexpr std::size_t kTraceLimit = 200;  // frames noted
constexpr std::size_t kTraceShown = 20;   // of them written (L 19.4)
constexpr std::uint32_t kNoOwner = 0xFFFFFFFF;
constexpr std::uint32_t kComponentDepth = 200;

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
  open_cells_ = nullptr;
  sp_ = stack_.get();
  error_ = kEmpty;
  result_ = kNone;
  then_result_ = kEmpty;
  system_depth = 0;
  op_ = {};
}

// `given` arguments lie at `base` and are the top of the stack.
bool Machine::push_frame(std::uint32_t function, Closure* closure, Component* component,
                         Value* base, std::uint32_t given, Value* result) {
  const LinkedFunction& callee = linked_->functions[function];
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
  if (base + callee.locals + callee.max_stack > stack_end_)
    return fail_false(1, "operand stack overflow");
  for (std::uint32_t slot = std::min<std::uint32_t>(given, callee.arity); slot < callee.locals;
       ++slot)
    base[slot] = kEmpty;
  sp_ = base + callee.locals;
  Frame& frame = frames_.emplace_back();
  frame.pc = callee.code;
  frame.base = base;
  frame.result = result;
  frame.closure = closure;
  frame.component = component;
  frame.function = function;
  frame.given = static_cast<std::uint16_t>(std::min<std::uint32_t>(given, callee.arity));
  return true;
}

bool Machine::call_value(Value* callee, std::uint32_t count) {
  if (!is_kind(*callee, ObjectKind::kClosure))
    return fail_false(12, type_name(*callee, *linked_) + " cannot be called");
  auto* closure = cast<Closure>(*callee);
  const LinkedFunction& function = linked_->functions[closure->function];
  if (count < function.least)
    return fail_false(14, "invalid argument: " + display(*callee) + " takes " +
                              std::to_string(function.least) +
                              (function.least == 1 ? " argument" : " arguments") + ", " +
                              std::to_string(count) + " given");
  return push_frame(closure->function, closure, closure->component, callee + 1, count, callee);
}

bool Machine::push_call(Value callee, const Value* args, std::uint32_t count, Value* result) {
  if (sp_ + count + 1 > stack_end_) return fail_false(1, "operand stack overflow");
  Value* at = sp_;
  at[0] = callee;
  std::copy_n(args, count, at + 1);
  sp_ = at + count + 1;
  if (!call_value(at, count)) return false;
  frames_.back().result = result;
  return true;
}

// f a1..an, the last of them named: puts each at its parameter's place.
bool Machine::call_named(Value* callee, std::uint32_t count, std::uint32_t names_k) {
  if (!is_kind(*callee, ObjectKind::kClosure))
    return fail_false(12, type_name(*callee, *linked_) + " cannot be called");
  const LinkedFunction& function = linked_->functions[cast<Closure>(*callee)->function];
  const auto& names = linked_->chunk.constants[names_k].items;
  const auto positional = count - static_cast<std::uint32_t>(names.size());
  std::vector<Value> placed(std::max<std::size_t>(function.arity, positional), kEmpty);
  std::copy_n(callee + 1, positional, placed.begin());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = linked_->chunk.text(names[i]);
    const auto found = std::find(function.parameters.begin(), function.parameters.end(), name);
    if (found == function.parameters.end())
      return fail_false(14, "invalid argument: " + display(*callee) + " has no parameter '" +
                                std::string(name) + "'");
    placed[static_cast<std::size_t>(found - function.parameters.begin())] =
        callee[1 + positional + i];
  }
  for (std::uint32_t i = 0; i < function.least; ++i)
    if (is_empty(placed[i]))
      return fail_false(14, "invalid argument: " + display(*callee) + " needs '" +
                                std::string(function.parameters[i]) + "'");
  if (callee + 1 + placed.size() > stack_end_) return fail_false(1, "operand stack overflow");
  std::copy(placed.begin(), placed.end(), callee + 1);
  sp_ = callee + 1 + placed.size();
  return call_value(callee, static_cast<std::uint32_t>(placed.size()));
}

bool Machine::call_spread(Value* callee) {
  if (!is_list(callee[1])) {
    wrong_type("list", callee[1]);
    return false;
  }
  ListObject* list = as_list(callee[1]);
  if (list->size > 255) return fail_false(14, "invalid argument: more than 255 arguments");
  if (callee + 1 + list->size > stack_end_) return fail_false(1, "operand stack overflow");
  const auto count = static_cast<std::uint32_t>(list->size);
  std::copy_n(items_of(heap_, list), count, callee + 1);
  sp_ = callee + 1 + count;
  return call_value(callee, count);
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
  for (std::uint32_t i = 0; i < closure->size; ++i) {
    const auto& upvalue = function.upvalues[i];
    closure->cells()[i] = upvalue.from_parent_upvalue ? frame.closure->cells()[upvalue.index]
                                                      : capture(frame.base + upvalue.index);
  }
  return from_object(closure);
}

Cell* Machine::capture(Value* at) {
  Cell** link = &open_cells_;
  while (*link && (*link)->at > at) link = &(*link)->next_open;
  if (*link && (*link)->at == at) return *link;
  auto* cell = heap_.make<Cell>(ObjectKind::kCell);
  cell->at = at;
  cell->own = kEmpty;
  cell->next_open = *link;
  *link = cell;
  return cell;
}

// Cells of the slots [from, to) get their value for themselves.
void Machine::close_cells(const Value* from, const Value* to) {
  Cell** link = &open_cells_;
  while (*link && (*link)->at >= from) {
    Cell* cell = *link;
    if (cell->at >= to) {
      link = &cell->next_open;
      continue;
    }
    *link = cell->next_open;
    cell->own = *cell->at;
    cell->at = &cell->own;
  }
}

Machine::Next Machine::push_value(Value v) {
  *sp_++ = v;
  return Next::kContinue;
}

Machine::Next Machine::leave_frame(Value returned) {
  const Frame& frame = frames_.back();
  if (open_cells_) close_cells(frame.base, stack_end_);
  const std::size_t index = frames_.size() - 1;
  while (!tries_.empty() && tries_.back().frame == index) tries_.pop_back();
  sp_ = frame.result;
  frames_.pop_back();
  if (frames_.empty()) {
    result_ = returned;
    return Next::kDone;
  }
  if (frames_.back().kind == FrameKind::kCode) return push_value(returned);
  return resume(returned);
}

Machine::Next Machine::resume(Value returned) {
  switch (frames_.back().kind) {
    case FrameKind::kHof: return step_hof(true, returned);
    case FrameKind::kThen: return resume_then(returned);
    case FrameKind::kComponent: return resume_component(true, returned);
    case FrameKind::kCode: break;
  }
  return push_value(returned);
}

void Machine::call_then(std::uint32_t function, const Value* args, std::uint32_t count,
                        ThenRow then) {
  if (sp_ + count > stack_end_) {
    if (then.drop) then.drop(then.data);
    fail(1, "operand stack overflow");
    return;
  }
  Value* result = native_base_;
  Frame& frame = frames_.emplace_back();
  frame.kind = FrameKind::kThen;
  frame.base = sp_;
  frame.result = result;
  frame.function = bytecode::kNoIndex;
  thens_.push_back(then);
  std::copy_n(args, count, sp_);
  Value* base = sp_;
  sp_ += count;
  push_frame(function, linked_->functions[function].closure, nullptr, base, count, base);
}

Machine::Next Machine::resume_then(Value returned) {
  const Frame frame = frames_.back();
  const ThenRow then = thens_.back();
  frames_.pop_back();
  thens_.pop_back();
  sp_ = frame.base;
  if (then.port) {
    const std::size_t depth = frames_.size();
    native_base_ = frame.result;
    then_result_ = kEmpty;
    then.port(isolate_, returned, then.data);
    if (!is_empty(error_)) return Next::kFailed;
    if (frames_.size() > depth)
      return frames_.back().kind == FrameKind::kCode ? Next::kContinue : resume(kNone);
    sp_ = frame.result;
    const Value v = is_empty(then_result_) ? returned : then_result_;
    if (frames_.empty()) {
      result_ = v;
      return Next::kDone;
    }
    return frames_.back().kind == FrameKind::kCode ? push_value(v) : resume(v);
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
    Frame& frame = frames_.emplace_back();
    frame.kind = FrameKind::kThen;
    frame.base = sp_;
    frame.result = op_.args;
    frame.function = op_.import;
    frame.given = static_cast<std::uint16_t>(op_.count);
    thens_.push_back(pending.then);
    if (!push_call(pending.callee, pending.args.data(),
                   static_cast<std::uint32_t>(pending.args.size()), sp_))
      return Next::kFailed;
    return Next::kContinue;
  }
  sp_ = op_.args;
  if (op.results) *sp_++ = result;
  return Next::kContinue;
}

bool Machine::run_ext(std::uint32_t import, bool& suspended, bool& pushed) {
  const LinkedOp& op = linked_->ops[import];
  const std::uint32_t count = linked_->chunk.imports[import].args;
  op_ = {import, sp_ - count, count};
  Value out = kNone;
  call_port_->begin(op, op_.args, count);
  Status status = op.run(*op.self, *call_port_, op_.args, count, out);
  const std::size_t depth = frames_.size();
  const Next next = finish_op(std::move(status), out);
  suspended = next == Next::kSuspended;
  pushed = frames_.size() > depth;
  return next != Next::kFailed;
}

// Components. The native frame runs the default of each prop that was not given, in order, then the
// component's own function.
bool Machine::create_component(std::uint32_t constant) {
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
  component->props = sp_[-1];
  component->state = nullptr;
  Frame& frame = frames_.emplace_back();
  frame.kind = FrameKind::kComponent;
  frame.base = sp_;
  frame.result = sp_ - 1;
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
    sp_ = frame.result;
    frames_.pop_back();
    return frames_.back().kind == FrameKind::kCode ? Next::kContinue : resume(kNone);
  }
  const auto name_of = [&](std::uint32_t prop) { return linked_->constants[items[2 + 3 * prop]]; };
  if (has_value) {
    if (!is_map(component->props)) component->props = from_object(new_map(heap_));
    map_put(heap_, as_map(component->props), name_of(frame.function - 1), returned);
  }
  sp_ = frame.base;
  while (frame.function < props) {
    const std::uint32_t prop = frame.function++;
    const std::uint32_t fallback = items[2 + 3 * prop + 2];
    const bool given =
        is_map(component->props) && map_find(as_map(component->props), name_of(prop));
    if (given || fallback == bytecode::kNoIndex) continue;
    return push_frame(fallback, nullptr, component, sp_, 0, sp_) ? Next::kContinue : Next::kFailed;
  }
  frame.function = props + 1;
  const auto owner = static_cast<std::uint32_t>(frames_.size() - 1);
  if (!push_frame(component->function, nullptr, component, sp_, 0, sp_)) return Next::kFailed;
  frames_.back().owner = owner;
  return Next::kContinue;
}

// Content written between a component's tags runs in a frame that shares the locals of the frame it
// was written in; that one waits below for the component to end.
Machine::Next Machine::render_slot(const TextObject* name) {
  const std::uint32_t owner = frames_.back().owner;
  const SlotRow* found = nullptr;
  if (owner != kNoOwner) {
    for (std::uint32_t i = frames_[owner].first; i < frames_[owner].last; ++i)
      if (equal_texts(slots_[i].name, name)) found = &slots_[i];
  }
  if (found == nullptr) return push_value(kFalse);
  end_tag();
  const Frame parent = frames_[found->frame];
  const LinkedFunction& function = linked_->functions[parent.function];
  if (frames_.size() >= limits_.frames) {
    fail(2, "calls nested deeper than " + std::to_string(limits_.frames) +
                ": a slot that shows itself");
    return Next::kFailed;
  }
  if (sp_ + function.max_stack > stack_end_) {
    fail(1, "operand stack overflow");
    return Next::kFailed;
  }
  Frame frame = parent;
  frame.pc = found->pc;
  frame.result = sp_;
  frame.flags = kSlotFrame;
  frames_.push_back(frame);
  return Next::kContinue;
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
    frames_.pop_back();
  }
  if (keep == 0) {
    finish_failed();
    return false;
  }
  const TryRow row = tries_.back();
  tries_.pop_back();
  if (open_cells_) {
    const Frame& frame = frames_.back();
    const Value* operands = (frame.flags & kSlotFrame)
                                ? frame.result
                                : frame.base + linked_->functions[frame.function].locals;
    close_cells(operands, stack_end_);
  }
  slots_.resize(row.slots);
  restore_output(row.output);
  sp_ = row.sp;
  *sp_++ = error_;
  frames_.back().pc = row.pc;
  error_ = kEmpty;
  return true;
}

Bytes* Machine::make_trace() {
  std::vector<TraceRow> rows;
  const std::uint8_t* code = linked_->chunk.code.data();
  for (std::size_t i = frames_.size(); i-- > 0 && rows.size() < kTraceLimit;) {
    const Frame& frame = frames_[i];
    if (frame.kind != FrameKind::kCode) continue;
    if (linked_->chunk.functions[frame.function].flags & bytecode::kPrelude) continue;
    rows.push_back(
        {static_cast<std::uint32_t>(frame.pc - code) - (frame.pc > code), frame.function});
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
