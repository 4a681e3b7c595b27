// Calls by their target (check/program.h says how the checker writes them down), and built-ins.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::Builtin;
using check::Type;
using check::TypeTag;

namespace {

bool has_spread(const CallExpr& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(),
                     [](const Argument& a) { return a.value->kind == ExprKind::kSpread; });
}

// Whether passing by position evaluates the arguments in the order they are written.
bool in_written_order(const CallExpr& call) {
  std::size_t given = 0;
  for (const Expr* operand : call.operands) {
    if (!operand) continue;
    auto found = std::find_if(call.arguments.begin(), call.arguments.end(),
                              [&](const Argument& a) { return a.value == operand; });
    if (found == call.arguments.end()) continue;  // a receiver, or made by the checker
    if (static_cast<std::size_t>(found - call.arguments.begin()) < given) return false;
    given = static_cast<std::size_t>(found - call.arguments.begin());
  }
  return true;
}

struct BrowserBuiltin {
  std::string_view name, code;
};
constexpr BrowserBuiltin kBrowserBuiltins[] = {
#define BROWSER_BUILTIN(name, code) {#name, code},
#include "browser/browser_builtins.def"
#undef BROWSER_BUILTIN
};

std::string filled(std::string_view code, const std::vector<std::string>& arguments) {
  std::string out;
  for (std::size_t n = 0; n < code.size(); ++n) {
    if (code[n] != '$') {
      out += code[n];
      continue;
    }
    char c = code[++n];
    auto index = static_cast<std::size_t>(c - '1');
    out += c == '*'                   ? joined(arguments, ", ")
           : index < arguments.size() ? arguments[index]
                                      : "null";
  }
  return out;
}

std::string_view async_function(std::string_view name) {
  constexpr std::string_view kRows[][2] = {{"loading", "is_loading"},
                                           {"error", "is_error"},
                                           {"idle", "is_idle"},
                                           {"ready", "is_ready"},
                                           {"error_message", "error_message"},
                                           {"previous", "previous"},
                                           {"retry", "retry"},
                                           {"cancel", "cancel"}};
  for (const auto& row : kRows)
    if (row[0] == name) return row[1];
  return {};
}

}  // namespace

Js Writer::call(const CallExpr& call, bool optional) {
  switch (call.target) {
    case CallTarget::kFunction: return call_function(call);
    case CallTarget::kBuiltin: return builtin(*call.builtin, call.operands, optional);
    case CallTarget::kVariant: return call_variant(call);
    case CallTarget::kForm:
      return {"null"};  // of the server; what the page gets of it is a live value
    case CallTarget::kValue:
    case CallTarget::kUnresolved: return call_value(call, optional);
  }
  return {"null"};
}

std::vector<std::string> Writer::arguments(const CallExpr& call) {
  std::vector<std::string> out;
  for (const Argument& argument : call.arguments) {
    bool spread = argument.value->kind == ExprKind::kSpread;
    out.push_back(spread ? item(*argument.value) : at(apart(*argument.value), Level::kAssign));
  }
  return out;
}

Js Writer::call_function(const CallExpr& call) {
  const check::Function& function = *call.function;
  std::string name =
      function.page_bound && part_ ? page_function(function) : module_.function(function);
  if (has_spread(call)) return {name + '(' + joined(arguments(call), ", ") + ')'};
  std::vector<std::string> passed;
  bool optional = call.optional || (call.callee && call.callee->kind == ExprKind::kMember &&
                                    as<MemberExpr>(*call.callee).optional);
  if (in_written_order(call)) {
    for (std::size_t n = 0; n < call.operands.size(); ++n)
      passed.push_back(operand(call.operands, n, optional));
    while (!passed.empty() && passed.back() == "undefined") passed.pop_back();
    return {name + '(' + joined(passed, ", ") + ')'};
  }
  std::vector<std::string> given = arguments(call), names;
  for (std::size_t n = 0; n < given.size(); ++n) names.push_back("a" + std::to_string(n + 1));
  for (const Expr* operand : call.operands) {
    std::size_t n = 0;
    while (n < call.arguments.size() && call.arguments[n].value != operand) ++n;
    passed.push_back(n < names.size() ? names[n] : "undefined");
  }
  while (!passed.empty() && passed.back() == "undefined") passed.pop_back();
  return {"((" + joined(names, ", ") + ") => " + name + '(' + joined(passed, ", ") + "))(" +
          joined(given, ", ") + ')'};
}

Js Writer::call_value(const CallExpr& call, bool optional) {
  bool is_method = call.callee->kind == ExprKind::kMember &&
                   as<MemberExpr>(*call.callee).target == MemberTarget::kDynamic;
  if (!is_method) {
    bool optional_callee = optional && call.callee->kind != ExprKind::kMember;
    std::string callee = at(receiver(*call.callee, optional_callee), Level::kCall);
    if (callee.rfind("new ", 0) == 0) callee = '(' + callee + ')';
    return {callee + '(' + joined(arguments(call), ", ") + ')'};
  }
  const auto& member = as<MemberExpr>(*call.callee);
  Js object = receiver(*member.object, optional);
  std::string known = "b_" + std::string(member.name.text);
  std::string native = member_of({"_"}, member).text;  // "_.name" for objects of the browser
  std::vector<std::string> given = arguments(call);
  if (native[0] == '_' || !module_.imports.has(known))
    return {at(object, Level::kCall) + property_access(member.name.text) + '(' +
            joined(given, ", ") + ')'};
  given.insert(given.begin(), at(object, Level::kAssign));
  return call_of(known, given);
}

Js Writer::call_variant(const CallExpr& call) {
  const check::Enum& of = *call.enumeration;
  if (call.detail == "values" || call.detail == "from") {
    std::vector<std::string> all;
    for (std::uint32_t n = 0; n < of.variants.size(); ++n)
      if (of.variants[n].payload.empty()) all.push_back(variant(of, n, {}).text);
    std::string values = listed("[", all, "]");
    if (call.detail == "values") return {values};
    std::string name = at(apart(*call.operands[0]), Level::kAssign);
    return {"((name) => " + values + ".find((v) => v.name === name) ?? null)(" + name + ')'};
  }
  std::vector<std::string> values;
  for (const Expr* operand : call.operands) values.push_back(at(apart(*operand), Level::kAssign));
  return variant(of, call.variant, values);
}

// ---- Built-ins ----

std::string Writer::operand(const std::vector<Expr*>& operands, std::size_t n, bool optional) {
  if (!operands[n]) return "undefined";
  return at(n == 0 ? receiver(*operands[n], optional) : apart(*operands[n]), Level::kAssign);
}

Js Writer::builtin(const Builtin& builtin, const std::vector<Expr*>& operands, bool optional) {
  std::string_view async = async_function(builtin.name);
  if (!async.empty() && operands.size() == 1 && operands[0] && operands[0]->kind == ExprKind::kName)
    return async_state(async, *operands[0]);
  std::vector<std::string> arguments;
  for (std::size_t n = 0; n < operands.size(); ++n) {
    bool spread = operands[n] && operands[n]->kind == ExprKind::kSpread;
    arguments.push_back(spread ? item(*operands[n]) : operand(operands, n, optional));
  }
  while (!arguments.empty() && arguments.back() == "undefined") arguments.pop_back();
  return builtin_call(builtin, arguments,
                      operands.empty() || !operands[0] ? nullptr : type_of(*operands[0]));
}

Js Writer::builtin_call(const Builtin& builtin, const std::vector<std::string>& arguments,
                        const Type* first) {
  std::string_view name = builtin.name;
  if (name == "print") {
    std::string shown =
        "[" + joined(arguments, ", ") + "].map(" + module_.imports.use("inspect") + ").join(\" \")";
    return {"console.log(" + shown + ')'};
  }
  if (name == "raw") return call_of("View", arguments);
  if (name == "set_timeout" || name == "set_interval") {
    bool function_first = is_tag(first, TypeTag::kFunction) || arguments.size() < 2;
    std::string run = arguments[function_first ? 0 : 1],
                time = arguments.size() < 2 ? "0" : arguments[function_first ? 1 : 0];
    std::string batched = "() => " + module_.imports.use("batch") + '(' + run + ')';
    return {std::string(name == "set_timeout" ? "setTimeout(" : "setInterval(") + batched +
            ", ((d) => d.value ?? d)(" + time + "))"};
  }
  std::string known = "b_" + std::string(name);
  if (module_.imports.has(known)) {
    if (name == "pi" && arguments.empty()) return {module_.imports.use(known)};
    return call_of(known, arguments);
  }
  if (name == "navigate" && module_.imports.has(name)) return call_of(name, arguments);
  for (const BrowserBuiltin& row : kBrowserBuiltins)
    if (row.name == name) return {filled(row.code, arguments)};
  return call_of("fail", {"\"R0501\"", quoted("the browser has no '" + std::string(name) + "'")});
}

Js Writer::async_state(std::string_view name, const Expr& variable) {
  const check::Symbol* symbol = as<NameExpr>(variable).symbol;
  if (!symbol) return {"null"};
  Place place = place_of(*symbol);
  return call_of(name, {place.kind == Place::kCell ? place.js.text : "{}"});
}

Js Writer::builtin_value(const NameExpr& expr) {
  const Builtin& builtin = *expr.builtin;
  if (!is_tag(expr.type, TypeTag::kFunction)) return builtin_call(builtin, {}, nullptr);
  std::size_t arity = expr.type->items.size() - 1;
  std::vector<std::string> names;
  open_scope();
  for (std::size_t n = 0; n < arity; ++n) names.push_back(fresh("x"));
  Js js = builtin_call(builtin, names, arity > 0 ? expr.type->items[0] : nullptr);
  close_scope();
  return {'(' + joined(names, ", ") + ") => " + at(js, Level::kAssign), Level::kAssign};
}

}  // namespace flin::browser
