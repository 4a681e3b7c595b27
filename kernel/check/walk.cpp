#include "check/walk.h"

namespace flin::check {
using namespace syntax;

void Walker::head(const ForHead& h) {
  expr(h.subject);
  if (h.start != nullptr) stmt(h.start);
  expr(h.condition);
  if (h.step != nullptr) stmt(h.step);
}

void Walker::expr(Expr* e) {
  if (e == nullptr) return;
  switch (e->kind) {
    case ExprKind::kInterpolation:
      for (Expr* part : as<InterpolationExpr>(*e).parts) expr(part);
      return;
    case ExprKind::kName: return expr(as<NameExpr>(*e).of_self);
    case ExprKind::kUnary: return expr(as<UnaryExpr>(*e).operand);
    case ExprKind::kBinary: expr(as<BinaryExpr>(*e).left); return expr(as<BinaryExpr>(*e).right);
    case ExprKind::kIs: return expr(as<IsExpr>(*e).operand);
    case ExprKind::kSpread: return expr(as<SpreadExpr>(*e).operand);
    case ExprKind::kConditional:
      expr(as<ConditionalExpr>(*e).condition);
      expr(as<ConditionalExpr>(*e).then);
      return expr(as<ConditionalExpr>(*e).otherwise);
    case ExprKind::kCall: return call(as<CallExpr>(*e));
    case ExprKind::kMember: {
      auto& member = as<MemberExpr>(*e);
      return member.call != nullptr ? expr(member.call) : expr(member.object);
    }
    case ExprKind::kIndex: expr(as<IndexExpr>(*e).object); return expr(as<IndexExpr>(*e).index);
    case ExprKind::kLambda: return lambda(as<LambdaExpr>(*e));
    case ExprKind::kBlock:
    case ExprKind::kIf:
    case ExprKind::kFor:
    case ExprKind::kWhile:
    case ExprKind::kMatch: return control(e);
    default: compound(e);
  }
}

void Walker::compound(Expr* e) {
  auto entries = [&](const std::vector<MapEntry>& list) {
    for (const MapEntry& entry : list) {
      expr(entry.key);
      expr(entry.value);
    }
  };
  switch (e->kind) {
    case ExprKind::kList:
      for (Expr* item : as<ListExpr>(*e).items) expr(item);
      return;
    case ExprKind::kTuple:
      for (Expr* item : as<TupleExpr>(*e).items) expr(item);
      return;
    case ExprKind::kMap: return entries(as<MapExpr>(*e).entries);
    case ExprKind::kEntity: return entries(as<EntityExpr>(*e).entries);
    case ExprKind::kSlice: {
      auto& slice = as<SliceExpr>(*e);
      for (Expr* part : {slice.object, slice.start, slice.end, slice.step}) expr(part);
      return;
    }
    case ExprKind::kForm: {
      auto& form = as<FormExpr>(*e);
      for (Expr* operand : form.operands) expr(operand);
      return expr(form.body);
    }
    case ExprKind::kMarkup: return nodes(as<MarkupExpr>(*e).nodes);
    default: return;
  }
}

void Walker::control(Expr* e) {
  switch (e->kind) {
    case ExprKind::kBlock: return block(as<BlockExpr>(*e).block);
    case ExprKind::kIf:
      for (auto& branch : as<IfExpr>(*e).branches) {
        condition(branch.condition);
        block(branch.body);
      }
      return block(as<IfExpr>(*e).otherwise);
    case ExprKind::kFor: head(as<ForExpr>(*e).head); return block(as<ForExpr>(*e).body);
    case ExprKind::kWhile:
      condition(as<WhileExpr>(*e).condition);
      return block(as<WhileExpr>(*e).body);
    case ExprKind::kMatch:
      expr(as<MatchExpr>(*e).subject);
      for (auto& arm : as<MatchExpr>(*e).arms) {
        pattern(arm.pattern);
        expr(arm.guard);
        block(arm.body);
      }
      return;
    default: return;
  }
}

void Walker::lambda(LambdaExpr& l) {
  for (Param& param : l.params) expr(param.fallback);
  block(l.body);
}

void Walker::call(CallExpr& c) {
  bool by_operands = !c.operands.empty() || c.target == CallTarget::kForm;
  if (!by_operands || c.target == CallTarget::kValue) {
    bool method = c.callee != nullptr && c.callee->kind == ExprKind::kMember &&
                  c.target != CallTarget::kUnresolved && c.target != CallTarget::kValue;
    if (method)
      expr(as<MemberExpr>(*c.callee).object);
    else if (c.callee != nullptr)
      expr(c.callee);
    for (Argument& argument : c.arguments) expr(argument.value);
    return;
  }
  for (Expr* operand : c.operands) expr(operand);
  if (c.predicate != nullptr)
    for (const Expr* parameter : c.predicate->parameters) expr(const_cast<Expr*>(parameter));
}

void Walker::stmt(Stmt* s) {
  if (s == nullptr) return;
  switch (s->kind) {
    case StmtKind::kExpr: return expr(as<ExprStmt>(*s).value);
    case StmtKind::kAssign: expr(as<AssignStmt>(*s).value); return expr(as<AssignStmt>(*s).target);
    case StmtKind::kIncrement: return expr(as<IncrementStmt>(*s).target);
    case StmtKind::kDestructure:
      expr(as<DestructureStmt>(*s).value);
      return pattern(as<DestructureStmt>(*s).pattern);
    case StmtKind::kReturn: return expr(as<ReturnStmt>(*s).value);
    case StmtKind::kBreak: return expr(as<BreakStmt>(*s).value);
    case StmtKind::kTry: block(as<TryStmt>(*s).body); return block(as<TryStmt>(*s).handler);
    case StmtKind::kAssert: return expr(as<AssertStmt>(*s).value);
    case StmtKind::kDeleteKey: return expr(as<DeleteKeyStmt>(*s).target);
    case StmtKind::kView: return nodes(as<ViewStmt>(*s).nodes);
    default: return;
  }
}

void Walker::pattern(Pattern* p) {
  if (p == nullptr) return;
  expr(p->value);
  expr(p->end);
  for (Pattern* item : p->items) pattern(item);
  for (MapPatternItem& entry : p->entries) {
    pattern(entry.pattern);
    expr(entry.fallback);
  }
}

void Walker::attribute(Attribute* a) {
  for (auto& modifier : a->modifiers) expr(modifier.argument);
  for (Expr* part : a->parts) expr(part);
  expr(a->value);
  block(a->handler_body);
}

void Walker::node(Node* n) {
  switch (n->kind) {
    case NodeKind::kText: return;
    case NodeKind::kInterpolation: return expr(as<InterpolationNode>(*n).value);
    case NodeKind::kElement:
      for (Attribute* a : as<ElementNode>(*n).attributes) attribute(a);
      return nodes(as<ElementNode>(*n).children);
    case NodeKind::kComponent:
      for (Attribute* a : as<ComponentNode>(*n).attributes) attribute(a);
      return nodes(as<ComponentNode>(*n).children);
    case NodeKind::kIf:
      for (auto& branch : as<IfNode>(*n).branches) {
        condition(branch.condition);
        nodes(branch.children);
      }
      return nodes(as<IfNode>(*n).otherwise);
    case NodeKind::kFor:
      head(as<ForNode>(*n).head);
      expr(as<ForNode>(*n).key);
      nodes(as<ForNode>(*n).children);
      return nodes(as<ForNode>(*n).otherwise);
    case NodeKind::kWhile:
      condition(as<WhileNode>(*n).condition);
      return nodes(as<WhileNode>(*n).children);
    case NodeKind::kMatch:
      expr(as<MatchNode>(*n).subject);
      for (auto& arm : as<MatchNode>(*n).arms) {
        pattern(arm.pattern);
        expr(arm.guard);
        nodes(arm.children);
      }
      return;
    case NodeKind::kSlot: return nodes(as<SlotNode>(*n).fallback);
  }
}

Symbol* root_symbol(const Expr* target) {
  while (target != nullptr) switch (target->kind) {
      case ExprKind::kName: return as<NameExpr>(*target).symbol;
      case ExprKind::kMember: target = as<MemberExpr>(*target).object; break;
      case ExprKind::kIndex: target = as<IndexExpr>(*target).object; break;
      default: return nullptr;
    }
  return nullptr;
}

}  // namespace flin::check
