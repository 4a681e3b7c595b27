// Control flow. A jump out of constructs ends them one by one first (EndFor, EndTry), so that pairs
// nest on every path.
#include "compile/function_compiler.h"

namespace flin::compile {

using namespace syntax;
using check::TypeTag;

void FunctionCompiler::control(const Expr& expr, bool wants_value) {
  code.at(expr.span);
  switch (expr.kind) {
    case ExprKind::kIf: return if_expression(as<IfExpr>(expr), wants_value);
    case ExprKind::kFor: return for_expression(as<ForExpr>(expr), wants_value);
    case ExprKind::kWhile: return while_expression(as<WhileExpr>(expr), wants_value);
    case ExprKind::kMatch: return match_expression(as<MatchExpr>(expr), wants_value);
    default: return block(*as<BlockExpr>(expr).block, wants_value);
  }
}

void FunctionCompiler::if_expression(const IfExpr& expr, bool wants_value) {
  Label end = code.label();
  std::uint32_t depth = code.depth();
  for (std::size_t n = 0; n < expr.branches.size(); ++n) {
    const IfExpr::Branch& branch = expr.branches[n];
    Label next = code.label();
    open_scope();
    condition(branch.condition, next);
    block(*branch.body, wants_value);
    close_scope();
    bool is_last = n + 1 == expr.branches.size() && !expr.otherwise && !wants_value;
    if (!is_last) code.jump(Op::Jump, end);
    code.place(next);
    code.set_depth(depth);
  }
  if (expr.otherwise)
    block(*expr.otherwise, wants_value);
  else if (wants_value)
    code.op(Op::LoadNone);
  code.place(end);
}

void FunctionCompiler::match_expression(const MatchExpr& expr, bool wants_value) {
  Label end = code.label();
  open_scope();
  std::uint32_t subject = scope.add_temporary();
  value(*expr.subject);
  code.op(Op::StoreLocal, subject);
  std::uint32_t depth = code.depth();
  bool covered = false;
  for (const MatchArm& arm : expr.arms) {
    Label next = code.label();
    open_scope();
    test(*arm.pattern, subject, type_of(*expr.subject), next);
    if (arm.guard) jump_if(*arm.guard, false, next);
    block(*arm.body, wants_value);
    close_scope();
    code.jump(Op::Jump, end);
    code.place(next);
    code.set_depth(depth);
    covered = !arm.guard && always_fits(*arm.pattern);
    if (covered) break;
  }
  if (wants_value && !covered) code.op(Op::LoadNone);
  if (wants_value) code.set_depth(depth + 1);
  code.place(end);
  close_scope();
}

// ---- Loops ----

FunctionCompiler::Frame FunctionCompiler::loop_frame(std::string_view label, bool wants_value) {
  Frame frame{Frame::kLoop, label, code.label(), code.label(), 0, 0, 0, wants_value};
  if (wants_value) {
    frame.result = scope.add_temporary();
    code.op(Op::LoadNone);
    code.op(Op::StoreLocal, frame.result);
  }
  return frame;
}

void FunctionCompiler::for_expression(const ForExpr& expr, bool wants_value) {
  open_scope();
  Frame frame = loop_frame(expr.label, wants_value);
  loop_over(expr.head, frame, [&] { block(*expr.body, false); });
  if (wants_value) code.op(Op::LoadLocal, frame.result);
  close_scope();
}

void FunctionCompiler::while_expression(const WhileExpr& expr, bool wants_value) {
  open_scope();
  Frame frame = loop_frame(expr.label, wants_value);
  while_loop(expr.condition, frame, [&] { block(*expr.body, false); });
  if (wants_value) code.op(Op::LoadLocal, frame.result);
  close_scope();
}

// Ends a round: here `continue` goes; what was captured in it becomes its own.
void FunctionCompiler::end_round(Label next, std::uint32_t first_slot) {
  code.place(next);
  if (scope.is_captured_from(first_slot)) code.op(Op::CloseUpvalue, first_slot);
}

void FunctionCompiler::loop_over(const ForHead& head, Frame frame,
                                 const std::function<void()>& body) {
  if (!head.subject) return counting_loop(head, frame, body);
  value(*head.subject);
  bool is_query = is_tag(type_of(*head.subject), TypeTag::kQuery) && !is_delivered(*head.subject);
  if (is_query) run_query({});
  code.at(head.first.span);
  code.jump(Op::StartFor, frame.exit);
  open_scope();
  frame.kind = Frame::kForLoop;
  frame.depth = code.depth();
  frame.first_slot = scope.add_pair(head.first_symbol, head.second_symbol);
  Label top = code.here();
  code.op(Op::NextFor, frame.first_slot);
  frames_.push_back(frame);
  body();
  frames_.pop_back();
  end_round(frame.next, frame.first_slot);
  scope.close();
  code.jump(Op::Loop, top);
  code.place(frame.exit);
  code.op(Op::EndFor);
}

void FunctionCompiler::counting_loop(const ForHead& head, Frame frame,
                                     const std::function<void()>& body) {
  open_scope();
  frame.first_slot = scope.next();
  frame.depth = code.depth();
  if (head.start) statement(*head.start);
  Label top = code.here();
  if (head.condition) jump_if(*head.condition, false, frame.exit);
  frames_.push_back(frame);
  body();
  frames_.pop_back();
  end_round(frame.next, frame.first_slot);
  if (head.step) statement(*head.step);
  code.jump(Op::Loop, top);
  code.place(frame.exit);
  close_scope();
}

void FunctionCompiler::while_loop(const Condition& head, Frame frame,
                                  const std::function<void()>& body) {
  Label top = code.here();
  open_scope();
  frame.first_slot = scope.next();
  frame.depth = code.depth();
  condition(head, frame.exit);
  frames_.push_back(frame);
  body();
  frames_.pop_back();
  end_round(frame.next, frame.first_slot);
  scope.close();
  code.jump(Op::Loop, top);
  code.place(frame.exit);
}

// ---- Ways out ----

std::size_t FunctionCompiler::loop_index(std::string_view label) const {
  for (std::size_t n = frames_.size(); n-- > 0;) {
    bool is_loop = frames_[n].kind == Frame::kLoop || frames_[n].kind == Frame::kForLoop;
    if (is_loop && (label.empty() || frames_[n].label == label)) return n;
  }
  return frames_.size();
}

// Commits; on a conflict begins the transaction again.
void FunctionCompiler::leave_transaction(const Frame& frame) {
  Label done = code.label();
  code.op(Op::LoadLocal, frame.result);
  ext("transaction_commit", 1);
  code.jump(Op::JumpIfTrue, done);
  code.op(Op::LoadLocal, frame.result);
  code.op(Op::Incr);
  code.op(Op::StoreLocal, frame.result);
  code.jump(Op::Loop, frame.next);
  code.place(done);
}

// Leaves all constructs inside frame `to` and cuts the stack to what it had.
void FunctionCompiler::unwind(std::size_t to) {
  auto cut_to = [&](std::uint32_t depth) {
    if (code.depth() > depth) code.op(Op::PopN, code.depth() - depth);
  };
  for (std::size_t n = frames_.size(); n-- > to;) {
    const Frame frame = frames_[n];
    cut_to(frame.depth);
    switch (frame.kind) {
      case Frame::kLoop: break;
      case Frame::kForLoop: code.op(Op::EndFor); break;
      case Frame::kTry: code.op(Op::EndTry); break;
      case Frame::kTransaction:
        code.op(Op::EndTry);
        leave_transaction(frame);
        break;
      case Frame::kSystem:
        code.op(Op::EndTry);
        native("system.leave", 0);
        code.op(Op::Pop);
        break;
    }
  }
}

void FunctionCompiler::break_statement(const BreakStmt& statement) {
  std::size_t loop = loop_index(statement.label);
  if (loop == frames_.size()) return;
  const Frame frame = frames_[loop];
  std::uint32_t depth = code.depth();
  if (statement.value && frame.has_result) {
    value(*statement.value);
    code.op(Op::StoreLocal, frame.result);
  } else if (statement.value) {
    discard(*statement.value);
  }
  unwind(loop + 1);
  if (code.depth() > frame.depth) code.op(Op::PopN, code.depth() - frame.depth);
  if (scope.is_captured_from(frame.first_slot)) code.op(Op::CloseUpvalue, frame.first_slot);
  code.jump(Op::Jump, frame.exit);
  code.set_depth(depth);
}

void FunctionCompiler::continue_statement(const ContinueStmt& statement) {
  std::size_t loop = loop_index(statement.label);
  if (loop == frames_.size()) return;
  const Frame frame = frames_[loop];
  std::uint32_t depth = code.depth();
  unwind(loop + 1);
  if (code.depth() > frame.depth) code.op(Op::PopN, code.depth() - frame.depth);
  code.jump(Op::Jump, frame.next);
  code.set_depth(depth);
}

void FunctionCompiler::return_statement(const ReturnStmt& statement) {
  std::uint32_t depth = code.depth();
  if (statement.value)
    value(*statement.value);
  else
    code.op(Op::LoadNone);
  bool has_endings = false;
  for (const Frame& frame : frames_)
    has_endings = has_endings || frame.kind == Frame::kTransaction || frame.kind == Frame::kSystem;
  if (has_endings) {  // the rest ends with the frame
    std::uint32_t result = scope.add_temporary();
    code.op(Op::StoreLocal, result);
    unwind(0);
    code.op(Op::LoadLocal, result);
  }
  code.op(Op::Return);
  code.set_depth(depth);
}

}  // namespace flin::compile
