#include "validators.h"

#include "json.h"
#include "text.h"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>

namespace flin::store {
namespace {

using Check = Validators::Check;

std::string shown(const Scalar& value) {
  switch (value.kind) {
    case Kind::kInt: return std::to_string(value.i);
    case Kind::kNumber: {
      std::string out = std::to_string(value.n);
      while (out.back() == '0') out.pop_back();
      if (out.back() == '.') out.pop_back();
      return out;
    }
    case Kind::kBool: return value.i ? "true" : "false";
    default: return value.text;
  }
}

std::int64_t size_of(const Scalar& value) {
  if (value.kind == Kind::kText) return code_points(value.text);
  if (const auto items = json::array(value.text)) return static_cast<std::int64_t>(items->size());
  return 0;
}

std::string unit_of(const Scalar& value, std::int64_t count) {
  const std::string one = value.kind == Kind::kText ? "character" : "item";
  return " " + one + (count == 1 ? "" : "s");
}

// Passes none: an optional none passes all but @required.
template <class Holds>
Check check_that(Holds holds, std::string message) {
  return [holds, message](const Scalar& value) {
    return value.is_none() || holds(value) ? std::string() : message;
  };
}

Check required() {
  return [](const Scalar& value) {
    const bool is_missing = value.is_none() || (value.kind == Kind::kText && is_blank(value.text));
    return is_missing ? std::string("is required") : std::string();
  };
}

Check at_least(const Scalar& least) {
  return check_that(
      [least](const Scalar& v) {
        const auto order = compare(v, least);
        return order && *order >= 0;
      },
      "must be at least " + shown(least));
}

Check at_most(const Scalar& most) {
  return check_that(
      [most](const Scalar& v) {
        const auto order = compare(v, most);
        return order && *order <= 0;
      },
      "must be at most " + shown(most));
}

Check shortest(std::int64_t least) {
  return [least](const Scalar& value) {
    if (value.is_none() || size_of(value) >= least) return std::string();
    return "must have at least " + std::to_string(least) + unit_of(value, least);
  };
}

Check longest(std::int64_t most) {
  return [most](const Scalar& value) {
    if (value.is_none() || size_of(value) <= most) return std::string();
    return "must have at most " + std::to_string(most) + unit_of(value, most);
  };
}

Check length(std::int64_t least, std::int64_t most) {
  return [least, most](const Scalar& value) {
    if (value.is_none() || (size_of(value) >= least && size_of(value) <= most))
      return std::string();
    if (least == most) return "must have exactly " + std::to_string(least) + unit_of(value, least);
    return "must have " + std::to_string(least) + " to " + std::to_string(most) +
           unit_of(value, most);
  };
}

Check positive() {
  return check_that([](const Scalar& v) { return v.kind == Kind::kNumber ? v.n > 0 : v.i > 0; },
                    "must be greater than 0");
}

Check one_of(const Scalar& list) {
  std::string words;
  const auto items = items_of(list);
  for (const std::string_view item : items ? *items : std::vector<std::string_view>()) {
    words += (words.empty() ? "" : ", ") + json::string(item).value_or(std::string(item));
  }
  const auto holds = [list](const Scalar& value) {
    const auto all = items_of(list);
    return all && std::any_of(all->begin(), all->end(),
                              [&](auto item) { return item_equals(item, value); });
  };
  return check_that(holds, "must be one of " + words);
}

// The argument is a regex, written ["a+","i"] (W 4.1).
MaybeFault pattern(const Scalar& argument, const std::string& where, Check& out) {
  const auto parts = json::array(argument.text);
  const auto source = parts && !parts->empty() ? json::string((*parts)[0]) : std::nullopt;
  if (!source) return Fault{kUnavailable, where + ": @pattern needs a regex"};
  const std::string flags = parts->size() > 1 ? json::string((*parts)[1]).value_or("") : "";
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(flags.find('i') == std::string::npos);
  options.set_dot_nl(flags.find('s') != std::string::npos);
  const std::string body = flags.find('m') != std::string::npos ? "(?m:" + *source + ")" : *source;
  const auto regex = std::make_shared<RE2>(body, options);  // shared by copies of the check
  if (!regex->ok())
    return Fault{kUnavailable, where + ": @pattern does not work, " + regex->error()};
  out = check_that([regex](const Scalar& v) { return RE2::FullMatch(v.text, *regex); },
                   "has the wrong form");
  return {};
}

std::int64_t whole(List<Plain> arguments, std::uint64_t at) {
  return at < arguments.size && arguments[at].kind == Kind::kInt ? arguments[at].i : 0;
}

// Validators that always hold here: the compiler, the backend or a transport keeps them.
bool is_kept_elsewhere(std::string_view name) {
  constexpr std::string_view kNames[] = {"unique",    "index",    "default", "hidden",
                                         "immutable", "readonly", "semantic"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool sized(std::string_view name, List<Plain> arguments, Check& out) {
  const std::int64_t first = whole(arguments, 0);
  if (name == "minLength")
    out = shortest(first);
  else if (name == "maxLength")
    out = longest(first);
  else if (name == "length")
    out = length(first, arguments.size > 1 ? whole(arguments, 1) : first);
  else
    return false;
  return true;
}

bool without_arguments(std::string_view name, Check& out) {
  if (name == "required")
    out = required();
  else if (name == "positive")
    out = positive();
  else if (name == "email")
    out = check_that([](const Scalar& v) { return is_email(v.text); }, "must be an e-mail address");
  else if (name == "url")
    out = check_that([](const Scalar& v) { return is_url(v.text); }, "must be a URL");
  else
    return false;
  return true;
}

// A plugin's validator with the arguments it was given; shared by copies of the check.
struct PluginCheck {
  Validator validator;
  Scalars owned;
  std::vector<Plain> arguments;

  bool holds(const Scalar& value) const {
    const List<Plain> given{arguments.data(), arguments.size()};
    return validator.check(*validator.self, borrow(value), given) != 0;
  }
};

struct OwnedText final : ITextSink {
  std::string kept;
  void text(Text t) noexcept override { kept += std::string_view(t); }
};

bool of_plugin(const ValidatorRow& row, IValidators* plugins, Check& out) {
  const auto made = std::make_shared<PluginCheck>();
  if (plugins == nullptr || plugins->find(row.name, made->validator) == 0) return false;
  made->owned = own(row.arguments);
  made->arguments = borrow(made->owned);
  OwnedText message;
  plugins->message(made->validator, {made->arguments.data(), made->arguments.size()}, message);
  out = check_that([made](const Scalar& v) { return made->holds(v); }, message.kept);
  return true;
}

MaybeFault compile_one(const ValidatorRow& row, IValidators* plugins, const std::string& where,
                       Check& out) {
  const std::string_view name = row.name;
  if (without_arguments(name, out) || of_plugin(row, plugins, out)) return {};
  if (row.arguments.empty())
    return Fault{kUnavailable, where + ": the store has no validator @" + std::string(name)};
  if (sized(name, row.arguments, out)) return {};
  const Scalar first = own(row.arguments[0]);
  if (name == "pattern") return pattern(first, where, out);
  if (name == "min")
    out = at_least(first);
  else if (name == "max")
    out = at_most(first);
  else if (name == "one_of")
    out = one_of(first);
  else
    return Fault{kUnavailable, where + ": the store has no validator @" + std::string(name)};
  return {};
}

MaybeFault compile_field(const FieldRow& row, IValidators* plugins, const std::string& where,
                         std::vector<Check>& out) {
  bool is_required_listed = false;
  for (const ValidatorRow& validator : row.validators) {
    if (is_kept_elsewhere(validator.name)) continue;
    is_required_listed |= std::string_view(validator.name) == "required";
    if (MaybeFault fault = compile_one(validator, plugins, where, out.emplace_back())) return fault;
  }
  if ((row.flags & kFieldRequired) != 0 && !is_required_listed) out.insert(out.begin(), required());
  return {};
}

// Fits the value to the field's type; a message when it cannot.
std::string fit(const Field& field, Scalar& value) {
  if (value.is_none()) return field.is_optional ? "" : "is required";
  if (field.kind == Kind::kNone || field.kind == value.kind) return "";
  if (field.kind == Kind::kNumber && value.kind == Kind::kInt) {
    value = Scalar::of_number(static_cast<double>(value.i));
    return "";
  }
  const bool is_whole = value.kind == Kind::kNumber && value.n == std::trunc(value.n) &&
                        std::abs(value.n) < 9007199254740992.0;
  if (field.kind == Kind::kInt && is_whole) {  // L 3.14
    value = Scalar::of_int(static_cast<std::int64_t>(value.n));
    return "";
  }
  return "must be " + field.type;
}

}  // namespace

std::string FieldErrors::message() const {
  std::string out = "validation failed: ";
  for (std::size_t at = 0; at < fields.size(); ++at) {
    out += (at == 0 ? "" : ", ") + fields[at].first + " " + fields[at].second;
  }
  return out;
}

MaybeFault Validators::compile(List<EntityRow> rows, const Entities& entities, IValidators* plugins,
                               Validators& out) {
  Validators made;
  for (std::uint32_t type = 0; type < rows.size; ++type) {
    auto& fields = made.checks_.emplace_back();
    for (std::uint32_t field = 0; field < rows[type].fields.size; ++field) {
      const std::string where = entities[type].name + "." + entities[type].fields[field].name;
      const FieldRow& row = rows[type].fields[field];
      if (MaybeFault fault = compile_field(row, plugins, where, fields.emplace_back()))
        return fault;
    }
  }
  out = std::move(made);
  return {};
}

void Validators::check(const Entities& entities, std::uint32_t type, bool is_create,
                       std::vector<FieldWrite>& fields, FieldErrors& errors) const {
  const Entity& entity = entities[type];
  for (std::uint32_t at = 0; at < entity.fields.size(); ++at) {
    const Field& field = entity.fields[at];
    const auto given = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldWrite& w) { return w.field == at; });
    if (given == fields.end() && !is_create) continue;
    Scalar initial = field.initial;
    Scalar& value = given == fields.end() ? initial : given->value;
    std::string wrong = fit(field, value);
    if (wrong.empty() && !is_create && (field.flags & kFieldImmutable) != 0)
      wrong = "cannot be changed";
    for (const Check& check : checks_[type][at]) {
      if (!wrong.empty()) break;
      wrong = check(value);
    }
    if (!wrong.empty()) errors.fields.emplace_back(field.name, std::move(wrong));
  }
}

}  // namespace flin::store
