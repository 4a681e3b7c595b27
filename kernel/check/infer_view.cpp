// Types in views: what can be shown, attributes, handlers, bind, props and slots (L 9, L 10).
#include "check/infer.h"

#include <algorithm>
#include <cctype>

namespace flin::check {
using namespace syntax;

void Inference::nodes(const std::vector<Node*>& list) {
  for (Node* n : list) node(n);
}

void Inference::node(Node* n) {
  switch (n->kind) {
    case NodeKind::kText: return;
    case NodeKind::kInterpolation: return shown_value(as<InterpolationNode>(*n).value);
    case NodeKind::kElement: return element(as<ElementNode>(*n));
    case NodeKind::kComponent: return component_use(as<ComponentNode>(*n));
    case NodeKind::kIf: return if_node(as<IfNode>(*n));
    case NodeKind::kFor: return for_node(as<ForNode>(*n));
    case NodeKind::kMatch: return match_node(as<MatchNode>(*n));
    case NodeKind::kSlot: return nodes(as<SlotNode>(*n).fallback);
    case NodeKind::kWhile: {
      report(Code::E0217, n->span, {"'{while}' in a view"}, "not yet");
      return;
    }
  }
}

// Marks code of a binding: it must not change anything (E0512).
template <class F>
void Inference::in_view(F&& code) {
  Body body;
  if (body_ != nullptr) body = *body_;
  body.is_view = true;
  Body* outer = body_;
  body_ = &body;
  code();
  body_ = outer;
}

void Inference::shown_value(Expr* e) {
  in_view([&] {
    Type_ type = run_query(e, infer(e));
    type = u_.resolve(type);
    bool hidden = plain(type)->is(TypeTag::kFunction);
    if (!hidden) return;
    report(Code::E0507, e->span, {shown(type)}, "a function").helps = {"call it: {" + text(e) +
                                                                       "()}"};
  });
}

// ---- Elements ----

void Inference::element(ElementNode& n) {
  std::unordered_set<std::string_view> given;
  for (Attribute* a : n.attributes) attribute(n, *a, given);
  nodes(n.children);
}

void Inference::attribute(ElementNode& n, Attribute& a,
                          std::unordered_set<std::string_view>& given) {
  bool named = a.kind != AttributeKind::kSpread && a.kind != AttributeKind::kEvent;
  if (named && !given.insert(a.name.text).second)
    report(Code::E0511, a.span, {a.name.text}, "given again here");
  switch (a.kind) {
    case AttributeKind::kBare: return;
    case AttributeKind::kStatic: return check_url(a);
    case AttributeKind::kMixed:
      in_view([&] {
        for (Expr* part : a.parts) {
          Type_ type = run_query(part, infer(part));
          if (plain(type)->is(TypeTag::kFunction))
            report(Code::E0507, part->span, {shown(type)}, "a function");
        }
      });
      return;
    case AttributeKind::kExpr:
      in_view([&] {
        Type_ type = run_query(a.value, infer(a.value));
        bool fixed = a.name.text == "srcdoc" || (n.tag == "script" && a.name.text == "src");
        if (fixed) report(Code::E0506, a.span, {}, "takes static text only");
        if (plain(type)->is(TypeTag::kFunction))
          report(Code::E0507, a.value->span, {shown(type)}, "a function");
      });
      return;
    case AttributeKind::kSpread:
      in_view([&] {
        Type_ type = plain(infer(a.value));
        bool fits =
            type->is(TypeTag::kMap) || type->is(TypeTag::kAny) || type->is(TypeTag::kVariable);
        if (!fits)
          report(Code::E0301, a.value->span, {"a map", shown(type)},
                 "only a map can be spread here");
      });
      return;
    case AttributeKind::kBind: return bind_attribute(a);
    case AttributeKind::kEvent:
      for (auto& modifier : a.modifiers)
        if (modifier.argument != nullptr) infer(modifier.argument);
      return handler(a.handler_body);
  }
}

namespace {

constexpr std::string_view kUrlAttributes[] = {
#define URL_ATTRIBUTE(name) name,
#include "base/urls.def"
};
constexpr std::string_view kUrlSchemes[] = {
#define URL_SCHEME(name) name,
#include "base/urls.def"
};

bool holds(const auto& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// What stands before the first colon, if that comes before the path; blanks and controls are passed
// over.
std::string scheme_of(std::string_view url, std::string& whole) {
  for (char c : url)
    if (static_cast<unsigned char>(c) > ' ')
      whole += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  auto end = whole.find_first_of(":/?#");
  return end == whole.npos || whole[end] != ':' ? std::string() : whole.substr(0, end);
}

}  // namespace

void Inference::check_url(const Attribute& a) {
  if (!holds(kUrlAttributes, a.name.text)) return;
  std::string url, scheme = scheme_of(a.text, url);
  if (scheme.empty() || holds(kUrlSchemes, scheme)) return;
  bool image = (a.name.text == "src" || a.name.text == "poster") && url.starts_with("data:image/");
  if (!image) report(Code::E0510, a.span, {scheme}, "would be blocked");
}

void Inference::bind_attribute(Attribute& a) {
  if (a.value == nullptr) return;
  bool place = a.value->kind == ExprKind::kName || a.value->kind == ExprKind::kMember ||
               a.value->kind == ExprKind::kIndex;
  Symbol* root = root_symbol(a.value);
  Type_ type = infer(a.value);
  if (place && a.value->kind == ExprKind::kMember) {
    MemberTarget t = as<MemberExpr>(*a.value).target;
    place = t == MemberTarget::kField || t == MemberTarget::kKey || t == MemberTarget::kDynamic;
  }
  bool fixed = root == nullptr || root->is_const ||
               (a.value->kind == ExprKind::kName &&
                (root->kind == SymbolKind::kProp || root->kind == SymbolKind::kConstant));
  if (!place || fixed)
    report(Code::E0504, a.value->span, {}, "cannot take a new value");
  else if (plain(type)->is(TypeTag::kFunction))
    report(Code::E0504, a.value->span, {}, "a function");
}

void Inference::handler(const Block* body) {
  Body own;
  own.unit = body_ == nullptr ? nullptr : body_->unit;
  Body* outer = body_;
  body_ = &own;
  std::size_t mark = narrow_mark();
  block(body);
  narrow_back(mark);
  body_ = outer;
}

// ---- Components ----

void Inference::component_use(ComponentNode& n) {
  std::unordered_set<std::string_view> given;
  for (Attribute* a : n.attributes) {
    if (n.component != nullptr && a->name.text != "slot")
      prop(n, *a, given);
    else if (a->handler_body != nullptr)
      handler(a->handler_body);
    else if (a->value != nullptr)
      infer(a->value);
  }
  if (n.component != nullptr && n.component->declared) {
    bool spread = std::any_of(n.attributes.begin(), n.attributes.end(),
                              [](const Attribute* a) { return a->kind == AttributeKind::kSpread; });
    for (const Param& param : n.component->declaration->params) {
      bool optional = param.fallback != nullptr ||
                      (param.type != nullptr && is_optional(type_of(t_, param.type)));
      if (optional || spread || given.count(param.name.text) > 0) continue;
      std::string message =
          std::string(n.name.text) + " needs prop '" + std::string(param.name.text) + "'";
      report(Code::E0508, n.name.span, {message}, "not given")
          .others.push_back({param.name.span, "declared here"});
    }
  }
  if (n.component != nullptr) check_slots(n);
  nodes(n.children);
}

void Inference::prop(ComponentNode& n, Attribute& a, std::unordered_set<std::string_view>& given) {
  const Component& c = *n.component;
  if (a.kind == AttributeKind::kSpread) {
    in_view([&] { infer(a.value); });
    return;
  }
  if (!given.insert(a.name.text).second)
    report(Code::E0511, a.span, {a.name.text}, "given again here");
  Symbol* prop = nullptr;
  for (Symbol* symbol : c.props)
    if (symbol->name == a.name.text) prop = symbol;
  if (c.declared && prop == nullptr) {
    std::string message = std::string(c.name) + " has no prop '" + std::string(a.name.text) + "'";
    Report& r = report(Code::E0508, a.name.span, {message}, "not declared");
    std::vector<std::string_view> names;
    for (Symbol* symbol : c.props) names.push_back(symbol->name);
    suggest(r, a.name.text, names);
  }
  Type_ wanted = prop != nullptr ? prop->type : any();
  if (a.kind ==
      AttributeKind::kEvent) {  // a prop that is named like an event is a prop all the same
    handler(a.handler_body);
    return;
  }
  Type_ type = nullptr;
  Span span = a.span;
  if (a.kind == AttributeKind::kStatic)
    type = simple(TypeTag::kText);
  else if (a.kind == AttributeKind::kBare)
    type = simple(TypeTag::kBool);
  else if (a.kind == AttributeKind::kMixed) {
    in_view([&] {
      for (Expr* part : a.parts) run_query(part, infer(part));
    });
    type = simple(TypeTag::kText);
  }
  if (type != nullptr) {
    if (u_.fit(type, wanted) == Fit::kNo)
      report(Code::E0301, span, {shown(wanted), shown(type)}, "this is " + shown(type));
    return;
  }
  if (a.value != nullptr) in_view([&] { expect(a.value, wanted); });
}

// Names of the slots in a component's view.
void Inference::slots_of(const std::vector<Node*>& list,
                         std::unordered_set<std::string_view>& names) {
  for (Node* n : list) switch (n->kind) {
      case NodeKind::kSlot:
        names.insert(as<SlotNode>(*n).name);
        slots_of(as<SlotNode>(*n).fallback, names);
        break;
      case NodeKind::kElement: slots_of(as<ElementNode>(*n).children, names); break;
      case NodeKind::kComponent: slots_of(as<ComponentNode>(*n).children, names); break;
      case NodeKind::kIf:
        for (auto& branch : as<IfNode>(*n).branches) slots_of(branch.children, names);
        slots_of(as<IfNode>(*n).otherwise, names);
        break;
      case NodeKind::kFor:
        slots_of(as<ForNode>(*n).children, names);
        slots_of(as<ForNode>(*n).otherwise, names);
        break;
      case NodeKind::kMatch:
        for (auto& arm : as<MatchNode>(*n).arms) slots_of(arm.children, names);
        break;
      default: break;
    }
}

void Inference::check_slots(const ComponentNode& n) {
  std::unordered_set<std::string_view> names;
  for (const Stmt* s : n.component->declaration->body->statements)
    if (s->kind == StmtKind::kView) slots_of(as<ViewStmt>(*s).nodes, names);
  for (const Node* child : n.children) {
    const std::vector<Attribute*>* attributes = nullptr;
    if (child->kind == NodeKind::kElement) attributes = &as<ElementNode>(*child).attributes;
    if (child->kind == NodeKind::kComponent) attributes = &as<ComponentNode>(*child).attributes;
    if (attributes == nullptr) continue;
    for (const Attribute* a : *attributes)
      if (a->name.text == "slot" && a->kind == AttributeKind::kStatic && names.count(a->text) == 0)
        report(Code::E0509, a->span, {n.name.text, a->text}, "no place for this content");
  }
}

// ---- Blocks ----

void Inference::if_node(IfNode& n) {
  std::size_t mark = narrow_mark();
  for (auto& branch : n.branches) {
    Facts yes;
    in_view([&] { yes = condition(branch.condition); });
    std::size_t inner = narrow_mark();
    assume(yes);
    nodes(branch.children);
    narrow_back(inner);
    if (branch.condition.pattern == nullptr) assume(facts(branch.condition.value, false));
  }
  nodes(n.otherwise);
  narrow_back(mark);
}

void Inference::for_node(ForNode& n) {
  in_view([&] { loop_head(n.head); });
  if (n.key != nullptr)
    in_view([&] {
      Type_ type = infer(n.key);
      run_query(n.key, type);
    });
  nodes(n.children);
  nodes(n.otherwise);
}

void Inference::match_node(MatchNode& n) {
  Type_ type = nullptr;
  in_view([&] { type = run_query(n.subject, infer(n.subject)); });
  Cover c;
  std::size_t mark = narrow_mark();
  for (auto& arm : n.arms) {
    std::size_t inner = narrow_mark();
    in_view([&] { match_arm(c, n.subject, type, arm.pattern, arm.guard, arm.pattern->span); });
    nodes(arm.children);
    narrow_back(inner);
    if (arm.guard == nullptr) assume(rest_facts(n.subject, arm.pattern));
  }
  narrow_back(mark);
  Type_ joined = none();
  check_cover(c, type, n.subject->span, joined);
}

}  // namespace flin::check
