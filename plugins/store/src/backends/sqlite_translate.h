// What of a plan SQLite can do by itself: conditions and orders as SQL over the entity's table `t`
// and the tables its references lead to. The rest is done in C++ over the rows SQLite finds, by the
// same code as for every other backend, so that both mean the same.
//
// Translated are comparisons of fields with values of their kind and with each other, `is none`,
// truth of bool and int fields, and, or, not. SQL's third truth value is kept out: `IS` for
// equality, and `IS TRUE` around what may be NULL below a `not`.
#pragma once

#include "selection.h"
#include "sqlite_schema.h"

#include <map>
#include <string>
#include <vector>

namespace flin::store {

struct SqlCondition {
  std::string joins;                  // " LEFT JOIN .."
  std::string where;                  // " AND (..)": never empty conditions, "" for none
  std::vector<const Scalar*> values;  // of its `?`, borrowed from the selection
  bool is_whole = true;               // false: rows have to be tested again
};

// Binds a parameter as a column of its kind holds it.
void bind_parameter(SqlStatement& statement, int at, const Scalar& value);

class Translator {
 public:
  Translator(const SqlSchema& schema, const Binding& binding)
      : schema_(schema), binding_(binding) {}

  SqlCondition condition(const Selection& selection);
  // " ORDER BY .."; false when C++ has to sort.
  bool order(const Selection& selection, std::string& out) const;

 private:
  struct Node {
    PredicateOp op;
    std::uint32_t index;
    int left = -1, right = -1;
  };
  struct Operand {
    std::string sql;
    Kind kind = Kind::kNone;
    std::uint32_t target = kNoType;  // kRecord: its table
    const Scalar* value = nullptr;   // a parameter
  };

  bool translate(int node, bool under_not, std::string& out);
  bool compare(const Node& node, bool under_not, std::string& out);
  bool equals(const Operand& a, const Operand& b, bool is_negated, std::string& out);
  bool less(PredicateOp op, const Operand& a, const Operand& b, bool under_not, std::string& out);
  bool truth(const Node& node, bool under_not, std::string& out);
  bool operand(const Node& node, Operand& out);
  bool field(const FieldPath& path, Operand& out);
  std::string use(const Operand& operand);
  bool may_fail(int node) const;
  void conjuncts(int node, std::vector<int>& out) const;

  const SqlSchema& schema_;
  const Binding& binding_;
  const Selection* selection_ = nullptr;
  std::vector<Node> nodes_;
  std::map<FieldPath, std::string> aliases_;  // of references followed
  SqlCondition made_;
};

}  // namespace flin::store
