// Statements and control.
#include "check/infer.h"

namespace flin::check {
using namespace syntax;

// The value is that of the last expression; never if its end is not reached.
const Type* Inference::block(const Block* b, Type_ hint) {
  if (b == nullptr) return none();
  bool ended = false;
  Type_ value = none();
  for (std::size_t i = 0; i < b->statements.size(); ++i) {
    Stmt* s = b->statements[i];
    bool last = i + 1 == b->statements.size();
    if (last && s->kind == StmtKind::kExpr) {
      value = infer(as<ExprStmt>(*s).value, hint);
      ended = ended || is(value, TypeTag::kNever);
    } else {
      ended = statement(s) || ended;
    }
  }
  return ended ? simple(TypeTag::kNever) : value;
}

const Type* Inference::scoped_block(const Block* b, const Facts& assumed, Type_ hint) {
  std::size_t mark = narrow_mark();
  assume(assumed);
  Type_ type = block(b, hint);
  // What was assigned inside is not narrowed after it either.
  std::vector<Symbol*> changed;
  for (std::size_t i = mark; i < narrow_log_.size(); ++i)
    if (narrow_[narrow_log_[i].first] == nullptr) changed.push_back(narrow_log_[i].first);
  narrow_back(mark);
  if (!is(type, TypeTag::kNever))
    for (Symbol* symbol : changed) forget(symbol);
  return type;
}

bool Inference::statement(Stmt* s) {
  switch (s->kind) {
    case StmtKind::kExpr: {
      Expr* e = as<ExprStmt>(*s).value;
      Type_ type = infer(e);
      if (e->kind == ExprKind::kIf) {
        // `if x == none { return }`: the rest of the block knows better.
        auto& branches = as<IfExpr>(*e).branches;
        for (auto& branch : branches) {
          bool left = branch.condition.pattern == nullptr && branch.body != nullptr &&
                      !branch.body->statements.empty();
          if (!left || !leaves(branch.body)) break;
          assume(facts(branch.condition.value, false));
        }
      }
      return is(type, TypeTag::kNever);
    }
    case StmtKind::kAssign: assign(as<AssignStmt>(*s)); return false;
    case StmtKind::kIncrement: increment(as<IncrementStmt>(*s)); return false;
    case StmtKind::kDestructure: {
      auto& d = as<DestructureStmt>(*s);
      Type_ type = run_query(d.value, infer(d.value));
      destructure(*d.pattern, type, d.value);
      return false;
    }
    case StmtKind::kReturn: return_value(as<ReturnStmt>(*s)); return true;
    case StmtKind::kBreak: {
      Type_ type = as<BreakStmt>(*s).value == nullptr ? none() : infer(as<BreakStmt>(*s).value);
      if (breaks_ != nullptr) breaks_->push_back(type);
      return true;
    }
    case StmtKind::kContinue: return true;
    case StmtKind::kTry: {
      auto& t = as<TryStmt>(*s);
      bool a = is(scoped_block(t.body, {}, nullptr), TypeTag::kNever);
      if (t.symbol != nullptr) {
        t.symbol->type = nullptr;
        create_symbol(t.symbol, simple(TypeTag::kError));
      }
      bool b = is(scoped_block(t.handler, {}, nullptr), TypeTag::kNever);
      return a && b;
    }
    case StmtKind::kAssert: {
      Type_ type = infer(as<AssertStmt>(*s).value);
      run_query(as<AssertStmt>(*s).value, type);
      return false;
    }
    case StmtKind::kDeleteKey: {
      IndexExpr& target = *as<DeleteKeyStmt>(*s).target;
      Type_ object = plain(infer(target.object));
      Type_ key = infer(target.index);
      set(&target, any());
      bool is_map = object->is(TypeTag::kMap);
      if (is_map && !coerce(target.index, object->items[0]))
        report(Code::E0301, target.index->span, {shown(object->items[0]), shown(key)},
               "keys of this map are " + shown(object->items[0]));
      if (!is_map && !object->is(TypeTag::kAny) && !object->is(TypeTag::kVariable))
        report(Code::E0301, target.object->span, {"a map", shown(object)},
               "this is " + shown(object));
      return false;
    }
    case StmtKind::kUnsupported:
      report(Code::E0217, s->span, {"'" + std::string(as<UnsupportedStmt>(*s).word) + "'"},
             "not yet");
      return false;
    default: return false;
  }
}

// Whether a block that has been inferred never comes to its end.
bool Inference::leaves(const Block* b) {
  if (b == nullptr || b->statements.empty()) return false;
  const Stmt* last = b->statements.back();
  switch (last->kind) {
    case StmtKind::kReturn:
    case StmtKind::kBreak:
    case StmtKind::kContinue: return true;
    case StmtKind::kExpr: {
      const Expr* e = as<ExprStmt>(*last).value;
      return e->type != nullptr && is(e->type, TypeTag::kNever);
    }
    default: return false;
  }
}

void Inference::return_value(ReturnStmt& s) {
  if (body_ == nullptr) return;
  if (s.value == nullptr) {
    bool fits = body_->expected == nullptr || u_.fit(none(), body_->expected) != Fit::kNo;
    if (!fits) report(Code::E0301, s.span, {shown(body_->expected), "none"}, "gives no value");
    body_->joined = body_->joined == nullptr ? none() : u_.join(body_->joined, none());
    return;
  }
  if (body_->expected != nullptr) {
    expect(s.value, body_->expected);
    return;
  }
  Type_ type = run_query(s.value, infer(s.value));
  body_->joined = body_->joined == nullptr ? type : u_.join(body_->joined, type);
  body_->returns.push_back(s.value);
}

// The last expression of a block gives its value as `to`.
void Inference::coerce_value(const Block* b, Type_ to) {
  if (b == nullptr || b->statements.empty() || b->statements.back()->kind != StmtKind::kExpr)
    return;
  Expr* value = as<ExprStmt>(*b->statements.back()).value;
  if (value->type != nullptr && !is(to, TypeTag::kNone)) coerce(value, to);
}

// ---- Assignments ----

void Inference::assign(AssignStmt& s) {
  if (s.target->kind == ExprKind::kName) return assign_name(s, as<NameExpr>(*s.target).symbol);
  if (s.target->kind != ExprKind::kMember && s.target->kind != ExprKind::kIndex) {
    infer(s.value);
    infer(s.target);
    report(Code::E0207, s.target->span, {}, "no place for a value");
    return;
  }
  Type_ type = target_type(s.target);
  if (s.op == AssignOp::kSet)
    expect(s.value, type);
  else if (Type_ result = updated(s, type); result != nullptr && u_.fit(result, type) == Fit::kNo)
    report(Code::E0301, s.value->span, {shown(type), shown(result)},
           "this would be " + shown(result));
  changed(s.target);
}

void Inference::assign_name(AssignStmt& s, Symbol* symbol) {
  if (symbol == nullptr) {
    infer(s.value);
    set(s.target, any());
    return;
  }
  if (symbol->kind == SymbolKind::kConstant) {
    set(s.target, symbol->type == nullptr ? infer(s.value) : symbol->type);
    return;
  }
  if (s.type != nullptr) {
    Type_ type = type_of(t_, s.type);
    if (s.creates) annotated_.insert(symbol);
    if (symbol->type != nullptr) u_.unify(symbol->type, type);
    create_symbol(symbol, type);
    early_.erase(symbol);
    expect(s.value, type);
    forget(symbol);
    set(s.target, type);
    return;
  }
  bool is_frame_variable =
      symbol->kind == SymbolKind::kPageVariable || symbol->kind == SymbolKind::kComponentVariable;
  if (s.creates && !is_frame_variable) symbol->type = nullptr;
  if (s.op != AssignOp::kSet) {
    Type_ old = type_of_symbol(symbol);
    set(s.target, old);
    Type_ result = updated(s, old);
    if (result != nullptr)
      assign_symbol(symbol, result,
                    s.op == AssignOp::kOr || s.op == AssignOp::kCoalesce ? s.value : nullptr,
                    s.value->span);
    return;
  }
  auto floor = floors_.find(symbol);
  Type_ hint = floor != floors_.end()     ? floor->second
               : early_.count(symbol) > 0 ? nullptr
                                          : symbol->type;
  Type_ given = infer(s.value, hint);
  // Only a variable with a single pure statement stands for a query (L 11.9).
  bool keeps_rows = is_frame_variable && (symbol->is_state || symbol->is_reassigned);
  if (keeps_rows) given = run_query(s.value, given);
  assign_symbol(symbol, given, s.value, s.value->span);
  set(s.target, symbol->type);
}

// Type of `old op= value`.
const Type* Inference::updated(AssignStmt& s, Type_ old) {
  static constexpr BinaryOp kOps[] = {
      BinaryOp::kAdd, BinaryOp::kAdd, BinaryOp::kSub,    BinaryOp::kMul, BinaryOp::kDiv,
      BinaryOp::kMod, BinaryOp::kPow, BinaryOp::kConcat, BinaryOp::kOr,  BinaryOp::kCoalesce};
  BinaryOp op = kOps[static_cast<int>(s.op)];
  Type_ value = infer(s.value, s.op == AssignOp::kConcat ? old : nullptr);
  if (s.op == AssignOp::kOr || s.op == AssignOp::kCoalesce) {
    Type_ left = plain(old);
    return left->is(TypeTag::kNone) ? value : u_.join(left, value);
  }
  BinaryExpr* e = p_.arena.make<BinaryExpr>(s.span, op, s.target, s.value, s.target->span);
  e->type = old;
  if (op == BinaryOp::kConcat) return concat(*e, old, run_query(s.value, value));
  Type_ result = arithmetic_or_report(*e, old, value);
  s.target->converted = nullptr;  // the code generators convert what they read themselves
  return result;
}

// Type of the place `a.b` or `a[i]`, which is about to be changed.
const Type* Inference::target_type(Expr* target) {
  if (target->kind == ExprKind::kIndex) {
    auto& e = as<IndexExpr>(*target);
    Type_ object = plain(run_query(e.object, infer(e.object)));
    Type_ type = infer(target);
    if (object->is(TypeTag::kMap)) type = object->items[1];
    bool fixed = object->is(TypeTag::kText) || object->is(TypeTag::kTuple);
    if (fixed) report(Code::E0316, target->span, {shown(object)}, "its parts are fixed");
    target->type = type;
    return type;
  }
  auto& m = as<MemberExpr>(*target);
  Type_ type = infer(target);
  Type_ object = plain(m.object->type);
  if (m.target == MemberTarget::kKey && object->is(TypeTag::kMap))
    type = target->type = object->items[1];
  if (m.target == MemberTarget::kTuple)
    report(Code::E0316, target->span, {shown(object)}, "its parts are fixed");
  bool no_place = m.target == MemberTarget::kCall || m.target == MemberTarget::kBuiltin ||
                  m.target == MemberTarget::kVariant || m.target == MemberTarget::kUnit;
  if (no_place) report(Code::E0207, target->span, {}, "no place for a value");
  if (m.target == MemberTarget::kField) {
    const Entity& entity = *object->entity;
    if (m.field >= kAutomaticFields) {
      report(Code::E0409, m.name.span, {m.name.text}, "the store sets it").helps = {
          "it is automatic"};
    } else if ((entity.fields[m.field].flags & kImmutableField) != 0) {
      report(Code::E0409, m.name.span, {m.name.text}, "declared @immutable").helps = {
          "it is immutable"};
    }
  }
  return type;
}

void Inference::changed(Expr* target) {
  if (Symbol* symbol = root_symbol(target); symbol != nullptr && target->kind == ExprKind::kName)
    forget(symbol);
  only_shows(target, target->span);
}

// A view changes nothing but variables of its own code: counters of loops, locals of lambdas.
void Inference::only_shows(const Expr* target, Span at) {
  if (body_ == nullptr || !body_->is_view) return;
  const Symbol* symbol = target->kind == ExprKind::kName ? as<NameExpr>(*target).symbol : nullptr;
  bool is_own = symbol != nullptr &&
                (symbol->kind == SymbolKind::kLocal || symbol->kind == SymbolKind::kParameter);
  if (!is_own) report(Code::E0512, at, {}, "a view only shows");
}

void Inference::increment(IncrementStmt& s) {
  only_shows(s.target, s.span);
  Type_ type;
  if (s.target->kind == ExprKind::kName)
    type = infer(s.target);
  else if (s.target->kind == ExprKind::kMember || s.target->kind == ExprKind::kIndex)
    type = target_type(s.target);
  else {
    infer(s.target);
    report(Code::E0207, s.target->span, {}, "no place for a value");
    return;
  }
  operand_none(s.target, type);
  type = u_.resolve(type);
  if (type->is(TypeTag::kVariable)) {
    u_.unify(type, simple(TypeTag::kInt));
    return;
  }
  if (!is_numeric(type) && !type->is(TypeTag::kAny))
    report(Code::E0302, s.span, {s.decrement ? "--" : "++", shown(type), "nothing"},
           "not a number");
}

// `[x, y] = list`, `(a, b) = pair`, `{ name } = m`; `value` is null for parameters.
void Inference::destructure(Pattern& p, Type_ type, Expr* value) {
  patterns_.push_back(&p);
  type = u_.resolve(type);
  if (p.kind == PatternKind::kName) {
    if (p.symbol != nullptr) assign_symbol(p.symbol, type, nullptr, p.span);
    return;
  }
  bool open = type->is(TypeTag::kVariable) || type->is(TypeTag::kAny);
  if (type->is(TypeTag::kVariable) && p.kind == PatternKind::kList)
    u_.unify(type, types_.list(fresh()));
  else if (type->is(TypeTag::kVariable))
    u_.unify(type, any());
  type = u_.resolve(type);
  Type_ rest = any();
  switch (p.kind) {
    case PatternKind::kList: {
      if (!type->is(TypeTag::kList) && !open) return never_fits(&p, type);
      Type_ item = type->is(TypeTag::kList) ? type->items[0] : any();
      std::size_t known = value != nullptr && value->kind == ExprKind::kList
                              ? as<ListExpr>(*value).items.size()
                              : SIZE_MAX;
      bool wrong =
          known != SIZE_MAX && (p.has_rest ? known < p.items.size() : known != p.items.size());
      for (const Expr* e : value != nullptr && value->kind == ExprKind::kList
                               ? as<ListExpr>(*value).items
                               : std::vector<Expr*>{})
        wrong = wrong && e->kind != ExprKind::kSpread;
      if (wrong)
        report(Code::E0315, p.span, {std::to_string(p.items.size()), std::to_string(known)},
               "the number differs");
      for (Pattern* i : p.items) destructure(*i, item, nullptr);
      rest = types_.list(item);
      break;
    }
    case PatternKind::kTuple:
      if (!type->is(TypeTag::kTuple) && !open) return never_fits(&p, type);
      if (type->is(TypeTag::kTuple) && type->items.size() != p.items.size())
        report(Code::E0315, p.span,
               {std::to_string(p.items.size()), std::to_string(type->items.size())},
               "the number differs");
      for (std::size_t i = 0; i < p.items.size(); ++i)
        destructure(*p.items[i],
                    type->is(TypeTag::kTuple) && i < type->items.size() ? type->items[i] : any(),
                    nullptr);
      return;
    case PatternKind::kMap:
      for (MapPatternItem& entry : p.entries) {
        Type_ item = map_item(entry, type);
        if (entry.pattern != nullptr) destructure(*entry.pattern, item, nullptr);
      }
      rest = type->is(TypeTag::kMap) ? type : any();
      break;
    default: return;
  }
  if (p.symbol != nullptr) assign_symbol(p.symbol, rest, nullptr, p.span);
}

const Type* Inference::map_item(MapPatternItem& entry, Type_ type) {
  Type_ item = any();
  if (type->is(TypeTag::kMap)) item = types_.optional(u_.resolve(type->items[1]));
  if (type->is(TypeTag::kEntity)) {
    std::uint32_t field = field_number(*type->entity, entry.key.text);
    if (field == kNoField)
      no_field(entry.key.span, *type->entity, entry.key.text);
    else
      item = field_type(t_, *type->entity, field);
  }
  if (entry.fallback == nullptr) return item;
  Type_ fallback = infer(entry.fallback);
  return is_optional(item) || is(item, TypeTag::kAny) ? u_.join(plain(item), fallback) : item;
}

// ---- Control ----

Inference::Facts Inference::condition(Condition& c, bool warn) {
  Type_ type = run_query(c.value, infer(c.value));
  if (c.pattern != nullptr) {
    pattern(c.pattern, type, true);
    return arm_facts(c.value, c.pattern, type);
  }
  Type_ t = u_.resolve(type);
  bool always = t->is(TypeTag::kList) || t->is(TypeTag::kMap);
  if (warn && always)
    report(Code::W0320, c.value->span, {},
           "a " + std::string(t->is(TypeTag::kList) ? "list" : "map") + " is always truthy")
        .helps = {"test " + text(c.value) + ".len > 0"};
  return facts(c.value, true);
}

const Type* Inference::if_expr(IfExpr& e, Type_ hint) {
  std::size_t mark = narrow_mark();
  Type_ joined = nullptr;
  std::vector<const Block*> bodies;
  std::vector<Symbol*> changed;
  auto branch_of = [&](const Block* body, const Facts& assumed) {
    std::size_t inner = narrow_mark();
    Type_ type = scoped_block(body, assumed, hint);
    for (std::size_t i = inner; i < narrow_log_.size(); ++i)
      changed.push_back(narrow_log_[i].first);
    narrow_back(inner);
    joined = joined == nullptr ? type : u_.join(joined, type);
    bodies.push_back(body);
  };
  for (auto& branch : e.branches) {
    Facts yes = condition(branch.condition);
    branch_of(branch.body, yes);
    if (branch.condition.pattern == nullptr) assume(facts(branch.condition.value, false));
  }
  if (e.otherwise != nullptr)
    branch_of(e.otherwise, {});
  else
    joined = joined == nullptr || is(joined, TypeTag::kNever) ? none() : u_.join(joined, none());
  narrow_back(mark);
  for (Symbol* symbol : changed) forget(symbol);
  for (const Block* body : bodies) coerce_value(body, joined);
  return joined;
}

void Inference::loop_items(Expr* subject, Type_ type, Type_& first, Type_& second, bool two) {
  type = plain(type);
  first = any();
  second = simple(TypeTag::kInt);
  switch (type->tag) {
    case TypeTag::kList: first = type->items[0]; return;
    case TypeTag::kText: first = simple(TypeTag::kText); return;
    case TypeTag::kMap:
      first = type->items[0];
      second = type->items[1];
      return;
    case TypeTag::kVariable:
      if (two)
        u_.unify(type, any());
      else if (u_.unify(type, types_.list(fresh())))
        first = u_.resolve(type)->items[0];
      if (two) second = any();
      return;
    case TypeTag::kAny: second = any(); return;
    case TypeTag::kNone:
    case TypeTag::kNever: return;
    default: {
      Report& r = report(Code::E0307, subject->span, {shown(type)}, "holds no items");
      if (type->is(TypeTag::kInt))
        r.helps = {"use 0..<" + text(subject)};
      else
        r.helps = {"loop over a list, range, text, map or query"};
    }
  }
}

void Inference::loop_head(ForHead& head) {
  if (head.subject == nullptr) {
    if (head.start != nullptr) statement(head.start);
    infer(head.condition);
    if (head.step != nullptr) statement(head.step);
    return;
  }
  Type_ type = run_query(head.subject, infer(head.subject));
  Type_ first, second;
  loop_items(head.subject, type, first, second, head.second_symbol != nullptr);
  for (auto [symbol, t] : {std::pair{head.first_symbol, first}, {head.second_symbol, second}}) {
    if (symbol == nullptr) continue;
    symbol->type = nullptr;
    create_symbol(symbol, t);
  }
}

const Type* Inference::for_expr(ForExpr& e) {
  std::vector<Type_> breaks;
  auto* outer = breaks_;
  forget_changed_by(e.body);
  loop_head(e.head);
  breaks_ = &breaks;
  scoped_block(e.body, {}, nullptr);
  breaks_ = outer;
  Type_ joined = none();
  for (Type_ type : breaks) joined = u_.join(joined, type);
  return joined;
}

const Type* Inference::while_expr(WhileExpr& e) {
  std::vector<Type_> breaks;
  auto* outer = breaks_;
  forget_changed_by(e.body);
  Facts yes = condition(e.condition);
  breaks_ = &breaks;
  scoped_block(e.body, yes, nullptr);
  breaks_ = outer;
  Type_ joined = none();
  for (Type_ type : breaks) joined = u_.join(joined, type);
  return joined;
}

}  // namespace flin::check
