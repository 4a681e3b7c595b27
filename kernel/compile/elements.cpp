// Elements: static ones as text, others with their attributes in the order of W 2.
#include "compile/view_compiler.h"

#include <algorithm>

namespace flin::compile {

using namespace syntax;
using check::TypeTag;

namespace {

const Attribute* find_attribute(const ElementNode& node, std::string_view name) {
  for (const Attribute* attribute : node.attributes) {
    bool is_event =
        attribute->kind == AttributeKind::kEvent || attribute->kind == AttributeKind::kBind;
    if (!is_event && attribute->name.text == name) return attribute;
  }
  return nullptr;
}
const Attribute* bind_of(const ElementNode& node) {
  for (const Attribute* attribute : node.attributes)
    if (attribute->kind == AttributeKind::kBind) return attribute;
  return nullptr;
}
std::string_view type_attribute(const ElementNode& node) {
  const Attribute* type = find_attribute(node, "type");
  return type && type->kind == AttributeKind::kStatic ? type->text : std::string_view{};
}
// The handler of a form that works without scripts (L 10.12).
const check::Handler* form_handler(const ElementNode& node) {
  if (node.tag != "form") return nullptr;
  for (const Attribute* attribute : node.attributes)
    if (attribute->handler && attribute->handler->without_scripts) return attribute->handler;
  return nullptr;
}

bool has_file_input(const std::vector<Node*>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const Node* node) {
    switch (node->kind) {
      case NodeKind::kElement: {
        const auto& element = as<ElementNode>(*node);
        return (element.tag == "input" && type_attribute(element) == "file") ||
               has_file_input(element.children);
      }
      case NodeKind::kIf:
        for (const IfNode::Branch& branch : as<IfNode>(*node).branches)
          if (has_file_input(branch.children)) return true;
        return has_file_input(as<IfNode>(*node).otherwise);
      case NodeKind::kFor: return has_file_input(as<ForNode>(*node).children);
      default: return false;
    }
  });
}

constexpr std::string_view kModifiers[] = {
    "prevent", "stop", "once", "self",  "debounce", "throttle", "enter", "escape", "tab", "space",
    "up",      "down", "left", "right", "delete",   "ctrl",     "shift", "alt",    "meta"};
constexpr std::int64_t kNoArgument = 0xFF;

}  // namespace

bool ViewCompiler::is_static(const Node& node) const {
  if (node.kind == NodeKind::kText) return true;
  if (node.kind != NodeKind::kElement) return false;
  const auto& element = as<ElementNode>(node);
  bool plain =
      std::all_of(element.attributes.begin(), element.attributes.end(), [](const Attribute* a) {
        return a->kind == AttributeKind::kStatic || a->kind == AttributeKind::kBare;
      });
  bool may_be_selected = element.tag == "option" && selects_;
  return plain && !may_be_selected &&
         std::all_of(element.children.begin(), element.children.end(),
                     [&](const Node* n) { return is_static(*n); });
}

void ViewCompiler::element(const ElementNode& node) {
  if (node.tag == "table" && !node.children.empty()) {
    std::vector<TableRun> runs = table_runs(node.children);
    bool whole =
        std::all_of(runs.begin(), runs.end(), [](const TableRun& r) { return r.wrap.empty(); });
    if (!whole) return wrapped_table(node, runs);
  }
  if (is_static(node)) return static_element(node);
  std::vector<Item> items = items_of(node);
  auto is_written = [](const Item& item) { return item.kind != Item::kEvent; };
  std::string head(node.tag);
  std::size_t first = 0;  // the first item that is not part of the head
  std::vector<bool> in_head(items.size());
  bool only_static = true;
  for (; first < items.size(); ++first) {
    const Item& item = items[first];
    if (!is_written(item)) continue;
    std::string ignored;
    bool fixed = item.kind == Item::kStatic || item.kind == Item::kBare;
    only_static = only_static && fixed;
    // Behind a dynamic one a static value is given as a text; one that cannot be stays in the head.
    if (!fixed ||
        (!only_static && (item.kind == Item::kBare || decode_references(item.html, ignored))))
      continue;
    head += item.kind == Item::kBare ? ' ' + item.name : static_attribute(item.name, item.html);
    in_head[first] = true;
  }
  flush();
  code_.at(node.span);
  code_.op(Op::CreateElement, fn_.program.builder.text(head));
  for (std::size_t n = 0; n < items.size(); ++n)
    if (!in_head[n]) attribute(node, items[n]);
  if (const Attribute* bind = bind_of(node)) {
    bool has_row = node.tag != "select";  // else its value's code is the row
    fn_.bound(has_row ? nullptr : bind->binding, [&] { two_way(*bind->value); });
  }
  if (node.is_void) return code_.op(Op::SelfClose);
  children(node);
  flush();
  code_.op(Op::CloseElement);
}

// As a parser would read it: rows in a tbody, columns in a colgroup.
void ViewCompiler::wrapped_table(const ElementNode& node, const std::vector<TableRun>& runs) {
  ElementNode table = node;
  std::vector<std::unique_ptr<ElementNode>> made;
  table.children.clear();
  for (const TableRun& run : runs) {
    if (run.wrap.empty()) {
      table.children.insert(table.children.end(), run.nodes.begin(), run.nodes.end());
      continue;
    }
    made.push_back(std::make_unique<ElementNode>(node.span, run.wrap));
    made.back()->children = run.nodes;
    table.children.push_back(made.back().get());
  }
  element(table);
}

void ViewCompiler::static_element(const ElementNode& node) {
  put("<" + std::string(node.tag));
  for (const Item& item : items_of(node))
    put(item.kind == Item::kBare ? ' ' + item.name : static_attribute(item.name, item.html));
  put(">");
  if (node.is_void) return;
  put(node.raw);
  bool was = no_marks_;
  no_marks_ = no_marks_ || holds_one_text(node.tag);
  bool starts_with_newline = drops_first_newline(node.tag) && !node.children.empty() &&
                             node.children[0]->kind == NodeKind::kText &&
                             as<TextNode>(*node.children[0]).html.substr(0, 1) == "\n";
  if (starts_with_newline) put("\n");
  write(node.children);
  no_marks_ = was;
  put("</" + std::string(node.tag) + ">");
}

// ---- Attributes ----

std::vector<ViewCompiler::Item> ViewCompiler::items_of(const ElementNode& node) {
  std::vector<Item> items;
  bool posts = form_handler(node) != nullptr;
  for (const Attribute* attribute : node.attributes) {
    std::string_view name = attribute->name.text;
    bool replaced = posts && (name == "method" || name == "action" || name == "enctype");
    if (!replaced) source_item(*attribute, items);
  }
  added_items(node, items);
  return items;
}

void ViewCompiler::source_item(const Attribute& attribute, std::vector<Item>& items) {
  std::string name(attribute.name.text);
  switch (attribute.kind) {
    case AttributeKind::kStatic:
      items.push_back({Item::kStatic, name, std::string(attribute.text), &attribute});
      return;
    case AttributeKind::kBare: items.push_back({Item::kBare, name, {}, &attribute}); return;
    case AttributeKind::kEvent: items.push_back({Item::kEvent, name, {}, &attribute}); return;
    case AttributeKind::kBind: return;  // among the added ones
    default: items.push_back({Item::kDynamic, name, {}, &attribute});
  }
}

void ViewCompiler::added_items(const ElementNode& node, std::vector<Item>& items) {
  auto add = [&](std::string_view name, std::string_view value) {
    items.push_back({Item::kStatic, std::string(name), escaped(value), nullptr});
  };
  if (form_handler(node)) {
    add("method", "post");
    add("action", "/_action");
    if (has_file_input(node.children)) add("enctype", "multipart/form-data");
  }
  const Attribute* bind = bind_of(node);
  std::string path;
  if (bind) {
    path = path_of(*bind->value);
    if (path.empty()) path = fn_.program.sources.text(bind->value->span);
    if (in_form_ && !find_attribute(node, "name")) add("name", path);
  } else {
    std::vector<Node*> all = flat(node.children);
    bool one_text = all.size() == 1 && all[0]->kind == NodeKind::kInterpolation && is_text(*all[0]);
    if (one_text) path = path_of(*as<InterpolationNode>(*all[0]).value);
  }
  if (!path.empty()) add("data-flin-bind", path);
  if (bind) bind_item(node, *bind, items);
  if (node.tag == "option" && selects_) items.push_back({Item::kSelected, "selected", {}, nullptr});
  if (!scope_.empty()) add("data-flin-scope", scope_);
}

// The attribute that carries the current value (L 10.9).
void ViewCompiler::bind_item(const ElementNode& node, const Attribute& attribute,
                             std::vector<Item>& items) {
  if (node.tag == "select" || node.tag == "textarea") return;
  std::string_view type = type_attribute(node);
  if (type == "file") return;
  if (type == "checkbox" || type == "radio")
    items.push_back({Item::kChecked, "checked", {}, &attribute});
  else
    items.push_back({Item::kValue, "value", {}, &attribute});
}

void ViewCompiler::attribute(const ElementNode& node, const Item& item) {
  std::uint32_t k = fn_.program.builder.text(item.name);
  switch (item.kind) {
    case Item::kStatic: {
      std::string decoded;
      decode_references(item.html, decoded);
      fn_.text(decoded);
      return code_.op(Op::SetAttribute, k);
    }
    case Item::kBare: code_.op(Op::LoadTrue); return code_.op(Op::BindAttr, k);
    case Item::kDynamic: return dynamic_attribute(*item.attribute);
    case Item::kEvent: return event(*item.attribute);
    case Item::kValue:
      return fn_.bound(item.attribute->binding, [&] {
        fn_.value(*item.attribute->value);
        code_.op(Op::BindAttr, k);
      });
    case Item::kChecked:
      return fn_.bound(item.attribute->binding, [&] {
        checked(node, *item.attribute->value);
        code_.op(Op::BindAttr, k);
      });
    case Item::kSelected: selected(node); return code_.op(Op::BindAttr, k);
  }
}

void ViewCompiler::dynamic_attribute(const Attribute& attribute) {
  if (attribute.binding && attribute.binding->browser_only) return;
  code_.at(attribute.span);
  fn_.bound(attribute.binding, [&] {
    if (attribute.kind == AttributeKind::kSpread) {
      fn_.value(*attribute.value);
      return code_.op(Op::SpreadAttrs);
    }
    if (attribute.kind == AttributeKind::kMixed)
      fn_.interpolation(attribute.parts);
    else
      fn_.value(*attribute.value);
    code_.op(Op::BindAttr, fn_.program.builder.text(attribute.name.text));
  });
}

void ViewCompiler::event(const Attribute& attribute) {
  if (!attribute.handler) return;
  for (const Attribute::Modifier& modifier : attribute.modifiers) {
    auto known = std::find(std::begin(kModifiers), std::end(kModifiers), modifier.name.text);
    if (known == std::end(kModifiers)) continue;
    std::uint32_t k = fn_.program.literal_constant(modifier.argument);
    bool has_argument = k != bytecode::kNoIndex && k != kNoArgument;
    code_.op(Op::Modifier, known - std::begin(kModifiers), has_argument ? k : kNoArgument);
  }
  code_.at(attribute.span);
  fn_.handler(*attribute.handler, attribute.name.text);
  code_.op(Op::BindHandler);
}

// The value that an option, radio button or checkbox stands for: its attribute `value`.
void ViewCompiler::own_value(const ElementNode& node, const Expr* fallback) {
  const Attribute* value = find_attribute(node, "value");
  if (value && value->kind == AttributeKind::kStatic) {
    std::string decoded;
    fn_.text(decode_references(value->text, decoded) ? decoded : std::string(value->text));
  } else if (value && value->kind == AttributeKind::kExpr) {
    fn_.value(*value->value);
    code_.op(Op::ToText);
  } else if (value && value->kind == AttributeKind::kMixed) {
    fn_.interpolation(value->parts);
  } else if (fallback) {
    fn_.value(*fallback);
    code_.op(Op::ToText);
  } else {
    code_.op(Op::LoadEmpty);
  }
}

void ViewCompiler::checked(const ElementNode& node, const Expr& bound) {
  if (is_tag(without_none(type_of(bound)), TypeTag::kList)) {
    own_value(node, nullptr);
    fn_.value(bound);
    return code_.op(Op::In);
  }
  fn_.value(bound);
  if (type_attribute(node) != "radio") {
    if (!is_tag(type_of(bound), TypeTag::kBool)) code_.op(Op::ToBool);
    return;
  }
  code_.op(Op::ToText);
  own_value(node, nullptr);
  code_.op(Op::Eq);
}

// Whether this option is what its <select> is bound to.
void ViewCompiler::selected(const ElementNode& node) {
  const Expr* content = nullptr;
  std::vector<Node*> all = flat(node.children);
  bool shows_one = all.size() == 1 && all[0]->kind == NodeKind::kInterpolation;
  if (shows_one) content = as<InterpolationNode>(*all[0]).value;
  bool is_list = is_tag(without_none(type_of(*selects_)), TypeTag::kList);
  if (!is_list) {
    fn_.value(*selects_);
    code_.op(Op::ToText);
  }
  bool has_text =
      all.size() == 1 && all[0]->kind == NodeKind::kText && !find_attribute(node, "value");
  std::string decoded;
  if (has_text && decode_references(as<TextNode>(*all[0]).html, decoded))
    fn_.text(decoded);
  else
    own_value(node, content);
  if (is_list) {
    fn_.value(*selects_);
    return code_.op(Op::In);
  }
  code_.op(Op::Eq);
}

// Tells the machine which variable the control changes; writes nothing.
void ViewCompiler::two_way(const Expr& bound) {
  const Expr* root = &bound;
  while (true) {
    if (root->kind == ExprKind::kMember)
      root = as<MemberExpr>(*root).object;
    else if (root->kind == ExprKind::kIndex)
      root = as<IndexExpr>(*root).object;
    else
      break;
  }
  if (root->kind != ExprKind::kName || !as<NameExpr>(*root).symbol) return;
  const check::Symbol& symbol = *as<NameExpr>(*root).symbol;
  if (symbol.kind == check::SymbolKind::kPageVariable) code_.op(Op::BindTwoWay, symbol.slot);
  if (symbol.kind == check::SymbolKind::kComponentVariable) code_.op(Op::BindState, symbol.slot);
}

// ---- Content ----

void ViewCompiler::form_fields(const check::Handler& handler) {
  fn_.integer(handler.row);
  for (const check::Input& input : handler.inputs) fn_.load_input(input);
  fn_.native("page.form", static_cast<std::uint32_t>(handler.inputs.size()) + 1);
  code_.op(Op::Pop);
}

// A parser drops a newline at the start of these elements: a value that begins with one gets one
// more.
void ViewCompiler::first_newline(const Expr& value) {
  Label plain = code_.label();
  fn_.value(value);
  code_.op(Op::ToText);
  code_.op(Op::Dup);
  fn_.text("\n");
  code_.op(Op::TextStartsWith);
  code_.jump(Op::JumpIfFalse, plain);
  fn_.text("\n");
  code_.op(Op::Swap);
  code_.op(Op::Interpolate, 2);
  code_.place(plain);
  code_.op(Op::BindText);
}

void ViewCompiler::children(const ElementNode& node) {
  bool was_form = in_form_, was_marks = no_marks_, was_raw = is_raw_;
  const Expr* was_selects = selects_;
  const Attribute* bind = bind_of(node);
  if (const check::Handler* handler = form_handler(node)) {
    in_form_ = true;
    form_fields(*handler);
  }
  if (node.tag == "select" && bind) selects_ = bind->value;
  no_marks_ = no_marks_ || holds_one_text(node.tag);
  is_raw_ = node.tag == "script" || node.tag == "style";
  put(node.raw);
  std::vector<Node*> all = flat(node.children);
  if (node.tag == "textarea" && bind) {
    fn_.bound(bind->binding, [&] { first_newline(*bind->value); });
  } else if (drops_first_newline(node.tag) && !all.empty() && is_text(*all[0])) {
    if (all[0]->kind == NodeKind::kText) {
      if (as<TextNode>(*all[0]).html.substr(0, 1) == "\n") put("\n");
      write(all);
    } else {
      const auto& first = as<InterpolationNode>(*all[0]);
      fn_.bound(first.binding, [&] { first_newline(*first.value); });
      if (all.size() > 1 && is_text(*all[1])) mark("<!--,-->");
      write({all.begin() + 1, all.end()});
    }
  } else {
    write(all);
  }
  in_form_ = was_form, no_marks_ = was_marks, is_raw_ = was_raw, selects_ = was_selects;
}

}  // namespace flin::compile
