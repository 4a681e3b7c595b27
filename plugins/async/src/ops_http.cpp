// Outbound HTTP: what a program gives, checked and written as a request.
#include "async_plugin.h"
#include "http_call.h"
#include "ops.h"

#include "flin/http/values.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace flin::async {
namespace {

constexpr std::int64_t kDefaultTimeoutMs = 30'000;  // L 12.5
constexpr std::int64_t kMostRetries = 10;

struct Given {
  OutboundRequest request;
  std::int64_t timeout_ms = kDefaultTimeoutMs;
  std::int64_t retries = 0;
  bool has_body = false;
};

Status argument(ICall& call, const std::string& why) {
  const std::string message = "invalid argument: " + why;
  return call.fail(code('R', 14), Text(std::string_view(message)));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
  return out;
}

// The text form of the simple kinds; false for others.
bool text_of(const Plain& plain, std::string& out) {
  char digits[32];
  switch (plain.kind) {
    case Kind::kText: out = std::string_view(plain.text); return true;
    case Kind::kBool: out = plain.i != 0 ? "true" : "false"; return true;
    case Kind::kInt: out = std::to_string(plain.i); return true;
    case Kind::kNumber:
      out.assign(digits, std::to_chars(digits, digits + sizeof digits, plain.n).ptr);
      return true;
    default: return false;
  }
}

void append_encoded(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const unsigned char c : text) {
    if (isalnum(c) || std::strchr("-._~", c) != nullptr) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
}

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return isalnum(c) || (c != 0 && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
  });
}

// Entries of a map option as texts.
Status entries(ICall& call, Value map, const std::string& option, std::vector<HeaderField>& out) {
  if (call.kind(map) != Kind::kMap) return argument(call, option + " needs a map");
  for (std::uint64_t i = 0; i < call.size(map); ++i) {
    Plain key, value;
    if (Status status = call.plain(call.key(map, i), key); !status.ok()) return status;
    if (Status status = call.plain(call.item(map, i), value); !status.ok()) return status;
    if (value.kind == Kind::kNone) continue;
    HeaderField field;
    if (!text_of(key, field.first) || !text_of(value, field.second))
      return argument(call, option + " needs texts, numbers and bools");
    out.push_back(std::move(field));
  }
  return {};
}

Status read_headers(ICall& call, Value value, Given& given) {
  std::vector<HeaderField> fields;
  if (Status status = entries(call, value, "headers", fields); !status.ok()) return status;
  for (HeaderField& field : fields) {
    static constexpr std::string_view kOurs[] = {
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"};
    if (!is_token(field.first))
      return argument(call, "'" + field.first + "' is no name of a header");
    if (std::find(std::begin(kOurs), std::end(kOurs), lower(field.first)) != std::end(kOurs))
      return argument(call, "the header " + field.first + " is written by flin");
    if (std::any_of(field.second.begin(), field.second.end(),
                    [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }))
      return argument(call, "the header " + field.first + " holds a control character");
    given.request.headers.push_back(std::move(field));
  }
  return {};
}

std::string encoded(const std::vector<HeaderField>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    append_encoded(out, name);
    out += '=';
    append_encoded(out, value);
  }
  return out;
}

Status read_query(ICall& call, Value value, Given& given) {
  std::vector<HeaderField> fields;
  if (Status status = entries(call, value, "query", fields); !status.ok()) return status;
  if (fields.empty()) return {};
  std::string& url = given.request.url;
  std::string fragment;
  if (const std::size_t hash = url.find('#'); hash != std::string::npos) {
    fragment = url.substr(hash);
    url.erase(hash);
  }
  url += (url.find('?') == std::string::npos ? '?' : '&') + encoded(fields) + fragment;
  return {};
}

void set_body(Given& given, std::string body, const char* type) {
  given.request.body = std::move(body);
  given.has_body = true;
  for (const auto& [name, value] : given.request.headers)
    if (lower(name) == "content-type") return;
  given.request.headers.emplace_back("Content-Type", type);
}

Status read_body(ICall& call, AsyncPlugin& plugin, const std::string& option, Value value,
                 Given& given) {
  if (given.has_body) return argument(call, "only one of json, body and form can be given");
  if (option == "json") {
    std::string json;
    Status status = http::append_json(call, plugin.program().entities(), value, json);
    if (status.ok()) set_body(given, std::move(json), "application/json");
    return status;
  }
  if (option == "form") {
    std::vector<HeaderField> fields;
    Status status = entries(call, value, "form", fields);
    if (status.ok()) set_body(given, encoded(fields), "application/x-www-form-urlencoded");
    return status;
  }
  Plain plain;
  std::string text;
  if (Status status = call.plain(value, plain); !status.ok()) return status;
  if (!text_of(plain, text)) return argument(call, "body needs a text; json takes other values");
  set_body(given, std::move(text), "text/plain; charset=utf-8");
  return {};
}

Status read_timeout(ICall& call, Value value, Given& given) {
  Plain plain;
  if (Status status = call.plain(value, plain); !status.ok()) return status;
  if (plain.kind != Kind::kDuration && plain.kind != Kind::kInt)
    return argument(call, "timeout needs a duration");
  if (plain.i <= 0) return argument(call, "timeout has to be above 0");
  given.timeout_ms = plain.i;
  return {};
}

Status read_option(ICall& call, AsyncPlugin& plugin, const std::string& name, Value value,
                   bool takes_method, Given& given) {
  Plain plain;
  if (name == "headers") return read_headers(call, value, given);
  if (name == "query") return read_query(call, value, given);
  if (name == "json" || name == "body" || name == "form")
    return read_body(call, plugin, name, value, given);
  if (name == "timeout") return read_timeout(call, value, given);
  if (name == "retries") {
    if (Status status = call.plain(value, plain); !status.ok()) return status;
    if (plain.kind != Kind::kInt || plain.i < 0 || plain.i > kMostRetries)
      return argument(call, "retries needs an int from 0 to " + std::to_string(kMostRetries));
    given.retries = plain.i;
    return {};
  }
  if (name == "method" && takes_method) {
    if (Status status = call.plain(value, plain); !status.ok()) return status;
    given.request.method = std::string(std::string_view(plain.text));
    return {};
  }
  return argument(call, "there is no option '" + name +
                            "'; known are json body form headers query timeout retries" +
                            (takes_method ? " method" : ""));
}

// Headers first, so that a Content-Type given is seen by what writes the body.
Status read_options(ICall& call, AsyncPlugin& plugin, Value options, bool takes_method,
                    Given& given) {
  if (call.kind(options) == Kind::kNone) return {};
  if (call.kind(options) != Kind::kMap) return argument(call, "options need a map");
  for (const bool headers : {true, false}) {
    for (std::uint64_t i = 0; i < call.size(options); ++i) {
      Plain key;
      if (Status status = call.plain(call.key(options, i), key); !status.ok()) return status;
      const std::string name{std::string_view(key.text)};
      if ((name == "headers") != headers || call.kind(call.item(options, i)) == Kind::kNone)
        continue;
      Status status = read_option(call, plugin, name, call.item(options, i), takes_method, given);
      if (!status.ok()) return status;
    }
  }
  return {};
}

Status ask(IPlugin& self, ICall& call, std::string method, const Value* args, std::uint32_t count,
           bool takes_method = false) {
  auto& plugin = static_cast<AsyncPlugin&>(self);
  Given given;
  Plain url;
  if (Status status = call.plain(args[0], url); !status.ok()) return status;
  given.request.method = std::move(method);
  given.request.url = std::string(std::string_view(url.text));
  if (const std::string wrong = check_url(given.request.url); !wrong.empty())
    return argument(call, wrong);
  if (count > 1)
    if (Status status = read_options(call, plugin, args[1], takes_method, given); !status.ok())
      return status;
  if (count > 2 && call.kind(args[2]) != Kind::kNone)
    if (Status status = read_timeout(call, args[2], given); !status.ok()) return status;
  if (!is_token(given.request.method))
    return argument(call, "'" + given.request.method + "' is no method");
  return HttpCall::start(
      std::make_shared<HttpCall>(plugin, std::move(given.request), given.timeout_ms,
                                 static_cast<int>(given.retries)),
      call);
}

}  // namespace

Status op_http_get(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return ask(self, call, "GET", args, n);
}
Status op_http_delete(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return ask(self, call, "DELETE", args, n);
}
Status op_http_post(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return ask(self, call, "POST", args, n);
}
Status op_http_put(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return ask(self, call, "PUT", args, n);
}
Status op_http_patch(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return ask(self, call, "PATCH", args, n);
}
Status op_fetch(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  return ask(self, call, "GET", args, n, true);
}
Status op_http(IPlugin& self, ICall& call, const Value* args, std::uint32_t n, Value&) {
  Plain method;
  if (Status status = call.plain(args[0], method); !status.ok()) return status;
  return ask(self, call, std::string(std::string_view(method.text)), args + 1, n - 1);
}

}  // namespace flin::async
