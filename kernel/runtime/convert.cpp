#include "runtime/convert.h"

#include "base/json.h"
#include "base/number_text.h"
#include "flin/plugin.h"
#include "runtime/text.h"

#include <cmath>

namespace flin::runtime {

namespace {

constexpr int kDepth = 200;  // deeper items are written as ..
constexpr double kMaxSafe = 9007199254740991.0;

class Writer {
 public:
  Writer(std::string& out, const Program::Linked& program) : out_(out), program_(program) {}

  // `nested`: inside a collection, where texts are quoted and none is `none`.
  void write(Value v, bool nested, bool display) {
    if (is_double(v)) return text::append_number(out_, as_double(v));
    if (is_object(v)) return write_object(as_object(v), nested);
    if (is_bool(v))
      out_ += v.bits == kTrue.bits ? "true" : "false";
    else if (is_small_int(v))
      text::append_int(out_, small_payload(v));
    else if (has_tag(v, Tagged::kTime))
      text::append_time(out_, small_payload(v));
    else if (has_tag(v, Tagged::kDuration))
      text::append_duration(out_, small_payload(v));
    else if (display || nested)
      out_ += "none";
  }

 private:
  void item(Value v) { write(v, true, true); }

  void items(const char* before, const Value* from, std::uint64_t count, const char* after) {
    out_ += before;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i) out_ += ", ";
      item(from[i]);
    }
    out_ += after;
  }

  void write_list(const ListObject* list) {
    if (!(list->flags & kRangeList))
      return items("[", list->slots ? list->slots->items() : nullptr, list->size, "]");
    out_ += '[';
    for (std::uint64_t i = 0; i < list->size; ++i) {
      if (i) out_ += ", ";
      text::append_int(out_, list->first + static_cast<std::int64_t>(i));
    }
    out_ += ']';
  }

  void write_map(const Map* map) {
    if (map->count == 0) {
      out_ += "[:]";
      return;
    }
    bool first = true;
    out_ += '[';
    for (const MapEntry& entry : entries(map)) {
      if (is_empty(entry.key)) continue;
      if (!first) out_ += ", ";
      first = false;
      item(entry.key);
      out_ += ": ";
      item(entry.value);
    }
    out_ += ']';
  }

  struct Entries {
    const MapEntry *from, *to;
    const MapEntry* begin() const { return from; }
    const MapEntry* end() const { return to; }
  };
  static Entries entries(const Map* map) { return {map->begin(), map->end()}; }

  void write_whole(const Boxed* boxed) {
    if (boxed->aux == static_cast<std::uint16_t>(Tagged::kTime))
      text::append_time(out_, boxed->value);
    else if (boxed->aux == static_cast<std::uint16_t>(Tagged::kDuration))
      text::append_duration(out_, boxed->value);
    else
      text::append_int(out_, boxed->value);
  }

  void write_object(Object* object, bool nested) {
    if (depth_ == kDepth) {
      out_ += "..";
      return;
    }
    ++depth_;
    write_kind(object, nested);
    --depth_;
  }

  void write_kind(Object* object, bool nested) {
    switch (object->kind) {
      case ObjectKind::kText: {
        const auto view = static_cast<TextObject*>(object)->view();
        if (nested)
          json::append_text(out_, view);
        else
          out_ += view;
        break;
      }
      case ObjectKind::kList: write_list(static_cast<ListObject*>(object)); break;
      case ObjectKind::kMap: write_map(static_cast<Map*>(object)); break;
      case ObjectKind::kTuple: {
        auto* tuple = static_cast<Tuple*>(object);
        items("(", tuple->items(), tuple->size, ")");
        break;
      }
      case ObjectKind::kEnum: {
        auto* e = static_cast<Enum*>(object);
        out_ += e->variant->view();
        if (e->size) items("(", e->items(), e->size, ")");
        break;
      }
      case ObjectKind::kRecord: {
        auto* record = static_cast<Record*>(object);
        out_ += program_.chunk.entities[record->type].name;
        out_ += '#';
        out_ += std::to_string(record->id);
        break;
      }
      case ObjectKind::kClosure: {
        const Value name = program_.functions[static_cast<Closure*>(object)->function].name;
        out_ += "<fn ";
        out_ += is_text(name) && as_text(name)->size ? as_text(name)->view()
                                                     : std::string_view("anonymous");
        out_ += '>';
        break;
      }
      case ObjectKind::kView: out_ += static_cast<View*>(object)->html->view(); break;
      case ObjectKind::kError:
        write(static_cast<ErrorObject*>(object)->message, nested, true);
        break;
      case ObjectKind::kRegex: write_regex(static_cast<Regex*>(object)); break;
      case ObjectKind::kForeign: {
        const auto* foreign = static_cast<Foreign*>(object);
        out_ += '<';
        out_ += std::string_view(foreign->type->name);
        out_ += '>';
        break;
      }
      case ObjectKind::kBoxed: write_whole(static_cast<Boxed*>(object)); break;
      case ObjectKind::kMoney: {
        auto* money = static_cast<Money*>(object);
        text::append_money(out_, money->minor, money->code());
        break;
      }
      case ObjectKind::kPredicate: out_ += "<predicate>"; break;
      default: out_ += "<internal>"; break;
    }
  }

  void write_regex(const Regex* regex) {
    out_ += '/';
    out_ += regex->pattern->view();
    out_ += '/';
    if (regex->flags & 1) out_ += 'i';
    if (regex->flags & 2) out_ += 'm';
    if (regex->flags & 4) out_ += 's';
  }

  std::string& out_;
  const Program::Linked& program_;
  int depth_ = 0;
};

enum TypeCode : std::uint8_t {
  kTypeText = 1,
  kTypeInt,
  kTypeNumber,
  kTypeBool,
  kTypeTime,
  kTypeDuration,
  kTypeMoney,
  kTypeFile,
  kTypeAny,
  kTypeNone,
  kTypeView,
  kTypeError,
  kTypeRegex,
  kTypeNever,
  kTypeList,
  kTypeMap,
  kTypeTuple,
  kTypeOptional,
  kTypeUnion,
  kTypeFunction,
  kTypeEntity,
  kTypeEnum,
  kTypeAgent,
  kTypeTrait,
  kTypeQuery
};
constexpr const char* kTypeNames[] = {"",     "text",     "int",   "number", "bool",
                                      "time", "duration", "money", "file",   "any",
                                      "none", "view",     "error", "regex",  "never"};

std::uint8_t byte_at(std::string_view type, std::size_t at) {
  return at < type.size() ? static_cast<std::uint8_t>(type[at])
                          : static_cast<std::uint8_t>(kTypeAny);
}
// Prefix form counts from 0x10 for the compound ones; the enum above runs on without a gap.
TypeCode code_at(std::string_view type, std::size_t at) {
  const std::uint8_t byte = byte_at(type, at);
  return static_cast<TypeCode>(byte >= 0x10 ? byte - 0x10 + kTypeList : byte);
}

class TypeReader {
 public:
  TypeReader(std::string_view type, const Program::Linked& program)
      : type_(type), program_(program) {}

  std::string text() {
    const TypeCode code = code_at(type_, at_++);
    switch (code) {
      case kTypeList: return "[" + text() + "]";
      case kTypeMap: {
        std::string key = text();
        return "[" + key + ": " + text() + "]";
      }
      case kTypeTuple: return "(" + joined(count(), ", ") + ")";
      case kTypeOptional: return text() + "?";
      case kTypeUnion: return joined(count(), " | ");
      case kTypeFunction: {
        const std::uint32_t n = count();
        std::string parameters = joined(n, ", ");
        return "(" + parameters + ") -> " + text();
      }
      case kTypeEntity:
      case kTypeEnum:
      case kTypeAgent:
      case kTypeTrait: return std::string(name());
      case kTypeQuery: return "Query<" + text() + ">";
      default: return code < kTypeList ? kTypeNames[code] : "any";
    }
  }

  bool holds(Value v) {
    switch (code_at(type_, at_++)) {
      case kTypeText: return is_text(v);
      case kTypeInt: return counts_as_int(v) || is_int(v);
      case kTypeNumber: return is_numeric(v);
      case kTypeBool: return is_bool(v);
      case kTypeTime: return is_time(v);
      case kTypeDuration: return is_duration(v);
      case kTypeMoney: return is_kind(v, ObjectKind::kMoney);
      case kTypeNone: return is_none(v);
      case kTypeView: return is_kind(v, ObjectKind::kView);
      case kTypeError: return is_kind(v, ObjectKind::kError);
      case kTypeRegex: return is_kind(v, ObjectKind::kRegex);
      case kTypeNever: return false;
      case kTypeList: return holds_list(v);
      case kTypeMap: return holds_map(v);
      case kTypeTuple: return holds_tuple(v);
      case kTypeOptional: {
        if (!is_none(v)) return holds(v);
        skip();
        return true;
      }
      case kTypeUnion: {
        bool any = false;
        for (std::uint32_t n = count(); n > 0; --n) {
          TypeReader member(type_.substr(at_), program_);
          any = any || member.holds(v);
          skip();
        }
        return any;
      }
      case kTypeFunction: {
        for (std::uint32_t n = count() + 1; n > 0; --n) skip();
        return is_kind(v, ObjectKind::kClosure);
      }
      case kTypeEntity: {
        const auto wanted = name();
        return is_record(v) && program_.chunk.entities[as_record(v)->type].name == wanted;
      }
      case kTypeEnum: {
        const auto wanted = name();
        return is_kind(v, ObjectKind::kEnum) && cast<Enum>(v)->type->view() == wanted;
      }
      case kTypeAgent:
      case kTypeTrait: name(); return true;
      case kTypeQuery: skip(); return is_kind(v, ObjectKind::kForeign);
      case kTypeFile:
      case kTypeAny: break;
    }
    return true;
  }

  void skip() { skip_type(type_, at_); }
  std::size_t at() const { return at_; }

 private:
  std::uint32_t count() { return byte_at(type_, at_++); }
  std::string_view name() {
    const std::uint32_t k = read_u32(type_, at_);
    at_ += 4;
    return k < program_.chunk.constants.size() ? program_.chunk.text(k) : std::string_view();
  }
  std::string joined(std::uint32_t n, const char* separator) {
    std::string out;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (i) out += separator;
      out += text();
    }
    return out;
  }
  bool holds_each(Value v, std::size_t at) {
    TypeReader item(type_, program_);
    item.at_ = at;
    return item.holds(v);
  }
  bool holds_list(Value v) {
    const std::size_t item = at_;
    skip();
    if (!is_list(v)) return false;
    const ListObject* list = as_list(v);
    if (code_at(type_, item) == kTypeAny) return true;
    if (list->flags & kRangeList) return holds_each(from_small(Tagged::kInt, 0), item);
    for (std::uint64_t i = 0; i < list->size; ++i)
      if (!holds_each(list->slots->items()[i], item)) return false;
    return true;
  }
  bool holds_map(Value v) {
    const std::size_t key = at_;
    skip();
    const std::size_t value = at_;
    skip();
    if (!is_map(v)) return false;
    for (const MapEntry *entry = as_map(v)->begin(), *end = as_map(v)->end(); entry != end; ++entry)
      if (!is_empty(entry->key) &&
          (!holds_each(entry->key, key) || !holds_each(entry->value, value)))
        return false;
    return true;
  }
  bool holds_tuple(Value v) {
    const std::uint32_t n = count();
    bool good = is_kind(v, ObjectKind::kTuple) && cast<Tuple>(v)->size == n;
    for (std::uint32_t i = 0; i < n; ++i) {
      good = good && holds_each(cast<Tuple>(v)->items()[i], at_);
      skip();
    }
    return good;
  }

  std::string_view type_;
  const Program::Linked& program_;
  std::size_t at_ = 0;
};

}  // namespace

void append_text_form(std::string& out, Value v, const Program::Linked& program) {
  Writer(out, program).write(v, false, false);
}

void append_display(std::string& out, Value v, const Program::Linked& program) {
  Writer(out, program).write(v, false, true);
}

bool counts_as_int(Value v) {
  if (is_double(v))
    return std::fabs(as_double(v)) <= kMaxSafe && std::trunc(as_double(v)) == as_double(v);
  if (is_small_int(v)) return true;
  return is_int(v) && std::fabs(static_cast<double>(whole(v))) <= kMaxSafe;
}

Kind kind_of(Value v) {
  if (is_double(v)) return Kind::kNumber;
  if (is_bool(v)) return Kind::kBool;
  if (is_int(v)) return Kind::kInt;
  if (is_time(v)) return Kind::kTime;
  if (is_duration(v)) return Kind::kDuration;
  if (!is_object(v)) return Kind::kNone;
  switch (as_object(v)->kind) {
    case ObjectKind::kText: return Kind::kText;
    case ObjectKind::kList: return Kind::kList;
    case ObjectKind::kMap: return Kind::kMap;
    case ObjectKind::kTuple: return Kind::kTuple;
    case ObjectKind::kEnum: return Kind::kEnum;
    case ObjectKind::kRecord: return Kind::kRecord;
    case ObjectKind::kClosure: return Kind::kFunction;
    case ObjectKind::kView: return Kind::kView;
    case ObjectKind::kError: return Kind::kError;
    case ObjectKind::kRegex: return Kind::kRegex;
    case ObjectKind::kMoney: return Kind::kMoney;
    case ObjectKind::kPredicate: return Kind::kPredicate;
    case ObjectKind::kForeign: return Kind::kForeign;
    default: return Kind::kNone;
  }
}

std::string type_name(Value v, const Program::Linked& program) {
  if (is_numeric(v)) return counts_as_int(v) ? "int" : "number";
  switch (kind_of(v)) {
    case Kind::kBool: return "bool";
    case Kind::kText: return "text";
    case Kind::kTime: return "time";
    case Kind::kDuration: return "duration";
    case Kind::kMoney: return "money";
    case Kind::kList: return "list";
    case Kind::kMap: return "map";
    case Kind::kTuple: return "tuple";
    case Kind::kFunction: return "function";
    case Kind::kView: return "view";
    case Kind::kError: return "error";
    case Kind::kRegex: return "regex";
    case Kind::kEnum: return std::string(cast<Enum>(v)->type->view());
    case Kind::kRecord: return program.chunk.entities[as_record(v)->type].name;
    case Kind::kForeign: return std::string(std::string_view(cast<Foreign>(v)->type->name));
    default: return "none";
  }
}

std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < 4 && at + i < bytes.size(); ++i)
    n |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return n;
}

void skip_type(std::string_view type, std::size_t& at) {
  const TypeCode code = code_at(type, at++);
  switch (code) {
    case kTypeList:
    case kTypeOptional:
    case kTypeQuery: return skip_type(type, at);
    case kTypeMap: skip_type(type, at); return skip_type(type, at);
    case kTypeTuple:
    case kTypeUnion:
    case kTypeFunction: {
      std::uint32_t n = byte_at(type, at++);
      if (code == kTypeFunction) ++n;
      for (; n > 0; --n) skip_type(type, at);
      return;
    }
    case kTypeEntity:
    case kTypeEnum:
    case kTypeAgent:
    case kTypeTrait: at += 4; return;
    default: return;
  }
}

std::string type_text(std::string_view type, const Program::Linked& program) {
  return TypeReader(type, program).text();
}

bool is_type(Value v, std::string_view type, const Program::Linked& program) {
  return TypeReader(type, program).holds(v);
}

}  // namespace flin::runtime
