#include "pages/form_input.h"

#include "base/json.h"

#include <charconv>
#include <optional>

namespace flin::pages {

namespace {

// Tags of types in prefix form (L 21.4).
constexpr char kText = 0x01, kInt = 0x02, kNumber = 0x03, kBool = 0x04, kOptional = 0x13;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The field as JSON by the type; nothing when it does not parse: the variable stays as it was.
std::optional<std::string> converted(std::string_view value, std::string_view type) {
  if (type.starts_with(kOptional)) type.remove_prefix(1);
  std::string out;
  if (type.starts_with(kText)) {
    json::append_text(out, value);
    return out;
  }
  if (type.starts_with(kBool)) return "true";
  value = trimmed(value);
  if (type.starts_with(kInt)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
    json::append_int(out, number);
    return out;
  }
  if (type.starts_with(kNumber)) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
    json::append_number(out, number);
    return out;
  }
  return std::nullopt;
}

const Pair* find_field(List<Pair> fields, std::string_view name) {
  for (const Pair& field : fields)
    if (std::string_view(field.name) == name) return &field;
  return nullptr;
}

}  // namespace

Result<std::string> merge_form(const bytecode::Chunk& chunk, const bytecode::HandlerRow& handler,
                               std::string_view in, List<Pair> fields) {
  const auto document = json::Document::parse(in);
  if (!document.ok() || document.value().root().type != json::Type::kArray ||
      document.value().root().items.size() != handler.inputs.size())
    return Error{code('R', 401), "action refused: wrong number of inputs"};
  std::string out = "[";
  for (std::size_t i = 0; i < handler.inputs.size(); ++i) {
    const bytecode::InputRow& input = handler.inputs[i];
    const std::string_view type = chunk.constants[input.type_k].text;
    const Pair* field = find_field(fields, input.name);
    std::optional<std::string> value;
    if (input.kind == bytecode::InputKind::kPageVariable) {
      if (field != nullptr)
        value = converted(field->value, type);
      else if (type.starts_with(kBool))
        value = "false";  // a checkbox that is not ticked is not sent
    }
    if (i > 0) out += ',';
    if (value)
      out += *value;
    else
      out += document.value().root().items[i].raw;
  }
  return out + "]";
}

}  // namespace flin::pages
