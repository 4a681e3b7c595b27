// What a name means where it stands (L 2.11, L 5.1, L 6.8), and what to say if it means nothing.
#include "check/aliases.h"
#include "check/resolver.h"

#include <algorithm>
#include <cctype>

namespace flin::check {
using namespace syntax;

Symbol* Resolver::local(std::string_view text) {
  auto it = visible_.find(text);
  return it == visible_.end() || it->second.empty() ? nullptr : it->second.back();
}

Symbol* Resolver::variable(std::string_view text) {
  if (Symbol* symbol = local(text)) return symbol;
  if (frame_ != nullptr)
    if (auto it = frame_->variables.find(text); it != frame_->variables.end()) {
      Symbol* symbol = it->second;
      bool below = setup_ && created_.count(symbol) == 0;
      if (!below) return symbol;
    }
  auto it = t_.constants.find(text);
  return it == t_.constants.end() ? nullptr : it->second;
}

void Resolver::use(Symbol* symbol) {
  bool is_local = symbol->kind == SymbolKind::kLocal || symbol->kind == SymbolKind::kParameter;
  if (!is_local) {
    bool of_frame = symbol->kind == SymbolKind::kPageVariable ||
                    symbol->kind == SymbolKind::kComponentVariable ||
                    symbol->kind == SymbolKind::kProp;
    if (of_frame && function_ != nullptr) t_.facts[function_].reads_frame = true;
    return;
  }
  for (Unit* unit = unit_; unit != nullptr && unit != symbol->unit; unit = unit->parent) {
    symbol->is_captured = true;
    if (std::find(unit->captures.begin(), unit->captures.end(), symbol) == unit->captures.end())
      unit->captures.push_back(symbol);
  }
}

Function* Resolver::function(std::string_view text) {
  if (frame_ != nullptr)
    if (auto it = frame_->functions.find(text); it != frame_->functions.end()) return it->second;
  auto it = t_.functions.find(text);
  return it == t_.functions.end() ? nullptr : it->second.front();
}

void Resolver::use(Function* f, const Span& span) {
  uses_.push_back({f, span, function_, frame_});
  if (function_ == nullptr && !view_ && frame_ != nullptr) frame_->uses.push_back(f);
  if (function_ != nullptr) {
    auto& uses = t_.facts[function_].uses;
    if (seen_.insert({function_, f}).second) uses.push_back(f);
  }
}

// In an impl for an entity: its fields are in scope by name (L 7.8), behind what the code declares.
MemberExpr* Resolver::field_of_self(const NameExpr& n) {
  if (method_ == nullptr || local(n.name) != nullptr) return nullptr;
  const Type* self = method_->self_type;
  if (!self->is(TypeTag::kEntity) || field_number(*self->entity, n.name) == kNoField)
    return nullptr;
  NameExpr* object = p_.arena.make<NameExpr>(n.span, "self");
  return p_.arena.make<MemberExpr>(n.span, object, Word{n.name, n.span}, false);
}

bool Resolver::is_method_of_self(std::string_view name) {
  if (method_ == nullptr || local(name) != nullptr) return false;
  for (const Trait* trait : p_.traits)
    for (const TraitMethod& method : trait->methods)
      if (&method == method_->implements ||
          (method_->implements >= trait->methods.data() &&
           method_->implements < trait->methods.data() + trait->methods.size()))
        if (method.declaration->name.text == name) return true;
  return false;
}

// What `x.name` may call: known only with the type of x, but needed for the order of inference.
void Resolver::uses_methods(std::string_view name, const Span& span) {
  auto it = t_.dispatchers.find(name);
  if (it == t_.dispatchers.end()) return;
  use(it->second, span);
  for (const Impl& impl : t_.impls)
    for (Function* f : impl.methods)
      if (f != nullptr && f->declaration->name.text == name) use(f, span);
}

bool Resolver::resolve(NameExpr& n) {
  if (n.function != nullptr) {  // named by the checker itself
    use(const_cast<Function*>(n.function), n.span);
    return true;
  }
  if (MemberExpr* field = field_of_self(n)) {
    n.of_self = field;
    expr(field);
    return true;
  }
  if (Symbol* symbol = variable(n.name)) {
    n.symbol = symbol;
    use(symbol);
    return true;
  }
  if (Function* f = function(n.name)) {
    n.function = f;
    use(f, n.span);
    return true;
  }
  if (context(n) || variant(n)) return true;
  if (auto it = t_.entities.find(n.name); it != t_.entities.end()) {
    n.entity = it->second;
    return true;
  }
  if (t_.enums.count(n.name) > 0) return true;
  if (const auto& found = t_.bindings.builtins(n.name); !found.empty()) {
    n.builtin = found.front();
    return true;
  }
  if (auto it = t_.browser_objects.find(n.name); it != t_.browser_objects.end()) {
    n.symbol = it->second;
    return true;
  }
  return is_alias_object(n.name);
}

bool Resolver::is_alias_object(std::string_view name) {
  for (std::string_view n :
       {"Math", "JSON", "Object", "Array", "Date", "console", "agents", "response"})
    if (n == name) return true;
  return false;
}

bool Resolver::variant(NameExpr& n) {
  auto it = t_.variants.find(n.name);
  if (it == t_.variants.end()) return false;
  n.enumeration = it->second[0].first;
  n.variant = it->second[0].second;
  if (it->second.size() > 1) {
    Report& r =
        t_.reports.add(Code::E0010, n.span, {"this name", n.name}, "more than one enum has it");
    r.helps = {"write " + std::string(n.enumeration->name) + "." + std::string(n.name)};
  }
  return true;
}

bool Resolver::context(NameExpr& n) {
  auto it = t_.contexts.find(n.name);
  if (it == t_.contexts.end()) return false;
  bool of_component = n.name == "props" || n.name == "children";
  if (of_component && (unit_of_frame() == nullptr || unit_of_frame()->component == nullptr))
    return false;
  if (n.name == "user" || n.name == "self" || (n.name == "socket" && !socket_)) return false;
  n.symbol = it->second;
  if (n.name == "event") {
    mark_event();
    return true;
  }
  bool in_page = n.name == "params" || n.name == "query" || n.name == "session";
  bool allowed = of_component || request_ == kFullRequest || (request_ == kPageRequest && in_page);
  if (!allowed) t_.reports.add(Code::E0905, n.span, {n.name}, "there is no request here");
  return true;
}

Unit* Resolver::unit_of_frame() const { return frame_ == nullptr ? nullptr : frame_->unit; }

void Resolver::mark_event() {
  for (Unit* unit = unit_; unit != nullptr; unit = unit->parent) {
    unit->uses_event = true;
    if (unit->kind != UnitKind::kLambda) break;
  }
}

void Resolver::name(NameExpr& n) {
  if (n.name == "_" || resolve(n)) return;
  Report report = undefined_report(n.span, n.name);
  if (lenient_)
    t_.open_names.emplace(&n, std::move(report));
  else
    t_.reports.add(report.code, report.span) = std::move(report);
}

// Forms that are written like calls.
bool Resolver::form_call(const NameExpr& n) {
  bool is_form = false;
  for (std::string_view f : {"save", "delete", "restore", "destroy", "redirect"})
    is_form = is_form || f == n.name;
  if (is_form && t_.bindings.form(n.name) == nullptr)
    missing_plugin(n.span, n.name, t_.bindings.plugin_for(n.name));
  return is_form;
}

void Resolver::callee(NameExpr& n) {
  if (resolve(n) || form_call(n)) return;
  if (!t_.bindings.builtins(function_alias(n.name)).empty()) return;  // String(x), parseInt(t)
  Report report{Code::E0002, n.span, {std::string(n.name)}, "no function of this name", {}, {}, {}};
  std::vector<std::string_view> names;
  for (Function* f : p_.functions) names.push_back(f->declaration->name.text);
  for (const std::string& b : t_.bindings.builtin_names()) names.push_back(b);
  suggest(report, n.name, names);
  if (needs_plugin(n)) return;
  if (std::isupper(static_cast<unsigned char>(n.name[0]))) return unknown_variant(n);
  t_.reports.add(report.code, report.span) = std::move(report);
}

void Resolver::unknown_variant(NameExpr& n) { undefined(n.span, n.name); }

// A built-in of a plugin that is not loaded.
bool Resolver::needs_plugin(const NameExpr& n) {
  std::string plugin = t_.bindings.plugin_for(n.name);
  if (plugin.empty()) return false;
  missing_plugin(n.span, n.name, plugin);
  return true;
}

void Resolver::missing_plugin(const Span& span, std::string_view what, const std::string& plugin) {
  std::string all;
  for (const std::string& loaded : t_.bindings.loaded_plugins()) all += loaded + ",";
  t_.reports.add(Code::E1001, span, {what, plugin, all + plugin},
                 "no loaded plugin gives it a meaning");
}

std::vector<std::string_view> Resolver::visible_names() {
  std::vector<std::string_view> names;
  for (std::string_view text : log_)
    if (local(text) != nullptr) names.push_back(text);
  if (frame_ != nullptr)
    for (Symbol* symbol : *frame_->slots) names.push_back(symbol->name);
  if (unit_of_frame() != nullptr && frame_->unit->component != nullptr)
    for (Symbol* prop : frame_->unit->component->props) names.push_back(prop->name);
  for (const auto& [text, symbol] : t_.constants) names.push_back(text);
  for (Function* f : p_.functions) names.push_back(f->declaration->name.text);
  return names;
}

Report Resolver::undefined_report(const Span& span, std::string_view text) {
  Report report{Code::E0001, span, {std::string(text)}, "not declared in this scope", {}, {}, {}};
  std::vector<std::string_view> names = visible_names();
  names.erase(std::remove(names.begin(), names.end(), text), names.end());
  std::string help = did_you_mean(text, names);
  if (help.empty()) return report;
  std::string_view near = std::string_view(help).substr(14);
  near = near.substr(0, near.find('\''));
  const Symbol* symbol = variable(near);
  if (symbol == nullptr && frame_ != nullptr && frame_->variables.count(near) > 0)
    symbol = frame_->variables.at(near);
  if (symbol != nullptr)
    help += " (declared on line " + std::to_string(t_.line_of(symbol->declared)) + ")";
  report.helps = {help};
  report.notes = {"variables must be declared before use"};
  return report;
}

void Resolver::undefined(const Span& span, std::string_view text) {
  Report report = undefined_report(span, text);
  t_.reports.add(report.code, span) = std::move(report);
}

}  // namespace flin::check
