#include "flin/http/values.h"

#include "flin/http/json_out.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace flin::http {
namespace {

constexpr int kMaxDepth = 64;

// What stands in a tag of `any`: {"$t":"view","v":".."} -> "..". Anything else as it is.
std::string_view untagged(std::string_view text) {
  constexpr std::string_view kTag = "{\"$t\":\"", kValue = "\",\"v\":";
  if (text.substr(0, kTag.size()) != kTag || text.back() != '}') return text;
  const std::size_t at = text.find(kValue, kTag.size());
  if (at == std::string_view::npos) return text;
  return text.substr(at + kValue.size(), text.size() - at - kValue.size() - 1);
}

class Writer {
 public:
  Writer(ICall& call, List<EntityRow> entities, std::string& out)
      : call_(call), entities_(entities), out_(out) {}

  Status write(Value value, int depth) {
    if (depth > kMaxDepth)
      return call_.fail(code('R', 14), "the value is nested too deeply to be written as JSON");
    switch (call_.kind(value)) {
      case Kind::kNone:
      case Kind::kBool:
      case Kind::kInt:
      case Kind::kNumber:
      case Kind::kText:
      case Kind::kTime:
      case Kind::kDuration:
      case Kind::kMoney:
      case Kind::kError:
      case Kind::kFile: return write_plain(value);
      case Kind::kList:
      case Kind::kTuple: return write_items(value, 0, depth);
      case Kind::kMap: return write_map(value, depth);
      case Kind::kEnum: return write_enum(value, depth);
      case Kind::kRecord: return write_record(value, depth);
      default:
        return call_.fail(code('R', 14), "a function, view or agent cannot be written as JSON");
    }
  }

 private:
  Status write_plain(Value value) {
    Plain plain;
    Status status = call_.plain(value, plain);
    if (plain.kind == Kind::kError || plain.kind == Kind::kFile) plain.text = untagged(plain.text);
    if (status.ok()) append_json_plain(out_, plain);
    return status;
  }

  Status write_items(Value value, std::uint64_t from, int depth) {
    out_.push_back('[');
    const std::uint64_t count = call_.size(value);
    for (std::uint64_t i = from; i < count; ++i) {
      if (i > from) out_.push_back(',');
      if (Status status = write(call_.item(value, i), depth + 1); !status.ok()) return status;
    }
    out_.push_back(']');
    return Status();
  }

  // Keys in text form: what is no text loses the quotes that its JSON would get anyway.
  Status write_key(Value key) {
    Plain plain;
    if (Status status = call_.plain(key, plain); !status.ok()) return status;
    std::string text;
    append_json_plain(text, plain);
    if (!text.empty() && text.front() == '"')
      out_.append(text);
    else
      append_json_text(out_, text);
    return Status();
  }

  Status write_map(Value value, int depth) {
    out_.push_back('{');
    const std::uint64_t count = call_.size(value);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i > 0) out_.push_back(',');
      if (Status status = write_key(call_.key(value, i)); !status.ok()) return status;
      out_.push_back(':');
      if (Status status = write(call_.item(value, i), depth + 1); !status.ok()) return status;
    }
    out_.push_back('}');
    return Status();
  }

  // The plain form is "Name" or ["Name",payload..]: the name is its first JSON text.
  Status write_enum(Value value, int depth) {
    Plain plain;
    if (Status status = call_.plain(value, plain); !status.ok()) return status;
    const std::string_view text = untagged(plain.text);
    const std::size_t from = text.find('"');
    const std::size_t to = from == std::string_view::npos ? from : text.find('"', from + 1);
    if (to == std::string_view::npos) return call_.fail(code('R', 14), "an enum value has no name");
    const std::string name(text.substr(from, to - from + 1));
    if (call_.size(value) == 0) {
      out_.append(name);
      return Status();
    }
    out_.append("{").append(name).append(":");
    if (Status status = write_items(value, 0, depth); !status.ok()) return status;
    out_.push_back('}');
    return Status();
  }

  Status write_record(Value value, int depth) {
    RecordRef record;
    if (Status status = call_.record(value, record); !status.ok()) return status;
    const bool is_unread = record.id != 0 && record.version == 0;  // a reference: type and id alone
    if (is_unread || (depth > 0 && references_)) {
      append_json_int(out_, static_cast<std::int64_t>(record.id));
      return Status();
    }
    out_.append("{\"id\":");
    append_json_int(out_, static_cast<std::int64_t>(record.id));
    if (record.type < entities_.size) {
      const bool outer = references_;
      references_ = true;
      const List<FieldRow>& fields = entities_[record.type].fields;
      for (std::uint64_t i = 0; i < fields.size; ++i) {
        if (fields[i].flags & kFieldHidden) continue;
        out_.push_back(',');
        append_json_text(out_, fields[i].name);
        out_.push_back(':');
        Status status = write(call_.field(value, static_cast<std::uint32_t>(i)), depth + 1);
        if (!status.ok()) return status;
      }
      references_ = outer;
    }
    out_.push_back('}');
    return Status();
  }

  ICall& call_;
  List<EntityRow> entities_;
  std::string& out_;
  bool references_ = false;  // inside a record: others are written as their ids
};

// Builds values as RapidJSON reads; containers take what was pushed since they began.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  explicit Builder(ICall& call) : call_(call) {}
  Value result() const { return stack_.back(); }
  bool too_deep() const { return depth_ > kMaxDepth; }

  bool Null() { return push(Plain()); }
  bool Bool(bool value) {
    Plain plain;
    plain.kind = Kind::kBool;
    plain.i = value ? 1 : 0;
    return push(plain);
  }
  bool Int(int value) { return push_int(value); }
  bool Uint(unsigned value) { return push_int(value); }
  bool Int64(std::int64_t value) { return push_int(value); }
  bool Uint64(std::uint64_t value) {
    return value <= INT64_MAX ? push_int(static_cast<std::int64_t>(value))
                              : Double(static_cast<double>(value));
  }
  bool Double(double value) {
    Plain plain;
    plain.kind = Kind::kNumber;
    plain.n = value;
    return push(plain);
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    stack_.push_back(text_value(call_, {text, size}));
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool copy) {
    return String(text, size, copy);
  }
  bool StartObject() { return ++depth_ <= kMaxDepth; }
  bool StartArray() { return ++depth_ <= kMaxDepth; }
  bool EndObject(rapidjson::SizeType count) {
    return close(count * 2, [&](const Value* from) { return call_.make_map(from, count); });
  }
  bool EndArray(rapidjson::SizeType count) {
    return close(count, [&](const Value* from) { return call_.make_list(from, count); });
  }

 private:
  bool push(const Plain& plain) {
    stack_.push_back(call_.make(plain));
    return true;
  }
  bool push_int(std::int64_t value) {
    Plain plain;
    plain.kind = Kind::kInt;
    plain.i = value;
    return push(plain);
  }
  template <class Make>
  bool close(std::size_t values, Make make) {
    --depth_;
    const std::size_t from = stack_.size() - values;
    const Value made = make(stack_.data() + from);
    stack_.resize(from);
    stack_.push_back(made);
    return true;
  }

  ICall& call_;
  std::vector<Value> stack_;
  int depth_ = 0;
};

}  // namespace

Status append_json(ICall& call, List<EntityRow> entities, Value value, std::string& out) {
  return Writer(call, entities, out).write(value, 0);
}

namespace {

// What is wrong with it; its offset in bytes.
rapidjson::ParseResult parse(std::string_view json, Builder& builder) {
  rapidjson::MemoryStream stream(json.data(), json.size());
  rapidjson::Reader reader;
  constexpr unsigned kFlags = rapidjson::kParseFullPrecisionFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseIterativeFlag;
  return reader.Parse<kFlags>(stream, builder);
}

}  // namespace

Status parse_json(ICall& call, std::string_view json, Value& out) {
  Builder builder(call);
  const rapidjson::ParseResult parsed = parse(json, builder);
  if (!parsed.IsError()) {
    out = builder.result();
    return Status();
  }
  const std::string message =
      builder.too_deep()
          ? "body is malformed: nested deeper than 64"
          : "body is malformed: " + std::string(rapidjson::GetParseError_En(parsed.Code())) +
                " (at byte " + std::to_string(parsed.Offset()) + ")";
  return call.fail(code('R', 404), Text(std::string_view(message)));
}

bool parse_json(ICall& call, std::string_view json, Value& out, std::size_t& bad_at) {
  Builder builder(call);
  const rapidjson::ParseResult parsed = parse(json, builder);
  bad_at = parsed.Offset();
  if (parsed.IsError()) return false;
  out = builder.result();
  return true;
}

Value text_value(ICall& call, std::string_view text) {
  Plain plain;
  plain.kind = Kind::kText;
  plain.text = text;
  return call.make(plain);
}

Value map_value(ICall& call, const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<Value> pairs;
  pairs.reserve(fields.size() * 2);
  for (const auto& [name, value] : fields) {
    pairs.push_back(text_value(call, name));
    pairs.push_back(text_value(call, value));
  }
  return call.make_map(pairs.data(), fields.size());
}

namespace {
struct TextTaker : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TextTaker> {
  explicit TextTaker(std::string& target) : out(target) {}
  bool Default() { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    out.append(text, size);
    return true;
  }
  std::string& out;
};
}  // namespace

Status append_markup(ICall& call, Value view, std::string& out) {
  Plain plain;
  if (Status status = call.plain(view, plain); !status.ok()) return status;
  const std::string_view json = untagged(plain.text);
  rapidjson::MemoryStream stream(json.data(), json.size());
  rapidjson::Reader reader;
  TextTaker taker(out);
  if (reader.Parse(stream, taker).IsError())
    return call.fail(code('R', 14), "the view has no HTML");
  return Status();
}

}  // namespace flin::http
