// Access rules (L 14.9): compiled predicates whose parameters are paths of the session.
//
// Reading: the rules of a type become part of every query's predicate, so the backend applies them.
// Writing: they are tested here, on the old and the new state. A rule that follows a reference
// cannot be told from one row; it then forbids a write, and hides a row from log and history.
#pragma once

#include "fault.h"
#include "flin/store/entity_store.h"
#include "predicate.h"
#include "schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::store {

// The value at a dotted path of a session's JSON; none where there is nothing.
Scalar session_value(std::string_view session, std::string_view path, const Entities& entities);

// Reads a whole row (entity_store.h); references cannot be followed.
class WholeRow final : public IFieldReader {
 public:
  explicit WholeRow(const Row& row) : row_(row) {}
  bool read(const FieldPath& path, Scalar& out) const override;
  bool is_live() const;

 private:
  const Row& row_;
};

class Rules {
 public:
  static MaybeFault compile(List<EntityRow> rows, Rules& out);

  bool has_rules(std::uint32_t type) const { return type < rules_.size() && !rules_[type].empty(); }
  // Adds the read rules to a query's predicate and parameters.
  void restrict_read(const Entities& entities, std::uint32_t type, const Ctx& ctx, Bytes& code,
                     Scalars& parameters) const;
  bool allows(const Entities& entities, std::uint32_t type, RuleOperation operation, const Ctx& ctx,
              const IFieldReader& row) const;

 private:
  struct Rule {
    std::uint32_t operations;
    Predicate predicate;             // session values first, then literals
    std::vector<std::string> paths;  // of the session
    Scalars constants;
  };
  static Scalars values(const Rule& rule, const Entities& entities, const Ctx& ctx);

  std::vector<std::vector<Rule>> rules_;  // by type
};

}  // namespace flin::store
