// The checks at save (L 14.2, L 14.4): types first, then each field's validators in order of
// declaration. The first thing wrong with a field is its message; all fields are checked, so that a
// form can show everything at once. @unique is the backend's, which alone sees every row.
#pragma once

#include "fault.h"
#include "flin/validators.h"
#include "schema.h"
#include "value.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace flin::store {

// What is wrong, by field in order of declaration: ("title", "is required").
struct FieldErrors {
  std::vector<std::pair<std::string, std::string>> fields;

  // "validation failed: title is required, age must be at least 18"
  std::string message() const;
};

// A field that is about to be written.
struct FieldWrite {
  std::uint32_t field;
  Scalar value;
};

class Validators {
 public:
  // R0106 with a sentence when a validator is neither of L 14.2 nor a plugin's, or its arguments do
  // not fit. `plugins` may be null; its validators must live as long as `out`.
  static MaybeFault compile(List<EntityRow> rows, const Entities& entities, IValidators* plugins,
                            Validators& out);

  // Checks the fields of one change. A create is checked whole, with the initial value for each
  // field it leaves out; an update by what it sets. int and number values become what their field
  // is.
  void check(const Entities& entities, std::uint32_t type, bool is_create,
             std::vector<FieldWrite>& fields, FieldErrors& errors) const;

  // A message, or "" when the value passes.
  using Check = std::function<std::string(const Scalar&)>;

 private:
  std::vector<std::vector<std::vector<Check>>> checks_;  // by type, field, in order of declaration
};

}  // namespace flin::store
