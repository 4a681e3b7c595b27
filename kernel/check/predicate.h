// The argument of a `where` as a predicate (L 14.7, L 21.5).
#pragma once

#include "check/program.h"

namespace flin::check {

class PredicateWriter {
 public:
  // `row` is the parameter of `where(t => ..)`; null: bare names are fields.
  PredicateWriter(const Entity& entity, const Symbol* row, Predicate& out)
      : entity_(entity), row_(row), out_(out) {}

  // Writes the condition, whose types are known. Gives the part that cannot be asked, null if all
  // can.
  const syntax::Expr* write(const syntax::Expr* e);

 private:
  bool is_field(const syntax::Expr* e) const;
  bool reads_fields(const syntax::Expr* e) const;
  bool path(const syntax::Expr* e, std::vector<std::string_view>& names) const;
  const syntax::Expr* free_part(const syntax::Expr* e);
  const syntax::Expr* binary(const syntax::BinaryExpr& e);
  const syntax::Expr* method(const syntax::CallExpr& c);
  const syntax::Expr* property(const syntax::MemberExpr& m);
  const syntax::Expr* is_none(const syntax::Expr* operand, bool negated);
  void put(int byte) { out_.code.push_back(static_cast<std::uint8_t>(byte)); }
  std::uint8_t name_index(std::string_view name);

  const Entity& entity_;
  const Symbol* row_;
  Predicate& out_;
};

}  // namespace flin::check
