#include "value.h"

#include "json.h"

#include <cmath>
#include <cstring>

namespace flin::store {
namespace {

int sign(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

// Exact: a double beyond the int64 range is beyond every int; inside it, its whole part is compared
// as an integer and its fraction decides ties.
std::optional<int> compare_int_number(std::int64_t a, double b) {
  if (std::isnan(b)) return {};
  if (b >= 9223372036854775808.0) return -1;
  if (b < -9223372036854775808.0) return 1;
  const double whole = std::trunc(b);
  const int first = sign(a, static_cast<std::int64_t>(whole));
  if (first != 0) return first;
  return b > whole ? -1 : b < whole ? 1 : 0;
}

std::optional<int> compare_numeric(const Scalar& a, const Scalar& b) {
  if (a.kind == Kind::kInt && b.kind == Kind::kInt) return sign(a.i, b.i);
  if (a.kind == Kind::kInt) return compare_int_number(a.i, b.n);
  if (b.kind == Kind::kInt) {
    const std::optional<int> reversed = compare_int_number(b.i, a.n);
    if (!reversed) return {};
    return -*reversed;
  }
  if (std::isnan(a.n) || std::isnan(b.n)) return {};
  return a.n < b.n ? -1 : a.n > b.n ? 1 : 0;
}

int compare_text(std::string_view a, std::string_view b) {
  // UTF-8 bytes order as their code points do.
  const int first = a.compare(b);
  return first < 0 ? -1 : first > 0 ? 1 : 0;
}

// Place of a kind in `order by`, so that int and number share one.
int rank(Kind kind) { return static_cast<int>(kind == Kind::kNumber ? Kind::kInt : kind); }

bool is_written(Kind kind) {
  return static_cast<int>(kind) > static_cast<int>(Kind::kMoney) && kind != Kind::kRecord;
}

Scalar with(Kind kind, std::int64_t i, std::uint32_t extra = 0) {
  Scalar out;
  out.kind = kind;
  out.i = i;
  out.extra = extra;
  return out;
}

}  // namespace

Scalar Scalar::of_bool(bool value) { return with(Kind::kBool, value ? 1 : 0); }
Scalar Scalar::of_int(std::int64_t value) { return with(Kind::kInt, value); }
Scalar Scalar::of_time(std::int64_t milliseconds) { return with(Kind::kTime, milliseconds); }
Scalar Scalar::of_duration(std::int64_t milliseconds) {
  return with(Kind::kDuration, milliseconds);
}
Scalar Scalar::of_record(std::uint32_t type, std::uint64_t id) {
  return with(Kind::kRecord, static_cast<std::int64_t>(id), type);
}
Scalar Scalar::of_number(double value) {
  Scalar out;
  out.kind = Kind::kNumber;
  out.n = value;
  return out;
}
Scalar Scalar::of_text(std::string_view value) { return of_written(Kind::kText, value); }
Scalar Scalar::of_written(Kind kind, std::string_view written) {
  Scalar out;
  out.kind = kind;
  out.text = written;
  return out;
}

std::string currency_text(std::uint32_t extra) {
  return {static_cast<char>(extra & 0xFF), static_cast<char>((extra >> 8) & 0xFF),
          static_cast<char>((extra >> 16) & 0xFF)};
}

std::uint32_t currency_number(std::string_view letters) {
  std::uint32_t out = 0;
  for (std::size_t at = 0; at < letters.size() && at < 3; ++at) {
    out |= static_cast<std::uint32_t>(static_cast<unsigned char>(letters[at])) << (8 * at);
  }
  return out;
}

Scalar own(const Plain& value) {
  Scalar out;
  out.kind = value.kind;
  out.extra = value.extra;
  out.i = value.i;
  out.n = value.n;
  if (value.text.size != 0) out.text = std::string_view(value.text);
  return out;
}

Scalars own(List<Plain> values) {
  Scalars out;
  out.reserve(values.size);
  for (const Plain& value : values) out.push_back(own(value));
  return out;
}

Plain borrow(const Scalar& value) {
  return {value.kind, value.extra, value.i, value.n, Text(std::string_view(value.text))};
}

std::vector<Plain> borrow(const Scalars& values) {
  std::vector<Plain> out;
  out.reserve(values.size());
  for (const Scalar& value : values) out.push_back(borrow(value));
  return out;
}

bool equal(const Scalar& a, const Scalar& b) {
  if (a.is_numeric() && b.is_numeric()) {
    const std::optional<int> order = compare_numeric(a, b);
    return order && *order == 0;
  }
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kNone: return true;
    case Kind::kBool:
    case Kind::kTime:
    case Kind::kDuration: return a.i == b.i;
    case Kind::kMoney: return a.i == b.i && a.extra == b.extra;
    case Kind::kRecord: return a.i == b.i && a.extra == b.extra && a.i != 0;
    default: return a.text == b.text;
  }
}

std::optional<int> compare(const Scalar& a, const Scalar& b) {
  if (a.is_numeric() && b.is_numeric()) return compare_numeric(a, b);
  if (a.kind != b.kind) return {};
  switch (a.kind) {
    case Kind::kTime:
    case Kind::kDuration: return sign(a.i, b.i);
    case Kind::kMoney:
      if (a.extra != b.extra) return {};
      return sign(a.i, b.i);
    case Kind::kText: return compare_text(a.text, b.text);
    default: return {};
  }
}

int order_of(const Scalar& a, const Scalar& b) {
  if (const std::optional<int> known = compare(a, b)) return *known;
  if (rank(a.kind) != rank(b.kind)) return rank(a.kind) < rank(b.kind) ? -1 : 1;
  if (a.is_numeric())
    return sign(std::isnan(a.n) && a.kind == Kind::kNumber,
                std::isnan(b.n) && b.kind == Kind::kNumber);
  if (a.extra != b.extra) return a.extra < b.extra ? -1 : 1;
  if (a.i != b.i) return sign(a.i, b.i);
  return compare_text(a.text, b.text);
}

bool is_truthy(const Scalar& value) {
  switch (value.kind) {
    case Kind::kNone: return false;
    case Kind::kBool:
    case Kind::kInt: return value.i != 0;
    case Kind::kNumber: return value.n != 0 && !std::isnan(value.n);
    case Kind::kText: return !value.text.empty();
    default: return true;
  }
}

std::string identity(const Scalar& value) {
  Scalar v = value;
  if (v.kind == Kind::kNumber && v.n == std::trunc(v.n) && std::abs(v.n) < 9007199254740992.0) {
    v = Scalar::of_int(static_cast<std::int64_t>(v.n));
  }
  std::string out(1, static_cast<char>(v.kind));
  const auto append = [&out](const auto& part) {
    out.append(reinterpret_cast<const char*>(&part), sizeof part);
  };
  if (v.kind == Kind::kText || is_written(v.kind)) {
    const std::uint64_t size = v.text.size();
    append(size);
    out += v.text;
  } else if (v.kind == Kind::kNumber) {
    append(v.n);
  } else if (v.kind != Kind::kNone) {
    append(v.extra);
    append(v.i);
  }
  return out;
}

std::string_view kind_word(Kind kind) {
  constexpr std::string_view kWords[] = {
      "none", "bool",  "int",   "number", "text",      "time",     "duration", "money",
      "list", "map",   "tuple", "enum",   "entity",    "function", "view",     "error",
      "file", "agent", "regex", "query",  "predicate", "object"};
  const auto at = static_cast<std::size_t>(kind);
  return at < std::size(kWords) ? kWords[at] : "value";
}

std::optional<std::vector<std::string_view>> items_of(const Scalar& list) {
  if (list.kind != Kind::kList && list.kind != Kind::kTuple) return {};
  return json::array(list.text);
}

std::uint64_t id_in(std::string_view written) {
  const auto positive = [](std::optional<long long> id) -> std::uint64_t {
    return id && *id > 0 ? static_cast<std::uint64_t>(*id) : 0;
  };
  if (const auto members = json::object(written)) {
    for (const auto& [key, value] : *members) {
      if (key == "id") return positive(json::integer(value));
    }
    return 0;
  }
  return positive(json::integer(written));
}

bool item_equals(std::string_view item, const Scalar& value) {
  switch (value.kind) {
    case Kind::kNone: return item == "null";
    case Kind::kBool: return item == (value.i ? "true" : "false");
    case Kind::kInt:
    case Kind::kNumber: {
      if (const auto whole = json::integer(item)) return equal(Scalar::of_int(*whole), value);
      const auto number = json::number(item);
      return number && equal(Scalar::of_number(*number), value);
    }
    case Kind::kTime:
    case Kind::kDuration: return json::integer(item) == value.i;
    case Kind::kText: return json::string(item) == value.text;
    case Kind::kMoney: {
      const auto parts = json::array(item);
      return parts && parts->size() == 2 && json::integer((*parts)[0]) == value.i &&
             json::string((*parts)[1]) == currency_text(value.extra);
    }
    case Kind::kRecord: return value.i != 0 && id_in(item) == static_cast<std::uint64_t>(value.i);
    default: return item == value.text;
  }
}

}  // namespace flin::store
