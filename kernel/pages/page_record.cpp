#include "pages/page_record.h"

#include "base/json.h"
#include "pages/message.h"
#include "runtime/wire.h"

#include <algorithm>

namespace flin::pages {

namespace {

// Values are read outside every run here, so nothing may be asked of the agent.
class NoPorts final : public runtime::Ports {
 public:
  std::uint64_t suspend(const IPlugin&, std::uint32_t) override { return 0; }
  AgentId agent() override { return {}; }
  void** local(const IPlugin&, DropFn) override { return &nothing_; }
  void depend(std::uint64_t) override {}
  void committed(std::uint64_t) override {}
  Status context(ICall& call, std::uint32_t, Value&) override {
    return call.fail(code('R', 14), "invalid argument");
  }
  runtime::PortResult live_value(runtime::Isolate&, std::uint32_t, const Value*, std::uint32_t,
                                 Value&) override {
    return runtime::PortResult::kFailed;
  }
  bool form_fields(runtime::Isolate&, std::uint32_t, const Value*, std::uint32_t) override {
    return false;
  }
  void body_begins(runtime::Isolate&) override {}

 private:
  void* nothing_ = nullptr;
};

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

const std::string* find_pair(const std::vector<std::pair<std::string, std::string>>& pairs,
                             std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return &value;
  return nullptr;
}

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
      sink_(&sink) {
  agents::AgentOptions options;
  options.name = "page " + page_.path;
  options.kind = kPageAgent;
  options.mailbox = services_.options.page_calls;
  agent_ = loop_.spawn(std::move(options)).id();
  results_.open(token_.view);
}

PageRecord::~PageRecord() = default;

// ---- Adoption (W 4.7) ----

Result<void> PageRecord::adopt(const json::Node& message) {
  if (const json::Node* n = message.find("n"))
    n_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, n->integer));
  if (message.find("open") != nullptr)
    return Error{code('R', 403),
                 "action not allowed: this page has no scopes for a browser to open"};
  if (const json::Node* cells = message.find("cells")) {
    std::vector<std::string> changed;
    if (Result<void> read = read_cells(*cells, changed); !read.ok()) return read;
  }
  const json::Node* seq = message.find("seq");
  if (seq != nullptr && seq->is_int)
    seq_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, seq->integer));
  if (Result<void> opened = open_live(); !opened.ok()) return opened;
  is_recovered_ = seq != nullptr;
  for (const auto& [key, live] : live_)
    if (!services_.hub.untouched_since(live.node, seq_)) is_recovered_ = false;
  opening_ = live_.size() + 1;
  const std::weak_ptr<PageRecord> weak = weak_from_this();
  for (auto& [key, live] : live_) {
    // Those that are known answer at once.
    services_.hub.want(live.node, [weak](const LiveSnapshot&) {
      if (const auto self = weak.lock(); self != nullptr && self->is_open()) self->opened();
    });
  }
  opened();
  return {};
}

// Every live value of the page that has no loop around it is open with it.
Result<void> PageRecord::open_live() {
  for (const std::uint32_t row : page_.live) {
    const bytecode::LiveRow& live_row = program_->chunk().lives[row];
    if (live_row.loop != bytecode::kNoIndex) continue;
    Result<std::string> inputs = inputs_of(live_row);
    if (!inputs.ok()) return std::move(inputs).error();
    Live live;
    live.row = row;
    live.has_inputs = std::any_of(
        live_row.inputs.begin(), live_row.inputs.end(),
        [](const bytecode::InputRow& i) { return i.kind == bytecode::InputKind::kPageVariable; });
    live.node = services_.hub.node(program_, row, inputs.value());
    live.inputs = std::move(inputs).value();
    live_.emplace(std::to_string(row), std::move(live));
  }
  return {};
}

void PageRecord::opened() {
  if (--opening_ != 0) return;
  send_page(is_recovered_);
  is_adopted_ = true;
  std::deque<std::string> early;
  early.swap(early_);
  for (const std::string& message : early) receive(message);
}

void PageRecord::send_page(bool recovered) {
  step_ = std::max(step_, services_.hub.told());
  std::string values;
  std::size_t bytes = 0;
  std::vector<std::pair<std::string, Error>> failed;
  for (auto& [key, live] : live_) {
    const LiveSnapshot now = services_.hub.watch(live.node, {loop_.number(), number_, key});
    live.is_watched = true;
    if (!now.is_fresh)
      services_.hub.want(live.node, [](const LiveSnapshot&) {});  // the rest comes as `live`
    if (now.data == nullptr) {
      failed.emplace_back(key, now.failure);
      continue;
    }
    bytes += now.data->json().size();
    if (bytes > services_.options.live_bytes) {
      failed.emplace_back(key,
                          Error{code('R', 3), "memory limit reached: live values of this page"});
      continue;
    }
    values += values.empty() ? "" : ",";
    json::append_text(values, key);
    values += ':';
    values += now.data->json();
  }
  seq_ = std::max(seq_, step_);
  std::string out = recovered ? "{\"type\":\"page\",\"recovered\":true,\"seq\":"
                              : "{\"type\":\"page\",\"recovered\":false,\"seq\":";
  json::append_int(out, static_cast<std::int64_t>(seq_));
  if (!recovered) {
    out += ",\"n\":";
    json::append_int(out, static_cast<std::int64_t>(n_));
    out += ",\"live\":{" + values + "}";
  }
  send(out + "}");
  for (const auto& [key, error] : failed) refuse(error, "page", key);
}

// ---- Inputs of live values ----

Result<std::string> PageRecord::inputs_of(const bytecode::LiveRow& row) const {
  std::string out = "[";
  for (const bytecode::InputRow& input : row.inputs) {
    if (out.size() > 1) out += ',';
    if (input.kind == bytecode::InputKind::kPath && input.name.starts_with("session.")) {
      const std::string* value = find_pair(token_.cells, input.name);
      out += value != nullptr ? *value : "null";
      continue;
    }
    if (input.kind == bytecode::InputKind::kPath) {
      const bool is_query = input.name.starts_with("query.");
      const std::string_view name = std::string_view(input.name).substr(input.name.find('.') + 1);
      const std::string* value = find_pair(is_query ? token_.query : token_.params, name);
      if (value != nullptr)
        json::append_text(out, *value);
      else
        out += "null";
      continue;
    }
    const auto cell = cells_.find(input.name);
    const std::string* value =
        cell != cells_.end() ? &cell->second : find_pair(token_.cells, input.name);
    if (value == nullptr)
      return Error{code('R', 401), "action refused: " + input.name + " is missing"};
    out += *value;
  }
  return out + "]";
}

Result<void> PageRecord::read_cells(const json::Node& set, std::vector<std::string>& changed) {
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    const std::string name(set.keys[i]);
    const bytecode::InputRow* input = nullptr;
    for (const std::uint32_t row : page_.live)
      for (const bytecode::InputRow& in : program_->chunk().lives[row].inputs)
        if (in.name == name && in.kind == bytecode::InputKind::kPageVariable) input = &in;
    if (input == nullptr)
      return Error{code('R', 401), "action refused: " + name + " is no input of a live value"};
    std::string json(set.items[i].raw);
    if (Result<void> fits =
            check_value(json, program_->chunk().constants[input->type_k].text, name);
        !fits.ok())
      return fits;
    std::string& cell = cells_[name];
    if (cell != json) changed.push_back(name);
    cell = std::move(json);
  }
  return {};
}

Result<void> PageRecord::check_value(const std::string& json, const std::string& type,
                                     const std::string& name) {
  NoPorts ports;
  std::unique_ptr<runtime::Isolate> isolate = loop_.borrow_isolate();
  isolate->reset(program_, ports);
  auto value = runtime::read_value(*isolate, json, type, name, nullptr);
  loop_.give_back_isolate(std::move(isolate));
  if (value.ok()) return {};
  return std::move(value).error();
}

void PageRecord::cells(const json::Node& message) {
  const json::Node* n = message.find("n");
  if (n == nullptr || !n->is_int || n->integer <= static_cast<std::int64_t>(n_))
    return refuse(Error{code('R', 401), "action refused: n must rise"}, "cells");
  if (message.find("open") != nullptr || message.find("close") != nullptr)
    return refuse(
        Error{code('R', 403), "action not allowed: this page has no scopes for a browser to open"},
        "cells");
  n_ = static_cast<std::uint64_t>(n->integer);
  std::vector<std::string> changed;
  if (const json::Node* set = message.find("set"))
    if (Result<void> read = read_cells(*set, changed); !read.ok())
      return refuse(read.error(), "cells");
  // Each change of inputs is answered, also when the value is the same (W 4.5).
  std::vector<std::string> named;
  if (const json::Node* set = message.find("set"))
    for (const std::string_view key : set->keys) named.emplace_back(key);
  refresh(named, nullptr);
}

void PageRecord::refresh(const std::vector<std::string>& changed, WaitingResult* for_result) {
  for (auto& [key, live] : live_) {
    const bytecode::LiveRow& row = program_->chunk().lives[live.row];
    const bool is_concerned =
        std::any_of(row.inputs.begin(), row.inputs.end(), [&](const bytecode::InputRow& input) {
          return std::find(changed.begin(), changed.end(), input.name) != changed.end();
        });
    if (!is_concerned) continue;
    Result<std::string> inputs = inputs_of(row);
    if (!inputs.ok()) {
      refuse(inputs.error(), "cells", key);
      continue;
    }
    if (live.is_watched) services_.hub.unwatch(live.node, loop_.number(), number_, key);
    live.is_watched = false;
    live.inputs = inputs.value();
    live.node = services_.hub.node(program_, live.row, std::move(inputs).value());
    live.asked = ++asked_;
    if (for_result != nullptr) for_result->awaited.insert(key);
    const std::weak_ptr<PageRecord> weak = weak_from_this();
    // By way of the loop, so that what is answered at once comes after this message is done with.
    loop_.post([weak, key = key, node = live.node, asked = live.asked] {
      const auto self = weak.lock();
      if (self == nullptr || !self->is_open()) return;
      self->services_.hub.want(node, [weak, key, asked](const LiveSnapshot& snapshot) {
        if (const auto page = weak.lock(); page != nullptr && page->is_open())
          page->answer(key, asked, snapshot);
      });
    });
  }
}

// A value for changed inputs has come. An older question's is dropped: the newest value wins.
void PageRecord::answer(const std::string& key, std::uint64_t asked, const LiveSnapshot& snapshot) {
  Live& live = live_.at(key);
  if (live.asked != asked) return;
  const LiveSnapshot now = services_.hub.watch(live.node, {loop_.number(), number_, key});
  live.is_watched = true;
  if (!now.is_fresh) services_.hub.want(live.node, [](const LiveSnapshot&) {});
  const auto waiting = std::find_if(waiting_.begin(), waiting_.end(), [&](const WaitingResult& w) {
    return w.awaited.contains(key);
  });
  std::string text;
  if (now.data != nullptr)
    text = whole_entry(key, live, *now.data);
  else
    refuse(now.failure.code != 0 ? now.failure : snapshot.failure, "cells", key);
  if (waiting != waiting_.end()) {
    waiting->awaited.erase(key);
    if (!text.empty()) waiting->live += (waiting->live.empty() ? "" : ",") + text;
    send_ready_results();
  } else if (!text.empty()) {
    seq_ = std::max(seq_, step_);
    send(live_message(text));
  }
}

// ---- What the hub tells ----

std::string PageRecord::entry(const Live& live, std::string_view fragment) const {
  std::string out = "[";
  out += fragment;
  if (live.has_inputs) out += ',' + std::to_string(n_);
  return out + "]";
}

std::string PageRecord::whole_entry(const std::string& key, const Live& live,
                                    const LiveData& data) const {
  std::string fragment;
  json::append_text(fragment, key);
  fragment += ',' + whole(data);
  return entry(live, fragment);
}

std::string PageRecord::live_message(const std::string& entries) const {
  std::string out = "{\"type\":\"live\",\"seq\":";
  json::append_int(out, static_cast<std::int64_t>(seq_));
  return out + ",\"set\":[" + entries + "]}";
}

void PageRecord::deliver(std::uint64_t seq, const std::vector<const LiveHub::Delivery*>& entries,
                         FrameCache& cache) {
  step_ = std::max(step_, seq);
  std::vector<const LiveHub::Delivery*> mine;
  std::string signature;
  for (const LiveHub::Delivery* delivery : entries) {
    const auto it = live_.find(delivery->key);
    if (it == live_.end() || it->second.node.get() != delivery->node || !it->second.is_watched)
      continue;
    if (delivery->failure.code != 0) {
      refuse(delivery->failure, "live", delivery->key);
      continue;
    }
    if (is_slow_) {
      it->second.is_marked = true;
      continue;
    }
    mine.push_back(delivery);
    signature += std::to_string(reinterpret_cast<std::uintptr_t>(delivery->fragment.get()));
    signature += it->second.has_inputs ? ':' + std::to_string(n_) + ';' : ";";
  }
  const auto result = std::find_if(waiting_.begin(), waiting_.end(),
                                   [](const WaitingResult& w) { return w.outcome.committed != 0; });
  std::string* keep = result != waiting_.end() ? &result->live
                      : running_commit_ != 0   ? &stash_
                                               : nullptr;
  if (!mine.empty() && keep != nullptr) {
    for (const LiveHub::Delivery* delivery : mine)
      *keep +=
          (keep->empty() ? "" : ",") + entry(live_.at(delivery->key), delivery->fragment.text());
  } else if (!mine.empty()) {
    seq_ = std::max(seq_, step_);
    BytesRef& message = cache.messages[std::to_string(seq_) + '#' + signature];
    const bool is_first = !message;
    if (is_first) {
      std::string text;
      for (const LiveHub::Delivery* delivery : mine)
        text +=
            (text.empty() ? "" : ",") + entry(live_.at(delivery->key), delivery->fragment.text());
      message = BytesRef(live_message(text));
    }
    send(message, true);
  }
  send_ready_results();
}

void PageRecord::drained() {
  if (!is_slow_) return;
  is_slow_ = false;
  std::string text;
  for (auto& [key, live] : live_) {
    if (!live.is_marked) continue;
    live.is_marked = false;
    LiveSnapshot now;
    if (services_.hub.present(live.node, now))
      text += (text.empty() ? "" : ",") + whole_entry(key, live, *now.data);
  }
  seq_ = std::max(seq_, step_);
  if (!text.empty()) send(live_message(text));
}

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
  job->on_commit = [self](std::uint64_t seq) {
    if (self->running_commit_ == 0) self->running_commit_ = seq;
  };
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
  running_commit_ = 0;
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
  WaitingResult waiting{std::move(call), std::move(outcome), {}, std::move(stash_)};
  stash_.clear();
  std::vector<std::string> inputs;
  const bytecode::HandlerRow* row = waiting.call.handler < program_->chunk().handlers.size()
                                        ? &program_->chunk().handlers[waiting.call.handler]
                                        : nullptr;
  for (const auto& [number, json] : waiting.outcome.out) {
    const std::string& name = row->outputs[number].name;
    const auto cell = cells_.find(name);
    if (cell == cells_.end() || row->outputs[number].kind != bytecode::InputKind::kPageVariable)
      continue;
    cell->second = json;
    inputs.push_back(name);
  }
  for (const auto& [name, json] : waiting.outcome.token_cells) inputs.push_back(name);
  if (!inputs.empty()) refresh(inputs, &waiting);
  waiting_.push_back(std::move(waiting));
  send_ready_results();
}

void PageRecord::send_ready_results() {
  while (!waiting_.empty()) {
    WaitingResult& first = waiting_.front();
    if (!first.awaited.empty() || first.outcome.committed > step_) return;
    send_result(first);
    waiting_.pop_front();
  }
}

void PageRecord::send_result(WaitingResult& waiting) {
  seq_ = std::max(seq_, step_);
  std::string out = result_head(waiting.call.id, seq_) +
                    result_rest(waiting.outcome, services_.options.production);
  if (!waiting.live.empty()) out += ",\"live\":[" + waiting.live + "]";
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
