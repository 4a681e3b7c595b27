// Live values of an open page: adoption (W 4.7), inputs that the browser sends, what the hub tells,
// and the messages that carry it (W 4.5).
#include "base/assert.h"
#include "base/json.h"
#include "pages/message.h"
#include "pages/page_record.h"
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

const std::string* find_pair(const std::vector<std::pair<std::string, std::string>>& pairs,
                             std::string_view name) {
  for (const auto& [key, value] : pairs)
    if (key == name) return &value;
  return nullptr;
}

// Entities as inputs are their ids: {"$e":"Todo","id":7,..} becomes {"id":7}.
void append_input(std::string& out, const json::Node& value) {
  if (value.raw.find("\"$e\"") == std::string_view::npos) {
    out += value.raw;
    return;
  }
  const bool is_object = value.type == json::Type::kObject;
  const json::Node* id = is_object && value.find("$e") != nullptr ? value.find("id") : nullptr;
  if (id != nullptr) {
    out += "{\"id\":";
    out += id->raw;
    out += '}';
    return;
  }
  out += is_object ? '{' : '[';
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) out += ',';
    if (is_object) {
      json::append_text(out, value.keys[i]);
      out += ':';
    }
    append_input(out, value.items[i]);
  }
  out += is_object ? '}' : ']';
}

std::size_t depth_of(const std::string& key) {
  const std::size_t at = key.find('@');
  if (at == std::string::npos) return 0;
  return 1 + static_cast<std::size_t>(
                 std::count(key.begin() + static_cast<std::ptrdiff_t>(at), key.end(), '/'));
}

Error no_input(std::string_view address) {
  return Error{code('R', 401),
               "action refused: " + std::string(address) + " is no input of a live value"};
}

}  // namespace

// ---- Adoption ----

Result<void> PageRecord::adopt(const json::Node& message) {
  if (const json::Node* n = message.find("n"))
    n_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, n->integer));
  if (const json::Node* cells = message.find("cells"))
    if (Result<void> read = read_cells(*cells); !read.ok()) return read;
  if (const json::Node* open = message.find("open"))
    if (Result<void> read = read_scopes(*open, true); !read.ok()) return read;
  if (Result<void> complete = check_inputs(); !complete.ok()) return complete;
  const json::Node* seq = message.find("seq");
  is_recovered_ = seq != nullptr && seq->is_int;
  if (is_recovered_) seq_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, seq->integer));
  if (const json::Node* want = message.find("want"))
    for (const json::Node& key : want->items) wanted_.emplace(key.text);
  adopted_.awaited.insert("");  // until everything that is known now was opened
  collect(adopted_, [&] { scopes_.sync(); });
  adopted_.awaited.erase("");
  if (adopted_.awaited.empty() && !is_adopted_) send_page();
  return {};
}

// What is open with the page needs nothing but its variables, so these must be there.
Result<void> PageRecord::check_inputs() {
  for (const std::uint32_t row : page_.live)
    for (const bytecode::InputRow& input : program_->chunk().lives[row].inputs)
      if (!page_input(input))
        return Error{code('R', 401), "action refused: " + input.name + " is missing"};
  return {};
}

void PageRecord::send_page() {
  is_adopted_ = true;
  step_ = std::max(step_, services_.hub.told());
  std::string values, wanted;
  std::size_t bytes = 0;
  std::vector<std::pair<std::string, Error>> failed;
  for (auto& [key, live] : live_) {
    if (is_server_only(live)) continue;
    const bool is_wanted = wanted_.count(key) != 0;
    if (!is_wanted && !(live.is_known && services_.hub.untouched_since(live.node, seq_)))
      is_recovered_ = false;
    if (live.data == nullptr) continue;  // it failed, and the browser was told
    bytes += live.data->json().size();
    if (bytes > services_.options.live_bytes) {
      failed.emplace_back(key,
                          Error{code('R', 3), "memory limit reached: live values of this page"});
      continue;
    }
    values += values.empty() ? "" : ",";
    json::append_text(values, key);
    values += ':';
    values += live.data->json();
    if (!is_wanted) continue;
    Update one;
    one.parts.push_back(whole_part(key, live));
    wanted += (wanted.empty() ? "" : ",") + text_of(one);
  }
  seq_ = std::max(seq_, step_);
  std::string out = is_recovered_ ? "{\"type\":\"page\",\"recovered\":true,\"seq\":"
                                  : "{\"type\":\"page\",\"recovered\":false,\"seq\":";
  json::append_int(out, static_cast<std::int64_t>(seq_));
  if (!is_recovered_) {
    out += ",\"n\":";
    json::append_int(out, static_cast<std::int64_t>(n_));
    out += ",\"live\":{" + values + "}";
  }
  send(out + "}");
  if (is_recovered_ && !wanted.empty()) send(live_message(wanted));
  wanted_.clear();
  for (const auto& [key, error] : failed) refuse(error, "page", key);
  std::deque<std::string> early;
  early.swap(early_);
  for (const std::string& message : early) receive(message);
}

// ---- What scopes ask of the page ----

std::optional<std::string> PageRecord::page_input(const bytecode::InputRow& input) {
  if (input.kind == bytecode::InputKind::kPath) {
    if (input.name.starts_with("session.")) {
      const std::string* value = find_pair(token_.cells, input.name);
      return value != nullptr ? *value : "null";
    }
    const bool is_query = input.name.starts_with("query.");
    const std::string_view name = std::string_view(input.name).substr(input.name.find('.') + 1);
    const std::string* value = find_pair(is_query ? token_.query : token_.params, name);
    if (value == nullptr) return "null";
    std::string out;
    json::append_text(out, *value);
    return out;
  }
  const auto cell = cells_.find(input.name);
  if (cell != cells_.end()) return cell->second;
  const std::string* value = find_pair(token_.cells, input.name);
  if (value == nullptr) return std::nullopt;
  return *value;
}

bool PageRecord::is_server_only(const Live& live) const {
  return (program_->chunk().lives[live.row].flags & bytecode::kServerOnly) != 0;
}

void PageRecord::open(const std::string& key, std::uint32_t row, std::string inputs, bool asks) {
  auto [it, is_new] = live_.try_emplace(key);
  Live& live = it->second;
  if (!is_new && live.inputs == inputs && !live.must_answer) return;
  if (live.is_watched) services_.hub.unwatch(live.node, loop_.number(), number_, key);
  live.row = row;
  live.is_watched = live.must_answer = false;
  live.has_inputs = asks;
  live.node = services_.hub.node(program_, row, inputs);
  live.inputs = std::move(inputs);
  live.asked = ++asked_;
  if (!is_adopted_) live.is_known = services_.hub.untouched_since(live.node, seq_);
  if (Update* before = update_awaiting(key)) before->awaited.erase(key);
  FLIN_ASSERT(collecting_ != nullptr, "a live value opens within an update");
  collecting_->awaited.insert(key);
  to_ask_.push_back(key);
}

void PageRecord::close(const std::string& key) {
  const auto it = live_.find(key);
  if (it == live_.end()) return;
  if (it->second.is_watched) services_.hub.unwatch(it->second.node, loop_.number(), number_, key);
  live_.erase(it);
  if (Update* update = update_awaiting(key)) update->awaited.erase(key);
}

const json::Node* PageRecord::data(const std::string& key) {
  const auto it = live_.find(key);
  return it == live_.end() || it->second.data == nullptr ? nullptr : it->second.data->root();
}

// ---- Questions and answers ----

void PageRecord::collect(Update& update, const std::function<void()>& change) {
  Update* const outer = std::exchange(collecting_, &update);
  change();
  collecting_ = outer;
  ask_waiting();
}

// One question after the other: an answer may open more.
void PageRecord::ask_waiting() {
  if (is_asking_ || collecting_ != nullptr) return;
  is_asking_ = true;
  const std::weak_ptr<PageRecord> weak = weak_from_this();
  while (!to_ask_.empty() && is_open()) {
    std::vector<std::string> keys;
    keys.swap(to_ask_);
    for (const std::string& key : keys) {
      const auto it = live_.find(key);
      if (it == live_.end()) continue;
      const NodeRef node = it->second.node;
      services_.hub.want(node, [weak, key, asked = it->second.asked](const LiveSnapshot& snapshot) {
        if (const auto page = weak.lock(); page != nullptr && page->is_open())
          page->answer(key, asked, snapshot);
      });
    }
  }
  is_asking_ = false;
}

PageRecord::Update* PageRecord::update_awaiting(const std::string& key) {
  for (WaitingResult& waiting : waiting_)
    if (waiting.live.awaited.count(key) != 0) return &waiting.live;
  for (Update& update : updates_)
    if (update.awaited.count(key) != 0) return &update;
  for (Update* update : {&adopted_, &stash_, collecting_})
    if (update != nullptr && update->awaited.count(key) != 0) return update;
  return nullptr;
}

// A value has come. An older question's is dropped: the newest inputs win.
void PageRecord::answer(const std::string& key, std::uint64_t asked, const LiveSnapshot& snapshot) {
  const auto it = live_.find(key);
  if (it == live_.end() || it->second.asked != asked) return;
  Live& live = it->second;
  const LiveSnapshot now = services_.hub.watch(live.node, {loop_.number(), number_, key});
  live.is_watched = true;
  if (!now.is_fresh)
    services_.hub.want(live.node, [](const LiveSnapshot&) {});  // the rest comes as `live`
  live.data = now.data;
  Update* const update = update_awaiting(key);
  FLIN_ASSERT(update != nullptr, "an answer belongs to an update");
  update->awaited.erase(key);
  if (now.data == nullptr) {
    refuse(now.failure.code != 0 ? now.failure : snapshot.failure, is_adopted_ ? "cells" : "page",
           is_server_only(live) ? std::string() : key);
  } else if (update != &adopted_ && !is_server_only(live)) {
    update->parts.push_back(whole_part(key, live));
  }
  collect(*update, [&] { scopes_.changed(key); });
  if (!is_adopted_ && adopted_.awaited.empty()) return send_page();
  if (!is_adopted_) return;
  send_updates(nullptr);
  send_ready_results();
}

// ---- What the hub tells ----

void PageRecord::deliver(std::uint64_t seq, const std::vector<const LiveHub::Delivery*>& entries,
                         FrameCache& cache) {
  step_ = std::max(step_, seq);
  const auto result = std::find_if(waiting_.begin(), waiting_.end(),
                                   [](const WaitingResult& w) { return w.outcome.committed != 0; });
  const bool is_own = result == waiting_.end() && !has_written_;
  if (is_own && !entries.empty()) updates_.emplace_back();
  Update& update = result != waiting_.end()     ? result->live
                   : is_own && !entries.empty() ? updates_.back()
                                                : stash_;
  // Outer scopes first: a row that goes takes what is below it along.
  std::vector<const LiveHub::Delivery*> sorted = entries;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return depth_of(a->key) < depth_of(b->key);
  });
  for (const LiveHub::Delivery* delivery : sorted) {
    const auto it = live_.find(delivery->key);
    if (it == live_.end() || it->second.node.get() != delivery->node || !it->second.is_watched)
      continue;
    Live& live = it->second;
    const bool is_shown = !is_server_only(live);
    if (delivery->failure.code != 0) {
      if (is_shown) refuse(delivery->failure, "live", delivery->key);
      continue;
    }
    live.data = delivery->data;
    if (is_slow_)
      live.is_marked = is_shown;
    else if (is_shown)
      update.parts.push_back(part_of(delivery->key, live, delivery->fragment));
    const std::string key = delivery->key;
    Update* const outer = std::exchange(collecting_, &update);
    scopes_.changed(key);
    collecting_ = outer;
  }
  if (is_adopted_) send_updates(&cache);
  ask_waiting();
  if (is_adopted_) send_ready_results();
}

void PageRecord::drained() {
  if (!is_slow_) return;
  is_slow_ = false;
  Update update;
  for (auto& [key, live] : live_) {
    if (!live.is_marked) continue;
    live.is_marked = false;
    if (live.data != nullptr) update.parts.push_back(whole_part(key, live));
  }
  seq_ = std::max(seq_, step_);
  if (!update.parts.empty()) send(live_message(text_of(update)));
}

PageRecord::Update::Part PageRecord::part_of(const std::string& key, const Live& live,
                                             const BytesRef& fragment) const {
  return {key, fragment, {}, live.has_inputs ? ',' + std::to_string(n_) : std::string()};
}

PageRecord::Update::Part PageRecord::whole_part(const std::string& key, const Live& live) const {
  std::string text;
  json::append_text(text, key);
  text += ',' + whole(*live.data);
  return {key, {}, std::move(text), live.has_inputs ? ',' + std::to_string(n_) : std::string()};
}

std::string PageRecord::text_of(const Update& update) {
  std::string out;
  for (const Update::Part& part : update.parts) {
    out += out.empty() ? "[" : ",[";
    out += part.fragment ? part.fragment.text() : std::string_view(part.text);
    out += part.n;
    out += ']';
  }
  return out;
}

std::string PageRecord::live_message(const std::string& entries) const {
  std::string out = "{\"type\":\"live\",\"seq\":";
  json::append_int(out, static_cast<std::int64_t>(seq_));
  return out + ",\"set\":[" + entries + "]}";
}

// Messages that are complete, in order.
void PageRecord::send_updates(FrameCache* cache) {
  while (!updates_.empty() && updates_.front().awaited.empty()) {
    const Update update = std::move(updates_.front());
    updates_.pop_front();
    if (!update.parts.empty()) send_update(update, cache);
  }
}

// Pages that show the same get the same bytes.
void PageRecord::send_update(const Update& update, FrameCache* cache) {
  seq_ = std::max(seq_, step_);
  std::string signature = std::to_string(seq_) + '#';
  bool is_shared = cache != nullptr;
  for (const Update::Part& part : update.parts) {
    is_shared = is_shared && part.fragment;
    signature += std::to_string(reinterpret_cast<std::uintptr_t>(part.fragment.get())) + part.n;
    signature += ';';
  }
  if (!is_shared) return send(live_message(text_of(update)));
  BytesRef& message = cache->messages[signature];
  if (!message) message = BytesRef(live_message(text_of(update)));
  send(message, true);
}

// ---- Inputs ----

void PageRecord::mark_changed(const std::string& address) {
  for (auto& [key, live] : live_)
    if (scopes_.reads(key, live.row, address)) live.must_answer = true;
}

// The input of a live value of that page or component which has this name; "props:a" is a prop.
const bytecode::InputRow* PageRecord::scope_input(std::optional<std::uint32_t> unit,
                                                  std::string_view name) const {
  using bytecode::InputKind;
  const bool is_prop = name.starts_with("props:");
  if (is_prop) name.remove_prefix(6);
  for (const std::uint32_t row : page_.inputs) {
    const bytecode::LiveRow& live = program_->chunk().lives[row];
    if (unit && live.unit != *unit) continue;
    for (const bytecode::InputRow& input : live.inputs) {
      const bool fits = is_prop ? input.kind == InputKind::kProp
                                : input.kind == InputKind::kPageVariable ||
                                      input.kind == InputKind::kComponentVariable;
      if (fits && input.name == name) return &input;
    }
  }
  return nullptr;
}

Result<std::string> PageRecord::read_input(const json::Node& value,
                                           const bytecode::InputRow& input) {
  std::string json;
  append_input(json, value);
  NoPorts ports;
  std::unique_ptr<runtime::Isolate> isolate = loop_.borrow_isolate();
  isolate->reset(program_, ports);
  auto read = runtime::read_value(*isolate, json, program_->chunk().constants[input.type_k].text,
                                  input.name, nullptr);
  loop_.give_back_isolate(std::move(isolate));
  if (!read.ok()) return std::move(read).error();
  return json;
}

Result<void> PageRecord::read_cells(const json::Node& set) {
  for (std::size_t i = 0; i < set.keys.size(); ++i) {
    const std::string address(set.keys[i]);
    const std::size_t slash = address.rfind('/');
    const std::size_t dot = address.find('.', slash == std::string::npos ? 0 : slash);
    const std::string path = dot == std::string::npos ? "" : address.substr(0, dot);
    const std::string name = dot == std::string::npos ? address : address.substr(dot + 1);
    if (!path.empty() && !scopes_.is_given(path)) {
      if (scopes_.is_gone(path)) continue;
      return no_input(address);
    }
    const std::optional<std::uint32_t> unit = scopes_.unit_at(path);
    const bytecode::InputRow* input = scope_input(unit, name);
    if (input == nullptr) return no_input(address);
    Result<std::string> value = read_input(set.items[i], *input);
    if (!value.ok()) return std::move(value).error();
    if (path.empty())
      cells_[name] = std::move(value).value();
    else
      scopes_.give(path, name, std::move(value).value());
  }
  return {};
}

Result<Scopes::Inputs> PageRecord::read_scope(const json::Node& inputs,
                                              std::optional<std::uint32_t> unit) {
  Scopes::Inputs out;
  for (std::size_t i = 0; i < inputs.keys.size(); ++i) {
    const bytecode::InputRow* input = scope_input(unit, inputs.keys[i]);
    if (input == nullptr) return no_input(inputs.keys[i]);
    Result<std::string> value = read_input(inputs.items[i], *input);
    if (!value.ok()) return std::move(value).error();
    out.emplace(std::string(inputs.keys[i]), std::move(value).value());
  }
  return out;
}

// Scopes that the browser opens. At adoption it is not known yet which there are.
Result<void> PageRecord::read_scopes(const json::Node& open, bool is_adopting) {
  std::vector<std::pair<std::string, Scopes::Inputs>> read;
  for (std::size_t i = 0; i < open.keys.size(); ++i) {
    std::string path(open.keys[i]);
    const std::optional<std::uint32_t> unit = scopes_.unit_at(path);
    if (!unit || path.empty() || (!is_adopting && !scopes_.is_shown(path))) {
      if (scopes_.is_gone(path)) continue;
      return Error{code('R', 403), "action not allowed: there is no scope " + path};
    }
    Result<Scopes::Inputs> inputs = read_scope(open.items[i], unit);
    if (!inputs.ok()) return std::move(inputs).error();
    read.emplace_back(std::move(path), std::move(inputs).value());
  }
  if (scopes_.given() + read.size() > services_.options.page_scopes)
    return Error{code('R', 401), "action refused: more than " +
                                     std::to_string(services_.options.page_scopes) +
                                     " scopes in one page"};
  for (auto& [path, inputs] : read) scopes_.give(path, std::move(inputs));
  return {};
}

void PageRecord::cells(const json::Node& message) {
  const json::Node* n = message.find("n");
  if (n == nullptr || !n->is_int || n->integer <= static_cast<std::int64_t>(n_))
    return refuse(Error{code('R', 401), "action refused: n must rise"}, "cells");
  n_ = static_cast<std::uint64_t>(n->integer);
  if (const json::Node* close = message.find("close"))
    for (const json::Node& path : close->items) scopes_.take(std::string(path.text));
  Result<void> read;
  if (const json::Node* open = message.find("open")) read = read_scopes(*open, false);
  const json::Node* set = message.find("set");
  if (read.ok() && set != nullptr) read = read_cells(*set);
  if (!read.ok()) return refuse(read.error(), "cells");
  // Each change of inputs is answered, also when the value is the same (W 4.5).
  if (set != nullptr)
    for (const std::string_view address : set->keys) mark_changed(std::string(address));
  updates_.emplace_back();
  collect(updates_.back(), [&] { scopes_.sync(); });
  send_updates(nullptr);
  send_ready_results();
  send_wanted(message);
}

// Values that the browser shows for the first time.
void PageRecord::send_wanted(const json::Node& message) {
  const json::Node* want = message.find("want");
  if (want == nullptr) return;
  Update update;
  for (const json::Node& key : want->items) {
    const auto it = live_.find(std::string(key.text));
    if (it == live_.end() || it->second.data == nullptr || is_server_only(it->second)) continue;
    if (update_awaiting(it->first) == nullptr)
      update.parts.push_back(whole_part(it->first, it->second));
  }
  if (update.parts.empty()) return;
  updates_.push_back(std::move(update));
  send_updates(nullptr);
}

}  // namespace flin::pages
