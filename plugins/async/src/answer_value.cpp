#include "answer_value.h"

#include "flin/http/json_out.h"
#include "flin/http/utf8.h"
#include "flin/http/values.h"

#include <string_view>

namespace flin::async {
namespace {

Value text_value(ICall& call, std::string_view text) {
  Plain plain;
  plain.kind = Kind::kText;
  plain.text = text;
  return call.make(plain);
}

Value int_value(ICall& call, Kind kind, std::int64_t i) {
  Plain plain;
  plain.kind = kind;
  plain.i = i;
  return call.make(plain);
}

// An error that is raised by whoever reads it as a member.
Value raised_when_read(ICall& call, std::string_view code, std::string_view message) {
  std::string json = "{\"$t\":\"error\",\"v\":{\"message\":";
  http::append_json_text(json, message);
  json += ",\"code\":";
  http::append_json_text(json, code);
  json += "}}";
  Plain plain;
  plain.kind = Kind::kError;
  plain.extra = kRaisedWhenRead;
  plain.text = std::string_view(json);
  return call.make(plain);
}

// Names that come several times are one, joined by commas (RFC 9110 5.3); cookies by line ends.
Value headers_value(ICall& call, const OutboundAnswer& answer) {
  std::vector<HeaderField> joined;
  for (const auto& [name, value] : answer.headers) {
    HeaderField* known = nullptr;
    for (HeaderField& field : joined)
      if (field.first == name) known = &field;
    if (known == nullptr)
      joined.emplace_back(name, http::to_utf8(value));
    else
      known->second += (name == "set-cookie" ? "\n" : ", ") + http::to_utf8(value);
  }
  return http::map_value(call, joined);
}

std::string place_in(std::string_view text, std::size_t offset) {
  std::size_t line = 1, column = 1;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') ++line, column = 0;
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++column;
  }
  return std::to_string(line) + ":" + std::to_string(column);
}

}  // namespace

Status answer_value(ICall& call, const OutboundAnswer& answer, Value& out) {
  const bool is_ok = answer.status >= 200 && answer.status <= 299;
  const std::string body = http::to_utf8(answer.body);
  Value json{};
  std::size_t bad_at = 0;
  if (!is_ok)
    json = raised_when_read(call, "R0203", "HTTP " + std::to_string(answer.status));
  else if (!http::parse_json(call, body, json, bad_at))
    json = raised_when_read(call, "R0021", "bad JSON at " + place_in(body, bad_at));
  const Value pairs[] = {text_value(call, "status"),  int_value(call, Kind::kInt, answer.status),
                         text_value(call, "ok"),      int_value(call, Kind::kBool, is_ok ? 1 : 0),
                         text_value(call, "headers"), headers_value(call, answer),
                         text_value(call, "body"),    text_value(call, body),
                         text_value(call, "json"),    json};
  out = call.make_map(pairs, 5);
  return {};
}

}  // namespace flin::async
