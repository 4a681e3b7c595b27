// `return`, `break` and `continue` in the middle of an expression: `x = 1 + if c { return 5 } else
// { 2 }`. A function called on the spot could not jump out of itself, so the control is written as
// statements in front, together with what is evaluated before it.
#include "browser/writer.h"
#include "check/walk.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;

namespace {

bool is_control(const Expr& expr) {
  return expr.kind == ExprKind::kIf || expr.kind == ExprKind::kFor ||
         expr.kind == ExprKind::kWhile || expr.kind == ExprKind::kMatch ||
         expr.kind == ExprKind::kBlock;
}

class Jumps : public check::Walker {
 public:
  bool found = false;

  void stmt(Stmt* s) override {
    auto leaves = [&](Name label) {
      return label.empty() ? loops_ == 0
                           : std::find(labels_.begin(), labels_.end(), label) == labels_.end();
    };
    if (s->kind == StmtKind::kReturn) found = true;
    if (s->kind == StmtKind::kBreak) found = found || leaves(as<BreakStmt>(*s).label);
    if (s->kind == StmtKind::kContinue) found = found || leaves(as<ContinueStmt>(*s).label);
    Walker::stmt(s);
  }
  void expr(Expr* e) override {
    if (!e) return;
    bool is_loop = e->kind == ExprKind::kFor || e->kind == ExprKind::kWhile;
    if (!is_loop) return Walker::expr(e);
    labels_.push_back(e->kind == ExprKind::kFor ? as<ForExpr>(*e).label : as<WhileExpr>(*e).label);
    ++loops_;
    Walker::expr(e);
    --loops_;
    labels_.pop_back();
  }
  void lambda(LambdaExpr&) override {}  // its jumps are its own

 private:
  int loops_ = 0;
  std::vector<Name> labels_;
};

// What an expression is made of, in order of evaluation.
std::vector<const Expr*> parts_of(const Expr& expr) {
  std::vector<const Expr*> out;
  auto add = [&](const std::vector<Expr*>& list) {
    out.insert(out.end(), list.begin(), list.end());
  };
  auto add_entries = [&](const std::vector<MapEntry>& entries) {
    for (const MapEntry& entry : entries) out.push_back(entry.key), out.push_back(entry.value);
  };
  switch (expr.kind) {
    case ExprKind::kInterpolation: add(as<InterpolationExpr>(expr).parts); break;
    case ExprKind::kList: add(as<ListExpr>(expr).items); break;
    case ExprKind::kMap: add_entries(as<MapExpr>(expr).entries); break;
    case ExprKind::kTuple: add(as<TupleExpr>(expr).items); break;
    case ExprKind::kSpread: out = {as<SpreadExpr>(expr).operand}; break;
    case ExprKind::kEntity: add_entries(as<EntityExpr>(expr).entries); break;
    case ExprKind::kUnary: out = {as<UnaryExpr>(expr).operand}; break;
    case ExprKind::kBinary: out = {as<BinaryExpr>(expr).left, as<BinaryExpr>(expr).right}; break;
    case ExprKind::kIs: out = {as<IsExpr>(expr).operand}; break;
    case ExprKind::kMember: {
      const auto& member = as<MemberExpr>(expr);
      out = {member.call ? static_cast<const Expr*>(member.call) : member.object};
      break;
    }
    case ExprKind::kIndex: out = {as<IndexExpr>(expr).object, as<IndexExpr>(expr).index}; break;
    case ExprKind::kSlice: {
      const auto& slice = as<SliceExpr>(expr);
      out = {slice.object, slice.start, slice.end, slice.step};
      break;
    }
    case ExprKind::kCall: {
      const auto& call = as<CallExpr>(expr);
      if (call.target == CallTarget::kValue) out.push_back(call.callee);
      add(call.operands);
      if (call.operands.empty())
        for (const Argument& argument : call.arguments) out.push_back(argument.value);
      break;
    }
    case ExprKind::kForm: add(as<FormExpr>(expr).operands); break;
    default: break;
  }
  out.erase(std::remove(out.begin(), out.end(), nullptr), out.end());
  return out;
}

bool jumps(const Expr& expr) {
  Jumps walker;
  walker.expr(const_cast<Expr*>(&expr));  // a Walker may change trees; this one does not
  return walker.found;
}

}  // namespace

void Writer::hoist(const Expr& expr) {
  if (!lines_ || !jumps(expr)) return;
  auto keep = [&](const Expr& part, const std::string& name) {
    hoisted_[&part] = {name, Level::kCall};
  };
  if (is_control(expr)) {
    std::string name = fresh("value");
    line("let " + name + " = null;");
    control(expr, {Sink::kAssign, name});
    return keep(expr, name);
  }
  if (expr.kind == ExprKind::kConditional) return hoist_choice(expr);
  if (expr.kind == ExprKind::kBinary) {
    BinaryOp op = as<BinaryExpr>(expr).op;
    bool is_logical = op == BinaryOp::kAnd || op == BinaryOp::kOr || op == BinaryOp::kCoalesce;
    if (is_logical) return hoist_choice(expr);
  }
  std::vector<const Expr*> parts = parts_of(expr);
  while (!parts.empty() && !jumps(*parts.back())) parts.pop_back();
  for (const Expr* part : parts) {
    if (jumps(*part)) {
      hoist(*part);
      continue;
    }
    bool is_fixed = part->kind <= ExprKind::kNone || part->kind == ExprKind::kLambda;
    if (is_fixed || part->kind == ExprKind::kSpread) continue;
    std::string name = fresh("value");
    line("const " + name + " = " + argument(*part) + ';');
    keep(*part, name);
  }
}

// `a ? b : c`, `a && b`, `a || b`, `a ?? b`: only the side that is needed.
void Writer::hoist_choice(const Expr& expr) {
  bool is_conditional = expr.kind == ExprKind::kConditional;
  const Expr& first =
      is_conditional ? *as<ConditionalExpr>(expr).condition : *as<BinaryExpr>(expr).left;
  hoist(first);
  std::string name = fresh("value");
  line("let " + name + " = " + argument(first) + ';');
  auto side = [&](const Expr* from) {
    return braces(collect([&] {
      if (!from) return line(name + " = null;");
      hoist(*from);
      line(name + " = " + argument(*from) + ';');
    }));
  };
  if (is_conditional) {
    const auto& choice = as<ConditionalExpr>(expr);
    std::string then = side(choice.then);
    line("if (" + name + ") " + then + " else " + side(choice.otherwise));
  } else {
    BinaryOp op = as<BinaryExpr>(expr).op;
    std::string test = op == BinaryOp::kAnd  ? name
                       : op == BinaryOp::kOr ? '!' + name
                                             : name + " == null";
    line("if (" + test + ") " + side(as<BinaryExpr>(expr).right));
  }
  hoisted_[&expr] = {name, Level::kCall};
}

}  // namespace flin::browser
