// Writes and reads by the bytes of the type's prefix form, both in one walk per value. Inside `any`
// and unions every value that JSON cannot tell apart carries a tag.
#include "runtime/wire.h"

#include "base/json.h"
#include "base/text.h"
#include "runtime/convert.h"
#include "runtime/machine.h"
#include "runtime/record.h"

#include <cmath>

namespace flin::runtime {

namespace {

constexpr double kMaxSafe = 9007199254740991.0;
constexpr std::int64_t kMaxSafeInt = 9007199254740991;
constexpr int kDepth = 60;
constexpr std::string_view kAny = "\x09";

enum TypeByte : std::uint8_t {
  kText = 0x01,
  kInt,
  kNumber,
  kBool,
  kTime,
  kDuration,
  kMoney,
  kFile,
  kAnyType,
  kNoneType,
  kView,
  kErrorType,
  kRegex,
  kNever,
  kList = 0x10,
  kMap,
  kTuple,
  kOptional,
  kUnion,
  kFunction,
  kEntity,
  kEnum,
  kAgent,
  kTrait,
  kQuery
};

TypeByte byte_of(std::string_view type) {
  return type.empty() ? kAnyType : static_cast<TypeByte>(static_cast<unsigned char>(type[0]));
}
// The type that begins at `at` of a compound one; moves `at` behind it.
std::string_view part(std::string_view type, std::size_t& at) {
  const std::size_t from = at;
  skip_type(type, at);
  return type.substr(std::min(from, type.size()), at - from);
}

class Writer {
 public:
  Writer(Machine& m, std::string& out) : m_(m), program_(m.linked()), out_(out) {}

  bool write(Value v, std::string_view type, const EntityFields* fields) {
    if (++depth_ > kDepth) return fail(20, "a value nested too deeply cannot leave its tier");
    const bool written = write_one(v, type, fields);
    --depth_;
    return written;
  }
  Error take_error() { return std::move(error_); }

 private:
  bool fail(std::uint32_t number, std::string message) {
    error_ = {code('R', number), std::move(message)};
    return false;
  }

  bool write_one(Value v, std::string_view type, const EntityFields* fields) {
    std::size_t at = 1;
    const TypeByte byte = byte_of(type);
    switch (byte) {
      case kOptional: {
        if (is_none(v)) return put("null");
        return write(v, part(type, at), fields);
      }
      case kUnion:
      case kAnyType:
      case kTrait: return write_any(v);
      case kList: return write_list(v, part(type, at), fields);
      case kMap: {
        const auto key = part(type, at);
        return is_map(v) ? write_map(as_map(v), key, part(type, at)) : mismatch(v, type);
      }
      case kTuple: return write_tuple(v, type);
      case kNumber: return is_numeric(v) ? write_number(to_double(v)) : mismatch(v, type);
      case kInt:
        if (is_int(v)) return write_int(whole(v));
        return counts_as_int(v) ? write_number(as_double(v)) : mismatch(v, type);
      default: return is_type(v, type, program_) ? write_plain(v, fields) : mismatch(v, type);
    }
  }

  bool mismatch(Value v, std::string_view type) {
    return fail(6, "expected " + type_text(type, program_) + ", found " + type_name(v, program_));
  }
  bool put(std::string_view text) {
    out_ += text;
    return true;
  }
  bool write_int(std::int64_t i) {
    if (i > kMaxSafeInt || i < -kMaxSafeInt) return fail(10, "integer overflow");
    json::append_int(out_, i);
    return true;
  }
  bool write_number(double d) {
    if (std::isnan(d)) return put("{\"$n\":\"NaN\"}");
    if (std::isinf(d)) return put(d > 0 ? "{\"$n\":\"Infinity\"}" : "{\"$n\":\"-Infinity\"}");
    if (d == 0 && std::signbit(d)) return put("{\"$n\":\"-0\"}");
    json::append_number(out_, d);
    return true;
  }

  // By the value's own kind, without a tag.
  bool write_plain(Value v, const EntityFields* fields = nullptr) {
    switch (kind_of(v)) {
      case Kind::kNone: return put("null");
      case Kind::kBool: return put(v.bits == kTrue.bits ? "true" : "false");
      case Kind::kInt:
      case Kind::kTime:
      case Kind::kDuration: return write_int(whole(v));
      case Kind::kNumber: return write_number(as_double(v));
      case Kind::kText: json::append_text(out_, as_text(v)->view()); return true;
      case Kind::kMoney:
        out_ += '[';
        if (!write_int(cast<Money>(v)->minor)) return false;
        out_ += ",\"";
        out_ += cast<Money>(v)->code();
        return put("\"]");
      case Kind::kEnum: return write_enum(cast<Enum>(v));
      case Kind::kRecord: return write_row(as_record(v), fields);
      case Kind::kError: return write_error(cast<ErrorObject>(v));
      case Kind::kRegex: return write_regex(cast<Regex>(v));
      case Kind::kView: json::append_text(out_, cast<View>(v)->html->view()); return true;
      case Kind::kFunction: return write_function(cast<Closure>(v));
      case Kind::kList: return write_list(v, kAny, nullptr);
      case Kind::kMap: return write_map(as_map(v), kAny, kAny);
      case Kind::kTuple: return write_items(cast<Tuple>(v)->items(), cast<Tuple>(v)->size);
      default: return fail(20, type_name(v, program_) + " cannot leave its agent or tier");
    }
  }

  bool write_any(Value v) {
    std::string tag;
    switch (kind_of(v)) {
      case Kind::kTime: tag = "time"; break;
      case Kind::kDuration: tag = "duration"; break;
      case Kind::kMoney: tag = "money"; break;
      case Kind::kMap: tag = "map"; break;
      case Kind::kTuple: tag = "tuple"; break;
      case Kind::kError: tag = "error"; break;
      case Kind::kRegex: tag = "regex"; break;
      case Kind::kView: tag = "view"; break;
      case Kind::kFunction: tag = "function"; break;
      case Kind::kEnum:
      case Kind::kRecord: tag = type_name(v, program_); break;
      default: return write_plain(v);
    }
    out_ += "{\"$t\":\"" + tag + "\",\"v\":";
    return write_plain(v) && put("}");
  }

  bool write_list(Value v, std::string_view item, const EntityFields* fields) {
    if (!is_list(v)) return fail(6, "expected list, found " + type_name(v, program_));
    out_ += '[';
    for (std::uint64_t i = 0; i < as_list(v)->size; ++i) {
      if (i) out_ += ',';
      if (!write(item_of(m_.heap(), as_list(v), i), item, fields)) return false;
    }
    return put("]");
  }
  bool write_items(const Value* items, std::uint64_t count) {
    out_ += '[';
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i) out_ += ',';
      if (!write(items[i], kAny, nullptr)) return false;
    }
    return put("]");
  }
  bool write_tuple(Value v, std::string_view type) {
    const std::size_t count = type.size() > 1 ? static_cast<unsigned char>(type[1]) : 0;
    if (!is_kind(v, ObjectKind::kTuple) || cast<Tuple>(v)->size != count) return mismatch(v, type);
    out_ += '[';
    std::size_t at = 2;
    for (std::size_t i = 0; i < count; ++i) {
      if (i) out_ += ',';
      if (!write(cast<Tuple>(v)->items()[i], part(type, at), nullptr)) return false;
    }
    return put("]");
  }
  bool write_map(const Map* map, std::string_view key, std::string_view value) {
    out_ += '[';
    bool first = true;
    for (const MapEntry *entry = map->begin(), *end = map->end(); entry != end; ++entry) {
      if (is_empty(entry->key)) continue;
      out_ += first ? "[" : ",[";
      first = false;
      if (!write(entry->key, key, nullptr)) return false;
      out_ += ',';
      if (!write(entry->value, value, nullptr)) return false;
      out_ += ']';
    }
    return put("]");
  }

  bool write_enum(const Enum* e) {
    if (e->size == 0) {
      json::append_text(out_, e->variant->view());
      return true;
    }
    out_ += '[';
    json::append_text(out_, e->variant->view());
    const auto* types = payload_types(program_, e);
    for (std::uint64_t i = 0; i < e->size; ++i) {
      out_ += ',';
      const std::string_view type =
          types && i < types->size() ? program_.chunk.text((*types)[i]) : kAny;
      if (!write(e->items()[i], type, nullptr)) return false;
    }
    return put("]");
  }

  bool write_error(const ErrorObject* error) {
    out_ += "{\"message\":";
    json::append_text(out_, m_.text_form(error->message));
    if (is_text(error->code_text) || error->code != 0) {
      out_ += ",\"code\":";
      json::append_text(out_, is_text(error->code_text)
                                  ? std::string(as_text(error->code_text)->view())
                                  : code_text(error->code));
    }
    if (is_map(error->fields)) {
      out_ += ",\"fields\":{";
      bool first = true;
      for (const MapEntry *entry = as_map(error->fields)->begin(),
                          *end = as_map(error->fields)->end();
           entry != end; ++entry) {
        if (is_empty(entry->key)) continue;
        if (!first) out_ += ',';
        first = false;
        json::append_text(out_, m_.text_form(entry->key));
        out_ += ':';
        json::append_text(out_, m_.text_form(entry->value));
      }
      out_ += '}';
    }
    return put("}");
  }
  bool write_regex(const Regex* regex) {
    out_ += '[';
    json::append_text(out_, regex->pattern->view());
    out_ += ",\"";
    for (int bit = 0; bit < 3; ++bit)
      if (regex->flags >> bit & 1) out_ += "ims"[bit];
    return put("\"]");
  }
  bool write_function(const Closure* closure) {
    const LinkedFunction& function = program_.functions[closure->function];
    const bool is_named =
        function.closure == closure && is_text(function.name) && as_text(function.name)->size;
    if (!is_named) return fail(20, "function cannot leave its agent or tier");
    json::append_text(out_, as_text(function.name)->view());
    return true;
  }

  // Fields in order of declaration, id first; "owner.name" asks for that field of the entity
  // referred to.
  bool write_row(const Record* record, const EntityFields* fields) {
    const bool all = fields == nullptr || fields->names == nullptr;
    out_ += "{\"id\":";
    json::append_int(out_, static_cast<std::int64_t>(record->id));
    if (fields && fields->version) {
      out_ += ",\"version\":";
      json::append_int(out_, static_cast<std::int64_t>(record->version));
    }
    const auto& declared = program_.chunk.entities[record->type].fields;
    for (std::uint32_t i = 0; i < record->size; ++i) {
      if (declared[i].flags & kFieldHidden) continue;
      std::vector<std::string> inner;
      if (!all && !asks_for(*fields->names, declared[i].name, inner)) continue;
      if (!write_field(declared[i], record->fields()[i], all, inner)) return false;
    }
    if (!all) {
      static constexpr std::pair<const char*, std::uint32_t> kTimes[] = {
          {"created_at", kFieldCreatedAt},
          {"updated_at", kFieldUpdatedAt},
          {"deleted_at", kFieldDeletedAt}};
      for (const auto& [name, field] : kTimes) {
        std::vector<std::string> inner;
        if (!asks_for(*fields->names, name, inner)) continue;
        out_ += ",\"" + std::string(name) + "\":";
        if (!write_plain(record_field(m_.heap(), record, field))) return false;
      }
    }
    return write_changed(record, declared) && put("}");
  }

  static bool asks_for(const std::vector<std::string>& names, std::string_view field,
                       std::vector<std::string>& inner) {
    bool asked = false;
    for (const std::string& name : names) {
      if (name == field) asked = true;
      if (name.size() > field.size() && name.compare(0, field.size(), field) == 0 &&
          name[field.size()] == '.') {
        inner.push_back(name.substr(field.size() + 1));
        asked = true;
      }
    }
    return asked;
  }

  bool write_field(const bytecode::FieldRow& field, Value v, bool reference_as_id,
                   const std::vector<std::string>& inner) {
    out_ += ',';
    json::append_text(out_, field.name);
    out_ += ':';
    if (reference_as_id && is_record(v))
      return write_int(static_cast<std::int64_t>(as_record(v)->id));
    const EntityFields nested{&inner, false};
    return write(v, program_.chunk.text(field.type_k), &nested);
  }

  bool write_changed(const Record* record, const std::vector<bytecode::FieldRow>& declared) {
    bool first = true;
    for (std::uint32_t i = 0; i < record->size; ++i) {
      if (!is_changed(record, i) || (declared[i].flags & kFieldHidden)) continue;
      out_ += first ? ",\"$set\":[" : ",";
      first = false;
      json::append_text(out_, declared[i].name);
    }
    return first || put("]");
  }

  static const std::vector<std::uint32_t>* payload_types(const Program::Linked& program,
                                                         const Enum* e) {
    if (e->row >= program.chunk.enums.size()) return nullptr;
    return &program.chunk.enums[e->row].variants[e->index].type_ks;
  }

  Machine& m_;
  const Program::Linked& program_;
  std::string& out_;
  Error error_;
  int depth_ = 0;
};

class Reader {
 public:
  Reader(Machine& m, EntityReader* entity)
      : m_(m), program_(m.linked()), heap_(m.heap()), entity_(entity) {}

  bool read(const json::Node& node, std::string_view type, Value& out) {
    std::size_t at = 1;
    switch (byte_of(type)) {
      case kText:
        return node.type == json::Type::kText && (out = make_text(heap_, node.text), true);
      case kInt: return read_whole(node, Tagged::kInt, out);
      case kTime: return read_whole(node, Tagged::kTime, out);
      case kDuration: return read_whole(node, Tagged::kDuration, out);
      case kNumber: return read_number(node, out);
      case kBool: return node.type == json::Type::kBool && (out = from_bool(node.boolean), true);
      case kMoney: return read_money(node, out);
      case kNoneType: return node.type == json::Type::kNull && (out = kNone, true);
      case kErrorType: return read_error(node, out);
      case kRegex: return read_regex(node, out);
      case kView: return read_view(node, out);
      case kOptional:
        if (node.type == json::Type::kNull) return out = kNone, true;
        return read(node, part(type, at), out);
      case kUnion: {
        if (!read_any(node, out)) return false;
        return is_type(out, type, program_);
      }
      case kAnyType:
      case kTrait: return read_any(node, out);
      case kList: return read_list(node, part(type, at), out);
      case kMap: {
        const auto key = part(type, at);
        return read_map(node, key, part(type, at), out);
      }
      case kTuple: return read_tuple(node, type, out);
      case kFunction: return read_function(node, out);
      case kEntity: return read_entity(node, program_.chunk.text(read_u32(type, 1)), out);
      case kEnum: return read_enum(node, program_.chunk.text(read_u32(type, 1)), out);
      default: return false;
    }
  }
  // Set when something failed otherwise than by its form: R0010, or what the entity reader said.
  Error error;

 private:
  bool read_whole(const json::Node& node, Tagged tag, Value& out) {
    if (node.type != json::Type::kNumber) return false;
    std::int64_t i = node.integer;
    if (!node.is_int) {
      if (std::trunc(node.number) != node.number) return false;
      if (std::fabs(node.number) > kMaxSafe) return overflow();
      i = static_cast<std::int64_t>(node.number);
    }
    if (i > kMaxSafeInt || i < -kMaxSafeInt) return overflow();
    out = make_whole(heap_, tag, i);
    return true;
  }
  bool overflow() {
    error = {code('R', 10), "integer overflow"};
    return false;
  }
  static bool is_object(const json::Node& node, std::size_t keys) {
    return node.type == json::Type::kObject && node.keys.size() == keys;
  }
  static bool is_array(const json::Node& node, std::size_t items) {
    return node.type == json::Type::kArray && node.items.size() == items;
  }

  bool read_number(const json::Node& node, Value& out) {
    if (node.type == json::Type::kNumber) return out = from_double(node.number), true;
    const json::Node* name = is_object(node, 1) ? node.find("$n") : nullptr;
    if (name == nullptr || name->type != json::Type::kText) return false;
    if (name->text == "NaN") return out = from_double(NAN), true;
    if (name->text == "Infinity") return out = from_double(HUGE_VAL), true;
    if (name->text == "-Infinity") return out = from_double(-HUGE_VAL), true;
    return name->text == "-0" && (out = from_double(-0.0), true);
  }

  bool read_money(const json::Node& node, Value& out) {
    if (!is_array(node, 2) || node.items[1].type != json::Type::kText) return false;
    const std::string_view currency = node.items[1].text;
    if (currency.size() != 3) return false;
    for (const char c : currency)
      if (c < 'A' || c > 'Z') return false;
    Value minor;
    if (!read_whole(node.items[0], Tagged::kInt, minor)) return false;
    out = make_money(heap_, whole(minor), currency);
    return true;
  }

  bool read_error(const json::Node& node, Value& out) {
    if (node.type != json::Type::kObject) return false;
    auto* made = heap_.make<ErrorObject>(ObjectKind::kError);
    made->code = made->flags = 0;
    made->message = made->code_text = made->fields = made->cause = kNone;
    made->trace = nullptr;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const json::Node& item = node.items[i];
      if (node.keys[i] == "message" && item.type == json::Type::kText)
        made->message = make_text(heap_, item.text);
      else if (node.keys[i] == "code" && item.type == json::Type::kText)
        made->code_text = make_text(heap_, item.text);
      else if (node.keys[i] == "fields" && item.type == json::Type::kObject) {
        Map* fields = new_map(heap_);
        for (std::size_t j = 0; j < item.keys.size(); ++j) {
          if (item.items[j].type != json::Type::kText) return false;
          map_put(heap_, fields, make_text(heap_, item.keys[j]),
                  make_text(heap_, item.items[j].text));
        }
        made->fields = from_object(fields);
      } else
        return false;
    }
    out = from_object(made);
    return !is_none(made->message);
  }

  bool read_regex(const json::Node& node, Value& out) {
    if (!is_array(node, 2) || node.items[0].type != json::Type::kText ||
        node.items[1].type != json::Type::kText)
      return false;
    std::uint32_t flags = 0;
    for (const char c : node.items[1].text) {
      const std::size_t bit = std::string_view("ims").find(c);
      if (bit == std::string_view::npos || (flags >> bit & 1)) return false;
      flags |= 1u << bit;
    }
    auto* regex = heap_.make<Regex>(ObjectKind::kRegex);
    regex->pattern = new_text(heap_, node.items[0].text);
    regex->flags = flags;
    out = from_object(regex);
    return true;
  }

  // Markup comes from the server alone.
  bool read_view(const json::Node& node, Value& out) {
    if (entity_ != nullptr || node.type != json::Type::kText) return false;
    auto* view = heap_.make<View>(ObjectKind::kView);
    view->html = new_text(heap_, node.text);
    out = from_object(view);
    return true;
  }

  bool read_list(const json::Node& node, std::string_view item, Value& out) {
    if (node.type != json::Type::kArray) return false;
    ListObject* list = new_list(heap_, node.items.size());
    for (const json::Node& child : node.items) {
      Value v;
      if (!read(child, item, v)) return false;
      list_push(heap_, list, v);
    }
    out = from_object(list);
    return true;
  }
  bool read_map(const json::Node& node, std::string_view key, std::string_view value, Value& out) {
    if (node.type != json::Type::kArray) return false;
    Map* map = new_map(heap_, node.items.size());
    for (const json::Node& pair : node.items) {
      Value k, v;
      if (!is_array(pair, 2) || !read(pair.items[0], key, k) || !read(pair.items[1], value, v))
        return false;
      if (map_find(map, k)) return false;
      map_put(heap_, map, k, v);
    }
    out = from_object(map);
    return true;
  }
  bool read_tuple(const json::Node& node, std::string_view type, Value& out) {
    const std::size_t count = type.size() > 1 ? static_cast<unsigned char>(type[1]) : 0;
    if (!is_array(node, count)) return false;
    auto* tuple = heap_.make<Tuple>(ObjectKind::kTuple, count * sizeof(Value));
    tuple->size = count;
    std::size_t at = 2;
    for (std::size_t i = 0; i < count; ++i)
      if (!read(node.items[i], part(type, at), tuple->items()[i])) return false;
    out = from_object(tuple);
    return true;
  }
  bool read_function(const json::Node& node, Value& out) {
    if (node.type != json::Type::kText) return false;
    const auto found = program_.functions_by_name.find(node.text);
    if (found == program_.functions_by_name.end() ||
        program_.functions[found->second].closure == nullptr)
      return false;
    out = from_object(program_.functions[found->second].closure);
    return true;
  }

  bool read_enum(const json::Node& node, std::string_view type, Value& out) {
    const bool bare = node.type == json::Type::kText;
    if (!bare && (node.type != json::Type::kArray || node.items.size() < 2 ||
                  node.items[0].type != json::Type::kText))
      return false;
    const std::string_view name = bare ? node.text : node.items[0].text;
    for (std::uint32_t row = 0; row < program_.chunk.enums.size(); ++row) {
      const auto& e = program_.chunk.enums[row];
      if (e.name != type) continue;
      for (std::uint32_t i = 0; i < e.variants.size(); ++i)
        if (e.variants[i].name == name) return read_variant(node, row, i, bare, out);
    }
    return false;
  }
  bool read_variant(const json::Node& node, std::uint32_t row, std::uint32_t index, bool bare,
                    Value& out) {
    const auto& e = program_.chunk.enums[row];
    const auto& variant = e.variants[index];
    const std::size_t count = bare ? 0 : node.items.size() - 1;
    if (count != variant.type_ks.size()) return false;
    auto* made = heap_.make<Enum>(ObjectKind::kEnum, count * sizeof(Value));
    made->row = row;
    made->index = index;
    made->size = 0;
    TextObject* names[2] = {nullptr, nullptr};
    program_.enum_names(row, index, names);
    made->type = names[0];
    made->variant = names[1];
    made->size = count;
    for (std::size_t i = 0; i < count; ++i)
      if (!read(node.items[i + 1], program_.chunk.text(variant.type_ks[i]), made->items()[i]))
        return false;
    out = from_object(made);
    return true;
  }

  bool read_entity(const json::Node& node, std::string_view type, Value& out) {
    const auto found = program_.types.find(type);
    if (found == program_.types.end() || node.type != json::Type::kObject) return false;
    return entity_ ? read_reference(node, found->second, out) : read_row(node, found->second, out);
  }

  // {"$e":"Todo","id":7,"v":3,"set":{..}}: checked here, read and changed by the entity reader.
  bool read_reference(const json::Node& node, std::uint32_t type, Value& out) {
    const json::Node *name = node.find("$e"), *id = node.find("id"), *version = node.find("v"),
                     *set = node.find("set");
    if (!is_object(node, 4) || !name || !id || !version || !set) return false;
    const auto& entity = program_.chunk.entities[type];
    if (name->type != json::Type::kText || name->text != entity.name || !id->is_int ||
        !version->is_int || id->integer < 0 || version->integer < 0 ||
        set->type != json::Type::kObject)
      return false;
    for (std::size_t i = 0; i < set->keys.size(); ++i) {
      const std::uint32_t field = program_.field_number(type, set->keys[i]);
      Value ignored;
      if (field >= entity.fields.size() ||
          !read(set->items[i], program_.chunk.text(entity.fields[field].type_k), ignored))
        return false;
    }
    auto result =
        entity_->read(m_.isolate(), {entity.name, static_cast<std::uint64_t>(id->integer),
                                     static_cast<std::uint64_t>(version->integer), set->raw});
    if (!result.ok()) {
      error = result.error();
      return false;
    }
    out = result.value();
    return true;
  }

  // A row as write_value() gives it.
  bool read_row(const json::Node& node, std::uint32_t type, Value& out) {
    const json::Node* id = node.find("id");
    if (id == nullptr || !id->is_int || id->integer < 0) return false;
    Record* record = new_reference(heap_, program_, type, static_cast<std::uint64_t>(id->integer));
    const auto& fields = program_.chunk.entities[type].fields;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const std::string_view key = node.keys[i];
      const json::Node& item = node.items[i];
      const std::uint32_t field = program_.field_number(type, key);
      if (key == "id" || key == "$set") continue;
      if (key == "version") {
        if (!item.is_int || item.integer < 0) return false;
        record->version = static_cast<std::uint64_t>(item.integer);
      } else if (field < record->size) {
        if (!read_row_field(item, program_.chunk.text(fields[field].type_k),
                            record->fields()[field]))
          return false;
      } else if (field == kFieldCreatedAt || field == kFieldUpdatedAt || field == kFieldDeletedAt) {
        Value& time = field == kFieldCreatedAt   ? record->created_at
                      : field == kFieldUpdatedAt ? record->updated_at
                                                 : record->deleted_at;
        if (item.type != json::Type::kNull && !read_whole(item, Tagged::kTime, time)) return false;
      } else {
        return false;
      }
    }
    out = from_object(record);
    return mark_changed(node, record);
  }
  bool read_row_field(const json::Node& item, std::string_view type, Value& out) {
    std::string_view bare = type;
    while (!bare.empty() && byte_of(bare) == kOptional) bare.remove_prefix(1);
    if (byte_of(bare) == kEntity && item.is_int) {
      const auto found = program_.types.find(program_.chunk.text(read_u32(bare, 1)));
      if (found == program_.types.end() || item.integer < 0) return false;
      out = from_object(
          new_reference(heap_, program_, found->second, static_cast<std::uint64_t>(item.integer)));
      return true;
    }
    return read(item, type, out);
  }
  bool mark_changed(const json::Node& node, Record* record) {
    const json::Node* set = node.find("$set");
    if (set == nullptr) return true;
    if (set->type != json::Type::kArray) return false;
    for (const json::Node& name : set->items) {
      const std::uint32_t field = program_.field_number(record->type, name.text);
      if (name.type != json::Type::kText || field >= record->size) return false;
      set_record_field(heap_, record, field, record->fields()[field]);
    }
    return true;
  }

  bool read_any(const json::Node& node, Value& out) {
    switch (node.type) {
      case json::Type::kNull: return out = kNone, true;
      case json::Type::kBool: return out = from_bool(node.boolean), true;
      case json::Type::kText: return out = make_text(heap_, node.text), true;
      case json::Type::kNumber:
        if (node.is_int) return read_whole(node, Tagged::kInt, out);
        return out = from_double(node.number), true;
      case json::Type::kArray: return read_list(node, kAny, out);
      case json::Type::kObject: break;
    }
    if (const json::Node* name = node.find("$e"))
      return name->type == json::Type::kText && entity_ && read_entity(node, name->text, out);
    if (node.find("$n")) return read_number(node, out);
    const json::Node *tag = node.find("$t"), *value = node.find("v");
    if (!is_object(node, 2) || !tag || !value || tag->type != json::Type::kText) return false;
    return read_tagged(tag->text, *value, out);
  }
  bool read_tagged(std::string_view tag, const json::Node& value, Value& out) {
    if (tag == "time") return read_whole(value, Tagged::kTime, out);
    if (tag == "duration") return read_whole(value, Tagged::kDuration, out);
    if (tag == "money") return read_money(value, out);
    if (tag == "map") return read_map(value, kAny, kAny, out);
    if (tag == "error") return read_error(value, out);
    if (tag == "regex") return read_regex(value, out);
    if (tag == "view") return read_view(value, out);
    if (tag == "function") return read_function(value, out);
    if (tag == "tuple") {
      if (value.type != json::Type::kArray || value.items.size() > 255) return false;
      std::string type("\x12", 1);
      type.push_back(static_cast<char>(value.items.size()));
      type.append(value.items.size(), '\x09');
      return read_tuple(value, type, out);
    }
    if (entity_ == nullptr && program_.types.count(tag)) return read_entity(value, tag, out);
    return read_enum(value, tag, out);
  }

  Machine& m_;
  const Program::Linked& program_;
  Heap& heap_;
  EntityReader* entity_;
};

}  // namespace

Result<void> write_value(Isolate& isolate, Value value, std::string_view type,
                         const EntityFields& fields, std::string& out) {
  const std::size_t before = out.size();
  Writer writer(machine_of(isolate), out);
  if (writer.write(value, type, &fields)) return {};
  out.resize(before);
  return writer.take_error();
}

static Error refused_value(Isolate& isolate, std::string_view type, std::string_view name) {
  return Error{code('R', 401), "action refused: " + std::string(name) + " must be " +
                                   type_text(type, machine_of(isolate).linked())};
}

Result<Value> read_value(Isolate& isolate, const json::Node& node, std::string_view type,
                         std::string_view name, EntityReader* entity) {
  Reader reader(machine_of(isolate), entity);
  Value out = kNone;
  if (reader.read(node, type, out)) return out;
  if (reader.error.code != 0) return reader.error;
  return refused_value(isolate, type, name);
}

Result<Value> read_value(Isolate& isolate, std::string_view json, std::string_view type,
                         std::string_view name, EntityReader* entity) {
  const auto document = json::Document::parse(json);
  if (!document.ok()) return refused_value(isolate, type, name);
  return read_value(isolate, document.value().root(), type, name, entity);
}

}  // namespace flin::runtime
