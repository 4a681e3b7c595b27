// Output, errors (L 24.7), and the built-ins that programs cannot name (L 20.6).
#include "base/json.h"
#include "runtime/builtins.h"
#include "runtime/compare.h"
#include "runtime/record.h"

#include <charconv>

namespace flin::runtime {

#define NATIVE(name) \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out)

namespace {

std::string displayed(Machine& m, const Value* args, std::uint32_t count) {
  std::string line;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i) line += ' ';
    append_display(line, args[i], m.linked());
  }
  return line;
}

// As inside a collection: a text in quotes.
std::string side(Machine& m, Value v) {
  if (!is_text(v)) return m.display(v);
  std::string out;
  json::append_text(out, as_text(v)->view());
  return out;
}

Outcome log_line(Machine& m, const Value* args, std::uint32_t count, Value& out, int level) {
  m.linked().core->log(level, displayed(m, args, count));
  return give(out, kNone);
}

// The type named by the first argument, an entity's name.
bool entity(Machine& m, Args& in, std::uint32_t& type) {
  std::string_view name;
  if (!in.text(0, name)) return false;
  const auto found = m.linked().types.find(name);
  if (found == m.linked().types.end())
    return m.fail_false(14, "invalid argument: no entity " + std::string(name));
  type = found->second;
  return true;
}

Outcome from_port(PortResult result) {
  switch (result) {
    case PortResult::kValue: return Outcome::kValue;
    case PortResult::kPushed: return Outcome::kPushed;
    case PortResult::kFailed: break;
  }
  return Outcome::kFailed;
}

}  // namespace

NATIVE(print) {
  m.linked().core->print(displayed(m, args, count));
  return give(out, kNone);
}
NATIVE(log_info) { return log_line(m, args, count, out, 1); }
NATIVE(log_warn) { return log_line(m, args, count, out, 2); }
NATIVE(log_error) { return log_line(m, args, count, out, 3); }

NATIVE(fail) {
  Args in(m, args, count);
  out = kNone;
  if (is_kind(in.at(0), ObjectKind::kError)) return m.fail_value(in.at(0));
  std::string_view given;
  if (!in.text_or(1, given)) return kFailed;
  // A code of the language is that error; any other is the program's own.
  std::uint32_t code = 16;
  const bool of_language =
      given.size() == 5 && given[0] == 'R' &&
      std::from_chars(given.data() + 1, given.data() + 5, code).ptr == given.data() + 5;
  m.fail(of_language ? code : 16, m.text_form(in.at(0)));
  if (!given.empty() && !of_language) m.set_error_code(in.at(1));
  return kFailed;
}
// assert.failed("==", a, b): a comparison that does not hold, with both its sides (L 5.8).
NATIVE(assert_failed) {
  Args in(m, args, count);
  std::string_view sign;
  if (!in.text(0, sign)) return kFailed;
  out = kNone;
  return m.fail(15, "assertion failed: " + side(m, in.at(1)) + " " + std::string(sign) + " " +
                        side(m, in.at(2)));
}

// record.new(type, m): fields that are not in m get their constant default. All fields of a new
// entity count as changed, so that its first save writes them.
NATIVE(record_new) {
  Args in(m, args, count);
  std::uint32_t type;
  Map* map;
  if (!entity(m, in, type) || !in.map(1, map)) return kFailed;
  Record* record = new_record(m, type);
  for (const MapEntry& entry : *map) {
    if (is_empty(entry.key) || !is_text(entry.key)) continue;
    const std::uint32_t field = m.linked().field_number(type, as_text(entry.key)->view());
    if (field < record->size) set_record_field(m.heap(), record, field, entry.value);
  }
  return give(out, from_object(record));
}

// record.pick(type, m): declared fields that are not automatic, hidden or readonly (L 14.3).
NATIVE(record_pick) {
  Args in(m, args, count);
  std::uint32_t type;
  if (!entity(m, in, type)) return kFailed;
  Map* picked = new_map(m.heap());
  const auto& fields = m.linked().chunk.entities[type].fields;
  const Value from = in.at(1);
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].flags & (kFieldHidden | kFieldReadonly)) continue;
    const Value name = make_text(m.heap(), fields[i].name);
    if (is_map(from)) {
      if (const MapEntry* entry = map_find(as_map(from), name))
        map_put(m.heap(), picked, name, entry->value);
    } else if (is_record(from)) {
      const std::uint32_t field = m.linked().field_number(as_record(from)->type, fields[i].name);
      if (field < as_record(from)->size)
        map_put(m.heap(), picked, name, as_record(from)->fields()[field]);
    } else {
      return m.wrong_type("map", from);
    }
  }
  return give(out, from_object(picked));
}

NATIVE(system_enter) {
  (void)args, (void)count;
  ++m.system_depth;
  return give(out, kNone);
}
NATIVE(system_leave) {
  (void)args, (void)count;
  if (m.system_depth > 0) --m.system_depth;
  return give(out, kNone);
}
NATIVE(page_body) {
  (void)args, (void)count;
  m.end_tag();
  m.ports().body_begins(m.isolate());
  return give(out, kNone);
}
NATIVE(page_form) {
  std::int64_t row;
  if (!Args(m, args, count).integer(0, row)) return kFailed;
  m.end_tag();
  out = kNone;
  return m.ports().form_fields(m.isolate(), static_cast<std::uint32_t>(row), args + 1, count - 1)
             ? Outcome::kValue
             : kFailed;
}
NATIVE(page_row) {
  std::int64_t row;
  if (!Args(m, args, count).integer(0, row)) return kFailed;
  const std::string key = is_none(args[1]) ? std::string() : m.text_form(args[1]);
  m.ports().enter_row(static_cast<std::uint32_t>(row), is_none(args[1]) ? nullptr : &key);
  return give(out, kNone);
}
NATIVE(page_use) {
  std::int64_t row, component;
  Args in(m, args, count);
  if (!in.integer(0, row) || !in.integer(1, component)) return kFailed;
  m.ports().enter_use(static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(component));
  return give(out, kNone);
}
NATIVE(page_slot) {
  std::int64_t slot;
  if (!Args(m, args, count).integer(0, slot)) return kFailed;
  m.ports().enter_slot(static_cast<std::uint32_t>(slot));
  return give(out, kNone);
}
NATIVE(page_leave) {
  (void)args, (void)count;
  m.ports().leave_step();
  return give(out, kNone);
}
NATIVE(page_cells) {
  std::int64_t component;
  if (!Args(m, args, count).integer(0, component)) return kFailed;
  out = kNone;
  return m.ports().instance_cells(m.isolate(), static_cast<std::uint32_t>(component), args + 1,
                                  count - 1)
             ? Outcome::kValue
             : kFailed;
}
NATIVE(live_value) {
  std::int64_t row;
  if (!Args(m, args, count).integer(0, row)) return kFailed;
  return from_port(
      m.ports().live_value(m.isolate(), static_cast<std::uint32_t>(row), args + 1, count - 1, out));
}

}  // namespace flin::runtime
