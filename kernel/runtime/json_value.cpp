#include "runtime/json_value.h"

#include "base/json.h"
#include "base/number_text.h"
#include "runtime/convert.h"
#include "runtime/record.h"

namespace flin::runtime {

namespace {

constexpr int kDepth = 200;

class Writer {
 public:
  Writer(Machine& m, std::string& out, std::int64_t indent) : m_(m), out_(out), indent_(indent) {}

  bool write(Value v) {
    switch (kind_of(v)) {
      case Kind::kNone: out_ += "null"; return true;
      case Kind::kBool: out_ += v.bits == kTrue.bits ? "true" : "false"; return true;
      case Kind::kInt:
      case Kind::kDuration: json::append_int(out_, whole(v)); return true;
      case Kind::kNumber: json::append_number(out_, as_double(v)); return true;
      case Kind::kText: json::append_text(out_, as_text(v)->view()); return true;
      case Kind::kTime: json::append_text(out_, m_.text_form(v)); return true;
      case Kind::kMoney: return write_money(cast<Money>(v));
      case Kind::kList: return write_list(as_list(v));
      case Kind::kTuple: return write_items(cast<Tuple>(v)->items(), cast<Tuple>(v)->size);
      case Kind::kMap: return write_map(as_map(v));
      case Kind::kEnum: return write_enum(cast<Enum>(v));
      case Kind::kRecord: return write_record(as_record(v));
      default:
        return m_.fail_false(
            14, "invalid argument: " + type_name(v, m_.linked()) + " cannot be written as JSON");
    }
  }

 private:
  bool open(char c) {
    if (++depth_ > kDepth) return m_.fail_false(14, "invalid argument: nested too deeply for JSON");
    out_ += c;
    return true;
  }
  void close(char c, bool any) {
    --depth_;
    if (any) new_line();
    out_ += c;
  }
  void next(bool& first) {
    if (!first) out_ += ',';
    first = false;
    new_line();
  }
  void new_line() {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth_), ' ');
  }
  void key(std::string_view name) {
    json::append_text(out_, name);
    out_ += indent_ ? ": " : ":";
  }

  bool write_money(const Money* money) {
    std::string amount;
    text::append_money_amount(amount, money->minor, money->code());
    out_ += "{\"amount\":\"" + amount + "\",\"currency\":\"" + std::string(money->code()) + "\"}";
    return true;
  }
  bool write_items(const Value* items, std::uint64_t count) {
    if (!open('[')) return false;
    bool first = true;
    for (std::uint64_t i = 0; i < count; ++i) {
      next(first);
      if (!write(items[i])) return false;
    }
    close(']', !first);
    return true;
  }
  bool write_list(ListObject* list) { return write_items(items_of(m_.heap(), list), list->size); }
  bool write_map(Map* map) {
    if (!open('{')) return false;
    bool first = true;
    for (const MapEntry& entry : *map) {
      if (is_empty(entry.key)) continue;
      next(first);
      key(m_.text_form(entry.key));
      if (!write(entry.value)) return false;
    }
    close('}', !first);
    return true;
  }
  bool write_enum(Enum* e) {
    if (e->size == 0) {
      json::append_text(out_, e->variant->view());
      return true;
    }
    if (!open('{')) return false;
    bool first = true;
    next(first);
    key(e->variant->view());
    if (!write_items(e->items(), e->size)) return false;
    close('}', true);
    return true;
  }
  bool write_record(Record* record) {
    if (!open('{')) return false;
    bool first = true;
    next(first);
    key("id");
    json::append_int(out_, static_cast<std::int64_t>(record->id));
    const auto& fields = m_.linked().chunk.entities[record->type].fields;
    for (std::uint32_t i = 0; i < record->size; ++i) {
      if (fields[i].flags & kFieldHidden) continue;
      next(first);
      key(fields[i].name);
      if (!write_reference(record->fields()[i])) return false;
    }
    for (const auto& [name, field] : {std::pair{"created_at", kFieldCreatedAt},
                                      {"updated_at", kFieldUpdatedAt},
                                      {"version", kFieldVersion}}) {
      next(first);
      key(name);
      if (!write(record_field(m_.heap(), record, field))) return false;
    }
    close('}', true);
    return true;
  }
  // Within an entity others are written as their ids.
  bool write_reference(Value v) {
    if (is_record(v)) {
      json::append_int(out_, static_cast<std::int64_t>(as_record(v)->id));
      return true;
    }
    if (!is_list(v)) return write(v);
    if (!open('[')) return false;
    bool first = true;
    for (std::uint64_t i = 0; i < as_list(v)->size; ++i) {
      next(first);
      if (!write_reference(item_of(m_.heap(), as_list(v), i))) return false;
    }
    close(']', !first);
    return true;
  }

  Machine& m_;
  std::string& out_;
  std::int64_t indent_;
  int depth_ = 0;
};

Value value_of_node(Machine& m, const json::Node& node) {
  Heap& heap = m.heap();
  switch (node.type) {
    case json::Type::kNull: return kNone;
    case json::Type::kBool: return from_bool(node.boolean);
    case json::Type::kNumber:
      return node.is_int ? make_int(heap, node.integer) : from_double(node.number);
    case json::Type::kText: return make_text(heap, node.text);
    case json::Type::kArray: {
      ListObject* list = new_list(heap, node.items.size());
      for (const json::Node& item : node.items) list_push(heap, list, value_of_node(m, item));
      return from_object(list);
    }
    case json::Type::kObject: {
      Map* map = new_map(heap, node.items.size());
      for (std::size_t i = 0; i < node.items.size(); ++i)
        map_put(heap, map, make_text(heap, node.keys[i]), value_of_node(m, node.items[i]));
      return from_object(map);
    }
  }
  return kNone;
}

}  // namespace

bool append_json(Machine& m, std::string& out, Value v, std::int64_t indent) {
  return Writer(m, out, indent).write(v);
}

bool parse_json(Machine& m, std::string_view text, Value& out) {
  if (!m.has_room(text.size() * 4)) return false;
  const auto document = json::Document::parse(text, 200);
  if (!document.ok()) {
    m.fail_code(document.error().code, document.error().message);
    return false;
  }
  out = value_of_node(m, document.value().root());
  return true;
}

}  // namespace flin::runtime
