// Type variables: what is known of them, unification, joins and assignability (L 3.3 to L 3.5).
#pragma once

#include "check/types.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace flin::check {

// How a value of one type gets to be one of another.
enum class Fit : std::uint8_t {
  kNo,
  kSame,    // as it is: equal types, T to T?, to a union, to any
  kConvert  // Expr::converted has to say so: int to number, any to T, a query to its list
};

class Unifier {
 public:
  explicit Unifier(Types& types) : types_(types) {}

  // Variables made inside functions have level 1 and may be generalised; unifying one with an outer
  // variable makes it an outer one.
  const Type* fresh(int level = 1);
  const Type* resolve(const Type* type) const;  // the outermost part is no bound variable
  const Type* zonk(const Type* type);           // no bound variable anywhere
  const Type* closed(const Type* type);         // as zonk, and what stays open is any
  bool is_open(const Type* type) const { return resolve(type)->is(TypeTag::kVariable); }

  // Makes both equal, if it can; otherwise nothing has changed.
  bool unify(const Type* a, const Type* b);
  Fit fit(const Type* from, const Type* to);
  // Type of a variable that held `a` and is assigned `b` (L 3.4); null: they do not go together.
  const Type* widen(const Type* a, const Type* b);
  // Where branches meet (L 3.3): a union of up to 4 types, then any.
  const Type* join(const Type* a, const Type* b);

  // Copies `type` with generic variables (listed, or from kGenericBase on) replaced.
  using Substitution = std::unordered_map<const Type*, const Type*>;
  const Type* substitute(const Type* type, const Substitution& by);
  // The unbound variables of level 1 in `type`.
  void open_variables(const Type* type, std::vector<const Type*>& out) const;
  // Whether every value of `type` has an impl of the trait; the type that impl is for, or null.
  bool implements(const Type* type, const Trait& trait) const;
  const Type* impl_type(const Type* type, const Trait& trait) const;
  std::uint32_t made() const { return static_cast<std::uint32_t>(cells_.size()); }

 private:
  struct Cell {
    const Type* type = nullptr;
    int level = 0;
  };
  bool bind(const Type* variable, const Type* type);
  bool occurs(std::uint32_t number, int level, const Type* type);
  bool unify_parts(const Type* a, const Type* b);
  Fit fit_function(const Type* from, const Type* to);
  Fit fit_union(const Type* from, const Type* to);
  const Type* rebuild(const Type* type, std::vector<const Type*> items);

  Types& types_;
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> trail_;  // bound since the start, to take back
};

}  // namespace flin::check
