// Where names live: locals, upvalues, page and component variables, props, context.
#include "base/assert.h"
#include "compile/function_compiler.h"

#include <algorithm>

namespace flin::compile {

using check::SymbolKind;

namespace {

constexpr std::string_view kContextNames[] = {"event", "props",   "children", "params",  "query",
                                              "body",  "headers", "cookies",  "session", "request",
                                              "user",  "socket",  "self"};

std::uint32_t context_number(std::string_view name) {
  for (std::uint32_t n = 0; n < std::size(kContextNames); ++n)
    if (kContextNames[n] == name) return n;
  return 0;
}

}  // namespace

FunctionCompiler::Place FunctionCompiler::place_of(const check::Symbol& symbol) {
  if (owns(symbol)) return {false, scope.slot(&symbol)};
  return {true, upvalue(symbol)};
}

std::uint32_t FunctionCompiler::upvalue(const check::Symbol& symbol) {
  FLIN_ASSERT(parent_, "a local variable belongs to this function or one around it");
  Place there = parent_->place_of(symbol);
  if (!there.is_upvalue) parent_->scope.capture(there.index);
  auto next = static_cast<std::uint32_t>(upvalues_.size());
  auto [it, is_new] = upvalue_rows_.try_emplace({there.is_upvalue, there.index}, next);
  if (is_new)
    upvalues_.push_back(
        {static_cast<std::uint8_t>(there.is_upvalue), static_cast<std::uint16_t>(there.index)});
  return it->second;
}

void FunctionCompiler::load(const check::Symbol& symbol) {
  if (auto given = given_symbols_.find(&symbol); given != given_symbols_.end())
    return code.op(Op::LoadLocal, given->second);
  switch (symbol.kind) {
    case SymbolKind::kPageVariable:
      if (symbol.stands_for) return value(*symbol.stands_for);
      note_read(bytecode::ReadKind::kGlobal, symbol.slot);
      return code.op(Op::LoadGlobal, symbol.slot);
    case SymbolKind::kComponentVariable:
      if (symbol.stands_for) return value(*symbol.stands_for);
      note_read(bytecode::ReadKind::kState, symbol.slot);
      return code.op(Op::LoadState, symbol.slot);
    case SymbolKind::kProp: return load_prop(symbol.name);
    case SymbolKind::kParameter:
    case SymbolKind::kLocal: {
      Place place = place_of(symbol);
      return code.op(place.is_upvalue ? Op::LoadUpvalue : Op::LoadLocal, place.index);
    }
    case SymbolKind::kConstant:
      if (symbol.constant) return value(*symbol.constant);
      return code.op(Op::LoadNone);
    case SymbolKind::kContext: {
      auto given = given_paths_.find(symbol.name);
      if (given != given_paths_.end()) return code.op(Op::LoadLocal, given->second);
      return code.op(Op::LoadContext, symbol.slot);
    }
    case SymbolKind::kBrowserObject: return code.op(Op::LoadNone);  // there is none on the server
  }
}

void FunctionCompiler::store(const check::Symbol& symbol) {
  if (auto given = given_symbols_.find(&symbol); given != given_symbols_.end())
    return code.op(Op::StoreLocal, given->second);
  switch (symbol.kind) {
    case SymbolKind::kPageVariable:
      wrote_state = true;
      return code.op(Op::StoreGlobal, symbol.slot);
    case SymbolKind::kComponentVariable:
      wrote_state = true;
      return code.op(Op::StoreState, symbol.slot);
    default: break;
  }
  bool is_inner = symbol.unit && parent_ && !owns(symbol) && parent_->place_exists(symbol);
  if (is_inner) return code.op(Op::StoreUpvalue, upvalue(symbol));
  if (!owns(symbol)) scope.add(&symbol);
  code.op(Op::StoreLocal, scope.slot(&symbol));
}

bool FunctionCompiler::place_exists(const check::Symbol& symbol) const {
  return owns(symbol) || (parent_ && parent_->place_exists(symbol));
}

void FunctionCompiler::load_prop(std::string_view name) {
  if (auto given = given_paths_.find("props." + std::string(name)); given != given_paths_.end())
    return code.op(Op::LoadLocal, given->second);
  std::uint32_t k = program.builder.text(name);
  note_read(bytecode::ReadKind::kProp, k);
  code.op(Op::LoadProp, k);
}

void FunctionCompiler::note_read(bytecode::ReadKind kind, std::uint32_t index) {
  for (auto* reads : watchers_) {
    bool known = std::any_of(reads->begin(), reads->end(),
                             [&](const auto& r) { return r.kind == kind && r.index == index; });
    if (!known) reads->push_back({kind, index});
  }
}

void FunctionCompiler::bound(const check::Binding* binding, const std::function<void()>& part) {
  if (!binding) return part();
  std::vector<bytecode::ViewRow::Read> reads;
  Label start = code.here();
  watchers_.push_back(&reads);
  part();
  watchers_.pop_back();
  program.view_range(binding, row_, start, code.here(), std::move(reads));
}

// "session.user": the context, then keys of maps and fields of entities by name.
void FunctionCompiler::load_path(std::string_view path) {
  if (auto given = given_paths_.find(path); given != given_paths_.end())
    return code.op(Op::LoadLocal, given->second);
  std::size_t dot = path.find('.');
  code.op(Op::LoadContext, context_number(path.substr(0, dot)));
  while (dot != path.npos) {
    std::size_t next = path.find('.', dot + 1);
    text(path.substr(dot + 1, next == path.npos ? next : next - dot - 1));
    code.op(Op::GetIndex);
    dot = next;
  }
}

void FunctionCompiler::load_input(const check::Input& input) {
  switch (input.kind) {
    case check::InputKind::kPath: return load_path(input.path);
    case check::InputKind::kProp:
      if (!input.symbol) return load_prop(input.path);
      return load(*input.symbol);
    default: return load(*input.symbol);
  }
}

void FunctionCompiler::live_value(const check::LiveValue& live) {
  note_read(bytecode::ReadKind::kLive, live.row);
  std::vector<bytecode::InputRow> inputs;
  fill_inputs(live.inputs, inputs);
  program.note_live_inputs(live, std::move(inputs));
  integer(live.row);
  for (const check::Input& input : live.inputs) load_input(input);
  native("live.value", static_cast<std::uint32_t>(live.inputs.size()) + 1);
}

void FunctionCompiler::substitute(const check::Input& input, std::uint32_t slot) {
  if (input.symbol) given_symbols_[input.symbol] = slot;
  const bool is_prop = input.kind == check::InputKind::kProp;
  if (is_prop && input.symbol) given_paths_["props." + std::string(input.symbol->name)] = slot;
  if (!input.path.empty()) given_paths_[(is_prop ? "props." : "") + input.path] = slot;
}

}  // namespace flin::compile
