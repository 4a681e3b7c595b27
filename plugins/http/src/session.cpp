#include "session.h"

#include "flin/http/values.h"
#include "secret.h"

#include "flin/http/json_out.h"

#include <rapidjson/document.h>

#include <charconv>
#include <cstring>
#include <vector>

namespace flin::http {
namespace {

constexpr Text kPurpose = "session";

class Collect final : public ITextSink {
 public:
  void text(Text t) noexcept override { out.append(std::string_view(t)); }
  std::string out;
};

bool can_be_kept(Kind kind) {
  switch (kind) {
    case Kind::kFunction:
    case Kind::kView:
    case Kind::kAgent:
    case Kind::kQuery:
    case Kind::kPredicate:
    case Kind::kForeign: return false;
    default: return true;
  }
}

// Numbers go by their bits, so that each comes back as it was.
void append_row(std::string& out, std::string_view key, const Plain& value, std::string_view type) {
  std::int64_t number = value.i;
  if (value.kind == Kind::kNumber) std::memcpy(&number, &value.n, sizeof number);
  out.append(out.empty() ? "[[" : ",[");
  append_json_text(out, key);
  out.append(",");
  append_json_int(out, static_cast<std::int64_t>(value.kind));
  out.append(",\"");
  append_json_int(out, number);
  out.append("\",");
  append_json_int(out, static_cast<std::int64_t>(value.extra));
  out.append(",");
  append_json_text(out, value.kind == Kind::kRecord ? type : std::string_view(value.text));
  out.append("]");
}

bool is_row(const rapidjson::Value& row) {
  return row.IsArray() && row.Size() == 5 && row[0].IsString() && row[1].IsUint() &&
         row[2].IsString() && row[3].IsUint() && row[4].IsString();
}

std::string_view text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

// False: it names an entity that the program does not have any more.
bool read_row(const rapidjson::Value& row, List<EntityRow> entities, Plain& out) {
  out.kind = static_cast<Kind>(row[1].GetUint());
  if (!can_be_kept(out.kind) || out.kind > Kind::kForeign) return false;
  const std::string_view number = text_of(row[2]);
  std::from_chars(number.data(), number.data() + number.size(), out.i);
  if (out.kind == Kind::kNumber) std::memcpy(&out.n, &out.i, sizeof out.n);
  out.extra = row[3].GetUint();
  if (out.kind != Kind::kRecord) {
    out.text = text_of(row[4]);
    return true;
  }
  for (std::uint64_t i = 0; i < entities.size; ++i) {
    if (std::string_view(entities[i].name) != text_of(row[4])) continue;
    out.extra = static_cast<std::uint32_t>(i);
    return true;
  }
  return false;
}

}  // namespace

Status write_session(ICall& call, List<EntityRow> entities, Value map, std::string& out) {
  out.clear();
  if (call.kind(map) != Kind::kMap) return Status();
  for (std::uint64_t i = 0; i < call.size(map); ++i) {
    Plain key, value;
    if (Status status = call.plain(call.key(map, i), key); !status.ok()) return status;
    const Value item = call.item(map, i);
    if (call.kind(item) == Kind::kNone) continue;
    if (!can_be_kept(call.kind(item))) {
      const std::string message =
          "cannot cross: session." + std::string(key.text) + " is a function, view or agent";
      return call.fail(code('R', 20), Text(std::string_view(message)));
    }
    if (Status status = call.plain(item, value); !status.ok()) return status;
    std::string_view type;
    if (value.kind == Kind::kRecord && value.extra < entities.size)
      type = entities[value.extra].name;
    if (value.kind == Kind::kRecord && value.i == 0)
      return call.fail(code('R', 20),
                       "cannot cross: the session holds an entity that is not saved");
    append_row(out, key.text, value, type);
  }
  if (!out.empty()) out.append("]");
  return Status();
}

Value read_session(ICall& call, List<EntityRow> entities, std::string_view text) {
  rapidjson::Document document;
  std::vector<Value> pairs;
  if (!text.empty()) document.Parse(text.data(), text.size());
  if (document.IsArray() && !document.HasParseError()) {
    for (const rapidjson::Value& row : document.GetArray()) {
      Plain value;
      if (!is_row(row) || !read_row(row, entities, value)) continue;
      pairs.push_back(text_value(call, text_of(row[0])));
      pairs.push_back(call.make(value));
    }
  }
  return call.make_map(pairs.data(), pairs.size() / 2);
}

std::string user_of_session(std::string_view text) {
  rapidjson::Document document;
  if (text.empty() || document.Parse(text.data(), text.size()).HasParseError() ||
      !document.IsArray())
    return {};
  for (const rapidjson::Value& row : document.GetArray()) {
    if (is_row(row) && text_of(row[0]) == "user")
      return std::to_string(row[1].GetUint()) + " " + row[2].GetString() + " " +
             std::string(text_of(row[4]));
  }
  return {};
}

std::string seal_session(Sealer& sealer, std::string_view text, std::int64_t now_ms) {
  Collect collect;
  const std::string plain = std::to_string(now_ms) + " " + std::string(text);
  if (!sealer.seal(kPurpose, Text(std::string_view(plain)), collect).ok()) return {};
  return std::move(collect.out);
}

std::string open_session(Sealer& sealer, std::string_view sealed, std::int64_t now_ms) {
  Collect collect;
  if (sealed.empty() || sealed.size() > kMostSessionBytes ||
      !sealer.open(kPurpose, Text(sealed), collect).ok())
    return {};
  std::int64_t at = 0;
  const std::string& plain = collect.out;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), at);
  const bool is_young = now_ms - at < kSessionSeconds * 1000;
  if (error != std::errc() || end == plain.data() + plain.size() || !is_young) return {};
  return plain.substr(static_cast<std::size_t>(end - plain.data()) + 1);
}

void OpenSessions::enter(const std::string& sid) {
  const std::lock_guard lock(mutex_);
  ++entries_[sid].sockets;
}

void OpenSessions::leave(const std::string& sid) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(sid);
  if (found != entries_.end() && --found->second.sockets == 0) entries_.erase(found);
}

void OpenSessions::changed(const std::string& sid, const std::string& text) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(sid);
  if (found == entries_.end()) return;
  found->second.is_changed = true;
  found->second.text = text;
}

bool OpenSessions::find(const std::string& sid, std::string& text) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(sid);
  if (found == entries_.end() || !found->second.is_changed) return false;
  text = found->second.text;
  return true;
}

}  // namespace flin::http
