// Nodes of templates as calls of the node functions of W 8.
#include "browser/writer.h"

#include <algorithm>

namespace flin::browser {

using namespace syntax;
using check::TypeTag;

std::vector<std::string> Writer::nodes(const std::vector<Node*>& all) {
  std::vector<std::string> out;
  for (const Node* next : flat(all)) out.push_back(node(*next));
  return out;
}

std::string Writer::node_list(const std::vector<Node*>& all) {
  return listed("[", nodes(all), "]");
}

std::string Writer::node_function(const std::string& params, const check::Binding* loop,
                                  const std::vector<Node*>& all) {
  Frame frame;
  frame.loop = loop;
  frames_.push_back(&frame);
  std::string list = node_list(all);
  frames_.pop_back();
  return arrow(params, frame, list);
}

std::string Writer::node(const Node& node) {
  switch (node.kind) {
    case NodeKind::kText: return quoted(decoded(as<TextNode>(node).html));
    case NodeKind::kInterpolation: return interpolation_node(as<InterpolationNode>(node));
    case NodeKind::kElement: return element(as<ElementNode>(node));
    case NodeKind::kComponent: return component_node(as<ComponentNode>(node));
    case NodeKind::kIf: return if_node(as<IfNode>(node));
    case NodeKind::kFor: return for_node(as<ForNode>(node));
    case NodeKind::kWhile: {
      const auto& loop = as<WhileNode>(node);
      IfNode once(node.span);  // nothing in a view changes what it asks: it is false, or never ends
      once.binding = node.binding;
      once.branches.push_back({loop.condition, loop.children});
      return if_node(once);
    }
    case NodeKind::kMatch: return match_node(as<MatchNode>(node));
    case NodeKind::kSlot: return slot_node(as<SlotNode>(node));
  }
  return "\"\"";
}

std::string Writer::binding(const check::Binding* binding, const Js& js) {
  if (!binding || !binding->browser_only) {
    std::string text = at(js, Level::kAssign);
    return "() => " + (text[0] == '{' ? '(' + text + ')' : text);
  }
  return "() => " + shown().text + " ? " + at(js, Level::kAssign) + " : null";
}

std::string Writer::interpolation_node(const InterpolationNode& node) {
  const Expr* raw = raw_operand(*node.value);
  if (is_text(node))
    return module_.imports.use("text") + '(' + binding(node.binding, value(*node.value)) + ')';
  std::string name = module_.imports.use("html");
  Js js = value(*node.value);
  if (raw && !node.value->live) js = call_of("View", {at(value(*raw), Level::kAssign)});
  return name + '(' + binding(node.binding, js) + ')';
}

// ---- Blocks ----

std::string Writer::if_node(const IfNode& node) {
  std::string when = module_.imports.use("when");
  std::vector<std::string> branches;
  for (const IfNode::Branch& branch : node.branches) {
    auto before = places_;
    Js condition = value(*branch.condition.value);
    if (branch.condition.pattern) {
      open_scope();
      std::string name = fresh("found");
      scopes_[scopes_.size() - 2].insert(name);
      close_scope();
      constant(*frames_.back(), name, "p.derived(() => " + at(condition, Level::kAssign) + ')');
      std::string fits =
          test(*branch.condition.pattern, {name + "()"}, type_of(*branch.condition.value));
      condition = {fits.empty() ? "true" : fits, Level::kAnd};
    }
    std::string test = binding(node.binding, condition);
    branches.push_back('[' + test + ", " + node_function("", nullptr, branch.children) + ']');
    places_ = std::move(before);
  }
  if (!node.otherwise.empty()) {
    std::string test =
        node.binding && node.binding->browser_only ? "() => " + shown().text : "null";
    branches.push_back('[' + test + ", " + node_function("", nullptr, node.otherwise) + ']');
  }
  return when + '(' + listed("[", branches, "]") + ')';
}

std::string Writer::match_node(const MatchNode& node) {
  std::string when = module_.imports.use("when");
  Js subject = value(*node.subject);
  if (getter_of(subject.text).empty()) {
    open_scope();
    std::string name = fresh("subject");
    scopes_[scopes_.size() - 2].insert(name);
    close_scope();
    constant(*frames_.back(), name, "p.derived(() => " + at(subject, Level::kAssign) + ')');
    subject = {name + "()"};
  }
  std::vector<std::string> arms;
  for (const MatchNode::Arm& arm : node.arms) {
    auto before = places_;
    std::string fits = test(*arm.pattern, subject, type_of(*node.subject));
    if (arm.guard) {
      std::string guard = at(value(*arm.guard), Level::kAnd);
      fits = fits.empty() ? guard : fits + " && " + guard;
    }
    bool is_last = fits.empty();
    std::string condition = is_last && !(node.binding && node.binding->browser_only)
                                ? "null"
                                : binding(node.binding, {is_last ? "true" : fits, Level::kAnd});
    arms.push_back('[' + condition + ", " + node_function("", nullptr, arm.children) + ']');
    places_ = std::move(before);
    if (is_last) break;
  }
  return when + '(' + listed("[", arms, "]") + ')';
}

namespace {

// The variable of `for i = 0; ..`.
const check::Symbol* counter_of(const ForHead& head) {
  if (head.first_symbol) return head.first_symbol;
  if (!head.start || head.start->kind != StmtKind::kAssign) return nullptr;
  const Expr& target = *as<AssignStmt>(*head.start).target;
  return target.kind == ExprKind::kName ? as<NameExpr>(target).symbol : nullptr;
}

}  // namespace

// A getter of what the loop goes over; of a map with two names its entries.
std::string Writer::loop_list(const ForHead& head, bool is_map) {
  if (!head.subject) {
    std::vector<std::string> lines = collect([&] {
      std::string list = fresh("list");
      line("const " + list + " = [];");
      const check::Symbol* counter = counter_of(head);
      std::vector<std::string> inner = collect([&] {
        std::string start = counting_head(head);
        loop("", start, {},
             [&] { line(list + ".push(" + (counter ? read(*counter).text : "null") + ");"); });
      });
      for (std::string& text : inner) line(std::move(text));
      line("return " + list + ';');
    });
    return "() => " + braces(lines);
  }
  Js js = value(*head.subject);
  if (is_map)
    return "() => " + call_of("b_entries", {at(js, Level::kCoalesce) + " ?? new " +
                                            module_.imports.use("FlinMap") + "()"})
                          .text;
  std::string getter = getter_of(js.text);
  return getter.empty() ? "() => " + at(js, Level::kAssign) : getter;
}

// Entities are kept by id, other items by `key e`, else by their place.
std::string Writer::loop_key(const ForNode& node, bool is_map) {
  const check::Symbol* item = counter_of(node.head);
  if (!node.key) {
    const check::Type* type =
        node.head.subject ? without_none(type_of(*node.head.subject)) : nullptr;
    bool entities =
        is_tag(type, TypeTag::kQuery) ||
        (is_tag(type, TypeTag::kList) && is_tag(without_none(type->items[0]), TypeTag::kEntity));
    if (!entities) return "null";
    open_scope();
    std::string name = fresh(item ? item->name : std::string_view("item"));
    close_scope();
    return '(' + name + ") => " + name + ".id";
  }
  auto before = places_;
  open_scope();
  std::string params;
  if (is_map) {
    params = fresh("entry");
    if (node.head.first_symbol)
      place(*node.head.first_symbol, {Place::kExpression, {params + ".items[0]"}});
    if (node.head.second_symbol)
      place(*node.head.second_symbol, {Place::kExpression, {params + ".items[1]"}});
  } else {
    params = item ? declare(*item) : fresh("item");
    if (node.head.second_symbol) params += ", " + declare(*node.head.second_symbol);
  }
  std::string text = '(' + params + ") => " + argument(*node.key);
  close_scope();
  places_ = std::move(before);
  return text;
}

std::string Writer::for_node(const ForNode& node) {
  std::string each = module_.imports.use("each");
  bool is_map = node.head.subject && !node.head.second.text.empty() &&
                is_tag(without_none(type_of(*node.head.subject)), TypeTag::kMap);
  std::string list = loop_list(node.head, is_map);
  if (node.binding && node.binding->browser_only) {
    std::string items = list.rfind("() => ", 0) == 0 ? '(' + list + ")()" : list + "()";
    list = "() => " + shown().text + " ? " + items + " : []";
  }
  std::vector<std::string> parts = {std::to_string(node.binding ? node.binding->row : 0), list,
                                    loop_key(node, is_map)};
  auto before = places_;
  open_scope();
  const check::Symbol *item = counter_of(node.head), *index = node.head.second_symbol;
  std::string params;
  if (is_map) {
    params = fresh("entry");
    if (item) place(*item, {Place::kExpression, {params + "().items[0]"}});
    if (index) place(*index, {Place::kExpression, {params + "().items[1]"}});
  } else {
    params = fresh(item ? item->name : std::string_view("item"));
    if (item) place(*item, {Place::kGetter, {params}});
    if (index) {
      std::string name = fresh(index->name);
      place(*index, {Place::kGetter, {name}});
      params += ", " + name;
    }
  }
  parts.push_back(node_function(params, node.binding, node.children));
  close_scope();
  places_ = std::move(before);
  if (!node.otherwise.empty()) parts.push_back(node_function("", nullptr, node.otherwise));
  return listed(each + "(", parts, ")");
}

// ---- Components ----

namespace {

std::string slot_key(std::string_view name) {
  return name == "children" ? std::string() : std::string(name);
}

}  // namespace

std::string Writer::slot_node(const SlotNode& node) {
  std::vector<std::string> parts = {std::to_string(node.binding ? node.binding->slot : 0),
                                    quoted(slot_key(node.name))};
  std::string slot = module_.imports.use("slot");
  if (!node.fallback.empty()) parts.push_back(node_function("", nullptr, node.fallback));
  return listed(slot + "(", parts, ")");
}

std::string Writer::component_node(const ComponentNode& node) {
  if (!node.component) return "\"\"";
  std::string use = module_.imports.use("use");
  std::vector<std::string> parts = {std::to_string(node.binding ? node.binding->row : 0),
                                    module_.component(*node.component)};
  std::string props = component_props(node);
  std::vector<std::pair<std::string, std::vector<Node*>>> slots;
  for (Node* child : flat(node.children)) {
    std::string name = slot_key(slot_of(*child));
    auto known =
        std::find_if(slots.begin(), slots.end(), [&](const auto& s) { return s.first == name; });
    if (known == slots.end()) known = slots.insert(slots.end(), {name, {}});
    known->second.push_back(child);
  }
  std::vector<std::string> written;
  for (const auto& [name, content] : slots)
    written.push_back(property_key(name) + ": " + node_function("", nullptr, content));
  std::string given = given_props(node);
  bool has_slots = !written.empty() || !given.empty();
  if (!props.empty() || has_slots) parts.push_back(props.empty() ? "{}" : props);
  if (has_slots) parts.push_back(written.empty() ? "{}" : listed("{ ", written, " }"));
  if (!given.empty()) parts.push_back(given);
  return listed(use + "(", parts, ")");
}

// Props that the server computes of its own data, and the props around that it needs for it.
std::string Writer::given_props(const ComponentNode& node) {
  std::vector<std::string> given;
  if (node.binding && node.binding->place)
    for (const check::LivePlace::Prop& prop : node.binding->place->props) {
      std::vector<std::string> needs;
      for (const check::Input& input : prop.value->inputs)
        if (input.kind == check::InputKind::kProp)
          needs.push_back(quoted(input.symbol ? input.symbol->name : std::string_view(input.path)));
      given.push_back(property_key(prop.name) + ": [" + joined(needs, ", ") + ']');
    }
  return given.empty() ? std::string() : listed("{ ", given, " }");
}

// Values that never change as they are, others as getters. What a spread gives is looked at when it
// is read.
std::string Writer::component_props(const ComponentNode& node) {
  std::vector<std::string> props;
  std::set<std::string_view> later;
  for (auto attribute = node.attributes.rbegin(); attribute != node.attributes.rend();
       ++attribute) {
    if ((*attribute)->kind == AttributeKind::kSpread) {
      std::string from = at(value(*(*attribute)->value), Level::kCall);
      for (const check::Symbol* prop : node.component->props)
        if (later.insert(prop->name).second)
          props.insert(props.begin(), property_key(prop->name) + ": () => " + from + ".get(" +
                                          quoted(prop->name) + ')');
      continue;
    }
    std::string_view name = (*attribute)->name.text;
    if (later.insert(name).second)
      props.insert(props.begin(), property_key(name) + ": " + prop_value(**attribute));
  }
  return props.empty() ? std::string() : listed("{ ", props, " }");
}

std::string Writer::prop_value(const Attribute& attribute) {
  auto getter = [&](const Js& js) {
    std::string text = at(js, Level::kAssign), name = getter_of(text);
    return name.empty() ? "() => " + (text[0] == '{' ? '(' + text + ')' : text) : name;
  };
  switch (attribute.kind) {
    case AttributeKind::kStatic: return quoted(decoded(attribute.text));
    case AttributeKind::kBare: return "true";
    case AttributeKind::kMixed: return getter(interpolation(attribute.parts));
    case AttributeKind::kEvent: {
      const Block* body = attribute.handler_body;
      bool is_value =
          body && body->statements.size() == 1 && body->statements[0]->kind == StmtKind::kExpr;
      bool on_server = attribute.handler && attribute.handler->on_server;
      if (is_value && !on_server) return getter(value(*as<ExprStmt>(*body->statements[0]).value));
      if (on_server) return "() => () => " + server_call(*attribute.handler, false);
      if (!body) return "null";
      open_scope();
      std::string text = handler_body(*body);
      close_scope();
      return "() => () => " + text;
    }
    default: {
      const Expr& expr = *attribute.value;
      bool is_literal = expr.kind <= ExprKind::kNone && !expr.live;
      return is_literal ? argument(expr) : getter(value(expr));
    }
  }
}

}  // namespace flin::browser
