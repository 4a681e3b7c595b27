// Goes through a tree in the order of its evaluation. Override what is of interest and call the
// same function of Walker to go on into the parts. After inference calls are walked by what is
// passed (CallExpr::operands) and members by the call they stand for; before it, as written.
#pragma once

#include "check/program.h"
#include "syntax/ast.h"

namespace flin::check {

class Walker {
 public:
  virtual ~Walker() = default;

  virtual void expr(syntax::Expr* e);  // null is allowed everywhere
  virtual void stmt(syntax::Stmt* s);
  virtual void node(syntax::Node* n);
  virtual void attribute(syntax::Attribute* a);
  virtual void pattern(syntax::Pattern* p);
  virtual void lambda(syntax::LambdaExpr& l);
  virtual void call(syntax::CallExpr& c);

  void block(const syntax::Block* b) {
    if (b != nullptr)
      for (syntax::Stmt* s : b->statements) stmt(s);
  }
  void nodes(const std::vector<syntax::Node*>& list) {
    for (syntax::Node* n : list) node(n);
  }
  void condition(const syntax::Condition& c) {
    expr(c.value);
    pattern(c.pattern);
  }
  void head(const syntax::ForHead& h);

 private:
  void control(syntax::Expr* e);
  void compound(syntax::Expr* e);
};

// The variable that a target `x`, `x.a`, `x[i].b` changes; null if there is none.
Symbol* root_symbol(const syntax::Expr* target);

}  // namespace flin::check
