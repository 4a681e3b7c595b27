// The session of a request: read from its cookie when the program asks, written back as a cookie
// when the program has changed it.
#include "exchange.h"
#include "loop.h"
#include "server.h"
#include "session.h"

#include <chrono>

namespace flin::http {
namespace {

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::string Exchange::session_text() {
  std::string text;
  Server& server = loop.server();
  if (is_socket_ && server.open_sessions().find(sid, text)) return text;
  for (const auto& [name, value] : parse_cookies(head.header("cookie"))) {
    if (name == "flin_session") text = open_session(server.sealer(), value, wall_ms());
  }
  return text;
}

// A socket's context serves many runs, which cannot write: a socket can set no cookie.
Status Exchange::load_session(ICall& call, Value& out) {
  const List<EntityRow> entities = loop.server().services().program->entities();
  out = read_session(call, entities, session_text());
  if (is_socket_) return Status();
  session_loaded_ = true;
  session_handle_ = call.keep(out);
  return write_session(call, entities, out, session_before_);
}

Status Exchange::keep_session(ICall& call) {
  if (!session_loaded_) return Status();
  session_loaded_ = false;
  std::string text;
  Status status = write_session(call, loop.server().services().program->entities(),
                                call.kept(session_handle_), text);
  call.forget(session_handle_);
  if (!status.ok() || text == session_before_) return status;
  const std::string sealed =
      text.empty() ? std::string() : seal_session(loop.server().sealer(), text, wall_ms());
  if (!text.empty() && sealed.empty())
    return call.fail(code('R', 501), "the session cannot be sealed without the program's secret");
  if (sealed.size() > kMostSessionBytes)
    return call.fail(code('R', 3),
                     "memory limit reached: the session is larger than the 3800 "
                     "bytes that fit a cookie; keep ids in it and the rest in the "
                     "store");
  set_session_cookie(sealed);
  renew_sid(text);
  return Status();
}

void Exchange::set_session_cookie(const std::string& sealed) {
  result.headers.append("Set-Cookie: flin_session=").append(sealed);
  result.headers.append("; Path=/; Max-Age=");
  result.headers.append(sealed.empty() ? "0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
                                       : std::to_string(kSessionSeconds));
  result.headers.append("; HttpOnly; SameSite=Lax").append(secure ? "; Secure\r\n" : "\r\n");
  if (!result.has_header("cache-control")) result.headers.append("Cache-Control: no-store\r\n");
}

// Another user is another session: the browser gets a new id, so that nobody who knew the old one
// comes in with it, and its open pages load themselves again. A page being shown keeps the id that
// its token is bound to.
void Exchange::renew_sid(const std::string& text) {
  Server& server = loop.server();
  const bool is_page = target && target->is_page;
  if (sid.empty() && !is_page) {
    for (const auto& [name, value] : parse_cookies(head.header("cookie"))) {
      if (name == "flin_sid" && server.sealer().check_sid(value)) sid = value;
    }
  }
  if (sid.empty()) return;
  if (is_page || user_of_session(text) == user_of_session(session_before_)) {
    server.open_sessions().changed(sid, text);
    return;
  }
  loop.tell_session_changed(sid);
  std::string renewed = server.sealer().make_sid();
  if (renewed.empty()) return;
  sid = std::move(renewed);
  fresh_sid = true;
  loop.add_sid(*this);
  fresh_sid = false;
}

void Exchange::become_socket() {
  is_socket_ = true;
  loop.server().open_sessions().enter(sid);
}

void Exchange::leave_socket() {
  if (is_socket_) loop.server().open_sessions().leave(sid);
  is_socket_ = false;
}

}  // namespace flin::http
