#include "pages/action.h"

#include "pages/session_inputs.h"
#include "runtime/entity_input.h"
#include "runtime/wire.h"

#include <algorithm>

namespace flin::pages {

using bytecode::InputKind;
using runtime::Preset;

namespace {

Preset::Where where_of(InputKind kind) {
  switch (kind) {
    case InputKind::kPageVariable: return Preset::kGlobal;
    case InputKind::kComponentVariable: return Preset::kState;
    case InputKind::kProp: return Preset::kProp;
    case InputKind::kUpvalue: return Preset::kUpvalue;
    default: return Preset::kLocal;
  }
}

const std::string& type_text(const bytecode::Chunk& chunk, const bytecode::InputRow& row) {
  return chunk.constants[row.type_k].text;
}

}  // namespace

std::string result_head(std::int64_t id, std::uint64_t seq) {
  std::string out = "{\"type\":\"result\",\"id\":";
  json::append_int(out, id);
  out += ",\"seq\":";
  json::append_int(out, static_cast<std::int64_t>(seq));
  return out;
}

std::string result_rest(const ActionOutcome& outcome, bool production) {
  if (outcome.error.error.code != 0) return ",\"error\":" + error_object(outcome.error, production);
  std::string out;
  for (const auto& [number, json] : outcome.out) {
    out += out.empty() ? ",\"out\":[[" : ",[";
    out += std::to_string(number) + ',' + json + ']';
  }
  if (!out.empty()) out += ']';
  return out;
}

ActionJob::ActionJob(Services& services, std::shared_ptr<const runtime::Program> program,
                     const bytecode::PageRow& page, ActionCall call, TokenData token,
                     IContext* context, Done done)
    : services_(services),
      program_(std::move(program)),
      page_(page),
      call_(std::move(call)),
      token_(std::move(token)),
      context_(context),
      done_(std::move(done)) {}

ActionJob::~ActionJob() {
  if (context_ != nullptr) context_->destroy();
}

// ---- Before the handler: inputs ----

bool ActionJob::begin(runtime::Isolate& isolate) {
  Result<json::Document> parsed = json::Document::parse(call_.in);
  const bytecode::HandlerRow& row = program_->chunk().handlers[call_.handler];
  if (!parsed.ok() || parsed.value().root().type != json::Type::kArray ||
      parsed.value().root().items.size() != row.inputs.size())
    return fail(Error{code('R', 401), "action refused: wrong number of inputs"});
  in_ = std::move(parsed).value();
  find_entities(in_.root());
  return entities_.empty() ? enter(isolate) : read_next_entity(isolate);
}

// Every {"$e":"Todo","id":3,..} of a saved entity is read from the store before the handler runs.
void ActionJob::find_entities(const json::Node& node) {
  const json::Node* type = node.type == json::Type::kObject ? node.find("$e") : nullptr;
  if (type != nullptr) {
    const json::Node* id = node.find("id");
    if (id == nullptr || !id->is_int || id->integer <= 0) return;
    const auto number = static_cast<std::uint64_t>(id->integer);
    const auto known = std::find_if(entities_.begin(), entities_.end(), [&](const EntityNeed& e) {
      return e.id == number && e.type == type->text;
    });
    if (known == entities_.end()) entities_.push_back({std::string(type->text), number});
  }
  for (const json::Node& item : node.items) find_entities(item);
}

bool ActionJob::read_next_entity(runtime::Isolate& isolate) {
  const EntityNeed& need = entities_[entities_read_];
  if (program_->chunk().entity_reader == bytecode::kNoIndex ||
      program_->entity_number(need.type) == bytecode::kNoIndex)
    return fail(Error{code('R', 401), "action refused: there is no entity '" + need.type + "'"});
  ICall& call = isolate.call();
  Plain type, id;
  type.kind = Kind::kText;
  type.text = std::string_view(need.type);
  id.kind = Kind::kInt;
  id.i = static_cast<std::int64_t>(need.id);
  const std::uint64_t handle = call.keep(call.make(type));
  const Value id_value = call.make(id);
  const Value args[] = {call.kept(handle), id_value};
  isolate.enter_function(program_->chunk().entity_reader, args, 2);
  call.forget(handle);
  return true;
}

class ActionJob::StoredEntities final : public runtime::EntityReader {
 public:
  explicit StoredEntities(const std::vector<EntityNeed>& entities) : entities_(entities) {}

  Result<Value> read(runtime::Isolate& isolate,
                     const runtime::EntityReference& reference) override {
    if (reference.id == 0) return runtime::new_entity(isolate, reference);
    for (const EntityNeed& need : entities_)
      if (need.id == reference.id && need.type == reference.type)
        return runtime::changed_entity(isolate, isolate.call().kept(need.handle), reference);
    return Error{code('R', 402), std::string(reference.type) + "#" + std::to_string(reference.id) +
                                     " does not exist"};
  }

 private:
  const std::vector<EntityNeed>& entities_;
};

Result<void> ActionJob::preset_inputs(runtime::Isolate& isolate,
                                      std::vector<std::pair<Preset, std::uint64_t>>& presets) {
  const bytecode::Chunk& chunk = program_->chunk();
  const bytecode::HandlerRow& row = chunk.handlers[call_.handler];
  StoredEntities entities(entities_);
  ICall& call = isolate.call();
  for (std::size_t i = 0; i < row.inputs.size(); ++i) {
    const bytecode::InputRow& input = row.inputs[i];
    auto value = runtime::read_value(isolate, in_.root().items[i].raw, type_text(chunk, input),
                                     input.name, &entities);
    if (!value.ok()) return std::move(value).error();
    presets.push_back(
        {Preset{where_of(input.kind), input.index, runtime::kNone}, call.keep(value.value())});
  }
  for (const auto& [name, json] : token_.cells)
    for (const bytecode::CellRow& cell : page_.cells)
      if (cell.name == name) {
        auto value =
            runtime::read_value(isolate, json, chunk.constants[cell.type_k].text, name, &entities);
        if (!value.ok()) return std::move(value).error();
        presets.push_back(
            {Preset{Preset::kGlobal, cell.slot, runtime::kNone}, call.keep(value.value())});
      }
  return {};
}

bool ActionJob::enter(runtime::Isolate& isolate) {
  std::vector<std::pair<Preset, std::uint64_t>> kept;
  Result<void> read = preset_inputs(isolate, kept);
  ICall& call = isolate.call();
  std::vector<Preset> presets;
  for (auto& [preset, handle] : kept) {
    preset.value = call.kept(handle);
    presets.push_back(preset);
  }
  if (read.ok()) {
    is_running_ = true;
    isolate.enter_handler(program_->chunk().handlers[call_.handler], page_.globals, presets.data(),
                          presets.size());
  }
  for (const auto& [preset, handle] : kept) call.forget(handle);
  return read.ok() ? true : fail(std::move(read).error());
}

// ---- After it: outputs ----

bool ActionJob::end(runtime::Isolate& isolate, runtime::RunState outcome) {
  if (outcome == runtime::RunState::kFailed) {
    const runtime::Failure& failure = isolate.failure();
    outcome_.error.fields = failure.fields;
    return fail(Error{failure.code, failure.message});
  }
  if (!is_running_) {
    EntityNeed& need = entities_[entities_read_++];
    if (runtime::is_none(isolate.result()))
      return fail(
          Error{code('R', 402), need.type + "#" + std::to_string(need.id) + " does not exist"});
    need.handle = isolate.call().keep(isolate.result());
    return entities_read_ < entities_.size() ? read_next_entity(isolate) : enter(isolate);
  }
  collect_outputs(isolate);
  if (context_ != nullptr) {
    collect_session(isolate);
    context_->done(isolate.call(), Status{}, runtime::kNone);
  }
  finish();
  return false;
}

// An output is told when its wire form differs from what came in as input of the same place.
void ActionJob::collect_outputs(runtime::Isolate& isolate) {
  const bytecode::Chunk& chunk = program_->chunk();
  const bytecode::HandlerRow& row = chunk.handlers[call_.handler];
  for (std::uint32_t i = 0; i < row.outputs.size(); ++i) {
    const bytecode::InputRow& output = row.outputs[i];
    const Value value = isolate.handler_variable(where_of(output.kind), output.index);
    if (runtime::is_empty(value)) continue;
    const std::string& type = type_text(chunk, output);
    const bool is_cell = output.kind == InputKind::kPageVariable;
    // The state of an entity that was saved comes by `live` (W 4.6); unsaved changes go back with
    // it.
    if (!is_cell && runtime::is_saved_entity(isolate, value)) continue;
    std::string json;
    Result<void> written =
        runtime::write_value(isolate, value, type, {.names = nullptr, .version = true}, json);
    if (!written.ok()) {
      outcome_.error.error = std::move(written).error();
      return;
    }
    bool is_same = false, was_given = false;
    for (std::size_t k = 0; k < row.inputs.size(); ++k)
      if (row.inputs[k].kind == output.kind && row.inputs[k].index == output.index) {
        was_given = true;
        is_same = in_.root().items[k].raw == json;
      }
    if (was_given && is_same) continue;
    const auto cell =
        std::find_if(page_.cells.begin(), page_.cells.end(),
                     [&](const bytecode::CellRow& c) { return is_cell && c.slot == output.index; });
    if (cell != page_.cells.end() && (cell->flags & bytecode::kCellInToken)) {
      outcome_.token_cells.emplace_back(cell->name, json);
      continue;
    }
    if (is_cell) outcome_.changed_cells.push_back(output.name);
    outcome_.out.emplace_back(i, std::move(json));
  }
}

// What the page's live values read of the session goes on as cells of the server do.
void ActionJob::collect_session(runtime::Isolate& isolate) {
  for (auto& [name, json] : session_inputs(isolate, page_)) {
    const auto known = std::find_if(token_.cells.begin(), token_.cells.end(),
                                    [&](const auto& cell) { return cell.first == name; });
    if (known != token_.cells.end() && known->second == json) continue;
    outcome_.token_cells.emplace_back(name, std::move(json));
  }
}

Status ActionJob::context(ICall& call, std::uint32_t what, Value& out) {
  if (what == kContextEvent) {
    const auto document =
        json::Document::parse(call_.event.empty() ? "null" : std::string_view(call_.event));
    out = document.ok() ? from_json(call, document.value().root()) : runtime::kNone;
    return {};
  }
  if (what == kContextParams || what == kContextQuery) {
    out = make_text_map(call, what == kContextParams ? token_.params : token_.query);
    return {};
  }
  if (context_ != nullptr) return context_->load(call, what, out);
  return Job::context(call, what, out);
}

void ActionJob::committed(std::uint64_t seq) {
  outcome_.committed = std::max(outcome_.committed, seq);
  writing();
}

void ActionJob::writing() {
  if (on_write) on_write();
}

void ActionJob::abandon() { fail(Error{code('R', 204), "cancelled"}); }

bool ActionJob::fail(Error error) {
  outcome_.error.error = std::move(error);
  outcome_.out.clear();
  finish();
  return false;
}

void ActionJob::finish() {
  if (!done_) return;
  const Done done = std::move(done_);
  done_ = nullptr;
  done(std::move(outcome_));
}

}  // namespace flin::pages
