#include "pages/live_compute.h"

#include "base/json.h"
#include "runtime/wire.h"

#include <vector>

namespace flin::pages {

namespace {

std::string_view type_text(const bytecode::Chunk& chunk, std::uint32_t type_k) {
  return chunk.constants[type_k].text;
}

}  // namespace

Result<void> enter_live(runtime::Isolate& isolate, const bytecode::LiveRow& row,
                        std::string_view inputs) {
  const bytecode::Chunk& chunk = isolate.program().chunk();
  auto document = json::Document::parse(inputs);
  if (!document.ok()) return std::move(document).error();
  const json::Node& root = document.value().root();
  if (root.type != json::Type::kArray || root.items.size() != row.inputs.size())
    return Error{code('R', 401), "action refused: wrong number of inputs"};
  ICall& call = isolate.call();
  std::vector<std::uint64_t> handles;
  Result<void> outcome;
  for (std::size_t i = 0; i < row.inputs.size() && outcome.ok(); ++i) {
    const bytecode::InputRow& input = row.inputs[i];
    auto value = runtime::read_value(isolate, root.items[i].raw, type_text(chunk, input.type_k),
                                     input.name, nullptr);
    if (value.ok())
      handles.push_back(call.keep(value.value()));
    else
      outcome = std::move(value).error();
  }
  if (outcome.ok()) {
    std::vector<Value> args;
    for (const std::uint64_t handle : handles) args.push_back(call.kept(handle));
    isolate.enter_function(row.function, args.data(), static_cast<std::uint32_t>(args.size()));
    // Functions of the page that it calls read the variables where they always are.
    for (std::size_t i = 0; i < row.inputs.size(); ++i)
      if (row.inputs[i].kind == bytecode::InputKind::kPageVariable)
        isolate.set_global(row.inputs[i].index, call.kept(handles[i]));
  }
  for (const std::uint64_t handle : handles) call.forget(handle);
  return outcome;
}

Result<std::string> live_json(runtime::Isolate& isolate, const bytecode::LiveRow& row,
                              Value value) {
  runtime::EntityFields fields;
  const bool all = row.fields.empty() && !(row.flags & bytecode::kEntityList) &&
                   !(row.flags & bytecode::kServerOnly);  // of a prop only the id is needed
  fields.names = all ? nullptr : &row.fields;
  fields.version = (row.flags & bytecode::kSendsEntityBack) != 0;
  std::string out;
  Result<void> written = runtime::write_value(
      isolate, value, type_text(isolate.program().chunk(), row.type_k), fields, out);
  if (!written.ok()) return std::move(written).error();
  return out;
}

Result<std::string> inputs_json(runtime::Isolate& isolate, const bytecode::LiveRow& row,
                                const Value* inputs, std::uint32_t count) {
  static const std::vector<std::string> kNoFields;  // an entity is its id
  const runtime::EntityFields ids{&kNoFields, false};
  std::string out = "[";
  for (std::uint32_t i = 0; i < count && i < row.inputs.size(); ++i) {
    if (i > 0) out += ',';
    Result<void> written = runtime::write_value(
        isolate, inputs[i], type_text(isolate.program().chunk(), row.inputs[i].type_k), ids, out);
    if (!written.ok()) return std::move(written).error();
  }
  return out + "]";
}

}  // namespace flin::pages
