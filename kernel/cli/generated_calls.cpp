#include "cli/generated_calls.h"

#include "base/number_text.h"

#include <algorithm>
#include <limits>

namespace flin::cli {

namespace {

constexpr const char* kTexts[] = {"",
                                  "a",
                                  "0",
                                  "-1",
                                  "1e999",
                                  "true",
                                  "none",
                                  "{}",
                                  "[1]",
                                  "é",
                                  "\xF0\x9F\x98\x80",
                                  "a\nb\tc",
                                  "<b>&amp;",
                                  "../..",
                                  "%s%n",
                                  "'; --",
                                  "2026-01-31",
                                  "a,b",
                                  "\"",
                                  "\\"};
constexpr std::int64_t kInts[] = {0,
                                  1,
                                  -1,
                                  2,
                                  7,
                                  255,
                                  65536,
                                  -2147483648LL,
                                  2147483648LL,
                                  std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::min()};
constexpr double kNumbers[] = {0.0,
                               -0.0,
                               0.5,
                               -1.5,
                               1e300,
                               -1e-300,
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()};
constexpr Kind kScalars[] = {Kind::kNone,   Kind::kBool,     Kind::kInt,   Kind::kInt,
                             Kind::kNumber, Kind::kText,     Kind::kText,  Kind::kText,
                             Kind::kTime,   Kind::kDuration, Kind::kMoney, Kind::kFunction};

template <class T, std::size_t n>
T one_of(const T (&items)[n], std::uint64_t at) {
  return items[at % n];
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 60)) {
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + (text.size() > 60 ? "..\" (" + std::to_string(text.size()) + " bytes)" : "\"");
}

}  // namespace

Text Generator::text() {
  if (below(4) != 0) return one_of(kTexts, random_());
  const char* piece = one_of(kTexts, random_());
  std::string& made = texts_.emplace_back();
  for (std::uint64_t n = below(2) == 0 ? below(8) : 2000; n > 0; --n) made += piece;
  return std::string_view(made);
}

Plain Generator::plain() {
  Plain out;
  out.kind = one_of(kScalars, random_());
  switch (out.kind) {
    case Kind::kNone: break;
    case Kind::kBool: out.i = static_cast<std::int64_t>(below(2)); break;
    case Kind::kNumber: out.n = one_of(kNumbers, random_()); break;
    case Kind::kText: out.text = text(); break;
    case Kind::kMoney: out.extra = 'E' | 'U' << 8 | 'R' << 16; [[fallthrough]];
    default: out.i = one_of(kInts, random_());
  }
  return out;
}

Plain Generator::of_type(std::string_view type) {
  const auto fits = [&](Kind kind) {
    const auto has = [&](std::string_view word) { return type.find(word) != type.npos; };
    switch (kind) {
      case Kind::kText: return has("text");
      case Kind::kInt: return has("int") || has("number");
      case Kind::kNumber: return has("number");
      case Kind::kMoney: return has("money");
      case Kind::kTime: return has("time");
      case Kind::kDuration: return has("duration");
      case Kind::kBool: return has("bool");
      default: return false;
    }
  };
  bool is_known = false;
  for (const Kind kind : kScalars) is_known = is_known || fits(kind);
  for (;;) {
    const Plain made = plain();
    if (is_known ? fits(made.kind) : made.kind != Kind::kNone && made.kind != Kind::kFunction)
      return made;
  }
}

Value Generator::value(testing::Call& call, int depth) {
  const std::uint64_t what = below(8);
  if (depth > 2 || what > 1) return call.make(plain());
  std::vector<Value> items;
  for (std::uint64_t n = below(4) * 2; n > 0; --n) {
    Plain key;
    key.kind = Kind::kText;
    key.text = text();
    items.push_back(what == 0 || n % 2 != 0 ? value(call, depth + 1) : call.make(key));
  }
  return what == 0 ? call.make_list(items.data(), items.size())
                   : call.make_map(items.data(), items.size() / 2);
}

std::string shown(const Plain& value) {
  std::string out;
  switch (value.kind) {
    case Kind::kNone: return "none";
    case Kind::kBool: return value.i != 0 ? "true" : "false";
    case Kind::kInt: return std::to_string(value.i);
    case Kind::kNumber: text::append_number(out, value.n); return out;
    case Kind::kText: return quoted(value.text);
    case Kind::kTime: return "time " + std::to_string(value.i) + " ms";
    case Kind::kDuration: return "duration " + std::to_string(value.i) + " ms";
    case Kind::kMoney: return "money " + std::to_string(value.i) + " EUR";
    case Kind::kFunction: return "a function";
    default: return "a value of kind " + std::to_string(static_cast<std::uint32_t>(value.kind));
  }
}

std::string shown(testing::Call& call, const Value* values, std::uint64_t count) {
  std::string out;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    const Kind kind = call.kind(values[i]);
    if (kind == Kind::kList || kind == Kind::kMap) {
      out += "[";
      for (std::uint64_t at = 0; at < call.size(values[i]); ++at) {
        const Value item = call.item(values[i], at), key = call.key(values[i], at);
        if (at > 0) out += ", ";
        if (kind == Kind::kMap) out += shown(call, &key, 1) + ": ";
        out += shown(call, &item, 1);
      }
      out += "]";
    } else {
      Plain plain;
      plain.kind = kind;
      static_cast<void>(call.plain(values[i], plain));
      out += shown(plain);
    }
  }
  return out;
}

namespace {

// "(n: int, unit: text = \"cm\")" as its types; those with a default may be left out.
struct Parameter {
  std::string_view type;
  bool is_optional;
};
std::vector<Parameter> parameters_of(std::string_view signature) {
  std::vector<Parameter> out;
  for (std::size_t at = signature.find(':'); at != signature.npos;) {
    const std::size_t end = std::min(signature.find(',', at), signature.size());
    const std::string_view type = signature.substr(at + 1, end - at - 1);
    out.push_back({type.substr(0, type.find('=')), type.find('=') != type.npos});
    at = signature.find(':', end);
  }
  return out;
}

// What the op did against its own declaration.
std::string broken_rule(const OpEntry& op, testing::Call& call, const Status& status,
                        Value result) {
  const bool may_suspend = (op.flags & kMaySuspend) != 0;
  if (call.ticket() != 0 && !may_suspend) return "suspends, and is not declared kMaySuspend";
  if (call.calls() && !may_suspend) return "calls a function, and is not declared kMaySuspend";
  if (!status.ok() && status.message().empty()) return "fails without a message";
  if (status.ok() && op.results == 0 && result.bits != 0)
    return "gives a result, and declares none";
  return "";
}

}  // namespace

std::string call_op(const OpEntry& op, std::uint64_t seed, int calls, Watcher& watcher) {
  for (int n = 0; n < calls; ++n) {
    // A generator per call: a replay of one call needs none of those before.
    Generator generator(seed * 1000003 + static_cast<std::uint64_t>(n));
    testing::Call call;
    const std::uint64_t count =
        op.args == kCounted ? generator.below(6) : static_cast<std::uint64_t>(op.args);
    for (std::uint64_t i = 0; i < count; ++i) call.add_argument(generator.value(call));
    const std::string what = op.name + "(" + shown(call, call.args(), count) + ")";
    watcher.begins(what);
    Value result;
    const Status status = op.run(*op.self, call, call.args(), call.count(), result);
    if (std::string rule = broken_rule(op, call, status, result); !rule.empty())
      return what + " " + rule;
    if (!call.calls()) continue;
    watcher.begins(what + ", when the function it called returned");
    static_cast<void>(call.return_from_call(*op.self, generator.value(call), result));
  }
  return "";
}

void call_validator(const ValidatorDecl& validator, IPlugin& self, std::uint64_t seed, int calls,
                    Watcher& watcher) {
  for (int n = 0; n < calls; ++n) {
    Generator generator(seed * 1000003 + static_cast<std::uint64_t>(n));
    const Plain value = generator.of_type(validator.fits);
    std::vector<Plain> arguments;
    std::string shown_arguments;
    for (const Parameter& parameter : parameters_of(validator.arguments)) {
      if (parameter.is_optional && generator.below(2) == 0) break;
      arguments.push_back(generator.of_type(parameter.type));
      shown_arguments += ", " + shown(arguments.back());
    }
    watcher.begins("@" + std::string(std::string_view(validator.name)) + "(" + shown(value) +
                   shown_arguments + ")");
    static_cast<void>(validator.check(self, value, {arguments.data(), arguments.size()}));
  }
}

}  // namespace flin::cli
