#include "pages/pages_service.h"

#include "base/assert.h"
#include "base/json.h"
#include "pages/form_input.h"
#include "pages/message.h"
#include "pages/render.h"
#include "runtime/status.h"

namespace flin::pages {

namespace {

std::string percent_encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

// The address of a page view: its path with the parameters put in, and the query.
std::string address_of(const TokenData& token) {
  std::string out;
  std::string_view path = token.page;
  while (!path.empty()) {
    const std::size_t open = path.find('[');
    out += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = path.find(']', open);
    std::string_view name = path.substr(open + 1, close - open - 1);
    if (name.starts_with("...")) name.remove_prefix(3);
    for (const auto& [key, value] : token.params)
      if (key == name) out += percent_encoded(value);
    path.remove_prefix(close + 1);
  }
  for (std::size_t i = 0; i < token.query.size(); ++i)
    out += (i == 0 ? '?' : '&') + percent_encoded(token.query[i].first) + "=" +
           percent_encoded(token.query[i].second);
  return out;
}

// HTTP status of an error (L 11.5, L 16.6).
std::uint32_t http_status(std::uint32_t error) {
  struct Row {
    std::uint32_t code, status;
  };
  static constexpr Row kRows[] = {
      {code('R', 401), 400}, {code('R', 402), 404}, {code('R', 403), 403}, {code('R', 404), 400},
      {code('R', 405), 409}, {code('R', 101), 422}, {code('R', 102), 403}, {code('R', 103), 409},
      {code('R', 105), 404}, {code('R', 302), 503}, {code('R', 204), 503}};
  for (const Row& row : kRows)
    if (row.code == error) return row.status;
  return 500;
}

std::string detached_result(const ActionCall& call, const ActionOutcome& outcome, bool production) {
  return result_head(call.id, outcome.committed) + result_rest(outcome, production) + "}";
}

const std::string_view* find_text(List<Pair> fields, std::string_view name, std::string_view& out) {
  for (const Pair& field : fields)
    if (std::string_view(field.name) == name) {
      out = field.value;
      return &out;
    }
  return nullptr;
}

Error refused_form() {
  return Error{code('R', 401), "action refused: the form was not made by this page"};
}

}  // namespace

PagesService::PagesService(Services& services)
    : services_(services), results_(services), by_loop_(services.scheduler.size()) {
  results_.on_kept = [this](const std::string& view, std::int64_t id) {
    Place place;
    if (!place_of(view, place)) return;
    services_.scheduler.loop(place.loop).post([this, place, id] {
      if (const Record record = find(place.page)) record->result_kept(id);
    });
  };
}

PagesService::~PagesService() = default;

// ---- Rendering ----

void PagesService::render(const PageRequest& request, IHtmlSink& sink) noexcept {
  std::shared_ptr<const runtime::Program> program = services_.programs.find(request.page.program);
  const bytecode::PageRow* page =
      program != nullptr ? find_page(program->chunk(), request.page.function) : nullptr;
  if (page == nullptr) {
    if (request.peer.context != nullptr) request.peer.context->destroy();
    sink.end(make_status(code('R', 402), "there is no such page"));
    return;
  }
  agents::AgentOptions options;
  options.name = "GET " + page->path;
  options.kind = kRequestAgent;
  options.one_shot = true;
  auto job = std::make_unique<RenderJob>(services_, program, *page, request, sink);
  Result<AgentId> started = services_.scheduler.start_agent(std::move(options), std::move(job));
  FLIN_ASSERT(started.ok(), "a new agent takes its first job");
}

// ---- Open pages ----

PagesService::Record PagesService::find(std::uint64_t page) {
  const auto loop = static_cast<std::uint32_t>(page >> 56);
  if (loop >= by_loop_.size()) return nullptr;
  const auto it = by_loop_[loop].find(page);
  return it == by_loop_[loop].end() ? nullptr : it->second;
}

Result<PagesService::Found> PagesService::open(std::string_view token, std::string_view sid) const {
  const Error refused{code('R', 403), "action not allowed"};
  if (services_.sealer == nullptr) return refused;
  Result<TokenData> data = open_token(*services_.sealer, token);
  if (!data.ok()) return std::move(data).error();
  Found found;
  found.token = std::move(data).value();
  found.program = services_.programs.current();
  const std::int64_t age = services_.now_ms() - found.token.issued_ms;
  if (found.token.sid != sid || age < 0 || age > services_.options.token_age_ms) return refused;
  for (const bytecode::PageRow& page : found.program->chunk().pages)
    if (page.path == found.token.page) found.page = &page;
  return found;
}

Status PagesService::refuse(const Peer& peer, IFrameSink& sink, const std::string& message,
                            const Error& error) {
  if (peer.context != nullptr) peer.context->destroy();
  send_text(sink, message);
  return make_status(error);
}

Status PagesService::adopt(const Peer& peer, Text message, IFrameSink& sink,
                           std::uint64_t& number) noexcept {
  const auto document = json::Document::parse(std::string_view(message));
  const Error bad{code('R', 401), "action refused: page needs token and build"};
  if (!document.ok()) return refuse(peer, sink, error_message(bad, "page", {}), bad);
  const json::Node& root = document.value().root();
  const json::Node* token = root.find("token");
  const json::Node* build = root.find("build");
  if (token == nullptr || build == nullptr || token->type != json::Type::kText ||
      build->type != json::Type::kText)
    return refuse(peer, sink, error_message(bad, "page", {}), bad);

  Result<Found> found = open(token->text, peer.sid);
  if (!found.ok()) return refuse(peer, sink, reload_message("token", {}), found.error());
  const std::string& now = found.value().program->chunk().build;
  const Error other{code('R', 403), "action not allowed: another build is served"};
  if (build->text != now || found.value().token.build != now || found.value().page == nullptr)
    return refuse(peer, sink, reload_message("build", now), other);

  agents::Loop* loop = services_.scheduler.current();
  FLIN_ASSERT(loop != nullptr, "adopt() is called on a loop");
  // Another socket of the same view gives way (4001).
  Place before;
  if (place_of(found.value().token.view, before))
    services_.scheduler.loop(before.loop).post([this, before] {
      const Record record = find(before.page);
      if (record == nullptr) return;
      record->close(4001, "another connection shows this page");
      by_loop_[before.loop].erase(before.page);
    });
  number = static_cast<std::uint64_t>(loop->number()) << 56 | ++next_;
  const std::string view = found.value().token.view;
  auto record =
      std::make_shared<PageRecord>(services_, results_, *loop, number, found.value().program,
                                   *found.value().page, std::move(found.value().token), sink);
  record->keep_context(peer.context);
  if (Result<void> adopted = record->adopt(root); !adopted.ok()) {
    record->close(0, {});
    const Peer kept{peer.sid, peer.address, nullptr};  // the record has the context
    return refuse(kept, sink, error_message(adopted.error(), "page", {}), adopted.error());
  }
  by_loop_[loop->number()].emplace(number, record);
  std::string diagnostics;
  {
    const std::lock_guard lock(lock_);
    views_[view] = {loop->number(), number};
    diagnostics = diagnostics_;
  }
  if (!diagnostics.empty()) record->send_diagnostics(diagnostics);
  return {};
}

void PagesService::receive(std::uint64_t page, Text message) noexcept {
  if (const Record record = find(page)) record->receive(message);
}

void PagesService::drained(std::uint64_t page) noexcept {
  if (const Record record = find(page)) record->drained();
}

void PagesService::close(std::uint64_t page) noexcept {
  const Record record = find(page);
  if (record == nullptr) return;
  record->close(0, {});
  by_loop_[page >> 56].erase(page);
  std::lock_guard lock(lock_);
  const auto it = views_.find(record->view());
  if (it != views_.end() && it->second.page == page) views_.erase(it);
}

bool PagesService::place_of(const std::string& view, Place& out) const {
  std::lock_guard lock(lock_);
  const auto it = views_.find(view);
  if (it == views_.end()) return false;
  out = it->second;
  return true;
}

std::size_t PagesService::open_pages() const {
  std::lock_guard lock(lock_);
  return views_.size();
}

void PagesService::deliver(std::uint32_t loop, std::uint64_t seq,
                           const std::vector<LiveHub::Delivery>& entries) {
  std::unordered_map<std::uint64_t, std::vector<const LiveHub::Delivery*>> by_page;
  for (const LiveHub::Delivery& entry : entries) by_page[entry.page].push_back(&entry);
  static const std::vector<const LiveHub::Delivery*> kNothing;
  FrameCache cache;
  std::vector<Record> records;  // a record may close while it is told
  for (const auto& [number, record] : by_loop_[loop]) records.push_back(record);
  for (const Record& record : records) {
    const auto it = by_page.find(record->number());
    record->deliver(seq, it == by_page.end() ? kNothing : it->second, cache);
  }
}

void PagesService::session_changed(Text sid) noexcept {
  const std::string id{std::string_view(sid)};
  for (std::uint32_t loop = 0; loop < services_.scheduler.size(); ++loop)
    services_.scheduler.loop(loop).post([this, loop, id] {
      for (const auto& [number, record] : by_loop_[loop])
        if (record->sid() == id) record->send_reload("session");
    });
}

// ---- Development ----

void PagesService::tell_records(const std::function<void(PageRecord&)>& tell) {
  for (std::uint32_t loop = 0; loop < services_.scheduler.size(); ++loop)
    services_.scheduler.loop(loop).post([this, loop, tell] {
      std::vector<Record> records;  // a record may close while it is told
      for (const auto& [number, record] : by_loop_[loop]) records.push_back(record);
      for (const Record& record : records) tell(*record);
    });
}

void PagesService::announce(const std::string& build) {
  tell_records([build](PageRecord& record) { record.send_build(build); });
}

void PagesService::set_diagnostics(const std::string& text) {
  {
    const std::lock_guard lock(lock_);
    if (text == diagnostics_) return;
    diagnostics_ = text;
  }
  tell_records([text](PageRecord& record) { record.send_diagnostics(text); });
}

// ---- Actions without a socket (W 6) ----

void PagesService::run_detached(Found found, ActionCall call, IContext* context,
                                ActionJob::Done done) {
  const std::vector<std::uint32_t>& allowed = found.page->handlers;
  const bool is_allowed =
      std::find(allowed.begin(), allowed.end(), call.handler) != allowed.end() &&
      found.program->chunk().handlers[call.handler].tier == 2;
  if (!is_allowed) {
    if (context != nullptr) context->destroy();
    ActionOutcome outcome;
    outcome.error.error = Error{code('R', 403), "action not allowed"};
    done(std::move(outcome));
    return;
  }
  agents::AgentOptions options;
  options.name = "POST /_action " + found.page->path;
  options.one_shot = true;
  auto job = std::make_unique<ActionJob>(services_, found.program, *found.page, std::move(call),
                                         std::move(found.token), context, std::move(done));
  Result<AgentId> started = services_.scheduler.start_agent(std::move(options), std::move(job));
  FLIN_ASSERT(started.ok(), "a new agent takes its first job");
}

void PagesService::action(const Peer& peer, Text text, List<Upload>, IAnswerSink& sink) noexcept {
  ActionCall call;
  const auto refuse_call = [&](const Error& error) {
    if (peer.context != nullptr) peer.context->destroy();
    ActionOutcome outcome;
    outcome.error.error = error;
    const std::string body = detached_result(call, outcome, services_.options.production);
    sink.answer(http_status(error.code), std::string_view(body));
  };
  const auto document = json::Document::parse(std::string_view(text));
  const json::Node* token = document.ok() ? document.value().root().find("token") : nullptr;
  const json::Node* id = document.ok() ? document.value().root().find("id") : nullptr;
  const json::Node* handler = document.ok() ? document.value().root().find("handler") : nullptr;
  if (token == nullptr || id == nullptr || handler == nullptr || !id->is_int || !handler->is_int)
    return refuse_call(Error{code('R', 401), "action refused: a call needs token, id and handler"});
  call.id = id->integer;
  call.handler = static_cast<std::uint32_t>(handler->integer);
  if (const json::Node* in = document.value().root().find("in")) call.in = std::string(in->raw);
  if (const json::Node* event = document.value().root().find("event"))
    call.event = std::string(event->raw);
  Result<Found> found = open(token->text, peer.sid);
  if (!found.ok() || found.value().page == nullptr ||
      found.value().token.build != found.value().program->chunk().build)
    return refuse_call(Error{code('R', 403), "action not allowed"});
  Place place;
  if (place_of(found.value().token.view,
               place)) {  // in order with the page's other actions; the result goes by its socket
    agents::Loop* home = services_.scheduler.current();
    FLIN_ASSERT(home != nullptr, "action() is called on a loop");
    const auto answered = [home, &sink] { home->post([&sink] { sink.answer(204, {}); }); };
    services_.scheduler.loop(place.loop)
        .post([this, place, call, answered, context = peer.context] {
          if (const Record record = find(place.page)) return record->call(call, context, answered);
          if (context != nullptr) context->destroy();
          answered();
        });
    return;
  }
  const bool production = services_.options.production;
  run_detached(std::move(found).value(), call, peer.context,
               [&sink, call, production](ActionOutcome outcome) {
                 const std::uint32_t error = outcome.error.error.code;
                 const std::string body = detached_result(call, outcome, production);
                 sink.answer(error == 0 ? 200 : http_status(error), std::string_view(body));
               });
}

void PagesService::form(const Peer& peer, List<Pair> fields, List<Upload>,
                        IAnswerSink& sink) noexcept {
  const bool production = services_.options.production;
  const auto answer_error = [&](const Error& error) {
    if (peer.context != nullptr) peer.context->destroy();
    sink.answer(http_status(error.code), std::string_view(shown_message(error, production)));
  };
  std::string_view token, handler, in;
  if (find_text(fields, "_flin_token", token) == nullptr ||
      find_text(fields, "_flin_handler", handler) == nullptr ||
      find_text(fields, "_flin_in", in) == nullptr)
    return answer_error(refused_form());
  Result<Found> opened = open(token, peer.sid);
  if (!opened.ok()) return answer_error(opened.error());
  Found found = std::move(opened).value();
  if (found.page == nullptr || found.token.build != found.program->chunk().build) {
    // The page was made by another build: show it anew.
    if (peer.context != nullptr) peer.context->destroy();
    sink.answer(303, std::string_view(address_of(found.token)));
    return;
  }
  const bytecode::Chunk& chunk = found.program->chunk();
  std::uint32_t row = bytecode::kNoIndex;
  const bool is_number = !handler.empty() && handler.size() < 7 &&
                         handler.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_number) row = static_cast<std::uint32_t>(std::stoul(std::string(handler)));
  if (row >= chunk.handlers.size() || !(chunk.handlers[row].flags & bytecode::kWithoutScripts))
    return answer_error(Error{code('R', 403), "action not allowed"});
  Result<std::string> merged = merge_form(chunk, chunk.handlers[row], in, fields);
  if (!merged.ok()) return answer_error(merged.error());
  ActionCall call;
  call.handler = row;
  call.in = std::move(merged).value();
  const std::string address = address_of(found.token);
  run_detached(std::move(found), std::move(call), peer.context,
               [&sink, address, production](ActionOutcome outcome) {
                 const Error& error = outcome.error.error;
                 if (error.code == 0)
                   sink.answer(303, std::string_view(address));
                 else
                   sink.answer(http_status(error.code),
                               std::string_view(shown_message(error, production)));
               });
}

}  // namespace flin::pages
