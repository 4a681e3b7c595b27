#include "runtime/machine.h"

#include "base/assert.h"
#include "runtime/call_port.h"
#include "runtime/convert.h"
#include "runtime/engine.h"

#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace flin::runtime {

namespace {

// Ends a run: the cell below the first frame.
const Cell kDone[2] = {{{&Engine::Done}, 0, 0, 0}, {{&Engine::Done}, 0, 0, 0}};

bool stress_from_environment() {
  const char* mode = std::getenv("FLIN_GC");
  return mode != nullptr && std::strcmp(mode, "stress") == 0;
}

std::uint64_t thread_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

Machine::Machine(Isolate& isolate, Limits limits)
    : isolate_(isolate),
      limits_(limits),
      heap_(*this, limits.memory, limits.gc_stress || stress_from_environment()),
      call_port_(std::make_unique<CallPort>(*this)),
      // Not touched until it is used, so a small agent costs a page of it.
      stack_(static_cast<Value*>(std::malloc(limits.stack * sizeof(Value))), std::free) {
  FLIN_ASSERT(stack_ != nullptr, "there is memory for a stack");
  stack_end_ = stack_.get() + limits.stack;
  frames_.set_most(limits.frames);
  std::fill(std::begin(contexts_), std::end(contexts_), kEmpty);
}

Machine::~Machine() { clear_frames(); }

void Machine::clear() {
  if (program_ == nullptr) return;
  clear_frames();
  handler_ = {};
  globals_.clear();
  output_.clear();
  failure_ = {};
  heap_.drop();
  call_port_->reset();
  program_.reset();
  linked_ = nullptr;
  ports_ = nullptr;
}

void Machine::reset(std::shared_ptr<const Program> program, Ports& ports) {
  clear();
  program_ = std::move(program);
  linked_ = &program_->linked();
  constants_ = linked_->constants.data();
  divisors_ = linked_->divisors.data();
  ports_ = &ports;
  state_ = RunState::kDone;
  run_ns_ = 0;
  std::fill(std::begin(contexts_), std::end(contexts_), kEmpty);
}

void Machine::enter_function(std::uint32_t function, const Value* args, std::uint32_t count) {
  clear_frames();
  handler_ = {};
  if (globals_.size() < linked_->chunk.globals) globals_.resize(linked_->chunk.globals, kEmpty);
  std::fill(std::begin(contexts_), std::end(contexts_), kEmpty);
  state_ = RunState::kYielded;
  run_ns_ = 0;
  Frame& below = *frames_.bottom();
  below.ip = kDone + 1;
  below.base = &result_;
  push_frame(function, linked_->functions[function].closure, nullptr, args, count);
}

void Machine::enter_page(const bytecode::PageRow& page) {
  globals_.assign(std::max(page.globals, linked_->chunk.globals), kEmpty);
  enter_function(page.function, nullptr, 0);
}

void Machine::enter_handler(const bytecode::HandlerRow& handler, std::uint32_t globals,
                            const Preset* presets, std::size_t count) {
  heap_.new_epoch();
  globals_.assign(std::max(globals, linked_->chunk.globals), kEmpty);
  enter_function(handler.function, nullptr, 0);
  if (frames_.empty() || !is_empty(error_)) return;
  const LinkedFunction& function = linked_->functions[handler.function];
  const Code& code = linked_->codes[handler.function];
  const auto body =
      std::lower_bound(code.bodies.begin(), code.bodies.end(), std::pair{handler.start, 0u});
  FLIN_ASSERT(body != code.bodies.end() && body->first == handler.start,
              "a row of handlers is a body of its function");
  Frame& frame = frames_.back();
  frame.ip = code.entry() + body->second;
  frame.flags |= kHandlerFrame;
  frame.closure = function.closure;
  if (!function.upvalues.empty()) {
    auto* closure =
        heap_.make<Closure>(ObjectKind::kClosure, function.upvalues.size() * sizeof(Captured*));
    closure->function = handler.function;
    closure->size = static_cast<std::uint32_t>(function.upvalues.size());
    closure->component = nullptr;
    for (std::uint32_t i = 0; i < closure->size; ++i) {
      auto* cell = heap_.make<Captured>(ObjectKind::kCell);
      cell->value = kEmpty;
      closure->cells()[i] = cell;
    }
    frame.closure = closure;
  }
  auto* component = heap_.make<Component>(ObjectKind::kComponent);
  component->function = handler.function;
  component->constant = bytecode::kNoIndex;
  component->props = from_object(new_map(heap_));
  component->state = nullptr;
  std::uint32_t states = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (presets[i].where == Preset::kState) states = std::max(states, presets[i].index + 1);
  if (states) {
    component->state = heap_.make<Slots>(ObjectKind::kSlots, states * sizeof(Value));
    component->state->capacity = states;
    std::fill_n(component->state->items(), states, kEmpty);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Preset& preset = presets[i];
    switch (preset.where) {
      case Preset::kGlobal:
        if (preset.index < globals_.size()) globals_[preset.index] = preset.value;
        break;
      case Preset::kState: component->state->items()[preset.index] = preset.value; break;
      case Preset::kLocal:
        if (preset.index < code.slots.size()) {
          const Code::Place& place = code.slots[preset.index];
          Value& slot = frame.base[place.reg];
          if (place.is_cell)
            make_cell(slot)->value = preset.value;
          else
            slot = preset.value;
        }
        break;
      case Preset::kUpvalue:
        if (frame.closure && preset.index < frame.closure->size)
          frame.closure->cells()[preset.index]->value = preset.value;
        break;
      case Preset::kProp:
        map_put(heap_, as_map(component->props), linked_->constants[preset.index], preset.value);
        break;
    }
  }
  frame.component = component;
  handler_ = frame;
}

RunState Machine::run(std::int64_t fuel) {
  if (!is_empty(error_)) {
    if (frames_.empty()) {
      finish_failed();
      return state_;
    }
    if (!unwind()) return state_;
  }
  if (frames_.empty() || state_ == RunState::kSuspended) return state_;
  const std::uint64_t start = limits_.cpu_ms ? thread_ns() : 0;
  if (limits_.cpu_ms && run_ns_ > std::uint64_t{limits_.cpu_ms} * 1'000'000) {
    fail(4, "ran longer than " + std::to_string(limits_.cpu_ms / 1000) + " s");
    cast<ErrorObject>(error_)->flags |= kUncatchable;
    unwind();
    return state_;
  }
  state_ = Engine::run(*this, fuel);
  if (limits_.cpu_ms) run_ns_ += thread_ns() - start;
  return state_;
}

void Machine::complete(IPlugin& self, CompleteFn fn, void* data) {
  FLIN_ASSERT(state_ == RunState::kSuspended, "only a suspended isolate is completed");
  Value out = kNone;
  call_port_->begin(linked_->ops[op_.import], op_.args, op_.count);
  Status status = fn(self, *call_port_, data, out);
  after_completion(finish_op(std::move(status), out));
}

void Machine::complete_with(const Status& error) {
  if (state_ != RunState::kSuspended) return;
  fail_code(error.code(), std::string(error.message()));
  state_ = RunState::kYielded;
}

void Machine::after_completion(Next next) {
  if (next == Next::kSuspended) return;
  state_ = RunState::kYielded;  // run() goes on, or unwinds the error
}

Outcome Machine::fail(std::uint32_t number, std::string message) {
  fail_code(code('R', number), std::move(message));
  return Outcome::kFailed;
}

void Machine::fail_code(std::uint32_t error_code, std::string message, Value fields) {
  auto* error = heap_.make<ErrorObject>(ObjectKind::kError);
  error->code = error_code;
  error->flags = 0;
  error->message = make_text(heap_, message);
  error->code_text = error->cause = kNone;
  error->fields = fields;
  error->trace = nullptr;
  error_ = from_object(error);
}

void Machine::set_error_code(Value text) { cast<ErrorObject>(error_)->code_text = text; }

Outcome Machine::fail_value(Value error) {
  error_ = error;
  return Outcome::kFailed;
}

Outcome Machine::wrong_type(std::string_view expected, Value found) {
  return fail(6, "expected " + std::string(expected) + ", found " + type_name(found, *linked_));
}

bool Machine::collect() {
  heap_.safe_point();
  return !heap_.is_over_limit() || fail_false(3, "memory limit reached");
}

bool Machine::has_room(std::uint64_t bytes) {
  return heap_.has_room(bytes) || fail_false(3, "memory limit reached");
}

std::string Machine::text_form(Value v) const {
  std::string out;
  append_text_form(out, v, *linked_);
  return out;
}

std::string Machine::display(Value v) const {
  std::string out;
  append_display(out, v, *linked_);
  return out;
}

void Machine::print(const Value* from, std::uint32_t count) {
  std::string line;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i) line += ' ';
    append_display(line, from[i], *linked_);
  }
  linked_->core->print(line);
}

void Machine::mark_roots(Heap& heap) {
  if (!globals_.empty()) heap.mark_range(globals_.data(), globals_.data() + globals_.size());
  for (const Frame& frame : frames_) {
    const std::uint32_t refs = frame.kind == FrameKind::kCode  ? linked_->codes[frame.function].refs
                               : frame.kind == FrameKind::kHof ? kHofSize
                                                               : 1;
    heap.mark_range(frame.base, frame.base + refs);
    heap.mark(frame.closure);
    heap.mark(frame.component);
  }
  heap.mark(handler_.closure);
  heap.mark(handler_.component);
  heap.mark(error_);
  heap.mark(result_);
  heap.mark(then_result_);
  for (const Value v : contexts_) heap.mark(v);
}

}  // namespace flin::runtime
