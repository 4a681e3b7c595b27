#include "runtime/isolate.h"

#include "runtime/call_port.h"
#include "runtime/machine.h"

#include <unordered_set>

namespace flin::runtime {

struct Isolate::Impl {
  Impl(Isolate& isolate, Limits limits) : machine(isolate, limits) {}
  Machine machine;
};

Isolate::Isolate(Limits limits) : impl_(std::make_unique<Impl>(*this, limits)) {}
Isolate::~Isolate() = default;

void Isolate::reset(std::shared_ptr<const Program> program, Ports& ports) {
  impl_->machine.reset(std::move(program), ports);
}
void Isolate::clear() { impl_->machine.clear(); }
const Program& Isolate::program() const { return *impl_->machine.program_; }
Heap& Isolate::heap() { return impl_->machine.heap(); }

void Isolate::enter_function(std::uint32_t function, const Value* args, std::uint32_t count) {
  impl_->machine.enter_function(function, args, count);
}
void Isolate::enter_page(const bytecode::PageRow& page) { impl_->machine.enter_page(page); }
void Isolate::enter_handler(const bytecode::HandlerRow& handler, std::uint32_t globals,
                            const Preset* presets, std::size_t count) {
  impl_->machine.enter_handler(handler, globals, presets, count);
}

RunState Isolate::run(std::uint32_t fuel) { return impl_->machine.run(fuel); }
void Isolate::complete(IPlugin& self, CompleteFn fn, void* data) {
  impl_->machine.complete(self, fn, data);
}
void Isolate::complete_with(Status error) { impl_->machine.complete_with(error); }

void Isolate::cancel(std::uint32_t code, std::string message) {
  impl_->machine.fail_code(code, std::move(message));
  impl_->machine.finish_failed();
}

Value Isolate::result() const { return impl_->machine.result_; }
const Failure& Isolate::failure() const { return impl_->machine.failure_; }

bool Isolate::context(std::uint32_t what, Value& out) {
  return impl_->machine.load_context(what, out);
}

Value Isolate::global(std::uint32_t slot) const {
  const auto& globals = impl_->machine.globals_;
  return slot < globals.size() ? globals[slot] : kEmpty;
}
void Isolate::set_global(std::uint32_t slot, Value value) {
  auto& globals = impl_->machine.globals_;
  if (slot >= globals.size()) globals.resize(slot + 1, kEmpty);
  globals[slot] = value;
}

Value Isolate::handler_variable(Preset::Where where, std::uint32_t index) const {
  const Machine& m = impl_->machine;
  const Frame& frame = m.handler_;
  switch (where) {
    case Preset::kGlobal: return global(index);
    case Preset::kState: {
      const Slots* state = frame.component ? frame.component->state : nullptr;
      return state && index < state->capacity ? state->items()[index] : kEmpty;
    }
    case Preset::kLocal: {
      if (!frame.base) return kEmpty;
      const Value v = frame.base[m.linked_->codes[frame.function].slots[index].reg];
      return is_kind(v, ObjectKind::kCell) ? cast<Captured>(v)->value : v;
    }
    case Preset::kUpvalue:
      return frame.closure && index < frame.closure->size ? frame.closure->cells()[index]->value
                                                          : kEmpty;
    case Preset::kProp: {
      if (!frame.component || !is_map(frame.component->props)) return kEmpty;
      const MapEntry* entry =
          map_find(as_map(frame.component->props), as_text(m.linked_->constants[index]));
      return entry ? entry->value : kEmpty;
    }
  }
  return kEmpty;
}

// Looks through everything the value leads to, on a stack of its own.
bool Isolate::changed_in_place(Value before) const {
  const std::uint32_t epoch = impl_->machine.heap_.epoch();
  std::unordered_set<const Object*> seen;
  std::vector<Value> open{before};
  while (!open.empty()) {
    const Value v = open.back();
    open.pop_back();
    if (!is_object(v) || !seen.insert(as_object(v)).second) continue;
    Object* object = as_object(v);
    const bool can_change = object->kind == ObjectKind::kList || object->kind == ObjectKind::kMap ||
                            object->kind == ObjectKind::kRecord;
    if (can_change && object->extra == epoch) return true;
    const auto add = [&](const Value* from, std::uint64_t count) {
      open.insert(open.end(), from, from + count);
    };
    switch (object->kind) {
      case ObjectKind::kList: {
        const auto* list = static_cast<ListObject*>(object);
        if (list->slots) add(list->slots->items(), list->size);
        break;
      }
      case ObjectKind::kMap:
        for (const MapEntry& entry : *static_cast<Map*>(object)) open.push_back(entry.value);
        break;
      case ObjectKind::kTuple:
        add(static_cast<Tuple*>(object)->items(), static_cast<Tuple*>(object)->size);
        break;
      case ObjectKind::kEnum:
        add(static_cast<Enum*>(object)->items(), static_cast<Enum*>(object)->size);
        break;
      case ObjectKind::kRecord:
        add(static_cast<Record*>(object)->fields(), static_cast<Record*>(object)->size);
        break;
      default: break;
    }
  }
  return false;
}

std::string& Isolate::output() {
  impl_->machine.end_tag();
  return impl_->machine.output_;
}

void Isolate::call_then(std::uint32_t function, const Value* args, std::uint32_t count,
                        void (*then)(Isolate&, Value returned, void* data), void* data,
                        DropFn drop) {
  impl_->machine.call_then(function, args, count, {then, nullptr, data, drop});
}
void Isolate::set_then_result(Value value) { impl_->machine.set_then_result(value); }
void Isolate::fail(std::uint32_t code, std::string message) {
  impl_->machine.fail_code(code, std::move(message));
}
ICall& Isolate::call() { return *impl_->machine.call_port_; }
bool Isolate::in_system() const { return impl_->machine.system_depth != 0; }

Machine& machine_of(Isolate& isolate) { return isolate.impl_->machine; }

}  // namespace flin::runtime
