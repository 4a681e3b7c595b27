// What a request tells the program that answers it: params, query, body, headers, cookies, session,
// request (L 16.3), built when first asked for.
#include "exchange.h"

#include "loop.h"
#include "server.h"
#include "session.h"

#include "flin/http/utf8.h"
#include "flin/http/values.h"

namespace flin::http {
namespace {

// "application/json; charset=utf-8" -> "application/json", in lower case.
std::string media_type(std::string_view value) {
  std::string type(value.substr(0, value.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return type;
}

bool is_json_type(std::string_view type) {
  constexpr std::string_view kSuffix = "+json";
  return type == "application/json" ||
         (type.size() > kSuffix.size() && type.substr(type.size() - kSuffix.size()) == kSuffix);
}

Status load_fields(ICall& call, std::string_view text, std::string_view what, Value& out) {
  std::vector<Field> fields;
  if (!parse_form(text, fields)) {
    const std::string message = std::string(what) + " is malformed: it is not UTF-8";
    return call.fail(code('R', 404), Text(std::string_view(message)));
  }
  out = map_value(call, fields);
  return Status();
}

Value load_headers(ICall& call, const RequestHead& head) {
  std::vector<Field> fields;
  for (const HeaderView& header : head.headers) {
    std::string name(header.name), value = to_utf8(header.value);
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    Field* earlier = nullptr;
    for (Field& field : fields) {
      if (field.first == name) earlier = &field;
    }
    if (earlier)
      earlier->second.append(name == "cookie" ? "; " : ", ").append(value);
    else
      fields.emplace_back(std::move(name), std::move(value));
  }
  return map_value(call, fields);
}

Value load_cookies(ICall& call, const RequestHead& head) {
  std::vector<Field> fields;
  for (const auto& [name, value] : parse_cookies(head.header("cookie"))) {
    // The browser's own names say nothing to a program and are not its business.
    if (name != "flin_sid" && name != "flin_session")
      fields.emplace_back(to_utf8(name), to_utf8(value));
  }
  return map_value(call, fields);
}

// A file of a form as its members are written (L 24.11); the bytes stay in the temporary file.
Value file_value(ICall& call, const UploadedFile& file) {
  const std::size_t dot = file.name.rfind('.');
  Plain size;
  size.kind = Kind::kInt;
  size.i = static_cast<std::int64_t>(file.size);
  const Value pairs[] = {
      text_value(call, "name"),
      text_value(call, file.name),
      text_value(call, "size"),
      call.make(size),
      text_value(call, "type"),
      text_value(call, file.type),
      text_value(call, "extension"),
      text_value(call, dot == std::string::npos ? std::string() : file.name.substr(dot + 1))};
  return call.make_map(pairs, 4);
}

// Fields and files by name; several files of one name are a list, of several fields the last counts
// as in other forms.
Value load_form(ICall& call, const FormData& form) {
  std::vector<Value> pairs;
  for (const auto& [name, value] : form.fields) {
    pairs.push_back(text_value(call, name));
    pairs.push_back(text_value(call, value));
  }
  for (std::size_t i = 0; i < form.files.size(); ++i) {
    const std::string& name = form.files[i].part;
    std::vector<Value> same;
    bool seen = false;
    for (std::size_t k = 0; k < form.files.size(); ++k) {
      if (form.files[k].part != name) continue;
      seen = seen || k < i;
      same.push_back(file_value(call, form.files[k]));
    }
    if (seen) continue;
    pairs.push_back(text_value(call, name));
    pairs.push_back(same.size() == 1 ? same[0] : call.make_list(same.data(), same.size()));
  }
  return call.make_map(pairs.data(), pairs.size() / 2);
}

Value map_item(ICall& call, Value map, std::string_view key) {
  for (std::uint64_t i = 0; i < call.size(map); ++i) {
    Plain plain;
    if (call.plain(call.key(map, i), plain).ok() && std::string_view(plain.text) == key)
      return call.item(map, i);
  }
  return call.make(Plain());
}

Value load_request(ICall& call, const Exchange& exchange) {
  std::string path;
  for (const std::string& segment : exchange.segments) path.append("/").append(segment);
  const std::vector<Field> fields = {
      {"method", std::string(exchange.head.method)}, {"path", path.empty() ? "/" : path},
      {"url", std::string(exchange.head.target)},    {"ip", exchange.address},
      {"host", std::string(exchange.head.host)},     {"scheme", std::string(exchange.scheme())},
      {"id", std::to_string(exchange.number)}};
  return map_value(call, fields);
}

}  // namespace

struct ContextValues {
  static Status body(Exchange& exchange, ICall& call, Value& out) {
    const std::string type = media_type(exchange.head.header("content-type"));
    if (exchange.body.empty() && type.empty()) {
      out = call.make(Plain());
      return Status();
    }
    if (exchange.form_reader) {
      out = load_form(call, exchange.form);
      return Status();
    }
    if (is_json_type(type)) return parse_json(call, exchange.body, out);
    if (type == "application/x-www-form-urlencoded")
      return load_fields(call, exchange.body, "body", out);
    if (type == "text/plain" || !type.empty()) return text(exchange, call, out);
    // Without a type: tried as JSON, then as a form (L 16.4).
    if (parse_json(call, exchange.body, out).ok()) return Status();
    return load_fields(call, exchange.body, "body", out);
  }
  static Status text(Exchange& exchange, ICall& call, Value& out) {
    if (!is_utf8(exchange.body))
      return call.fail(code('R', 404), "body is malformed: it is not UTF-8");
    out = text_value(call, exchange.body);
    return Status();
  }
};

Status Exchange::load(ICall& call, std::uint32_t what, Value& out) noexcept {
  switch (what) {
    case kContextParams: out = map_value(call, params); return Status();
    case kContextQuery: return load_fields(call, head.query, "query", out);
    case kContextBody: return ContextValues::body(*this, call, out);
    case kContextHeaders: out = load_headers(call, head); return Status();
    case kContextCookies: out = load_cookies(call, head); return Status();
    case kContextRequest: out = load_request(call, *this); return Status();
    case kContextSession: return load_session(call, out);
    case kContextUser: {
      const Value session =
          read_session(call, loop.server().services().program->entities(), session_text());
      out = map_item(call, session, "user");
      return Status();
    }
    default: return call.fail(code('R', 501), "an HTTP request has nothing of this kind");
  }
}

}  // namespace flin::http
