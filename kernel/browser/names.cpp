// Where names live: variables of JavaScript, cells, props, live values, derived variables.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::SymbolKind;

std::string Writer::fresh(std::string_view wanted) {
  std::string base(wanted);
  if (!is_identifier(base)) base = "value";
  auto is_taken = [&](std::string_view name) {
    return is_reserved(name) || module_.takes(name) ||
           std::any_of(scopes_.begin(), scopes_.end(),
                       [&](const auto& s) { return s.count(name) != 0; });
  };
  std::string name = base;
  for (int n = 2; is_taken(name); ++n) name = base + '_' + std::to_string(n);
  scopes_.back().insert(name);
  return name;
}

std::string Writer::declare(const check::Symbol& symbol) {
  std::string name = fresh(symbol.name);
  places_[&symbol] = {Place::kValue, {name, Level::kCall}};
  return name;
}

void Writer::place(const check::Symbol& symbol, Place place) {
  places_[&symbol] = std::move(place);
}

const Place* Writer::find(const check::Symbol& symbol) const {
  auto known = places_.find(&symbol);
  return known == places_.end() ? nullptr : &known->second;
}

void Writer::constant(Frame& frame, const std::string& name, const std::string& value) {
  frame.constants.push_back(name + " = " + value);
}

// ---- Reading ----

Js Writer::read(const Place& place) const {
  bool is_called = place.kind == Place::kGetter || place.kind == Place::kCell;
  if (!is_called) return place.js;
  if (reads_) reads_->insert(place.js.text);
  return {place.js.text + "()", Level::kCall};
}

Js Writer::read(const check::Symbol& symbol) {
  if (const Place* known = find(symbol)) return read(*known);
  switch (symbol.kind) {
    case SymbolKind::kConstant:
      return {symbol.constant ? module_.constant(symbol) : "null", Level::kCall};
    case SymbolKind::kContext: return context(symbol);
    case SymbolKind::kBrowserObject: return {std::string(symbol.name), Level::kCall};
    case SymbolKind::kPageVariable:
    case SymbolKind::kComponentVariable:
      if (symbol.stands_for) return value(*symbol.stands_for);
      if (symbol.live_output) return live_output(symbol);
      break;
    default: break;
  }
  return read(place_of(symbol));
}

Place Writer::place_of(const check::Symbol& symbol) {
  if (const Place* known = find(symbol)) return *known;
  switch (symbol.kind) {
    case SymbolKind::kPageVariable:
    case SymbolKind::kComponentVariable: return variable(symbol);
    case SymbolKind::kProp: return prop(symbol.name, &symbol);
    default: return {Place::kValue, {declare(symbol), Level::kCall}};
  }
}

Js Writer::context(const check::Symbol& symbol) {
  if (symbol.name == "event") return {"event", Level::kCall};
  if (symbol.name == "params" || symbol.name == "query") {
    module_.imports.use_library();
    return call_of("FlinMap", {"p.view.state" + property_access(symbol.name) + " ?? []"});
  }
  if (symbol.name == "props") {
    module_.imports.use("FlinMap");
    return {"new FlinMap(Object.keys(p.props).map((name) => [name, p.props[name]()]))",
            Level::kCall};
  }
  return {"null", Level::kCall};
}

// A cell of the page or component, or a derived variable, declared where the section begins.
Place Writer::variable(const check::Symbol& symbol) {
  Frame& frame = *frames_.front();
  const DerivedGroup* group = symbol.is_live_input ? nullptr : group_of(symbol);
  std::string name = module_.variable(symbol);
  if (group && !group->in_browser) {
    std::string getter = derived(*group);
    if (group->outputs.size() == 1) return {Place::kGetter, {getter, Level::kCall}};
    auto at_output =
        std::find(group->outputs.begin(), group->outputs.end(), &symbol) - group->outputs.begin();
    if (reads_) reads_->insert(getter);
    return {Place::kExpression, {getter + "()[" + std::to_string(at_output) + ']', Level::kCall}};
  }
  if (used_) used_->cells.insert(&symbol);
  if (frame.known.emplace(name, name).second)
    constant(frame, name, "p.cell(" + quoted(symbol.name) + ')');
  return {Place::kCell, {name, Level::kCall}};
}

Place Writer::prop(std::string_view prop_name, const check::Symbol* symbol) {
  Frame& frame = *frames_.front();
  std::string key = "props." + std::string(prop_name);
  auto known = frame.known.find(key);
  if (known != frame.known.end()) return {Place::kGetter, {known->second, Level::kCall}};
  if (used_) {
    std::string type = symbol && symbol->type ? check::compact_text_of(symbol->type) : "any";
    used_->props.emplace(prop_name, type);
  }
  std::string getter = "p.prop(" + quoted(prop_name) + ')';
  const Param* param = nullptr;
  if (symbol && part_->component && part_->component->declaration)
    for (const Param& p : part_->component->declaration->params)
      if (p.symbol == symbol) param = &p;
  std::string name = symbol ? module_.variable(*symbol) : fresh(prop_name);
  frame.known.emplace(key, name);
  if (param && param->fallback) {
    std::string fallback = at(value(*param->fallback), Level::kEquality);
    getter = "p.derived(() => " + getter + "() ?? " + fallback + ')';
  }
  constant(frame, name, getter);
  return {Place::kGetter, {name, Level::kCall}};
}

// ---- Writing ----

std::string Writer::store(const check::Symbol& symbol, const std::string& value) {
  const Place* known = find(symbol);
  bool is_local = symbol.kind == SymbolKind::kLocal || symbol.kind == SymbolKind::kParameter;
  if (is_local && !known) {
    bool is_fixed = !symbol.is_reassigned;
    std::string name = declare(symbol);  // behind the value: `let x = x + 1` reads the outer one
    return std::string(is_fixed ? "const " : "let ") + name + " = " + value + ';';
  }
  Place place = place_of(symbol);
  if (place.kind == Place::kCell) return place.js.text + ".set(" + value + ");";
  if (place.kind == Place::kValue) return place.js.text + " = " + value + ';';
  return value + ';';
}

// ---- Live values ----

Js Writer::live(const check::LiveValue& live) {
  if (used_) used_->live.insert(&live);
  Frame* frame = frames_.front();
  if (live.place)
    for (Frame* inner : frames_)
      if (inner->loop == live.place->binding) frame = inner;
  std::string name = "live" + std::to_string(live.row);
  if (frame->known.emplace(name, name).second)
    constant(*frame, name, "p.live(" + std::to_string(live.row) + ')');
  return read(Place{Place::kGetter, {name, Level::kCall}});
}

// The value of a setup group is the array of its outputs (W 4.5).
Js Writer::live_output(const check::Symbol& symbol) {
  const check::LiveValue& of = *symbol.live_output;
  auto n = std::find(of.outputs.begin(), of.outputs.end(), &symbol) - of.outputs.begin();
  std::string items = of.outputs.size() == 1 ? "?.[" : "?.items[";
  return {live(of).text + items + std::to_string(n) + "] ?? null", Level::kCoalesce};
}

// Becomes true after the first show: what touches the browser has no value before.
Js Writer::shown() {
  Frame& frame = *frames_.front();
  if (frame.known.emplace("shown", "shown").second) {
    std::string name = fresh("shown");
    frame.known["shown"] = name;
    constant(frame, name, module_.imports.use("signal") + "(false)");
    frame.lines.push_back("p.mount(() => " + name + ".set(true));");
  }
  return {frame.known["shown"] + "()", Level::kCall};
}

// ---- Functions that see variables of the page ----

std::string Writer::page_function(const check::Function& function) {
  Frame& frame = *frames_.front();
  std::string name = module_.function(function);
  if (!frame.known.emplace("fn " + name, name).second) return name;
  std::size_t place = frame.lines.size();
  frame.lines.emplace_back();
  std::string text = function_text(name, function);
  frame.lines[place] = std::move(text);
  return name;
}

// ---- Derived variables ----

const DerivedGroup* Writer::group_of(const check::Symbol& symbol) {
  if (!part_) return nullptr;
  if (!has_groups_) {
    groups_ = derived_groups(*part_);
    has_groups_ = true;
  }
  for (const DerivedGroup& group : groups_)
    if (std::find(group.outputs.begin(), group.outputs.end(), &symbol) != group.outputs.end())
      return &group;
  return nullptr;
}

std::string Writer::derived(const DerivedGroup& group) {
  Frame& frame = *frames_.front();
  std::string name = module_.variable(*group.outputs[0]);
  if (group.outputs.size() > 1) name += "_group";
  if (!frame.known.emplace("derived " + name, name).second) return name;
  std::set<std::string>* reads = reads_;
  reads_ = nullptr;
  std::string value = group_value(group);
  reads_ = reads;
  constant(frame, name, "p.derived(() => " + value + ')');
  return name;
}

// What an arrow function gives that runs the group: its output, or the list of them.
std::string Writer::group_value(const DerivedGroup& group) {
  const Stmt& only = *group.statements[0];
  bool is_plain = group.statements.size() == 1 && group.outputs.size() == 1 &&
                  only.kind == StmtKind::kAssign &&
                  as<AssignStmt>(only).target->kind == ExprKind::kName &&
                  as<AssignStmt>(only).op == AssignOp::kSet;
  if (is_plain) {
    std::vector<std::string> lines = collect([&] {
      sink_value(*as<AssignStmt>(only).value, {Sink::kReturn, {}});
    });
    bool is_return = lines.size() == 1 && lines[0].rfind("return ", 0) == 0;
    if (!is_return) return braces(lines);
    return lines[0].substr(7, lines[0].size() - 8);
  }
  auto before = places_;
  std::vector<std::string> lines = collect([&] {
    std::vector<std::string> outputs;
    for (const check::Symbol* output : group.outputs) {
      std::string name = fresh(output->name);
      outputs.push_back(name);
      places_[output] = {Place::kValue, {name, Level::kCall}};
      line("let " + name + " = null;");
    }
    for (const Stmt* next : group.statements) statement(*next);
    line("return " + (outputs.size() == 1 ? outputs[0] : '[' + joined(outputs, ", ") + ']') + ';');
  });
  places_ = std::move(before);
  return braces(lines);
}

}  // namespace flin::browser
