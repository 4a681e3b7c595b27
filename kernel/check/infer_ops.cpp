// Operators (L 3.8 to L 3.12, L 4.3 to L 4.7).
#include "check/infer.h"

namespace flin::check {
using namespace syntax;
namespace {

std::string_view sign(BinaryOp op) {
  static constexpr std::string_view kSigns[] = {"+",      "-",  "*",  "/",  "%",  "**", "++",
                                                "==",     "!=", "<",  "<=", ">",  ">=", "in",
                                                "not in", "&&", "||", "??", "..", "..<"};
  return kSigns[static_cast<int>(op)];
}

bool is_scalar(const Type* type) {
  switch (type->tag) {
    case TypeTag::kText:
    case TypeTag::kInt:
    case TypeTag::kNumber:
    case TypeTag::kBool:
    case TypeTag::kTime:
    case TypeTag::kDuration:
    case TypeTag::kMoney:
    case TypeTag::kEnum:
    case TypeTag::kNone: return true;
    default: return false;
  }
}

}  // namespace

const Type* Inference::binary(BinaryExpr& e, Type_ hint) {
  switch (e.op) {
    case BinaryOp::kAnd:
    case BinaryOp::kOr:
    case BinaryOp::kCoalesce: return logical(e, hint);
    default: break;
  }
  Type_ left = infer(e.left), right = infer(e.right);
  switch (e.op) {
    case BinaryOp::kEq:
    case BinaryOp::kNe: return equality(e, left, right);
    case BinaryOp::kLt:
    case BinaryOp::kLe:
    case BinaryOp::kGt:
    case BinaryOp::kGe: return ordering(e, left, right);
    case BinaryOp::kIn:
    case BinaryOp::kNotIn: return membership(e, left, right);
    case BinaryOp::kConcat: return concat(e, run_query(e.left, left), run_query(e.right, right));
    case BinaryOp::kRange:
    case BinaryOp::kRangeExclusive:
      for (Expr* side : {e.left, e.right})
        if (!coerce(side, simple(TypeTag::kInt)))
          report(Code::E0302, e.op_span, {sign(e.op), shown(left), shown(right)}, "needs two ints");
      return types_.list(simple(TypeTag::kInt));
    default: return arithmetic_or_report(e, left, right);
  }
}

const Type* Inference::logical(BinaryExpr& e, Type_ hint) {
  Type_ left = infer(e.left, hint);
  std::size_t mark = narrow_mark();
  if (e.op != BinaryOp::kCoalesce) assume(facts(e.left, e.op == BinaryOp::kAnd));
  Type_ right = infer(e.right, hint);
  narrow_back(mark);
  bool always =
      e.op == BinaryOp::kOr && e.right->kind == ExprKind::kBool && as<BoolExpr>(*e.right).value;
  if (always && body_ != nullptr && asked_ == nullptr)
    report(Code::W0321, e.span, {}, "the left side does not matter");
  Type_ l = u_.resolve(left);
  if (e.op == BinaryOp::kAnd && l->is(TypeTag::kBool)) {
    Type_ both = u_.join(l, right);
    coerce(e.right, both);
    return both;
  }
  if (e.op != BinaryOp::kAnd && l->is(TypeTag::kOptional)) l = u_.resolve(l->items[0]);
  if (e.op != BinaryOp::kAnd && l->is(TypeTag::kNone)) return right;
  Type_ both = u_.join(l, right);
  bool widened = is_numeric(both) && l->is(TypeTag::kInt) && u_.resolve(both)->is(TypeTag::kNumber);
  if (widened) e.left->converted = is_optional(left) ? types_.optional(both) : both;
  coerce(e.right, both);
  return both;
}

// `none` on a side that has to have a value: E0305, and go on with the rest.
void Inference::operand_none(const Expr* e, Type_& type) {
  type = u_.resolve(type);
  if (!type->is(TypeTag::kOptional)) return;
  if (asked_ == nullptr) report(Code::E0305, e->span, {text(e)}, "may be none");
  type = plain(type);
}

// An int operand where the other side is a number.
void Inference::convert_ints(BinaryExpr& e, Type_ result) {
  bool to_number = is(result, TypeTag::kNumber) && e.op != BinaryOp::kDiv && e.op != BinaryOp::kPow;
  for (Expr* side : {e.left, e.right})
    if (to_number && is(side->type, TypeTag::kInt)) side->converted = simple(TypeTag::kNumber);
}

const Type* Inference::arithmetic_or_report(BinaryExpr& e, Type_ l, Type_ r) {
  bool joins_text =
      e.op == BinaryOp::kAdd && (plain(l)->is(TypeTag::kText) || plain(r)->is(TypeTag::kText));
  if (!joins_text) {
    operand_none(e.left, l);
    operand_none(e.right, r);
  }
  l = u_.resolve(l);
  r = u_.resolve(r);
  bool open = l->is(TypeTag::kVariable) || r->is(TypeTag::kVariable);
  if (open) {
    Type_ result = fresh();
    deferred_.push_back({&e, l, r, result, asked_ != nullptr});
    return result;
  }
  if (Type_ result = arithmetic(e.op, l, r, e.right)) {
    convert_ints(e, result);
    return result;
  }
  Report& failed =
      report(Code::E0302, e.op_span, {sign(e.op), shown(l), shown(r)}, "does not work on these");
  if (l->is(TypeTag::kList) && r->is(TypeTag::kList)) failed.helps = {"join lists with ++"};
  return any();
}

const Type* Inference::arithmetic(BinaryOp op, Type_ l, Type_ r, const Expr* right) {
  if (l->is(TypeTag::kAny) || r->is(TypeTag::kAny)) return any();
  if (l->is(TypeTag::kNever) || r->is(TypeTag::kNever)) return simple(TypeTag::kNever);
  bool numbers = is_numeric(l) && is_numeric(r);
  if (numbers) {
    bool ints = l->is(TypeTag::kInt) && r->is(TypeTag::kInt);
    if (op == BinaryOp::kDiv) return simple(TypeTag::kNumber);
    if (op == BinaryOp::kPow) {
      bool literal =
          right != nullptr && right->kind == ExprKind::kInt && as<IntExpr>(*right).value >= 0;
      return simple(ints && literal ? TypeTag::kInt : TypeTag::kNumber);
    }
    return simple(ints ? TypeTag::kInt : TypeTag::kNumber);
  }
  auto are = [&](TypeTag a, TypeTag b) { return l->is(a) && r->is(b); };
  using enum TypeTag;
  switch (op) {
    case BinaryOp::kAdd: {
      bool texts = (l->is(kText) || r->is(kText)) && is_scalar(plain(l)) && is_scalar(plain(r));
      if (texts) return simple(kText);
      if (are(kTime, kDuration) || are(kDuration, kTime)) return simple(kTime);
      if (are(kDuration, kDuration) || are(kMoney, kMoney)) return l;
      return nullptr;
    }
    case BinaryOp::kSub:
      if (are(kTime, kTime)) return simple(kDuration);
      if (are(kTime, kDuration) || are(kDuration, kDuration) || are(kMoney, kMoney)) return l;
      return nullptr;
    case BinaryOp::kMul:
      if ((l->is(kDuration) || l->is(kMoney)) && is_numeric(r)) return l;
      if ((r->is(kDuration) || r->is(kMoney)) && is_numeric(l)) return r;
      return nullptr;
    case BinaryOp::kDiv:
      if (are(kDuration, kDuration) || are(kMoney, kMoney)) return simple(kNumber);
      if ((l->is(kDuration) || l->is(kMoney)) && is_numeric(r)) return l;
      return nullptr;
    default: return nullptr;
  }
}

bool Inference::solve(Deferred& d) {
  Type_ l = u_.resolve(d.left), r = u_.resolve(d.right);
  Type_ result = l;
  Code code = Code::E0302;
  bool works = true;
  switch (d.e->op) {
    case BinaryOp::kLt:
    case BinaryOp::kLe:
    case BinaryOp::kGt:
    case BinaryOp::kGe: works = ordered(plain(l), plain(r)); break;
    default:
      result = arithmetic(d.e->op, plain(l), plain(r), d.e->right);
      works = result != nullptr;
      if (works) {
        Type_ known = u_.resolve(d.result);
        bool same = u_.unify(d.result, result);
        if (!same && u_.fit(result, known) == Fit::kNo) works = false;
        if (!same && works && d.e->converted == nullptr) {
          d.e->type = result;  // any: what it has to be is checked at run time
          d.e->converted = known;
        }
        if (works) convert_ints(*d.e, result);
      }
  }
  if (!works)
    report(code, d.e->op_span, {sign(d.e->op), shown(l), shown(r)}, "does not work on these");
  return works;
}

// What waited for a type variable: solved as soon as both sides are known; at the end of a group of
// functions what is still open is any.
void Inference::solve_deferred(bool force) {
  for (bool progress = true; progress;) {
    progress = false;
    for (std::size_t i = 0; i < deferred_.size(); ++i) {
      Deferred d = deferred_[i];
      bool open = u_.is_open(d.left) || u_.is_open(d.right);
      if (open) continue;
      solve(d);
      deferred_[i] = deferred_.back();
      deferred_.pop_back();
      --i;
      progress = true;
    }
    if (progress || !force || deferred_.empty()) continue;
    for (Type_ side : {deferred_.front().left, deferred_.front().right})
      if (u_.is_open(side)) u_.unify(side, any());
    progress = true;
  }
}

const Type* Inference::concat(BinaryExpr& e, Type_ left, Type_ right) {
  operand_none(e.left, left);
  operand_none(e.right, right);
  Type_ l = u_.resolve(left), r = u_.resolve(right);
  if (l->is(TypeTag::kText) || r->is(TypeTag::kText)) {
    for (Type_ side : {l, r})
      if (side->is(TypeTag::kVariable)) u_.unify(side, any());
    bool works = is_scalar(u_.resolve(l)) || is(l, TypeTag::kAny);
    works = works && (is_scalar(u_.resolve(r)) || is(r, TypeTag::kAny));
    if (works) return simple(TypeTag::kText);
  } else if (l->is(TypeTag::kList) && r->is(TypeTag::kList)) {
    return types_.list(u_.join(l->items[0], r->items[0]));
  } else if (l->is(TypeTag::kList) && r->is(TypeTag::kVariable)) {
    u_.unify(r, l);
    return l;
  } else if (r->is(TypeTag::kList) && l->is(TypeTag::kVariable)) {
    u_.unify(l, r);
    return r;
  } else {
    for (Type_ side : {l, r})
      if (side->is(TypeTag::kVariable)) u_.unify(side, any());
    if (is(l, TypeTag::kAny) || is(r, TypeTag::kAny)) return any();
  }
  report(Code::E0302, e.op_span, {"++", shown(l), shown(r)}, "joins lists, or texts");
  return any();
}

bool Inference::may_be_equal(Type_ a, Type_ b) {
  a = u_.resolve(a);
  b = u_.resolve(b);
  auto wild = [](Type_ t) {
    return t->is(TypeTag::kAny) || t->is(TypeTag::kVariable) || t->is(TypeTag::kNever) ||
           t->is(TypeTag::kQuery) || t->is(TypeTag::kTrait);
  };
  if (a == b || wild(a) || wild(b)) return true;
  if (is_numeric(a) && is_numeric(b)) return true;
  auto members = [&](Type_ t) -> std::vector<Type_> {
    if (t->is(TypeTag::kUnion)) return t->items;
    if (t->is(TypeTag::kOptional)) return {t->items[0], none()};
    return {};
  };
  for (Type_ member : members(a))
    if (may_be_equal(member, b)) return true;
  for (Type_ member : members(b))
    if (may_be_equal(a, member)) return true;
  if (!members(a).empty() || !members(b).empty()) return false;
  if (a->tag != b->tag || a->entity != b->entity || a->enumeration != b->enumeration) return false;
  if (a->items.size() != b->items.size()) return false;
  bool collection = a->is(TypeTag::kList) || a->is(TypeTag::kMap);  // two empty ones are equal
  for (std::size_t i = 0; i < a->items.size() && !collection; ++i)
    if (!may_be_equal(a->items[i], b->items[i])) return false;
  return true;
}

const Type* Inference::equality(BinaryExpr& e, Type_ left, Type_ right) {
  run_query(e.left, left);
  run_query(e.right, right);
  left = u_.resolve(left);
  right = u_.resolve(right);
  bool none_side = left->is(TypeTag::kNone) || right->is(TypeTag::kNone);
  bool possible = may_be_equal(left, right);
  bool odd = !possible && !(none_side && asked_ != nullptr);
  if (odd && e.op == BinaryOp::kEq) report(Code::W0322, e.span, {}, "these are never equal");
  if (odd && e.op == BinaryOp::kNe && !none_side)
    report(Code::W0320, e.span, {}, "these are never equal");
  return simple(TypeTag::kBool);
}

bool Inference::ordered(Type_ a, Type_ b) {
  if (a->is(TypeTag::kAny) || b->is(TypeTag::kAny)) return true;
  if (is_numeric(a) && is_numeric(b)) return true;
  bool kind = a->is(TypeTag::kText) || a->is(TypeTag::kTime) || a->is(TypeTag::kDuration) ||
              a->is(TypeTag::kMoney);
  return kind && a == b;
}

const Type* Inference::ordering(BinaryExpr& e, Type_ left, Type_ right) {
  operand_none(e.left, left);
  operand_none(e.right, right);
  left = u_.resolve(left);
  right = u_.resolve(right);
  bool open = left->is(TypeTag::kVariable) || right->is(TypeTag::kVariable);
  if (open) {
    deferred_.push_back({&e, left, right, simple(TypeTag::kBool), asked_ != nullptr});
    return simple(TypeTag::kBool);
  }
  if (!ordered(left, right))
    report(Code::E0302, e.op_span, {sign(e.op), shown(left), shown(right)}, "these have no order");
  for (Expr* side : {e.left, e.right}) {
    bool mixed = left != right && is_numeric(left) && is_numeric(right);
    if (mixed && is(side->type, TypeTag::kInt))
      side->converted = nullptr;  // compared by exact value
  }
  return simple(TypeTag::kBool);
}

const Type* Inference::membership(BinaryExpr& e, Type_ left, Type_ right) {
  right = run_query(e.right, right);
  operand_none(e.right, right);
  Type_ r = u_.resolve(right);
  Type_ part = nullptr;
  if (r->is(TypeTag::kList) || r->is(TypeTag::kMap))
    part = r->items[0];
  else if (r->is(TypeTag::kText))
    part = simple(TypeTag::kText);
  else if (r->is(TypeTag::kVariable))
    u_.unify(r, any());
  else if (!r->is(TypeTag::kAny))
    report(Code::E0302, e.op_span, {sign(e.op), shown(left), shown(r)},
           "the right side holds nothing");
  if (part != nullptr && u_.is_open(part)) u_.unify(part, left);
  if (part != nullptr && !may_be_equal(part, left))
    report(Code::W0322, e.span, {}, "never found there");
  return simple(TypeTag::kBool);
}

}  // namespace flin::check
