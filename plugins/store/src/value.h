// Values as the store keeps and compares them: a Plain that owns its text.
//
// A list, map, tuple, enum or file is kept in its written form (W 4.1 by its static type). Nothing
// here knows static types, so an item of a written list is read by what it is compared with.
#pragma once

#include "flin/base.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flin::store {

struct Scalar {
  Kind kind = Kind::kNone;
  std::uint32_t extra = 0;  // as in Plain
  std::int64_t i = 0;
  double n = 0;
  std::string text;

  bool is_none() const { return kind == Kind::kNone; }
  bool is_numeric() const { return kind == Kind::kInt || kind == Kind::kNumber; }

  static Scalar of_bool(bool value);
  static Scalar of_int(std::int64_t value);
  static Scalar of_number(double value);
  static Scalar of_text(std::string_view value);
  static Scalar of_time(std::int64_t milliseconds);
  static Scalar of_duration(std::int64_t milliseconds);
  static Scalar of_record(std::uint32_t type, std::uint64_t id);
  static Scalar of_written(Kind kind, std::string_view written);
};
using Scalars = std::vector<Scalar>;

// A money amount's currency, "EUR", from Plain::extra and back.
std::string currency_text(std::uint32_t extra);
std::uint32_t currency_number(std::string_view three_letters);

Scalar own(const Plain& value);
Scalars own(List<Plain> values);
// Borrows: valid as long as `value` is.
Plain borrow(const Scalar& value);
std::vector<Plain> borrow(const Scalars& values);

// L 3.8: int and number by exact numeric value, NaN is unequal to itself, values of different kinds
// are unequal, references by type and id, none only to none.
bool equal(const Scalar& a, const Scalar& b);
// L 3.8 `<`: negative, 0 or positive; nothing where the two have no order (none, NaN, other kinds,
// money of two currencies).
std::optional<int> compare(const Scalar& a, const Scalar& b);
// A total order for `order by`: none first, then as compare() says, NaN after every number; kinds
// that have no order of their own stand by kind and written form.
int order_of(const Scalar& a, const Scalar& b);
// L 3.9.
bool is_truthy(const Scalar& value);

// The same bytes exactly for values that are the same: key of a map. A number that is integral has
// the bytes of its int.
std::string identity(const Scalar& value);
// "text", "int": the word of L 24.2 type_of.
std::string_view kind_word(Kind kind);

// Items of a written list, as slices of its text; nothing when the text is no JSON array.
std::optional<std::vector<std::string_view>> items_of(const Scalar& list);
// Whether a written item stands for `value`.
bool item_equals(std::string_view item, const Scalar& value);
// The id in a written reference: `7`, `{"id":7,..}` or `{"$e":"User","id":7}`. 0: none.
std::uint64_t id_in(std::string_view written);

}  // namespace flin::store
