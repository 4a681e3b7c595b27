// What a request goes to: FLIN's own paths (W 1), upgrades, routes and pages of the program, static
// files.
#include "loop.h"
#include "server.h"

#include "flin/http/json_out.h"

#include <algorithm>

namespace flin::http {
namespace {

constexpr std::string_view kAllMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

void answer_allow(Exchange& exchange, int status, std::string_view allow) {
  if (status == 405)
    exchange.refuse(405,
                    "the method " + std::string(exchange.head.method) + " is not allowed here");
  else
    exchange.result.status = status;
  exchange.result.add_header("Allow", allow);
  exchange.finish();
}

// Clients resolve them before they ask (RFC 3986 5.2.4); what still has one, encoded or not, tries
// to reach something.
bool has_dot_segment(const std::vector<std::string>& segments) {
  return std::any_of(segments.begin(), segments.end(),
                     [](const std::string& segment) { return segment == "." || segment == ".."; });
}

void answer_error(Exchange& exchange, int status, std::string_view message) {
  exchange.refuse(status, message);
  exchange.finish();
}

bool reads(Method method) { return method == kGet || method == kHead; }

// Same origin by the browser's own word, or by an equal Origin (W 6).
bool is_same_origin(const Exchange& exchange) {
  const std::string_view site = exchange.head.header("sec-fetch-site");
  if (!site.empty()) return site == "same-origin";
  const std::string_view origin = exchange.head.header("origin");
  return !origin.empty() && equals_ignoring_case(origin, std::string(exchange.scheme()) + "://" +
                                                             std::string(exchange.head.host));
}

// W 6: what is refused before it runs has a status and a body that says so.
void refuse_action(Exchange& exchange, int status, std::string_view code,
                   std::string_view message) {
  if (exchange.is_form) {
    exchange.result.set_error_page(status, message);
  } else {
    std::string json = "{\"type\":\"result\",\"error\":{\"code\":";
    append_json_text(json, code);
    json.append(",\"message\":");
    append_json_text(json, message);
    json.append("}}");
    exchange.result.set_json(status, std::move(json));
  }
  exchange.finish();
}

class TextCollector final : public ITextSink {
 public:
  explicit TextCollector(std::string& out) : out_(out) {}
  void text(Text t) noexcept override { out_.append(std::string_view(t)); }

 private:
  std::string& out_;
};

// Part `call` of an action with files (W 6).
const Field* call_part(const FormData& form) {
  for (const Field& field : form.fields) {
    if (field.first == "call") return &field;
  }
  return nullptr;
}

std::vector<Pair> pairs_of(const std::vector<Field>& fields) {
  std::vector<Pair> pairs;
  pairs.reserve(fields.size());
  for (const auto& [name, value] : fields)
    pairs.push_back({Text(std::string_view(name)), Text(std::string_view(value))});
  return pairs;
}

}  // namespace

void Loop::start(Exchange& exchange, Connection& connection) {
  if (exchange.method == kOtherMethod)
    return answer_error(exchange, 501, "the method is not known here");
  if (exchange.head.path == "*") return answer_allow(exchange, 204, kAllMethods);
  if (!split_path(exchange.head.path, exchange.segments))
    return answer_error(exchange, 400, "the path is not well encoded");
  if (has_dot_segment(exchange.segments))
    return answer_error(exchange, 400, "the path has a '.' or '..' segment");
  read_proxy(exchange);
  if (exchange.head.upgrade) return start_upgrade(exchange, connection);
  if (exchange.segments[0].substr(0, 1) == "_") return start_own(exchange, connection);
  exchange.routes = routes_;
  Match match;
  if (routes_) match = routes_->find(exchange.method, exchange.segments);
  if (match.target && exchange.method != kOptions) {
    exchange.take_routes(match);
    if (!match.target->is_page) return start_route(exchange);
    read_sid(exchange, connection, true);
    return start_page(exchange);
  }
  if (!match.allow.empty())
    return answer_allow(exchange, exchange.method == kOptions ? 204 : 405, match.allow);
  start_file(exchange, "GET, HEAD, OPTIONS");
}

// Behind a proxy that is trusted, address and scheme are what it says (the last entry is its own
// word).
void Loop::read_proxy(Exchange& exchange) {
  if (server_.settings().trusted_proxies.empty() || !server_.trusts(exchange.address)) return;
  exchange.secure = equals_ignoring_case(exchange.head.header("x-forwarded-proto"), "https");
  std::string_view last;
  for_each_token(exchange.head.header("x-forwarded-for"),
                 [&](std::string_view address) { last = address; });
  if (!last.empty()) exchange.address = last;
}

void Loop::read_sid(Exchange& exchange, Connection& connection, bool make) {
  for (const auto& [name, value] : parse_cookies(exchange.head.header("cookie"))) {
    if (name != "flin_sid") continue;
    if (value != connection.checked_sid()) {
      if (!server_.sealer().check_sid(value)) continue;
      connection.remember_sid(value);
    }
    exchange.sid = value;
    return;
  }
  if (!make) return;
  exchange.sid = server_.sealer().make_sid();
  exchange.fresh_sid = !exchange.sid.empty();
}

void Loop::add_sid(Exchange& exchange) {
  if (!exchange.fresh_sid) return;
  exchange.result.add_header("Set-Cookie",
                             "flin_sid=" + exchange.sid +
                                 "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" +
                                 (exchange.secure ? "; Secure" : ""));
}

void Loop::start_own(Exchange& exchange, Connection& connection) {
  std::string path;
  for (const std::string& segment : exchange.segments) path.append("/").append(segment);
  if (path == "/_action") return start_action(exchange, connection);
  if (server_.is_upgrade_path(path)) {
    exchange.refuse(426, "this path speaks WebSocket");
    exchange.result.headers.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
    return exchange.finish();
  }
  if (is_operators_path(path)) return start_operators(exchange, path);
  if (const PathOffer* offer = server_.path_offer(path))
    return start_path(exchange, connection, *offer);
  start_asset(exchange);
}

void Loop::start_path(Exchange& exchange, Connection& connection, const PathOffer& offer) {
  std::string allow = offer.methods + ", OPTIONS";
  bool allowed = false;
  for_each_token(offer.methods, [&](std::string_view method) {
    allowed = allowed || method == exchange.head.method;
  });
  if (!allowed) return answer_allow(exchange, exchange.method == kOptions ? 204 : 405, allow);
  read_sid(exchange, connection, false);
  exchange.path_answer = std::make_unique<PathAnswer>(exchange, *offer.taker);
  exchange.retain();  // until end() or gone()
  exchange.path_answer->take();
}

void Loop::start_upgrade(Exchange& exchange, Connection& connection) {
  read_sid(exchange, connection, false);
  bool settled = false;
  for_each_token(exchange.head.header("upgrade"), [&](std::string_view protocol) {
    if (!settled && !exchange.result.status) settled = connection.hand_over(exchange, protocol);
  });
  if (settled) return;
  if (!exchange.result.status) exchange.refuse(404, "nothing is upgraded here");
  exchange.finish();
}

void Loop::start_route(Exchange& exchange) {
  std::string name(exchange.head.method);
  name.append(" ").append(exchange.target->pattern);
  AgentStart what;
  what.function = exchange.target->function;
  what.context = &exchange;
  what.name = std::string_view(name);
  what.kind = kRequestAgent;
  AgentId id;
  exchange.retain();
  const Status status = exchange.start_agent(*server_.services().agents, what, id);
  if (!status.ok()) exchange.start_failed(status);
}

void Loop::start_page(Exchange& exchange) {
  if (!parse_form(exchange.head.query, exchange.query_fields))
    return answer_error(exchange, 400, "the query is not UTF-8");
  exchange.param_pairs = pairs_of(exchange.params);
  exchange.query_pairs = pairs_of(exchange.query_fields);
  PageRequest request{};
  request.page = exchange.target->function;
  request.path = std::string_view(exchange.target->pattern);
  request.params = List<Pair>(exchange.param_pairs.data(), exchange.param_pairs.size());
  request.query = List<Pair>(exchange.query_pairs.data(), exchange.query_pairs.size());
  request.peer = {Text(std::string_view(exchange.sid)), Text(std::string_view(exchange.address)),
                  &exchange};
  exchange.retain();  // the context
  exchange.retain();  // the sink, until end()
  server_.services().pages->render(request, exchange);
}

void Loop::start_action(Exchange& exchange, Connection& connection) {
  if (exchange.method != kPost)
    return answer_allow(exchange, exchange.method == kOptions ? 204 : 405, "POST, OPTIONS");
  const std::string_view type = exchange.head.header("content-type");
  const std::string_view media = type.substr(0, type.find_first_of("; "));
  const Field* call = call_part(exchange.form);
  exchange.is_form = equals_ignoring_case(media, "application/x-www-form-urlencoded") ||
                     (exchange.form_reader && !call);
  const bool is_json = equals_ignoring_case(media, "application/json") || call;
  if (!is_same_origin(exchange))
    return refuse_action(exchange, 403, "R0403", "the request comes from another site");
  if (!exchange.is_form && !is_json) {
    return refuse_action(exchange, 415, "R0404",
                         "an action is application/json, application/x-www-form-urlencoded or "
                         "multipart/form-data");
  }
  read_sid(exchange, connection, false);
  if (exchange.sid.empty())
    return refuse_action(exchange, 403, "R0403",
                         "the cookie flin_sid is missing or was not made here");
  if (exchange.is_form) return start_form(exchange);
  exchange.retain();  // the context
  exchange.retain();  // the sink, until answer()
  const Peer peer{Text(std::string_view(exchange.sid)), Text(std::string_view(exchange.address)),
                  &exchange};
  const std::string_view json = call ? call->second : exchange.body;
  server_.services().pages->action(peer, Text(json), exchange.uploads(), exchange);
}

void Loop::start_form(Exchange& exchange) {
  if (exchange.form_reader)
    exchange.query_fields = exchange.form.fields;
  else if (!parse_form(exchange.body, exchange.query_fields))
    return refuse_action(exchange, 400, "R0404", "body is malformed: it is not UTF-8");
  exchange.query_pairs = pairs_of(exchange.query_fields);
  exchange.retain();
  exchange.retain();
  const Peer peer{Text(std::string_view(exchange.sid)), Text(std::string_view(exchange.address)),
                  &exchange};
  server_.services().pages->form(
      peer, List<Pair>(exchange.query_pairs.data(), exchange.query_pairs.size()),
      exchange.uploads(), exchange);
}

const StoredBody* Loop::stored_asset(const std::string& path) {
  if (const auto found = assets_.find(path); found != assets_.end()) return &found->second;
  Asset asset{};
  if (!server_.services().program->asset(Text(std::string_view(path)), asset)) return nullptr;
  StoredBody stored;
  stored.type = std::string(asset.type);
  stored.cache_control = "public, max-age=31536000, immutable";
  stored.fill(std::string(asset.bytes), compressor_);
  return &assets_.emplace(path, std::move(stored)).first->second;
}

void Loop::start_asset(Exchange& exchange) {
  const StoredBody* asset = stored_asset(std::string(exchange.head.path));
  if (!asset) return answer_error(exchange, 404, "there is nothing at this address");
  if (!reads(exchange.method))
    return answer_allow(exchange, exchange.method == kOptions ? 204 : 405, "GET, HEAD, OPTIONS");
  answer_stored(*asset, exchange.head, true, exchange.result);
  exchange.finish();
}

// Loopback may always ask, others with the token; to everybody else there is nothing here.
void Loop::start_operators(Exchange& exchange, const std::string& path) {
  const std::string& token = server_.settings().health_token;
  const bool local = exchange.address == "::1" || exchange.address.compare(0, 4, "127.") == 0;
  const bool allowed =
      local || (!token.empty() && exchange.head.header("authorization") == "Bearer " + token);
  if (!allowed) return answer_error(exchange, 404, "there is nothing at this address");
  if (!reads(exchange.method))
    return answer_allow(exchange, exchange.method == kOptions ? 204 : 405, "GET, HEAD, OPTIONS");
  Answer& answer = exchange.result;
  answer.headers.append("Cache-Control: no-store\r\n");
  if (path == "/_flin/metrics") {
    TextCollector collector(answer.body);
    if (server_.services().metrics) server_.services().metrics->write(collector);
    answer.status = 200;
    answer.type = "text/plain; version=0.0.4; charset=utf-8";
  } else if (const std::string missing = server_.not_ready();
             path == "/_flin/ready" && !missing.empty()) {
    std::string json = "{\"status\":\"not ready\",\"waiting_for\":";
    append_json_text(json, missing);
    answer.set_json(503, json + "}");
    answer.headers.append("Retry-After: 1\r\n");
  } else {
    answer.set_json(200, path == "/_flin/ready" ? "{\"status\":\"ready\"}" : "{\"status\":\"ok\"}");
  }
  exchange.finish();
}

void Loop::start_file(Exchange& exchange, const std::string& allow) {
  const StaticFiles::Request request{exchange.segments, exchange.head, reads(exchange.method)};
  if (!server_.files().answer(request, files_, compressor_, exchange.result)) {
    // Browsers ask for it without being told to; a program without one has nothing to answer for.
    const bool is_icon = exchange.segments.size() == 1 && exchange.segments[0] == "favicon.ico";
    if (!is_icon || !reads(exchange.method))
      return answer_error(exchange, 404, "there is nothing at this address");
    exchange.result.status = 204;
    exchange.result.headers.append("Cache-Control: public, max-age=86400\r\n");
    return exchange.finish();
  }
  if (reads(exchange.method)) return exchange.finish();
  exchange.result.clear();
  answer_allow(exchange, exchange.method == kOptions ? 204 : 405, allow);
}

}  // namespace flin::http
