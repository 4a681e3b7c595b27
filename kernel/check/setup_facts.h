// What one setup statement reads, writes and touches; used by setup.cpp and live.cpp.
#pragma once

#include "check/touches.h"
#include "check/walk.h"

#include <algorithm>
#include <vector>

namespace flin::check {

// Variables of the frame that a statement writes and reads.
class ReadsAndWrites : public Walker {
 public:
  std::vector<Symbol*> reads, writes;
  bool impure = false;  // writes into something that is no variable of its own

  void stmt(syntax::Stmt* s) override {
    switch (s->kind) {
      case syntax::StmtKind::kAssign: {
        auto& a = syntax::as<syntax::AssignStmt>(*s);
        write(a.target);
        expr(a.value);
        if (a.target->kind != syntax::ExprKind::kName || a.op != syntax::AssignOp::kSet)
          expr(a.target);
        return;
      }
      case syntax::StmtKind::kIncrement: write(syntax::as<syntax::IncrementStmt>(*s).target); break;
      case syntax::StmtKind::kDeleteKey: write(syntax::as<syntax::DeleteKeyStmt>(*s).target); break;
      default: break;
    }
    Walker::stmt(s);
  }
  void pattern(syntax::Pattern* p) override {
    if (p != nullptr && p->symbol != nullptr) add(writes, p->symbol);
    Walker::pattern(p);
  }
  void call(syntax::CallExpr& c) override {
    bool writes_first = c.target == syntax::CallTarget::kBuiltin &&
                        (c.builtin->flags & kBuiltinWrites) != 0 && !c.operands.empty();
    if (writes_first) write(c.operands[0]);
    if (c.target == syntax::CallTarget::kBuiltin)
      for (syntax::Expr* operand : c.operands)
        if (operand != nullptr && operand->kind == syntax::ExprKind::kLambda)
          block(syntax::as<syntax::LambdaExpr>(*operand).body);  // the built-in calls it
    Walker::call(c);
  }
  void expr(syntax::Expr* e) override {
    if (e != nullptr && e->kind == syntax::ExprKind::kName &&
        syntax::as<syntax::NameExpr>(*e).symbol != nullptr)
      add(reads, syntax::as<syntax::NameExpr>(*e).symbol);
    Walker::expr(e);
  }
  void lambda(syntax::LambdaExpr&) override {}  // creating a function reads nothing

 private:
  void write(const syntax::Expr* target) {
    Symbol* symbol = root_symbol(target);
    if (symbol == nullptr)
      impure = true;
    else
      add(writes, symbol);
  }
  static void add(std::vector<Symbol*>& list, Symbol* symbol) {
    if (std::find(list.begin(), list.end(), symbol) == list.end()) list.push_back(symbol);
  }
};

struct SetupFact {
  Touched touched;
  ReadsAndWrites values;
  bool pure = false;
};

}  // namespace flin::check
