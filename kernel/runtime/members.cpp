// Fields, keys, indexes, slices, members and methods of values whose kind is known only now.
#include "base/number_text.h"
#include "base/text.h"
#include "runtime/convert.h"
#include "runtime/machine.h"
#include "runtime/record.h"

#include <cmath>

namespace flin::runtime {

using bytecode::Op;

namespace {

// Members of a time (L 24.6); false: it has no such member.
bool time_member(Heap& heap, std::int64_t ms, std::string_view name, Value& out) {
  const text::Civil c = text::civil_from_ms(ms);
  const auto give = [&](std::int64_t n) {
    out = make_int(heap, n);
    return true;
  };
  if (name == "year") return give(c.year);
  if (name == "month") return give(c.month);
  if (name == "day") return give(c.day);
  if (name == "hour") return give(c.hour);
  if (name == "minute") return give(c.minute);
  if (name == "second") return give(c.second);
  if (name == "ms") return give(c.ms);
  if (name == "weekday") return give(text::weekday(ms));
  if (name == "unix") return give(ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000));
  if (name == "yearday") {
    text::Civil first;
    first.year = c.year;
    return give((ms - text::ms_from_civil(first)) / 86'400'000 + 1);
  }
  if (name == "date") {
    std::string iso;
    text::append_time(iso, ms);
    out = make_text(heap, std::string_view(iso).substr(0, iso.find('T')));
    return true;
  }
  return false;
}

bool money_member(Heap& heap, const Money* money, std::string_view name, Value& out) {
  if (name == "minor")
    out = make_int(heap, money->minor);
  else if (name == "currency")
    out = make_text(heap, money->code());
  else if (name == "amount") {
    double scale = 1;
    for (int i = 0; i < text::minor_digits(money->code()); ++i) scale *= 10;
    out = from_double(static_cast<double>(money->minor) / scale);
  } else
    return false;
  return true;
}

// Position of a slice's bound within [low, high].
std::int64_t bound(Value v, std::int64_t size, std::int64_t otherwise, std::int64_t low,
                   std::int64_t high) {
  if (is_none(v)) return otherwise;
  double d = to_double(v);
  if (d < 0) d += static_cast<double>(size);
  if (d < static_cast<double>(low)) return low;
  return d > static_cast<double>(high) ? high : static_cast<std::int64_t>(d);
}

const struct {
  std::string_view name;
  Op op;
} kHofMethods[] = {{"map", Op::HofMap},       {"filter", Op::HofFilter}, {"where", Op::HofFilter},
                   {"reduce", Op::HofReduce}, {"find", Op::HofFind},     {"sort_by", Op::HofSort},
                   {"each", Op::HofEach},     {"forEach", Op::HofEach},  {"any", Op::HofAny},
                   {"some", Op::HofAny},      {"all", Op::HofAll},       {"every", Op::HofAll}};

}  // namespace

bool Machine::get_field(Value object, std::uint32_t k, Value& out) {
  TextObject* name = as_text(linked_->constants[k]);
  if (is_record(object)) {
    const Record* record = as_record(object);
    const auto& rows = linked_->field_rows[k];
    const std::uint32_t field = rows.empty() ? kNoField : rows[record->type];
    if (field != kNoField) {
      out = record_field(heap_, record, field);
      return true;
    }
  } else if (is_map(object)) {
    const MapEntry* entry = map_find(as_map(object), name);
    out = entry ? entry->value : kNone;
    if (!is_kind(out, ObjectKind::kError) || !(cast<ErrorObject>(out)->flags & kRaisedAsMember))
      return true;
    fail_value(out);
    return false;
  } else if (is_kind(object, ObjectKind::kError)) {
    const auto* error = cast<ErrorObject>(object);
    const std::string_view n = name->view();
    if (n == "message") return out = error->message, true;
    if (n == "code")
      return out = is_none(error->code_text) ? make_text(heap_, code_text(error->code))
                                             : error->code_text,
             true;
    if (n == "fields")
      return out = is_none(error->fields) ? from_object(new_map(heap_)) : error->fields, true;
    if (n == "cause") return out = error->cause, true;
    if (n == "trace") {
      ListObject* lines = new_list(heap_);
      for (const std::string& line : trace_lines(error->trace))
        list_push(heap_, lines, make_text(heap_, line));
      return out = from_object(lines), true;
    }
  } else if (is_kind(object, ObjectKind::kEnum)) {
    const auto* e = cast<Enum>(object);
    if (name->view() == "name") return out = from_object(e->variant), true;
    if (name->view() == "index") return out = from_small(Tagged::kInt, e->index), true;
  } else if (is_time(object)) {
    if (time_member(heap_, whole(object), name->view(), out)) return true;
  } else if (is_kind(object, ObjectKind::kMoney)) {
    if (money_member(heap_, cast<Money>(object), name->view(), out)) return true;
  } else if (is_none(object)) {
    return fail_false(7, "none has no member '" + std::string(name->view()) + "'");
  }
  return fail_false(
      8, type_name(object, *linked_) + " has no member '" + std::string(name->view()) + "'");
}

bool Machine::set_field(Value object, std::uint32_t k, Value v) {
  TextObject* name = as_text(linked_->constants[k]);
  if (is_record(object)) {
    const auto& rows = linked_->field_rows[k];
    const std::uint32_t field = rows.empty() ? kNoField : rows[as_record(object)->type];
    if (field < as_record(object)->size) {
      set_record_field(heap_, as_record(object), field, v);
      return true;
    }
  } else if (is_map(object)) {
    map_put(heap_, as_map(object), from_object(name), v);
    return true;
  } else if (is_none(object)) {
    return fail_false(7, "none has no member '" + std::string(name->view()) + "'");
  }
  return fail_false(8, type_name(object, *linked_) + " has no member '" +
                           std::string(name->view()) + "' that can be set");
}

bool Machine::get_index(Value object, Value index, Value& out) {
  if (is_map(object)) {
    const MapEntry* entry = map_find(as_map(object), index);
    out = entry ? entry->value : kNone;
    return true;
  }
  const bool is_a_list = is_list(object), is_a_text = is_text(object);
  if (!is_a_list && !is_a_text) {
    if (is_none(object)) return fail_false(7, "none has no member '" + text_form(index) + "'");
    wrong_type("list, map or text", object);
    return false;
  }
  if (!counts_as_int(index)) {
    wrong_type("int", index);
    return false;
  }
  const auto size =
      static_cast<std::int64_t>(is_a_list ? as_list(object)->size : as_text(object)->chars);
  const auto wanted = static_cast<std::int64_t>(to_double(index));
  const std::int64_t at = wanted < 0 ? wanted + size : wanted;
  if (at < 0 || at >= size) {
    return fail_false(11, "index " + std::to_string(wanted) + " is out of range (" +
                              (is_a_list ? "list" : "text") + " of " + std::to_string(size) + ")");
  }
  out = is_a_list ? item_of(heap_, as_list(object), static_cast<std::uint64_t>(at))
                  : from_object(substring(heap_, as_text(object), static_cast<std::size_t>(at),
                                          static_cast<std::size_t>(at) + 1));
  return true;
}

bool Machine::set_index(Value object, Value index, Value v) {
  if (is_map(object)) {
    map_put(heap_, as_map(object), index, v);
    return true;
  }
  if (!is_list(object)) {
    if (is_none(object)) return fail_false(7, "none has no member '" + text_form(index) + "'");
    wrong_type("list or map", object);
    return false;
  }
  if (!counts_as_int(index)) {
    wrong_type("int", index);
    return false;
  }
  const auto size = static_cast<std::int64_t>(as_list(object)->size);
  const auto wanted = static_cast<std::int64_t>(to_double(index));
  const std::int64_t at = wanted < 0 ? wanted + size : wanted;
  if (at < 0 || at >= size)
    return fail_false(11, "index " + std::to_string(wanted) + " is out of range (list of " +
                              std::to_string(size) + ")");
  list_set(heap_, as_list(object), static_cast<std::uint64_t>(at), v);
  return true;
}

bool Machine::slice(Value object, Value from, Value to, Value step_value, Value& out) {
  for (const Value v : {from, to, step_value}) {
    if (is_none(v) || is_numeric(v)) continue;
    wrong_type("int", v);
    return false;
  }
  if (!is_list(object) && !is_text(object)) {
    wrong_type("list or text", object);
    return false;
  }
  const std::int64_t step =
      is_none(step_value) ? 1 : static_cast<std::int64_t>(to_double(step_value));
  if (step == 0) return fail_false(14, "invalid argument: a step of 0");
  const auto size =
      static_cast<std::int64_t>(is_list(object) ? as_list(object)->size : as_text(object)->chars);
  const std::int64_t start =
      step > 0 ? bound(from, size, 0, 0, size) : bound(from, size, size - 1, -1, size - 1);
  const std::int64_t end =
      step > 0 ? bound(to, size, size, 0, size) : bound(to, size, -1, -1, size - 1);
  if (is_text(object)) {
    if (step == 1) {
      out = from_object(substring(heap_, as_text(object), static_cast<std::size_t>(start),
                                  static_cast<std::size_t>(std::max(start, end))));
      return true;
    }
    std::string result;
    std::vector<std::string_view> chars;
    const std::string_view t = as_text(object)->view();
    for (std::size_t at = 0; at < t.size();) {
      const std::size_t width = text::width(t[at]);
      chars.push_back(t.substr(at, width));
      at += width;
    }
    for (std::int64_t i = start; step > 0 ? i < end : i > end; i += step)
      result += chars[static_cast<std::size_t>(i)];
    out = make_text(heap_, result);
    return true;
  }
  ListObject* list = as_list(object);
  ListObject* result = new_list(heap_);
  for (std::int64_t i = start; step > 0 ? i < end : i > end; i += step)
    list_push(heap_, result, item_of(heap_, list, static_cast<std::uint64_t>(i)));
  out = from_object(result);
  return true;
}

// Field or key if there is one, else the method of that name without arguments.
Outcome Machine::member(Value object, std::uint32_t k, Value& out) {
  const std::string_view name = as_text(linked_->constants[k])->view();
  const bool is_record_field = is_record(object) && !linked_->field_rows[k].empty() &&
                               linked_->field_rows[k][as_record(object)->type] != kNoField;
  if (is_map(object) || is_record_field || is_none(object))
    return get_field(object, k, out) ? Outcome::kValue : Outcome::kFailed;
  Value receiver = object;
  *native_base_ = object;
  if (is_kind(object, ObjectKind::kError) || is_time(object) ||
      is_kind(object, ObjectKind::kMoney) ||
      (is_kind(object, ObjectKind::kEnum) && (name == "name" || name == "index"))) {
    if (get_field(object, k, out)) return Outcome::kValue;
    if (cast<ErrorObject>(error_)->code != code('R', 8)) return Outcome::kFailed;
    error_ = kEmpty;
  }
  return call_method(&receiver, 0, k, out);
}

// `object` is followed by its arguments. In order: a function under that key of a map, a method
// that the program gives the type, a Hof, a built-in that accepts it.
Outcome Machine::call_method(Value* object, std::uint32_t count, std::uint32_t k, Value& out) {
  TextObject* name = as_text(linked_->constants[k]);
  const Value receiver = *object;
  if (is_map(receiver)) {
    const MapEntry* entry = map_find(as_map(receiver), name);
    if (entry && is_kind(entry->value, ObjectKind::kClosure))
      return push_call(entry->value, object + 1, count) ? Outcome::kPushed : Outcome::kFailed;
  }
  if (is_none(receiver)) return fail(7, "none has no member '" + std::string(name->view()) + "'");
  const auto found = linked_->functions_by_name.find(type_name(receiver, *linked_) + "." +
                                                     std::string(name->view()));
  const std::string prelude_name = "prelude_" + std::string(name->view());
  const auto prelude = linked_->functions_by_name.find(prelude_name);
  const bool is_prelude = prelude != linked_->functions_by_name.end() &&
                          (linked_->chunk.functions[prelude->second].flags & bytecode::kPrelude) &&
                          linked_->functions[prelude->second].arity == count + 1;
  if (found != linked_->functions_by_name.end() || is_prelude) {
    const std::uint32_t row =
        found != linked_->functions_by_name.end() ? found->second : prelude->second;
    Closure* closure = linked_->functions[row].closure;
    if (closure)
      return push_call(from_object(closure), object, count + 1) ? Outcome::kPushed
                                                                : Outcome::kFailed;
  }
  if (is_list(receiver)) {
    Value operands[3] = {receiver, kNone, kNone};
    // Without a function the items are their own keys.
    if (name->view() == "sort" && count == 0)
      return begin_hof(Op::HofSort, operands, native_base_) ? Outcome::kPushed : Outcome::kFailed;
    for (const auto& method : kHofMethods) {
      if (method.name != name->view() || count != (method.op == Op::HofReduce ? 2u : 1u)) continue;
      std::copy_n(object + 1, count, operands + 1);
      if (method.op == Op::HofReduce)
        std::swap(operands[1], operands[2]);  // reduce(xs, f, init); the opcode: xs init f
      if (!begin_hof(method.op, operands, native_base_)) return Outcome::kFailed;
      frames_.back().flags |= kMethodFrame;
      return Outcome::kPushed;
    }
  }
  if (const NativeFn native = linked_->core->find(name->view()))
    return native(*this, object, count + 1, out);
  return fail(8,
              type_name(receiver, *linked_) + " has no member '" + std::string(name->view()) + "'");
}

bool Machine::load_context(std::uint32_t what, Value& out) {
  constexpr std::uint32_t kProps = 1, kChildren = 2;
  if (what == kProps) {
    const Component* component = frames_.back().component;
    out = component ? component->props : kNone;
    return true;
  }
  if (what == kChildren || what >= std::size(contexts_)) {
    out = kNone;
    return true;
  }
  if (is_empty(contexts_[what])) {
    Value v = kNone;
    const Status status = ports_->context(isolate_.call(), what, v);
    if (!status.ok()) {
      fail_code(status.code(), std::string(status.message()));
      return false;
    }
    contexts_[what] = v;
  }
  out = contexts_[what];
  return true;
}

}  // namespace flin::runtime
