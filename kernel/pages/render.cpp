#include "pages/render.h"

#include "base/assert.h"
#include "base/json.h"
#include "base/text.h"
#include "pages/live_compute.h"
#include "pages/message.h"
#include "pages/scopes.h"
#include "pages/session_inputs.h"
#include "runtime/status.h"
#include "runtime/wire.h"

namespace flin::pages {

namespace {

constexpr std::string_view kDocumentStart =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";

std::vector<std::pair<std::string, std::string>> copy_pairs(List<Pair> pairs) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Pair& pair : pairs)
    out.emplace_back(std::string_view(pair.name), std::string_view(pair.value));
  return out;
}

std::string_view runtime_asset(const bytecode::Chunk& chunk) {
  for (const bytecode::AssetRow& asset : chunk.assets)
    if (asset.name.starts_with("/_flin/runtime.")) return asset.name;
  return {};
}

// JSON inside <script>: `<` could end the element, U+2028 and U+2029 are line ends to older parsers
// (W 2).
void append_script_safe(std::string& out, std::string_view json) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '<') {
      out += "\\u003c";
    } else if (json.substr(i, 3) == "\xE2\x80\xA8" || json.substr(i, 3) == "\xE2\x80\xA9") {
      out += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += json[i];
    }
  }
}

void append_hidden(std::string& out, std::string_view name, std::string_view value) {
  out += "<input type=\"hidden\" name=\"";
  out += name;
  out += "\" value=\"";
  out += text::html_escaped(value);
  out += "\">";
}

void append_pairs(std::string& out, const std::vector<std::pair<std::string, std::string>>& pairs) {
  out += '[';
  for (const auto& [name, value] : pairs) {
    if (out.back() != '[') out += ',';
    out += '[';
    json::append_text(out, name);
    out += ',';
    json::append_text(out, value);
    out += ']';
  }
  out += ']';
}

}  // namespace

const bytecode::PageRow* find_page(const bytecode::Chunk& chunk, std::uint32_t function) {
  for (const bytecode::PageRow& page : chunk.pages)
    if (page.function == function) return &page;
  return nullptr;
}

struct RenderJob::Pending {
  RenderJob* job;
  NodeRef node;
  std::uint64_t began;
  std::string key;
};

RenderJob::RenderJob(Services& services, std::shared_ptr<const runtime::Program> program,
                     const bytecode::PageRow& page, const PageRequest& request, IHtmlSink& sink)
    : services_(services),
      program_(std::move(program)),
      page_(page),
      context_(request.peer.context),
      sink_(sink) {
  token_data_.sid = std::string(std::string_view(request.peer.sid));
  token_data_.page = page.path;
  token_data_.params = copy_pairs(request.params);
  token_data_.query = copy_pairs(request.query);
  token_data_.build = program_->chunk().build;
}

RenderJob::~RenderJob() {
  if (context_ != nullptr) context_->destroy();
}

bool RenderJob::begin(runtime::Isolate& isolate) {
  token_data_.view = random_view();
  token_data_.issued_ms = services_.now_ms();
  seq_ = services_.hub.told();
  instances_ = {{page_.function, {}, 0}};
  isolate.enter_page(page_);
  return true;
}

bool RenderJob::end(runtime::Isolate& isolate, runtime::RunState outcome) {
  if (outcome == runtime::RunState::kFailed) {
    const runtime::Failure& failure = isolate.failure();
    finish(make_status(failure.code, failure.message));
    return false;
  }
  Result<std::string> document = write_document(isolate);
  if (!document.ok()) {
    finish(make_status(document.error()));
    return false;
  }
  if (context_ != nullptr) context_->done(isolate.call(), Status{}, runtime::kNone);
  sink_.begin(200);
  sink_.write(std::string_view(document.value()));
  finish({});
  return false;
}

void RenderJob::abandon() { finish(make_status(code('R', 204), "cancelled")); }

void RenderJob::finish(Status status) {
  if (is_finished_) return;
  is_finished_ = true;
  sink_.end(std::move(status));
}

Status RenderJob::context(ICall& call, std::uint32_t what, Value& out) {
  if (what == kContextParams) {
    out = make_text_map(call, token_data_.params);
    return {};
  }
  if (what == kContextQuery) {
    out = make_text_map(call, token_data_.query);
    return {};
  }
  if (context_ != nullptr) return context_->load(call, what, out);
  return Job::context(call, what, out);
}

// ---- The document ----

void RenderJob::body_begins(runtime::Isolate& isolate) { head_end_ = isolate.output().size(); }

Result<std::string> RenderJob::write_document(runtime::Isolate& isolate) {
  Result<std::string> sealed = token(isolate);
  if (!sealed.ok()) return sealed;
  Result<std::string> state = write_state(isolate, sealed.value());
  if (!state.ok()) return state;
  const bytecode::Chunk& chunk = program_->chunk();
  const std::string_view output = isolate.output();
  const std::string_view head = output.substr(0, head_end_), body = output.substr(head_end_);

  std::string out;
  out.reserve(output.size() + state.value().size() + 1024);
  out += kDocumentStart;
  if (head.find("<title") == std::string_view::npos) {
    out += "<title>";
    out += text::html_escaped(page_.title);
    out += "</title>";
  }
  if (!page_.style.empty()) out += "<link rel=\"stylesheet\" href=\"" + page_.style + "\">";
  out += "<link rel=\"modulepreload\" href=\"";
  out += runtime_asset(chunk);
  out += "\"><script type=\"module\" src=\"" + page_.module + "\"></script><!--[-->";
  out += head;
  out += "<!--]--></head><body>";
  out += body;
  out += "<script type=\"application/json\" id=\"flin-state\">";
  append_script_safe(out, state.value());
  out += "</script></body></html>";
  return out;
}

Result<std::string> RenderJob::write_state(runtime::Isolate& isolate, const std::string& sealed) {
  const bytecode::Chunk& chunk = program_->chunk();
  std::string out = "{\"build\":";
  json::append_text(out, chunk.build);
  out += ",\"page\":";
  json::append_text(out, page_.path);
  out += ",\"token\":";
  json::append_text(out, sealed);
  out += ",\"seq\":";
  json::append_int(out, static_cast<std::int64_t>(seq_));
  std::string cells;
  for (const bytecode::CellRow& cell : page_.cells) {
    const Value value = isolate.global(cell.slot);
    if (!(cell.flags & bytecode::kCellInState) || runtime::is_empty(value)) continue;
    cells += cells.empty() ? "{" : ",";
    json::append_text(cells, cell.name);
    cells += ':';
    Result<void> written =
        runtime::write_value(isolate, value, chunk.constants[cell.type_k].text, {}, cells);
    if (!written.ok()) return std::move(written).error();
  }
  if (!cells_.empty()) cells += (cells.empty() ? "{" : ",") + cells_;
  if (!cells.empty()) out += ",\"cells\":" + cells + "}";
  if (!live_.empty()) {
    out += ",\"live\":{";
    for (const auto& [at, data] : live_) {
      if (out.back() != '{') out += ',';
      json::append_text(out, at.second);
      out += ':';
      out += data->json();
    }
    out += '}';
  }
  if (!token_data_.params.empty()) {
    out += ",\"params\":";
    append_pairs(out, token_data_.params);
  }
  if (!token_data_.query.empty()) {
    out += ",\"query\":";
    append_pairs(out, token_data_.query);
  }
  if (services_.options.dev) out += ",\"dev\":true";
  return out + "}";
}

// Sealed at first need: setup is over by then, and a view changes no variable.
Result<std::string> RenderJob::token(runtime::Isolate& isolate) {
  if (sealed_) return *sealed_;
  for (const bytecode::CellRow& cell : page_.cells) {
    const Value value = isolate.global(cell.slot);
    if (!(cell.flags & bytecode::kCellInToken) || runtime::is_empty(value)) continue;
    std::string json;
    Result<void> written = runtime::write_value(
        isolate, value, program_->chunk().constants[cell.type_k].text, {}, json);
    if (!written.ok()) return std::move(written).error();
    token_data_.cells.emplace_back(cell.name, std::move(json));
  }
  for (auto& input : session_inputs(isolate, page_)) token_data_.cells.push_back(std::move(input));
  if (services_.sealer == nullptr)
    return Error{code('R', 403), "action not allowed: no plugin offers flin.host.ISealer/1"};
  Result<std::string> sealed =
      seal_token(*services_.sealer, token_data_, services_.options.token_bytes);
  if (sealed.ok()) sealed_ = sealed.value();
  return sealed;
}

bool RenderJob::form_fields(runtime::Isolate& isolate, std::uint32_t handler, const Value* inputs,
                            std::uint32_t count) {
  const bytecode::HandlerRow& row = program_->chunk().handlers[handler];
  std::string json = "[";
  for (std::uint32_t i = 0; i < count && i < row.inputs.size(); ++i) {
    if (i > 0) json += ',';
    Result<void> written = runtime::write_value(
        isolate, inputs[i], program_->chunk().constants[row.inputs[i].type_k].text,
        {.names = nullptr, .version = true}, json);
    if (!written.ok()) {
      isolate.fail(written.error().code, written.error().message);
      return false;
    }
  }
  json += ']';
  Result<std::string> sealed = token(isolate);
  if (!sealed.ok()) {
    isolate.fail(sealed.error().code, sealed.error().message);
    return false;
  }
  std::string& out = isolate.output();
  append_hidden(out, "_flin_token", sealed.value());
  append_hidden(out, "_flin_handler", std::to_string(handler));
  append_hidden(out, "_flin_in", json);
  return true;
}

// ---- Where the run is ----

void RenderJob::enter(const std::string& step, std::uint32_t row) {
  steps_.push_back({path_.size(), instance_, row});
  path_ = path_below(path_, step);
}

void RenderJob::enter_row(std::uint32_t view_row, const std::string* key) {
  const std::string index =
      key == nullptr ? std::to_string(rows_[path_ + "/b" + std::to_string(view_row)]++) : "";
  enter(row_step(view_row, key != nullptr ? *key : index), view_row);
}

void RenderJob::enter_use(std::uint32_t view_row, std::uint32_t component) {
  enter("c" + std::to_string(view_row), bytecode::kNoIndex);
  instances_.push_back({component, path_, instance_});
  instance_ = instances_.size() - 1;
}

void RenderJob::enter_slot(std::uint32_t slot) {
  enter("s" + std::to_string(slot), bytecode::kNoIndex);
  instance_ = instances_[instance_].writer;
}

void RenderJob::leave_step() {
  FLIN_ASSERT(!steps_.empty(), "steps of addresses nest");
  path_.resize(steps_.back().path_size);
  instance_ = steps_.back().instance;
  steps_.pop_back();
}

bool RenderJob::instance_cells(runtime::Isolate& isolate, std::uint32_t component,
                               const Value* values, std::uint32_t count) {
  const bytecode::Chunk& chunk = program_->chunk();
  for (const bytecode::ComponentRow& row : chunk.components) {
    if (row.function != component) continue;
    for (std::uint32_t i = 0; i < count && i < row.cells.size(); ++i) {
      if (runtime::is_empty(values[i])) continue;
      if (!cells_.empty()) cells_ += ',';
      json::append_text(cells_, path_ + '.' + row.cells[i].name);
      cells_ += ':';
      Result<void> written = runtime::write_value(
          isolate, values[i], chunk.constants[row.cells[i].type_k].text, {}, cells_);
      if (written.ok()) continue;
      isolate.fail(written.error().code, written.error().message);
      return false;
    }
  }
  return true;
}

std::string RenderJob::live_key(std::uint32_t row) const {
  const bytecode::LiveRow& live = program_->chunk().lives[row];
  std::string key = std::to_string(row);
  if (live.place != bytecode::kNoIndex) {
    // The innermost row of its loop that belongs to this instance.
    std::size_t end = path_.size(), instance = instance_;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      if (instance == instance_ && step->row == live.loop) return key + '@' + path_.substr(0, end);
      end = step->path_size;
      instance = step->instance;
    }
  }
  if (!(live.flags & bytecode::kInInstance) || instances_[instance_].path.empty()) return key;
  return key + '@' + instances_[instance_].path;
}

// ---- Live values: from the shared node, or computed here and shared ----

runtime::PortResult RenderJob::live_value(runtime::Isolate& isolate, std::uint32_t row,
                                          const Value* inputs, std::uint32_t count, Value& out) {
  const bytecode::LiveRow& live = program_->chunk().lives[row];
  Result<std::string> json = inputs_json(isolate, live, inputs, count);
  if (!json.ok()) {
    isolate.fail(json.error().code, json.error().message);
    return runtime::PortResult::kFailed;
  }
  NodeRef node = services_.hub.node(program_, row, std::move(json).value());
  LiveSnapshot known;
  if (services_.hub.fresh(node, known) && known.data->root() != nullptr) {
    auto value =
        runtime::read_value(isolate, *known.data->root(),
                            program_->chunk().constants[live.type_k].text, "live value", nullptr);
    if (!value.ok()) {
      isolate.fail(value.error().code, value.error().message);
      return runtime::PortResult::kFailed;
    }
    live_[{row, live_key(row)}] = known.data;
    out = value.value();
    return runtime::PortResult::kValue;
  }
  sources_.clear();
  auto* pending = new Pending{this, std::move(node), services_.hub.newest(), live_key(row)};
  isolate.call_then(live.function, inputs, count, &RenderJob::live_computed, pending,
                    [](void* data) noexcept { delete static_cast<Pending*>(data); });
  return runtime::PortResult::kPushed;
}

void RenderJob::live_computed(runtime::Isolate& isolate, Value returned, void* data) {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(data));
  RenderJob& job = *pending->job;
  Result<std::string> json = live_json(isolate, pending->node->row(), returned);
  if (!json.ok()) {
    isolate.fail(json.error().code, json.error().message);
    return;
  }
  job.live_[{pending->node->number(), pending->key}] = job.services_.hub.publish(
      pending->node, std::move(json).value(), job.sources_, pending->began);
}

}  // namespace flin::pages
