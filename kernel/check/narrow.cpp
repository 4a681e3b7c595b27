// Narrowing (L 3.6): what a condition says about the types of variables.
#include "check/infer.h"

namespace flin::check {
using namespace syntax;
namespace {

// Variables that code assigns, anywhere inside.
class Assigned : public Walker {
 public:
  std::vector<Symbol*> symbols;
  void stmt(Stmt* s) override {
    if (s->kind == StmtKind::kAssign) add(as<AssignStmt>(*s).target);
    if (s->kind == StmtKind::kIncrement) add(as<IncrementStmt>(*s).target);
    Walker::stmt(s);
  }
  void pattern(Pattern* p) override {
    if (p != nullptr && p->symbol != nullptr) symbols.push_back(p->symbol);
    Walker::pattern(p);
  }

 private:
  void add(const Expr* target) {
    if (target->kind == ExprKind::kName && as<NameExpr>(*target).symbol != nullptr)
      symbols.push_back(as<NameExpr>(*target).symbol);
  }
};

}  // namespace

Symbol* Inference::narrowable(const Expr* e) {
  if (e->kind != ExprKind::kName) return nullptr;
  Symbol* symbol = as<NameExpr>(*e).symbol;
  if (symbol == nullptr || symbol->kind == SymbolKind::kContext ||
      symbol->kind == SymbolKind::kBrowserObject)
    return nullptr;
  return symbol;
}

// `type` where it is known not to be `part`.
const Type* Inference::without(Type_ type, Type_ part) {
  type = u_.resolve(type);
  bool drops_none = part->is(TypeTag::kNone);
  if (type->is(TypeTag::kOptional)) {
    if (drops_none) return u_.resolve(type->items[0]);
    Type_ rest = without(type->items[0], part);
    return rest->is(TypeTag::kNever) ? none() : types_.optional(rest);
  }
  if (type->is(TypeTag::kUnion)) {
    std::vector<Type_> rest;
    for (Type_ member : type->items)
      if (member != part) rest.push_back(member);
    return rest.empty() ? simple(TypeTag::kNever) : types_.union_of(std::move(rest));
  }
  return type == part ? simple(TypeTag::kNever) : type;
}

// `type` where it is known to be `part`.
const Type* Inference::only(Type_ type, Type_ part) {
  type = u_.resolve(type);
  bool takes_any = type->is(TypeTag::kAny) || type->is(TypeTag::kVariable) ||
                   type->is(TypeTag::kUnion) || type->is(TypeTag::kOptional) ||
                   type->is(TypeTag::kTrait);
  return takes_any ? part : type;
}

Inference::Facts Inference::facts(const Expr* e, bool holds) {
  if (Symbol* symbol = narrowable(e)) {
    if (!holds || symbol->type == nullptr) return {};
    Type_ type = type_of_symbol(symbol);
    if (!u_.resolve(type)->is(TypeTag::kOptional)) return {};
    return {{symbol, without(type, none())}};
  }
  if (e->kind == ExprKind::kUnary && as<UnaryExpr>(*e).op == UnaryOp::kNot)
    return facts(as<UnaryExpr>(*e).operand, !holds);
  if (e->kind == ExprKind::kIs) {
    auto& test = as<IsExpr>(*e);
    Symbol* symbol = narrowable(test.operand);
    if (symbol == nullptr || test.tested == nullptr) return {};
    Type_ type = type_of_symbol(symbol);
    bool positive = holds != test.negated;
    return {{symbol, positive ? only(type, test.tested) : without(type, test.tested)}};
  }
  if (e->kind != ExprKind::kBinary) return {};
  auto& b = as<BinaryExpr>(*e);
  if (b.op == BinaryOp::kEq || b.op == BinaryOp::kNe) {
    const Expr* subject = b.right->kind == ExprKind::kNone  ? b.left
                          : b.left->kind == ExprKind::kNone ? b.right
                                                            : nullptr;
    Symbol* symbol = subject == nullptr ? nullptr : narrowable(subject);
    if (symbol == nullptr) return {};
    bool is_none = holds == (b.op == BinaryOp::kEq);
    Type_ type = u_.resolve(type_of_symbol(symbol));
    if (!type->is(TypeTag::kOptional)) return {};
    return {{symbol, is_none ? none() : without(type, none())}};
  }
  bool both = (b.op == BinaryOp::kAnd && holds) || (b.op == BinaryOp::kOr && !holds);
  if (!both) return {};
  Facts all = facts(b.left, holds);
  Facts more = facts(b.right, holds);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void Inference::assume(const Facts& facts) {
  for (const auto& [symbol, type] : facts) {
    Type_& now = narrow_[symbol];
    narrow_log_.push_back({symbol, now});
    now = type;
  }
}

void Inference::narrow_back(std::size_t mark) {
  while (narrow_log_.size() > mark) {
    narrow_[narrow_log_.back().first] = narrow_log_.back().second;
    narrow_log_.pop_back();
  }
}

void Inference::forget(Symbol* symbol) {
  auto it = narrow_.find(symbol);
  if (it == narrow_.end() || it->second == nullptr) return;
  narrow_log_.push_back({symbol, it->second});
  it->second = nullptr;
}

void Inference::forget_changed_by(const Block* loop) {
  if (loop == nullptr) return;
  bool nothing = true;
  for (const auto& [symbol, type] : narrow_) nothing = nothing && type == nullptr;
  if (nothing) return;
  Assigned assigned;
  assigned.block(loop);
  for (Symbol* symbol : assigned.symbols) forget(symbol);
}

// A call may assign variables that code elsewhere assigns.
void Inference::forget_after_call() {
  if (body_ == nullptr || body_->is_view) return;
  std::vector<Symbol*> symbols;
  for (const auto& [symbol, type] : narrow_) {
    if (type == nullptr) continue;
    auto it = writers_.find(symbol);
    if (it == writers_.end()) continue;
    for (const Unit* unit : it->second)
      if (unit != body_->unit) {
        symbols.push_back(symbol);
        break;
      }
  }
  for (Symbol* symbol : symbols) forget(symbol);
}

}  // namespace flin::check
