#include "entities.h"

#include "flin/http/json_out.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <vector>

namespace flin::ws {
namespace {

using http::append_json_int;
using http::append_json_plain;
using http::append_json_text;

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

// ---- From W 4.1 (what a row holds) to JSON out (L 3.13), led by the static type.

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Place of `mark` outside of every bracket; npos when there is none.
std::size_t find_outside(std::string_view type, char mark) {
  int depth = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {
    if (type[i] == '[' || type[i] == '(') ++depth;
    if (type[i] == ']' || type[i] == ')') --depth;
    if (type[i] == mark && depth == 0) return i;
  }
  return std::string_view::npos;
}

void append_as_key(std::string& out, const rapidjson::Value& value) {
  if (value.IsString())
    append_json_text(out, {value.GetString(), value.GetStringLength()});
  else if (value.IsInt64())
    append_json_text(out, std::to_string(value.GetInt64()));
  else
    append_json_text(out, value.IsTrue() ? "true" : "false");
}

void append_typed(std::string& out, std::string_view type, const rapidjson::Value& value);

void append_list(std::string& out, std::string_view items, const rapidjson::Value& value) {
  out.push_back('[');
  for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
    if (i > 0) out.push_back(',');
    append_typed(out, items, value[i]);
  }
  out.push_back(']');
}

void append_map(std::string& out, std::string_view values, const rapidjson::Value& value) {
  out.push_back('{');
  for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
    if (i > 0) out.push_back(',');
    if (!value[i].IsArray() || value[i].Size() != 2) continue;
    append_as_key(out, value[i][0]);
    out.push_back(':');
    append_typed(out, values, value[i][1]);
  }
  out.push_back('}');
}

// ["Move",3,1] -> {"Move":[3,1]}; tuples and the like stay arrays.
void append_array(std::string& out, const rapidjson::Value& value) {
  const bool variant = value.Size() > 1 && value[0].IsString();
  if (!variant) return append_list(out, "", value);
  out.push_back('{');
  append_as_key(out, value[0]);
  out.append(":[");
  for (rapidjson::SizeType i = 1; i < value.Size(); ++i) {
    if (i > 1) out.push_back(',');
    append_typed(out, "", value[i]);
  }
  out.append("]}");
}

std::uint32_t packed_currency(const rapidjson::Value& name) {
  std::uint32_t packed = 0;
  for (rapidjson::SizeType i = 0; i < 3 && i < name.GetStringLength(); ++i) {
    packed |= static_cast<std::uint32_t>(static_cast<unsigned char>(name.GetString()[i]))
              << (8 * i);
  }
  return packed;
}

void append_object(std::string& out, const rapidjson::Value& value) {
  if (value.HasMember("$n")) {  // NaN, the infinities and -0 have no JSON of their own
    out.append(
        value["$n"].IsString() && std::string_view(value["$n"].GetString()) == "-0" ? "0" : "null");
  } else if (value.HasMember("$e") && value.HasMember("id")) {
    append_typed(out, "", value["id"]);
  } else if (value.HasMember("$t") && value["$t"].IsString() && value.HasMember("v")) {
    const std::string_view tag(value["$t"].GetString(), value["$t"].GetStringLength());
    if (tag == "map")
      append_map(out, "", value["v"]);
    else
      append_typed(out, tag, value["v"]);
  } else {
    out.push_back('{');
    bool first = true;
    for (const auto& member : value.GetObject()) {
      if (!std::exchange(first, false)) out.push_back(',');
      append_as_key(out, member.name);
      out.push_back(':');
      append_typed(out, "", member.value);
    }
    out.push_back('}');
  }
}

void append_typed(std::string& out, std::string_view type, const rapidjson::Value& value) {
  type = trim(type);
  if (!type.empty() && type.back() == '?') type.remove_suffix(1);
  if (value.IsNull()) {
    out.append("null");
  } else if (value.IsBool()) {
    out.append(value.GetBool() ? "true" : "false");
  } else if (value.IsInt64()) {
    if (type == "time")
      http::append_json_time(out, value.GetInt64());
    else
      append_json_int(out, value.GetInt64());
  } else if (value.IsNumber()) {
    http::append_json_number(out, value.GetDouble());
  } else if (value.IsString()) {
    append_json_text(out, {value.GetString(), value.GetStringLength()});
  } else if (value.IsObject()) {
    append_object(out, value);
  } else if (type == "money" && value.Size() == 2 && value[0].IsInt64() && value[1].IsString()) {
    http::append_json_money(out, value[0].GetInt64(), packed_currency(value[1]));
  } else if (type.size() > 2 && type.front() == '[') {
    const std::string_view inner = type.substr(1, type.size() - 2);
    const std::size_t colon = find_outside(inner, ':');
    if (colon == std::string_view::npos)
      append_list(out, inner, value);
    else
      append_map(out, inner.substr(colon + 1), value);
  } else {
    append_array(out, value);
  }
}

void append_field(std::string& out, const FieldRow& field, const Plain& value) {
  if (value.kind <= Kind::kMoney || value.kind == Kind::kRecord)
    return append_json_plain(out, value);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseIterativeFlag>(
      value.text.data, value.text.size);
  if (document.HasParseError())
    out.append("null");
  else
    append_typed(out, field.type, document);
}

void append_entity(std::string& out, const EntityRow& entity, const Row& row) {
  out.append("{\"id\":").append(std::to_string(row.id));
  for (std::uint64_t i = 0; i < entity.fields.size && i < row.fields.size; ++i) {
    const FieldRow& field = entity.fields[i];
    if (field.flags & kFieldHidden) continue;
    out.push_back(',');
    append_json_text(out, field.name);
    out.push_back(':');
    append_field(out, field, row.fields[i]);
  }
  out.push_back('}');
}

// A deleted row is still there, with a deleted_at behind its declared fields, created_at and
// updated_at.
bool is_live(const EntityRow& entity, const Row* row) {
  if (!row) return false;
  const std::uint64_t deleted_at = entity.fields.size + 2;
  return deleted_at >= row->fields.size || row->fields[deleted_at].kind == Kind::kNone;
}

}  // namespace

std::optional<std::uint32_t> find_type(List<EntityRow> entities, std::string_view name) {
  for (std::uint32_t i = 0; i < entities.size; ++i) {
    if (std::string_view(entities[i].name) == name) return i;
  }
  return std::nullopt;
}

std::string unknown_type(List<EntityRow> entities, std::string_view name) {
  std::string message = "There is no entity '" + std::string(name.substr(0, 64)) + "'.";
  std::string_view nearest;
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
  if (name.size() > 64) return message;
  for (const EntityRow& entity : entities) {
    const std::size_t far = distance(name, entity.name);
    if (far >= best || far >= entity.name.size) continue;
    best = far;
    nearest = entity.name;
  }
  if (!nearest.empty()) message.append(" Did you mean '").append(nearest).append("'?");
  return message;
}

bool has_read_rules(const EntityRow& entity) {
  return std::any_of(entity.rules.begin(), entity.rules.end(),
                     [](const RuleRow& rule) { return rule.operations & kRuleRead; });
}

std::string change_message(const EntityRow& entity, std::uint64_t seq, const store::Change& change,
                           const Row* before, const Row* after) {
  const bool was = is_live(entity, before), is = is_live(entity, after);
  if (!was && !is) return {};
  std::string out = "{\"type\":\"entity_change\",\"entity_type\":";
  append_json_text(out, entity.name);
  out.append(",\"change\":\"")
      .append(!was ? "create"
              : is ? "update"
                   : "delete")
      .append("\",\"entity\":");
  if (is)
    append_entity(out, entity, *after);
  else
    out.append("{\"id\":").append(std::to_string(before ? before->id : change.id)).append("}");
  return out.append(",\"seq\":").append(std::to_string(seq)).append("}");
}

}  // namespace flin::ws
