// Statements that are no control flow.
#include "compile/function_compiler.h"

namespace flin::compile {

using namespace syntax;
using check::Type;
using check::TypeTag;

void FunctionCompiler::close_scope() {
  bool captured = scope.closing_is_captured();
  std::uint32_t first = scope.close();
  if (captured && !code.ends_here()) code.op(Op::CloseUpvalue, first);
}

void FunctionCompiler::block(const Block& block, bool wants_value) {
  open_scope();
  statements(block, wants_value);
  close_scope();
}

void FunctionCompiler::statements(const Block& block, bool wants_value) {
  for (std::size_t n = 0; n < block.statements.size(); ++n) {
    const Stmt& next = *block.statements[n];
    bool is_value = wants_value && n + 1 == block.statements.size() && next.kind == StmtKind::kExpr;
    if (is_value) return value(*as<ExprStmt>(next).value);
    statement(next);
  }
  if (wants_value) code.op(Op::LoadNone);
}

void FunctionCompiler::statement(const Stmt& statement) {
  code.at(statement.span);
  switch (statement.kind) {
    case StmtKind::kExpr: return discard(*as<ExprStmt>(statement).value);
    case StmtKind::kAssign: return assign(as<AssignStmt>(statement));
    case StmtKind::kIncrement: return increment(as<IncrementStmt>(statement));
    case StmtKind::kDestructure: {
      const auto& from = as<DestructureStmt>(statement);
      value(*from.value);
      return bind(*from.pattern, type_of(*from.value));
    }
    case StmtKind::kReturn: return return_statement(as<ReturnStmt>(statement));
    case StmtKind::kBreak: return break_statement(as<BreakStmt>(statement));
    case StmtKind::kContinue: return continue_statement(as<ContinueStmt>(statement));
    case StmtKind::kTry: return try_statement(as<TryStmt>(statement));
    case StmtKind::kAssert: return assertion(as<AssertStmt>(statement));
    case StmtKind::kDeleteKey: {
      const IndexExpr& target = *as<DeleteKeyStmt>(statement).target;
      value(*target.object);
      value(*target.index);
      wrote_state = true;
      return code.op(Op::DeleteKey);
    }
    default: return;  // declarations: nothing to do where they stand
  }
}

// `load` pushes the old value (beneath it may lie what `store` needs), `store` takes the new one.
void FunctionCompiler::update(const AssignStmt& statement, const std::function<void()>& load,
                              const std::function<void()>& store) {
  const Type *left = statement.target->type, *right = type_of(*statement.value);
  BinaryOp op = BinaryOp::kAdd;
  switch (statement.op) {
    case AssignOp::kSub: op = BinaryOp::kSub; break;
    case AssignOp::kMul: op = BinaryOp::kMul; break;
    case AssignOp::kDiv: op = BinaryOp::kDiv; break;
    case AssignOp::kMod: op = BinaryOp::kMod; break;
    case AssignOp::kPow: op = BinaryOp::kPow; break;
    case AssignOp::kConcat: op = BinaryOp::kConcat; break;
    default: break;
  }
  load();
  value(*statement.value);
  bool arithmetic = op <= BinaryOp::kMul;
  if (arithmetic && is_tag(left, TypeTag::kNumber) && is_tag(right, TypeTag::kInt))
    code.op(Op::ToNumber), right = left;
  code.at(statement.span);
  binary(op, left, right, left);
  store();
}

namespace {

bool is_conditional(AssignOp op) { return op == AssignOp::kOr || op == AssignOp::kCoalesce; }

}  // namespace

void FunctionCompiler::assign(const AssignStmt& statement) {
  if (statement.target->kind == ExprKind::kMember) return assign_member(statement);
  if (statement.target->kind == ExprKind::kIndex) return assign_index(statement);
  const check::Symbol* symbol = as<NameExpr>(*statement.target).symbol;
  if (!symbol) return discard(*statement.value);
  if (symbol->stands_for || symbol->kind == check::SymbolKind::kConstant) return;
  if (statement.op == AssignOp::kSet) {
    value(*statement.value);
    return store(*symbol);
  }
  if (!is_conditional(statement.op))
    return update(
        statement, [&] { load(*symbol); }, [&] { store(*symbol); });
  Label end = code.label();
  load(*symbol);
  if (statement.op == AssignOp::kCoalesce) code.op(Op::IsNone);
  code.jump(statement.op == AssignOp::kCoalesce ? Op::JumpIfFalse : Op::JumpIfTrue, end);
  value(*statement.value);
  store(*symbol);
  code.place(end);
}

// The object is beneath the value.
void FunctionCompiler::set_member(const MemberExpr& target) {
  wrote_state = true;
  code.at(target.span);
  code.op(Op::SetField, program.builder.text(target.name.text));
}

// `m.key` of a map is `m["key"]`.
bool FunctionCompiler::is_map_member(const MemberExpr& target) const {
  return target.target == MemberTarget::kKey &&
         is_tag(without_none(type_of(*target.object)), TypeTag::kMap);
}

void FunctionCompiler::member_object(const MemberExpr& target) {
  value(*target.object);
  bool is_field = target.target == MemberTarget::kField;
  if (is_field && program.may_be_reference(without_none(type_of(*target.object))))
    ext("reference_load", 1);
}

void FunctionCompiler::assign_member(const AssignStmt& statement) {
  const auto& target = as<MemberExpr>(*statement.target);
  if (is_map_member(target))
    return assign_item(statement, *target.object, [&] { text(target.name.text); });
  member_object(target);
  Op read = target.target == MemberTarget::kField ? Op::GetField : Op::Member;
  auto load = [&] {
    code.op(Op::Dup);
    code.op(read, program.builder.text(target.name.text));
  };
  assign_place(
      statement, load, [&] { set_member(target); }, 1);
}

void FunctionCompiler::assign_index(const AssignStmt& statement) {
  const auto& target = as<IndexExpr>(*statement.target);
  assign_item(statement, *target.object, [&] { value(*target.index); });
}

void FunctionCompiler::assign_item(const AssignStmt& statement, const Expr& object,
                                   const std::function<void()>& push_key) {
  wrote_state = true;
  value(object);
  push_key();
  auto load = [&] {
    code.op(Op::Dup2);
    code.op(Op::GetIndex);
  };
  auto store = [&] {
    code.at(statement.target->span);
    code.op(Op::SetIndex);
  };
  assign_place(statement, load, store, 2);
}

// What names the place, `beneath` values, is on the stack; `load` pushes its value on top of that.
void FunctionCompiler::assign_place(const AssignStmt& statement, const std::function<void()>& load,
                                    const std::function<void()>& store, std::uint32_t beneath) {
  if (statement.op == AssignOp::kSet) {
    value(*statement.value);
    return store();
  }
  if (!is_conditional(statement.op)) return update(statement, load, store);
  Label keep = code.label(), end = code.label();
  load();
  if (statement.op == AssignOp::kCoalesce) code.op(Op::IsNone);
  code.jump(statement.op == AssignOp::kCoalesce ? Op::JumpIfFalse : Op::JumpIfTrue, keep);
  std::uint32_t depth = code.depth();
  value(*statement.value);
  store();
  code.jump(Op::Jump, end);
  code.place(keep);
  code.set_depth(depth);
  code.op(Op::PopN, beneath);
  code.place(end);
}

void FunctionCompiler::increment(const IncrementStmt& statement) {
  Op step = statement.decrement ? Op::Decr : Op::Incr;
  const Expr& target = *statement.target;
  if (target.kind == ExprKind::kName) {
    const check::Symbol* symbol = as<NameExpr>(target).symbol;
    if (!symbol) return;
    load(*symbol);
    code.op(step);
    return store(*symbol);
  }
  wrote_state = true;
  bool is_item = target.kind == ExprKind::kIndex;
  if (is_item || is_map_member(as<MemberExpr>(target))) {
    value(is_item ? *as<IndexExpr>(target).object : *as<MemberExpr>(target).object);
    if (is_item)
      value(*as<IndexExpr>(target).index);
    else
      text(as<MemberExpr>(target).name.text);
    code.op(Op::Dup2);
    code.op(Op::GetIndex);
    code.op(step);
    return code.op(Op::SetIndex);
  }
  const auto& member = as<MemberExpr>(target);
  member_object(member);
  code.op(Op::Dup);
  code.op(member.target == MemberTarget::kField ? Op::GetField : Op::Member,
          program.builder.text(member.name.text));
  code.op(step);
  set_member(member);
}

void FunctionCompiler::try_statement(const TryStmt& statement) {
  Label caught = code.label(), end = code.label();
  std::uint32_t depth = code.depth(), first_slot = scope.next();
  code.jump(Op::Try, caught);
  frames_.push_back({Frame::kTry, {}, 0, 0, code.depth(), scope.next(), 0, false});
  open_scope();
  statements(*statement.body, false);
  bool captured = scope.closing_is_captured();
  close_scope();
  frames_.pop_back();
  code.op(Op::EndTry);
  code.jump(Op::Jump, end);
  code.place(caught);
  code.set_depth(depth + 1);
  if (captured) code.op(Op::CloseUpvalue, first_slot);
  open_scope();
  if (statement.symbol)
    store(*statement.symbol);
  else
    code.op(Op::Pop);
  statements(*statement.handler, false);
  close_scope();
  code.place(end);
}

// A comparison keeps its sides, to tell them if it does not hold.
void FunctionCompiler::assert_comparison(const BinaryExpr& expr, std::string_view sign) {
  open_scope();
  std::uint32_t sides = scope.add_temporary(2);
  value(*expr.left);
  code.op(Op::StoreLocal, sides);
  value(*expr.right);
  code.op(Op::TeeLocal, sides + 1);
  code.op(Op::LoadLocal, sides);
  code.op(Op::Swap);
  code.at(expr.op_span);
  binary(expr.op, type_of(*expr.left), type_of(*expr.right), expr.type);
  Label holds = code.label();
  code.jump(Op::JumpIfTrue, holds);
  text(sign);
  code.op(Op::LoadLocal, sides);
  code.op(Op::LoadLocal, sides + 1);
  native("assert.failed", 3);
  code.op(Op::Pop);
  code.place(holds);
  close_scope();
}

void FunctionCompiler::assertion(const AssertStmt& statement) {
  if (statement.value->kind == ExprKind::kBinary) {
    const auto& comparison = as<BinaryExpr>(*statement.value);
    if (std::string_view sign = comparison_sign(comparison.op); !sign.empty())
      return assert_comparison(comparison, sign);
  }
  value(*statement.value);
  code.at(statement.span);
  std::string_view written =
      program.in_prelude() ? std::string_view{} : program.sources.text(statement.value->span);
  code.op(Op::Assert, program.builder.text(written));
}

}  // namespace flin::compile
