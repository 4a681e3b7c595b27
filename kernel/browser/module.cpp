#include "browser/module.h"

#include "browser/js_text.h"
#include "browser/writer.h"
#include "check/walk.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::SymbolKind;

Module::Module(const check::CheckedProgram& program, const check::Page& page,
               const Exports& exports)
    : program(program), page(page), imports(exports), types(program, imports) {
  for (const check::Function* function : program.functions)
    if (function->used_in_browser)
      names_[function] = top_name(function->declaration->name.text),
      top_[names_[function]] = function;
  for (const check::Component* component : program.components)
    names_[component] = top_name(component->name), top_[names_[component]] = component;
  for (const check::Handler* handler : program.handlers)
    if (handler->body) by_body_[handler->body] = handler;
  for (const check::Function* function : page.browser_functions)
    shares_event_ = shares_event_ || (function->unit && function->unit->uses_event);
  if (shares_event_) declarations_.emplace_back("let event = null;");
}

bool Module::takes(std::string_view name) const {
  return top_.find(name) != top_.end() || imports.takes(name);
}

std::string Module::top_name(std::string_view wanted) {
  std::string base = is_identifier(wanted) ? std::string(wanted) : "value", name = base;
  for (int n = 2; is_reserved(name) || takes(name); ++n) name = base + '_' + std::to_string(n);
  top_[name] = nullptr;
  return name;
}

const check::Handler* Module::handler_of(const Block* body) const {
  auto found = by_body_.find(body);
  return found == by_body_.end() ? nullptr : found->second;
}

std::string Module::variable(const check::Symbol& symbol) {
  auto known = names_.find(&symbol);
  if (known != names_.end()) return known->second;
  std::string base = is_identifier(symbol.name) ? std::string(symbol.name) : "value", name = base;
  for (int n = 2; is_reserved(name) || takes(name); ++n) name = base + '_' + std::to_string(n);
  return names_[&symbol] = name;
}

std::string Module::function(const check::Function& function) {
  auto known = names_.find(&function);
  if (known == names_.end())
    known = names_.emplace(&function, top_name(function.declaration->name.text)).first;
  std::string name = known->second;
  if (function.page_bound || !written_.insert(&function).second) return name;
  std::size_t place = declarations_.size();
  declarations_.emplace_back();
  Writer writer(*this, nullptr, nullptr);
  writer.section([&] {
    declarations_[place] = writer.function_text(name, function);
    return std::string();
  });
  return name;
}

std::string Module::constant(const check::Symbol& symbol) {
  auto known = names_.find(&symbol);
  if (known != names_.end()) return known->second;
  std::string name = names_[&symbol] = top_name(symbol.name);
  Writer writer(*this, nullptr, nullptr);
  std::string text;
  writer.section([&] {
    text = writer.argument(*symbol.constant);
    return std::string();
  });
  declarations_.push_back("const " + name + " = " + text + ';');
  return name;
}

std::string Module::component(const check::Component& component) {
  std::string name = names_.at(&component);
  if (!written_.insert(&component).second) return name;
  std::string make = imports.use("component");
  std::vector<std::string> keys = part_keys(*this, Part(component));
  declarations_.push_back("const " + name + " = " + make + '(' + listed("{ ", keys, " }") + ");");
  return name;
}

// ---- Parts ----

Part::Part(const check::Page& of)
    : page(&of),
      variables(of.variables),
      setup(of.setup),
      handlers(of.handlers),
      live(of.live),
      views(of.views),
      hooks(of.hooks),
      scope(of.scope) {}

Part::Part(const check::Component& of)
    : component(&of),
      variables(of.variables),
      setup(of.setup),
      handlers(of.handlers),
      live(of.live),
      views(of.views),
      hooks(of.hooks),
      scope(of.scope) {}

namespace {

class Writes : public check::Walker {
 public:
  explicit Writes(std::vector<const check::Symbol*>& out) : out_(out) {}

  void stmt(Stmt* s) override {
    if (s->kind == StmtKind::kAssign) write(as<AssignStmt>(*s).target);
    if (s->kind == StmtKind::kIncrement) write(as<IncrementStmt>(*s).target);
    if (s->kind == StmtKind::kDeleteKey) write(as<DeleteKeyStmt>(*s).target);
    Walker::stmt(s);
  }
  void pattern(Pattern* p) override {
    if (p && p->symbol) add(p->symbol);
    Walker::pattern(p);
  }
  void call(CallExpr& c) override {
    bool writes = c.target == CallTarget::kBuiltin && (c.builtin->flags & check::kBuiltinWrites) &&
                  !c.operands.empty();
    if (writes) write(c.operands[0]);
    Walker::call(c);
  }

 private:
  void write(const Expr* target) { add(check::root_symbol(target)); }
  void add(const check::Symbol* symbol) {
    bool is_shared = symbol && (symbol->kind == SymbolKind::kPageVariable ||
                                symbol->kind == SymbolKind::kComponentVariable);
    if (is_shared && std::find(out_.begin(), out_.end(), symbol) == out_.end())
      out_.push_back(symbol);
  }
  std::vector<const check::Symbol*>& out_;
};

}  // namespace

void collect_written(const Stmt& statement, std::vector<const check::Symbol*>& out) {
  Writes(out).stmt(const_cast<Stmt*>(&statement));  // a Walker may change trees; this one does not
}
void collect_written(const Block& block, std::vector<const check::Symbol*>& out) {
  Writes(out).block(&block);
}

std::vector<DerivedGroup> derived_groups(const Part& part) {
  std::vector<DerivedGroup> groups;
  for (const check::SetupStatement& row : part.setup) {
    bool in_browser = row.tier == check::SetupTier::kBrowser;
    if (!in_browser && row.tier != check::SetupTier::kDerived) continue;
    DerivedGroup made;
    made.in_browser = in_browser;
    made.statements.push_back(row.statement);
    collect_written(*row.statement, made.outputs);
    made.once = in_browser && std::any_of(made.outputs.begin(), made.outputs.end(),
                                          [](const auto* s) { return s->is_state; });
    if (made.outputs.empty() && !in_browser) continue;
    auto shares = [&](const DerivedGroup& group) {
      return group.in_browser == in_browser &&
             std::any_of(made.outputs.begin(), made.outputs.end(), [&](const auto* s) {
               return std::find(group.outputs.begin(), group.outputs.end(), s) !=
                      group.outputs.end();
             });
    };
    for (auto group = groups.begin();
         group != groups.end();) {  // earlier statements stand in front
      if (!shares(*group)) {
        ++group;
        continue;
      }
      made.once = made.once || group->once;
      made.statements.insert(made.statements.begin(), group->statements.begin(),
                             group->statements.end());
      for (const check::Symbol* output : group->outputs)
        if (std::find(made.outputs.begin(), made.outputs.end(), output) == made.outputs.end())
          made.outputs.push_back(output);
      group = groups.erase(group);
    }
    std::sort(made.statements.begin(), made.statements.end(),
              [](const Stmt* a, const Stmt* b) { return a->span.begin < b->span.begin; });
    std::sort(made.outputs.begin(), made.outputs.end(),
              [](const auto* a, const auto* b) { return a->slot < b->slot; });
    groups.push_back(std::move(made));
  }
  return groups;
}

}  // namespace flin::browser
