// Members, items and slices; `?.`, which ends a whole chain where it finds none.
#include "browser/writer.h"

namespace flin::browser {

using namespace syntax;
using check::SymbolKind;
using check::Type;
using check::TypeTag;

namespace {

bool has_optional(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kMember:
      return as<MemberExpr>(expr).optional || has_optional(*as<MemberExpr>(expr).object);
    case ExprKind::kIndex:
      return as<IndexExpr>(expr).optional || has_optional(*as<IndexExpr>(expr).object);
    case ExprKind::kSlice: return has_optional(*as<SliceExpr>(expr).object);
    case ExprKind::kCall:
      return as<CallExpr>(expr).optional ||
             (as<CallExpr>(expr).callee && has_optional(*as<CallExpr>(expr).callee));
    default: return false;
  }
}

// Whether the value is an object of the browser itself: `document.title`, `event.target.value`.
bool is_native(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kName: {
      const check::Symbol* symbol = as<NameExpr>(expr).symbol;
      return symbol && (symbol->kind == SymbolKind::kBrowserObject ||
                        (symbol->kind == SymbolKind::kContext && symbol->name == "event"));
    }
    case ExprKind::kForm: return as<FormExpr>(expr).form == "new";
    case ExprKind::kMember: return is_native(*as<MemberExpr>(expr).object);
    case ExprKind::kIndex: return is_native(*as<IndexExpr>(expr).object);
    case ExprKind::kCall:
      return as<CallExpr>(expr).target == CallTarget::kValue &&
             as<CallExpr>(expr).callee->kind == ExprKind::kMember &&
             is_native(*as<CallExpr>(expr).callee);
    default: return false;
  }
}

constexpr std::int64_t kUnitSizes[] = {1,        1000,      60000,      3600000,
                                       86400000, 604800000, 2592000000, 31536000000};

}  // namespace

// The rest of a chain behind `?.` becomes a function of what stands in front of it.
Js Writer::chain(const Expr& expr) {
  if (guards_ || !has_optional(expr)) return link(expr);
  std::vector<Guard> guards;
  guards_ = &guards;
  open_scope();
  Js js = link(expr);
  close_scope();
  guards_ = nullptr;
  for (auto guard = guards.rbegin(); guard != guards.rend(); ++guard)
    js = {"((" + guard->name + ") => " + guard->name +
              " == null ? null : " + at(js, Level::kAssign) + ")(" + guard->object + ')',
          Level::kCall};
  return js;
}

Js Writer::apart(const Expr& expr) {
  std::vector<Guard>* guards = guards_;
  guards_ = nullptr;
  Js js = value(expr);
  guards_ = guards;
  return js;
}

Js Writer::receiver(const Expr& object, bool optional) {
  Js js = value(object);
  if (!optional || !guards_) return js;
  std::string name = fresh("it");
  guards_->push_back({name, at(js, Level::kAssign)});
  return {name};
}

Js Writer::link(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kMember: return member(as<MemberExpr>(expr));
    case ExprKind::kIndex: {
      const auto& index = as<IndexExpr>(expr);
      Js object = receiver(*index.object, index.optional);
      std::string key = at(apart(*index.index), Level::kAssign);
      if (is_native(*index.object)) return {at(object, Level::kCall) + '[' + key + ']'};
      return index_of(object, without_none(type_of(*index.object)), key);
    }
    case ExprKind::kSlice: {
      const auto& slice = as<SliceExpr>(expr);
      std::vector<std::string> arguments = {at(receiver(*slice.object, false), Level::kAssign)};
      for (const Expr* part : {slice.start, slice.end, slice.step})
        arguments.push_back(part ? at(apart(*part), Level::kAssign) : "null");
      while (arguments.back() == "null") arguments.pop_back();
      return call_of("slice", arguments);
    }
    default: {
      const auto& made = as<CallExpr>(expr);
      bool by_member = made.callee && made.callee->kind == ExprKind::kMember;
      return call(made, made.optional || (by_member && as<MemberExpr>(*made.callee).optional));
    }
  }
}

Js Writer::index_of(const Js& object, const Type* type, const std::string& index) {
  if (is_tag(type, TypeTag::kMap)) return {at(object, Level::kCall) + ".get(" + index + ')'};
  return call_of("get_index", {at(object, Level::kAssign), index});
}

Js Writer::member(const MemberExpr& expr) {
  switch (expr.target) {
    case MemberTarget::kCall:
    case MemberTarget::kBuiltin: return call(*expr.call, expr.optional);
    case MemberTarget::kVariant: return variant(*expr.enumeration, expr.field, {});
    case MemberTarget::kUnit: {
      std::string size =
          std::to_string(expr.field < std::size(kUnitSizes) ? kUnitSizes[expr.field] : 1);
      return call_of("span", {argument(*expr.object), size});
    }
    default: break;
  }
  const Expr& object = *expr.object;
  if (object.kind == ExprKind::kName && as<NameExpr>(object).symbol) {
    const check::Symbol& symbol = *as<NameExpr>(object).symbol;
    bool of_props = symbol.kind == SymbolKind::kContext && symbol.name == "props";
    if (of_props) return read(prop(expr.name.text, nullptr));
  }
  return member_of(receiver(object, expr.optional), expr);
}

Js Writer::member_of(const Js& object, const MemberExpr& expr) {
  std::string from = at(object, Level::kCall);
  switch (expr.target) {
    case MemberTarget::kField:
      if (expr.field >= check::kAutomaticFields)
        return {from + '.' +
                std::string(check::kAutomaticFieldNames[expr.field - check::kAutomaticFields])};
      return {from + property_access(expr.name.text)};
    case MemberTarget::kTuple: return {from + ".items[" + std::to_string(expr.field) + ']'};
    default: break;
  }
  if (is_native(*expr.object)) return {from + property_access(expr.name.text)};
  if (is_tag(without_none(type_of(*expr.object)), TypeTag::kMap))
    return {from + ".get(" + quoted(expr.name.text) + ')'};
  return call_of("member", {at(object, Level::kAssign), quoted(expr.name.text)});
}

}  // namespace flin::browser
