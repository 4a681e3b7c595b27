#include "pages/page_record.h"

#include "base/json.h"
#include "pages/message.h"
#include "runtime/wire.h"

#include <algorithm>

namespace flin::pages {

namespace {

// Ends the page's agent behind the calls that wait in it.
class StopJob final : public agents::Job {
 public:
  StopJob(agents::Loop& loop, AgentId agent, std::shared_ptr<const runtime::Program> program)
      : loop_(loop), agent_(agent), program_(std::move(program)) {}
  std::shared_ptr<const runtime::Program> program() const override { return program_; }
  bool begin(runtime::Isolate&) override {
    if (agents::Agent* agent = loop_.find(agent_)) loop_.control(*agent, agents::Control::kStop);
    return false;
  }
  bool end(runtime::Isolate&, runtime::RunState) override { return false; }

 private:
  agents::Loop& loop_;
  const AgentId agent_;
  const std::shared_ptr<const runtime::Program> program_;
};

}  // namespace

PageRecord::PageRecord(Services& services, Results& results, agents::Loop& loop,
                       std::uint64_t number, std::shared_ptr<const runtime::Program> program,
                       const bytecode::PageRow& page, TokenData token, IFrameSink& sink)
    : services_(services),
      results_(results),
      loop_(loop),
      number_(number),
      program_(std::move(program)),
      page_(page),
      token_(std::move(token)),
      sink_(&sink),
      scopes_(program_->chunk(), page, *this) {
  agents::AgentOptions options;
  options.name = "page " + page_.path;
  options.kind = kPageAgent;
  options.mailbox = services_.options.page_calls;
  agent_ = loop_.spawn(std::move(options)).id();
  results_.open(token_.view);
}

PageRecord::~PageRecord() = default;

// ---- Messages of the browser ----

void PageRecord::receive(std::string_view message) {
  if (!is_open()) return;
  if (!is_adopted_) {
    if (early_.size() < services_.options.page_calls) early_.emplace_back(message);
    return;
  }
  const auto document = json::Document::parse(message);
  const json::Node* action = document.ok() ? document.value().root().find("action") : nullptr;
  if (action == nullptr)
    return refuse(Error{code('R', 401), "action refused: no JSON object with an action"}, {});
  const json::Node& root = document.value().root();
  if (action->text == "cells") return cells(root);
  if (action->text == "call") return call_message(root);
  if (action->text == "ping") return send("{\"type\":\"pong\"}");
  refuse(Error{code('R', 401), "action refused: unknown action"}, action->text);
}

void PageRecord::call_message(const json::Node& message) {
  const json::Node* id = message.find("id");
  const json::Node* handler = message.find("handler");
  if (id == nullptr || !id->is_int || id->integer < 1 || handler == nullptr || !handler->is_int)
    return refuse(Error{code('R', 401), "action refused: id and handler must be int"}, "call");
  ActionCall call;
  call.id = id->integer;
  call.handler = static_cast<std::uint32_t>(handler->integer);
  if (const json::Node* in = message.find("in")) call.in = std::string(in->raw);
  if (const json::Node* scope = message.find("scope")) call.scope = std::string(scope->text);
  if (const json::Node* event = message.find("event")) call.event = std::string(event->raw);
  const json::Node* retry = message.find("retry");
  if (retry != nullptr && retry->boolean && !results_.knows(token_.view))
    return fail_call(call.id, Error{code('R', 405), "outcome of the action is unknown"});
  this->call(std::move(call), LentContext::lend(context_), {});
}

void PageRecord::call(ActionCall call, IContext* context, const Answered& answered) {
  const std::int64_t id = call.id;
  const Results::Seen seen = results_.arrive(token_.view, id);
  if (seen == Results::Seen::kNew) return run(std::move(call), context, answered);
  if (context != nullptr) context->destroy();
  if (answered) answered();
  if (seen == Results::Seen::kRunning) {
    awaited_results_.insert(id);
  } else if (const auto kept = results_.find(token_.view, id)) {
    send_kept(id, *kept);
  } else {
    fail_call(id, Error{code('R', 405), "outcome of the action is unknown"});
  }
}

void PageRecord::run(ActionCall call, IContext* context, const Answered& answered) {
  const bytecode::Chunk& chunk = program_->chunk();
  const bool is_allowed = std::find(page_.handlers.begin(), page_.handlers.end(), call.handler) !=
                              page_.handlers.end() &&
                          call.handler < chunk.handlers.size() &&
                          chunk.handlers[call.handler].tier == 2;
  ActionOutcome refused;
  if (!is_allowed) {
    if (context != nullptr) context->destroy();
    refused.error.error = Error{code('R', 403), "action not allowed"};
    if (answered) answered();
    return ended(std::move(call), std::move(refused));
  }
  auto self = shared_from_this();
  auto job = std::make_unique<ActionJob>(services_, program_, page_, call, token_, context,
                                         [self, call, answered](ActionOutcome outcome) {
                                           self->ended(call, std::move(outcome));
                                           if (answered) answered();
                                         });
  job->on_write = [self] { self->has_written_ = true; };
  agents::Agent* agent = loop_.find(agent_);
  Result<void> sent = agent != nullptr
                          ? loop_.send(*agent, std::move(job))
                          : Result<void>(Error{code('R', 301), "agent is not running"});
  if (sent.ok()) return;
  if (answered) answered();
  refused.error.error =
      Error{sent.error().code, "mailbox of page " + page_.path + " is full (" +
                                   std::to_string(services_.options.page_calls) + ")"};
  ended(std::move(call), std::move(refused));
}

// ---- Results ----

void PageRecord::ended(ActionCall call, ActionOutcome outcome) {
  has_written_ = false;
  results_.keep(token_.view, call.id, result_rest(outcome, services_.options.production));
  if (outcome.error.error.code != 0 && shown_message(outcome.error.error, true) == "internal error")
    services_.log.error("page", code_text(outcome.error.error.code) + " in page " + page_.path +
                                    ": " + outcome.error.error.message);
  if (!is_open()) return;
  for (auto& [name, json] : outcome.token_cells) {
    const auto known = std::find_if(token_.cells.begin(), token_.cells.end(),
                                    [&](const auto& c) { return c.first == name; });
    if (known != token_.cells.end())
      known->second = json;
    else
      token_.cells.emplace_back(name, json);
  }
  waiting_.push_back({std::move(call), std::move(outcome), std::exchange(stash_, {})});
  take_outputs(waiting_.back());
  send_ready_results();
}

// Inputs of live values that the action has changed: their new values belong to its result.
void PageRecord::take_outputs(WaitingResult& waiting) {
  std::vector<std::string> changed;
  const bytecode::HandlerRow* row = waiting.call.handler < program_->chunk().handlers.size()
                                        ? &program_->chunk().handlers[waiting.call.handler]
                                        : nullptr;
  const std::string& scope = waiting.call.scope;
  for (const auto& [number, json] : waiting.outcome.out) {
    const bytecode::InputRow& output = row->outputs[number];
    const bool of_page = output.kind == bytecode::InputKind::kPageVariable;
    const auto instance = scopes_.unit_at(scope);
    const bytecode::InputRow* input =
        scope_input(of_page ? std::optional<std::uint32_t>(page_.function) : instance, output.name);
    if (input == nullptr || output.kind > bytecode::InputKind::kComponentVariable) continue;
    const auto document = json::Document::parse(json);
    Result<std::string> value = document.ok() ? read_input(document.value().root(), *input)
                                              : Result<std::string>(document.error());
    if (!value.ok()) continue;
    if (of_page)
      cells_[output.name] = std::move(value).value();
    else if (scopes_.is_given(scope))
      scopes_.give(scope, output.name, std::move(value).value());
    changed.push_back(of_page || scope.empty() ? output.name : scope + '.' + output.name);
  }
  for (const auto& [name, json] : waiting.outcome.token_cells) changed.push_back(name);
  if (changed.empty()) return;
  for (const std::string& address : changed) mark_changed(address);
  collect(waiting.live, [&] { scopes_.sync(); });
}

void PageRecord::send_ready_results() {
  while (!waiting_.empty()) {
    WaitingResult& first = waiting_.front();
    if (!first.live.awaited.empty() || first.outcome.committed > step_) return;
    send_updates(nullptr);
    if (!updates_.empty()) return;  // what was made before it goes before it
    send_result(first);
    waiting_.pop_front();
  }
}

void PageRecord::send_result(WaitingResult& waiting) {
  seq_ = std::max(seq_, step_);
  std::string out = result_head(waiting.call.id, seq_) +
                    result_rest(waiting.outcome, services_.options.production);
  if (const std::string live = text_of(waiting.live); !live.empty())
    out += ",\"live\":[" + live + "]";
  if (!waiting.outcome.token_cells.empty() && services_.sealer != nullptr) {
    Result<std::string> sealed =
        seal_token(*services_.sealer, token_, services_.options.token_bytes);
    if (sealed.ok()) {
      out += ",\"token\":";
      json::append_text(out, sealed.value());
    }
  }
  send(out + "}");
}

void PageRecord::send_kept(std::int64_t id, const std::string& rest) {
  seq_ = std::max(seq_, step_);
  send(result_head(id, seq_) + rest + "}");
}

void PageRecord::result_kept(std::int64_t id) {
  if (awaited_results_.erase(id) == 0) return;
  if (const auto kept = results_.find(token_.view, id)) send_kept(id, *kept);
}

void PageRecord::fail_call(std::int64_t id, Error error) {
  ActionOutcome outcome;
  outcome.error.error = std::move(error);
  send_kept(id, result_rest(outcome, services_.options.production));
}

// ---- The socket ----

void PageRecord::send(const BytesRef& message, bool is_shared) {
  if (sink_ == nullptr) return;
  IBytes* const parts[] = {message.get()};
  const std::uint64_t same = is_shared ? reinterpret_cast<std::uintptr_t>(message.get()) : 0;
  if (sink_->send(Frame{List<IBytes*>(parts), same}) > services_.options.queue_bytes)
    is_slow_ = true;
}

void PageRecord::refuse(const Error& error, std::string_view action, std::string_view key) {
  send(
      error_message({error.code, shown_message(error, services_.options.production)}, action, key));
}

void PageRecord::send_reload(std::string_view reason) { send(reload_message(reason, {})); }

void PageRecord::send_build(const std::string& build) {
  if (program_->chunk().build != build) send(reload_message("build", build));
}

void PageRecord::send_diagnostics(std::string_view text) { send(diagnostics_message(text)); }

void PageRecord::close(std::uint32_t close_code, std::string_view reason) {
  if (sink_ == nullptr) return;
  IFrameSink* sink = std::exchange(sink_, nullptr);
  if (close_code != 0) sink->close(close_code, reason);
  for (auto& [key, live] : live_)
    if (live.is_watched) services_.hub.unwatch(live.node, loop_.number(), number_, key);
  live_.clear();
  updates_.clear();
  results_.close(token_.view);
  stop_agent();
}

void PageRecord::stop_agent() {
  agents::Agent* agent = loop_.find(agent_);
  if (agent == nullptr) return;
  if (!loop_.send(*agent, std::make_unique<StopJob>(loop_, agent_, program_)).ok())
    loop_.control(*agent, agents::Control::kStop);
}

}  // namespace flin::pages
