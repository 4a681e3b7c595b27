#include "exchange.h"

#include "compression.h"
#include "connection.h"
#include "flin/http/values.h"
#include "loop.h"
#include "route_answer.h"
#include "server.h"

namespace flin::http {

LowerCaseHeaders::LowerCaseHeaders(const RequestHead& head) {
  names_.reserve(head.headers.size());
  pairs_.reserve(head.headers.size());
  for (const HeaderView& header : head.headers) {
    names_.emplace_back(header.name);
    for (char& c : names_.back()) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    pairs_.push_back({Text(std::string_view(names_.back())), Text(header.value)});
  }
}

void Exchange::release() {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) loop.recycle(*this);
}

void Exchange::prepare() {
  leave_socket();
  session_loaded_ = false;
  session_before_.clear();
  references_.store(1, std::memory_order_relaxed);
  finished.store(false, std::memory_order_relaxed);
  answered_.store(false, std::memory_order_relaxed);
  head.clear();
  body.clear();
  params.clear();
  query_fields.clear();
  param_pairs.clear();
  query_pairs.clear();
  address.clear();
  sid.clear();
  result.clear();
  form_reader.reset();
  form.clear();
  upload_rows.clear();
  path_answer.reset();
  routes.reset();
  slot.reset();
  target = nullptr;
  connection = nullptr;
  next = nullptr;
  method = kGet;
  malformed_status_ = 400;
  keep_alive = true;
  secure = fresh_sid = is_form = expects_body = started = streamed = starting_ = false;
}

void Exchange::take_head(std::string_view raw, RequestHead& parsed) {
  bytes_.assign(raw);
  std::swap(head, parsed);
  head.rebase(raw.data(), bytes_.data());
  method = method_of(head.method);
  keep_alive = head.keep_alive;
}

void Exchange::take_routes(const Match& match) {
  target = match.target;
  for (std::size_t i = 0; i < target->names.size() && i < match.values.size(); ++i) {
    params.emplace_back(target->names[i], match.values[i]);
  }
}

bool Exchange::begin_form(const Settings& settings) {
  std::string boundary = multipart_boundary(head.header("content-type"));
  if (boundary.empty()) return false;
  UploadLimits limits;
  limits.parts = settings.multipart_parts;
  limits.fields = settings.body_bytes;
  limits.folder = settings.upload_folder;
  form_reader = std::make_unique<MultipartReader>(std::move(boundary), std::move(limits), form);
  return true;
}

List<Upload> Exchange::uploads() {
  upload_rows.clear();
  for (const UploadedFile& file : form.files) {
    upload_rows.push_back({Text(std::string_view(file.part)), Text(std::string_view(file.name)),
                           Text(std::string_view(file.type)), Text(std::string_view(file.path()))});
  }
  return {upload_rows.data(), upload_rows.size()};
}

std::string_view Exchange::scheme() const { return secure ? "https" : "http"; }

bool Exchange::takes_gzip() const {
  const std::string_view site = head.header("sec-fetch-site");
  return site != "cross-site" && site != "same-site" &&
         choose_coding(head.header("accept-encoding"), true, false) == Coding::kGzip;
}

void Exchange::refuse(int status, std::string_view message) {
  const std::string_view accept = head.header("accept");
  if (accept.find("text/html") != std::string_view::npos)
    result.set_error_page(status, message);
  else
    result.set_error(status, message);
}

void Exchange::finish() {
  if (answered_.exchange(true)) return;
  Services& services = loop.server().services();
  if (services.agents->current_loop() == loop.index()) {
    finished.store(true, std::memory_order_release);
    if (connection) connection->answered();
    return;
  }
  retain();
  services.host->post(
      loop.index(),
      [](IPlugin&, void* data) noexcept {
        auto* self = static_cast<Exchange*>(data);
        self->finished.store(true, std::memory_order_release);
        if (self->connection) self->connection->answered();
        self->release();
      },
      this, [](void* data) noexcept { static_cast<Exchange*>(data)->release(); });
}

// An agent that cannot be started ends its context at once: that is not yet an answer.
Status Exchange::start_agent(IAgents& agents, const AgentStart& what, AgentId& id) {
  starting_ = true;
  Status status = agents.start(what, id);
  starting_ = false;
  return status;
}

void Exchange::start_failed(const Status& status) {
  loop.server().log(3, label() + " could not start: " + code_text(status.code()) + " " +
                           std::string(status.message()));
  const bool busy = status.code() == code('R', 302);
  refuse(busy ? 503 : 500, busy ? "the server is busy" : "internal error");
  finish();
}

void Exchange::fail_result(const Status& error) {
  int status = status_of_code(error.code());
  if (error.code() == code('R', 404)) status = malformed_status_;
  if (status >= 500) {
    loop.server().log(
        3, label() + " failed: " + code_text(error.code()) + " " + std::string(error.message()));
    refuse(status, "internal error");
  } else {
    refuse(status, error.message());
  }
}

void Exchange::set_result(ICall& call, Value value) {
  Status status;
  switch (call.kind(value)) {
    case Kind::kNone: result.status = 204; return;
    case Kind::kView:
      status = append_markup(call, value, result.body);
      result.status = 200;
      result.type = "text/html; charset=utf-8";
      result.headers.append("Cache-Control: private, no-cache\r\n");
      break;
    case Kind::kForeign:
      if (const auto* made = static_cast<const Answer*>(call.foreign(value, kRouteAnswer))) {
        result.status = made->status;
        result.type = made->type;
        result.headers = made->headers;
        result.body = made->body;
        return;
      }
      [[fallthrough]];
    default:
      status = append_json(call, loop.server().services().program->entities(), value, result.body);
      result.status = 200;
      result.type = "application/json; charset=utf-8";
  }
  if (status.ok()) return;
  result.clear();
  fail_result(status);
}

// Of a route it is the answer; of pages and actions the end of what the program does, before they
// answer. What a failed run wrote to the session is dropped.
void Exchange::done(ICall& call, Status error, Value value) noexcept {
  if (answered_) return;
  if (is_route() && error.ok())
    set_result(call, value);
  else if (is_route())
    fail_result(error);
  if (error.ok()) {
    const Status kept = keep_session(call);
    if (!kept.ok() && is_route()) {
      result.clear();
      fail_result(kept);
    } else if (!kept.ok()) {
      loop.server().log(3, label() + ": the session is not kept: " + std::string(kept.message()));
    }
  }
  if (is_route()) finish();
}

// Ended without an outcome, for instance at shutdown.
void Exchange::destroy() noexcept {
  if (!answered_ && !starting_ && is_route()) {
    refuse(503, "the request was not finished");
    finish();
  }
  release();
}

void Exchange::begin(std::uint32_t status) noexcept {
  if (answered_) return;
  result.status = static_cast<int>(status);
  result.type = "text/html; charset=utf-8";
  result.headers.append("Cache-Control: private, no-cache\r\n");
  if (connection) connection->begin_page(*this);
}

void Exchange::write(Text html) noexcept {
  if (connection && streamed)
    connection->write_page(html);
  else if (connection)
    result.body.append(std::string_view(html));
}

void Exchange::end(Status status) noexcept {
  if (!status.ok()) {
    if (connection && streamed) connection->drop_page();
    streamed = false;
    result.clear();
    const int http_status = status_of_code(status.code());
    if (http_status >= 500) {
      loop.server().log(3, label() + " failed: " + code_text(status.code()) + " " +
                               std::string(status.message()));
    }
    result.set_error_page(http_status, http_status >= 500 ? "internal error" : status.message());
    loop.add_sid(*this);
  } else if (connection && streamed) {
    connection->end_page();
  }
  finish();
  release();
}

void Exchange::answer(std::uint32_t status, Text body_text) noexcept {
  const std::string_view text = body_text;
  result.status = static_cast<int>(status);
  if (status == 303) {
    result.add_header("Location", text);
    result.add_header("Cache-Control", "no-store");
  } else if (is_form && status >= 400 && text.substr(0, 1) != "<") {
    result.set_error_page(static_cast<int>(status), text);
  } else if (!text.empty()) {
    result.body = text;
    result.type = is_form ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
  }
  finish();
  release();
}

}  // namespace flin::http
