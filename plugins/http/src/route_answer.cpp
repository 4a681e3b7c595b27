#include "route_answer.h"

#include "flin/http/values.h"
#include "http_plugin.h"

#include <memory>

namespace flin::http {
namespace {

Value make_answer(ICall& call, std::unique_ptr<Answer> answer) {
  return call.make_foreign(kRouteAnswer, answer.release());
}

Status wrong(ICall& call, const char* message) { return call.fail(code('R', 14), message); }

bool read_text(ICall& call, Value value, std::string& out) {
  Plain plain;
  if (call.kind(value) != Kind::kText || !call.plain(value, plain).ok()) return false;
  out = std::string(plain.text);
  return true;
}

bool read_status(ICall& call, Value value, std::int64_t lowest, std::int64_t highest, int& out) {
  Plain plain;
  if (call.kind(value) != Kind::kInt || !call.plain(value, plain).ok() || plain.i < lowest ||
      plain.i > highest)
    return false;
  out = static_cast<int>(plain.i);
  return true;
}

Status read_headers(ICall& call, Value map, Answer& answer) {
  if (call.kind(map) != Kind::kMap) return wrong(call, "headers of a response is a map of texts");
  for (std::uint64_t i = 0; i < call.size(map); ++i) {
    std::string name, value;
    if (!read_text(call, call.key(map, i), name) || !read_text(call, call.item(map, i), value)) {
      return wrong(call, "headers of a response is a map of texts");
    }
    answer.add_header(name, value);
  }
  return Status();
}

// Text stays as it is, markup is HTML, anything else becomes JSON; a `type` of the program wins.
Status read_body(HttpPlugin& plugin, ICall& call, Value body, Answer& answer) {
  const Kind kind = call.kind(body);
  if (kind == Kind::kNone) return Status();
  if (kind == Kind::kText) {
    if (answer.type.empty()) answer.type = "text/plain; charset=utf-8";
    read_text(call, body, answer.body);
    return Status();
  }
  if (kind == Kind::kView) {
    if (answer.type.empty()) answer.type = "text/html; charset=utf-8";
    return append_markup(call, body, answer.body);
  }
  if (answer.type.empty()) answer.type = "application/json; charset=utf-8";
  return append_json(call, plugin.server().services().program->entities(), body, answer.body);
}

bool is_own_place(std::string_view url) {
  const bool slashes = url.substr(0, 2) == "//" || url.substr(0, 2) == "/\\";
  const std::size_t odd = url.find_first_of(":\\\r\n");
  return !slashes && (odd == std::string_view::npos || odd > url.find_first_of("/?#"));
}

}  // namespace

const ForeignType kRouteAnswer = {"response",
                                  [](void* data) noexcept { delete static_cast<Answer*>(data); }};

Status op_response(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  if (call.kind(args[0]) != Kind::kMap) return wrong(call, "response takes a map");
  auto answer = std::make_unique<Answer>();
  answer->status = 200;
  Value body = call.make(Plain());
  std::string type;
  for (std::uint64_t i = 0; i < call.size(args[0]); ++i) {
    std::string key;
    if (!read_text(call, call.key(args[0], i), key))
      return wrong(call, "keys of a response are texts");
    const Value value = call.item(args[0], i);
    if (key == "status" && !read_status(call, value, 200, 599, answer->status))
      return wrong(call, "status of a response is an int of 200 to 599");
    if (key == "type" && !read_text(call, value, type))
      return wrong(call, "type of a response is a text");
    if (key == "body") body = value;
    if (key == "headers") {
      if (Status status = read_headers(call, value, *answer); !status.ok()) return status;
    }
  }
  for (const char c : type) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return wrong(call, "type of a response has a forbidden character");
  }
  answer->type = type;
  if (Status status = read_body(static_cast<HttpPlugin&>(self), call, body, *answer); !status.ok())
    return status;
  result = make_answer(call, std::move(answer));
  return Status();
}

Status op_redirect(IPlugin&, ICall& call, const Value* args, std::uint32_t count, Value& result) {
  auto answer = std::make_unique<Answer>();
  answer->status = 302;
  std::string url;
  if (count == 0 || !read_text(call, args[0], url)) return wrong(call, "redirect takes a text");
  if (count > 1 && call.kind(args[1]) != Kind::kNone &&
      !read_status(call, args[1], 301, 308, answer->status)) {
    return wrong(call, "status of a redirect is 301, 302, 303, 307 or 308");
  }
  Plain external;
  const bool outside =
      count > 2 && call.plain(args[2], external).ok() && external.kind == Kind::kBool && external.i;
  if (!outside && !is_own_place(url))
    return wrong(call, "redirect to another host needs external: true");
  answer->add_header("Location", url);
  result = make_answer(call, std::move(answer));
  return Status();
}

Status op_error(IPlugin&, ICall& call, const Value* args, std::uint32_t, Value& result) {
  auto answer = std::make_unique<Answer>();
  std::string message;
  int status = 0;
  if (!read_status(call, args[0], 400, 599, status))
    return wrong(call, "error takes a status of 400 to 599");
  if (!read_text(call, args[1], message)) return wrong(call, "error takes a text as message");
  answer->set_error(status, message);
  result = make_answer(call, std::move(answer));
  return Status();
}

}  // namespace flin::http
