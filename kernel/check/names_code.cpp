// Names in statements, patterns, control and views.
#include "check/resolver.h"

namespace flin::check {
using namespace syntax;
namespace {

// Methods whose arguments may hold names of fields.
bool takes_fields(std::string_view method) {
  for (std::string_view m :
       {"where", "order", "order_by", "sum", "avg", "min", "max", "distinct", "group_by"})
    if (m == method) return true;
  return false;
}

}  // namespace

void Resolver::expr(Expr* e) {
  if (e == nullptr) return;
  switch (e->kind) {
    case ExprKind::kName: return name(as<NameExpr>(*e));
    case ExprKind::kIf: return if_expr(as<IfExpr>(*e));
    case ExprKind::kFor: return for_expr(as<ForExpr>(*e));
    case ExprKind::kWhile: return while_expr(as<WhileExpr>(*e));
    case ExprKind::kMatch: return match_expr(as<MatchExpr>(*e));
    case ExprKind::kBlock: return in_scope([&] { block(as<BlockExpr>(*e).block); });
    case ExprKind::kEntity: return entity_literal(as<EntityExpr>(*e));
    case ExprKind::kMember:
      uses_methods(as<MemberExpr>(*e).name.text, as<MemberExpr>(*e).name.span);
      return Walker::expr(e);
    default: return Walker::expr(e);
  }
}

void Resolver::stmt(Stmt* s) {
  if (s == nullptr) return;
  switch (s->kind) {
    case StmtKind::kAssign: return assign(as<AssignStmt>(*s));
    case StmtKind::kIncrement:
      if (auto*& target = as<IncrementStmt>(*s).target; target->kind == ExprKind::kName)
        if (MemberExpr* field = field_of_self(as<NameExpr>(*target))) target = field;
      expr(as<IncrementStmt>(*s).target);
      return changed(as<IncrementStmt>(*s).target);
    case StmtKind::kDestructure: return destructure(as<DestructureStmt>(*s));
    case StmtKind::kDeleteKey:
      expr(as<DeleteKeyStmt>(*s).target);
      return changed(as<DeleteKeyStmt>(*s).target);
    case StmtKind::kTry: return try_stmt(as<TryStmt>(*s));
    case StmtKind::kFunction:
    case StmtKind::kEntity:
    case StmtKind::kEnum:
    case StmtKind::kComponent:
    case StmtKind::kRoute:
    case StmtKind::kTrait:
    case StmtKind::kImpl:
    case StmtKind::kTypeAlias:
    case StmtKind::kTest:
      if (depth_ > 0)
        t_.reports.add(Code::E0216, s->span, {word_of(s->kind)}, "only at the top level");
      return;
    case StmtKind::kDeclForm:
      if (t_.placed.count(s) == 0)
        t_.reports.add(Code::E0216, s->span, {as<DeclFormStmt>(*s).form}, "not here");
      return;
    default: return Walker::stmt(s);
  }
}

void Resolver::lambda(LambdaExpr& l) {
  Unit* unit = p_.arena.make<Unit>();
  unit->kind = UnitKind::kLambda;
  unit->parent = unit_;
  unit->params = &l.params;
  unit->body = l.body;
  if (unit_ != nullptr) {
    unit->page = unit_->page;
    unit->component = unit_->component;
  }
  l.unit = unit;
  bool setup = setup_;
  setup_ = false;
  in_unit(unit, [&] {
    parameters(l.params);
    block(l.body);
  });
  setup_ = setup;
}

void Resolver::call(CallExpr& c) {
  if (c.callee->kind == ExprKind::kName && is_method_of_self(as<NameExpr>(*c.callee).name))
    c.callee =
        p_.arena.make<MemberExpr>(c.callee->span, p_.arena.make<NameExpr>(c.callee->span, "self"),
                                  Word{as<NameExpr>(*c.callee).name, c.callee->span}, false);
  bool is_method = c.callee->kind == ExprKind::kMember;
  bool lenient = lenient_;
  if (c.callee->kind == ExprKind::kName)
    callee(as<NameExpr>(*c.callee));
  else
    expr(c.callee);
  if (is_method && takes_fields(as<MemberExpr>(*c.callee).name.text)) lenient_ = true;
  for (Argument& argument : c.arguments) expr(argument.value);
  lenient_ = lenient;
}

void Resolver::pattern(Pattern* p) {
  if (p == nullptr) return;
  expr(p->value);
  expr(p->end);
  bool is_rest = p->kind == PatternKind::kList || p->kind == PatternKind::kMap;
  if (p->kind == PatternKind::kName) bind_pattern_name(*p);
  if (p->kind == PatternKind::kType && !p->name.text.empty()) p->symbol = declare_local(p->name);
  if (p->kind == PatternKind::kAlternatives) return alternatives(*p);
  for (Pattern* item : p->items) pattern(item);
  for (MapPatternItem& entry : p->entries) {
    pattern(entry.pattern);
    expr(entry.fallback);
  }
  if (is_rest && !p->name.text.empty()) p->symbol = bind_target(p->name);
}

void Resolver::node(Node* n) {
  switch (n->kind) {
    case NodeKind::kIf: return if_node(as<IfNode>(*n));
    case NodeKind::kFor: return for_node(as<ForNode>(*n));
    case NodeKind::kWhile: return in_scope([&] { Walker::node(n); });
    case NodeKind::kMatch: return match_node(as<MatchNode>(*n));
    case NodeKind::kComponent: component_use(as<ComponentNode>(*n)); return Walker::node(n);
    default: return Walker::node(n);
  }
}

void Resolver::attribute(Attribute* a) {
  for (auto& modifier : a->modifiers) expr(modifier.argument);
  for (Expr* part : a->parts) expr(part);
  expr(a->value);
  if (a->kind == AttributeKind::kBind && a->value != nullptr) {
    bool setup = setup_;
    setup_ = false;
    binding_ = true;
    changed(a->value);
    binding_ = false;
    setup_ = setup;
  }
  if (a->handler_body != nullptr) handler(a->handler_body);
}

void Resolver::assign(AssignStmt& a) {
  expr(a.value);
  if (a.target->kind == ExprKind::kName && a.declare == Declare::kNo)
    if (MemberExpr* field = field_of_self(as<NameExpr>(*a.target))) a.target = field;
  if (a.target->kind != ExprKind::kName) {
    expr(a.target);
    return changed(a.target);
  }
  auto& n = as<NameExpr>(*a.target);
  Word word{n.name, n.span};
  if (n.symbol != nullptr && n.symbol->kind == SymbolKind::kConstant) return;
  bool top = setup_ && depth_ == 0;
  Symbol* known = a.declare == Declare::kNo ? variable(n.name) : nullptr;
  if (known == nullptr && (a.op == AssignOp::kSet || a.declare != Declare::kNo)) {
    n.symbol = top ? frame_variable(*frame_, word) : declare_local(word);
    a.creates = true;
    if (n.symbol == nullptr) return;
    if (top && !created_.insert(n.symbol).second) declared_again(word, *n.symbol);
    if (a.declare == Declare::kConst) n.symbol->is_const = true;
    return;
  }
  if (known == nullptr) return undefined(n.span, n.name);
  n.symbol = known;
  use(known);
  changed(&n);
}

void Resolver::declared_again(const Word& word, const Symbol& first) {
  Report& r = t_.reports.add(Code::E0004, word.span, {word.text}, "declared again here");
  r.others.push_back({first.declared, "first declared here"});
}

// The variable under a target gets another value or is changed in place.
void Resolver::changed(Expr* target) {
  Symbol* symbol = root_symbol(target);
  if (symbol == nullptr) return;
  bool whole = target->kind == ExprKind::kName;
  if (whole && symbol->is_const && !binding_) {
    Report& r = t_.reports.add(Code::E0007, target->span, {symbol->name}, "a constant");
    r.others.push_back({symbol->declared, "declared here"});
  }
  bool is_props = symbol->kind == SymbolKind::kProp
                      ? whole
                      : symbol->name == "props" && symbol->kind == SymbolKind::kContext;
  if (is_props) t_.reports.add(Code::E0513, target->span, {}, "belongs to who uses the component");
  if (whole) symbol->is_reassigned = true;
  if (!setup_) symbol->is_state = true;
  if (function_ != nullptr && symbol->unit != unit_) t_.facts[function_].writes.push_back(symbol);
}

void Resolver::destructure(DestructureStmt& d) {
  expr(d.value);
  bool creating = creating_;
  creating_ = d.declare != Declare::kNo;
  destructuring_ = true;
  pattern(d.pattern);
  destructuring_ = false;
  creating_ = creating;
}

Symbol* Resolver::bind_target(const Word& word) {
  if (!destructuring_) return declare_local(word);
  Symbol* known = creating_ ? nullptr : variable(word.text);
  if (known != nullptr) {
    use(known);
    NameExpr target(word.span, word.text);
    target.symbol = known;
    changed(&target);
    return known;
  }
  if (!(setup_ && depth_ == 0)) return declare_local(word);
  Symbol* symbol = frame_variable(*frame_, word);
  created_.insert(symbol);
  return symbol;
}

void Resolver::bind_pattern_name(Pattern& p) {
  if (!destructuring_ && !creating_) {
    auto it = t_.variants.find(p.name.text);
    if (it != t_.variants.end()) return;  // a variant by its bare name: infer_match.cpp
    if (Symbol* hidden = variable(p.name.text)) {
      Report& r =
          t_.reports.add(Code::W0323, p.span, {p.name.text}, "binds a new name and always matches");
      r.helps = {"write (" + std::string(p.name.text) + ") to compare"};
      r.others.push_back({hidden->declared, "the variable"});
    }
  }
  p.symbol = bind_target(p.name);
}

// Alternatives bind the same names: the first one makes the symbols, the others use them.
void Resolver::alternatives(Pattern& p) {
  for (std::size_t i = 0; i < p.items.size(); ++i) {
    if (i == 0)
      pattern(p.items[i]);
    else
      share(p.items[i]);
  }
}

void Resolver::share(Pattern* p) {
  if (p == nullptr) return;
  expr(p->value);
  expr(p->end);
  if (!p->name.text.empty() && p->kind != PatternKind::kVariant) {
    p->symbol = local(p->name.text);
    if (p->symbol == nullptr && t_.variants.count(p->name.text) == 0)
      p->symbol = declare_local(p->name);
  }
  for (Pattern* item : p->items) share(item);
  for (MapPatternItem& entry : p->entries) share(entry.pattern);
}

void Resolver::try_stmt(TryStmt& s) {
  in_scope([&] { block(s.body); });
  in_scope([&] {
    s.symbol = s.name.text.empty() ? nullptr : declare_local(s.name);
    block(s.handler);
  });
}

void Resolver::if_expr(IfExpr& e) {
  for (auto& branch : e.branches)
    in_scope([&] {
      condition(branch.condition);
      block(branch.body);
    });
  if (e.otherwise != nullptr) in_scope([&] { block(e.otherwise); });
}

void Resolver::loop_head(ForHead& h) {
  if (h.subject != nullptr) {
    expr(h.subject);
    ++depth_;
    h.first_symbol = declare_local(h.first);
    if (!h.second.text.empty()) h.second_symbol = declare_local(h.second);
    --depth_;
    return;
  }
  stmt(h.start);
  expr(h.condition);
  stmt(h.step);
}

void Resolver::for_expr(ForExpr& e) {
  in_scope([&] {
    loop_head(e.head);
    in_scope([&] { block(e.body); });
  });
}

void Resolver::while_expr(WhileExpr& e) {
  in_scope([&] {
    condition(e.condition);
    block(e.body);
  });
}

void Resolver::match_expr(MatchExpr& e) {
  expr(e.subject);
  for (MatchArm& arm : e.arms)
    in_scope([&] {
      pattern(arm.pattern);
      expr(arm.guard);
      block(arm.body);
    });
}

void Resolver::entity_literal(EntityExpr& e) {
  if (auto it = t_.entities.find(e.name.text); it != t_.entities.end()) e.entity = it->second;
  for (const MapEntry& entry : e.entries) {
    expr(entry.key);
    expr(entry.value);
  }
}

void Resolver::if_node(IfNode& n) {
  for (auto& branch : n.branches)
    in_scope([&] {
      condition(branch.condition);
      nodes(branch.children);
    });
  in_scope([&] { nodes(n.otherwise); });
}

void Resolver::for_node(ForNode& n) {
  in_scope([&] {
    ++depth_;  // a counter is the loop's, not the page's
    loop_head(n.head);
    --depth_;
    expr(n.key);
    nodes(n.children);
  });
  in_scope([&] { nodes(n.otherwise); });
}

void Resolver::match_node(MatchNode& n) {
  expr(n.subject);
  for (auto& arm : n.arms)
    in_scope([&] {
      pattern(arm.pattern);
      expr(arm.guard);
      nodes(arm.children);
    });
}

void Resolver::component_use(ComponentNode& n) {
  auto it = t_.components.find(n.name.text);
  if (it != t_.components.end()) {
    n.component = it->second;
    return;
  }
  Report& r = t_.reports.add(Code::E0006, n.name.span, {n.name.text}, "no component of this name");
  std::vector<std::string_view> names;
  for (Component* c : p_.components) names.push_back(c->name);
  if (std::string help = did_you_mean(n.name.text, names); !help.empty())
    r.helps = {help + " Elements are written in lower case"};
}

}  // namespace flin::check
