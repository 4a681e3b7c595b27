// Elements and their attributes, in the order of W 2.
#include "browser/writer.h"

#include <algorithm>
#include <memory>

namespace flin::browser {

using namespace syntax;
using check::Type;
using check::TypeTag;

std::string Writer::element(const ElementNode& node) {
  ElementNode shown = node;
  std::vector<std::unique_ptr<ElementNode>> made;
  if (node.tag == "table") {  // as a parser would read it: rows in a tbody, columns in a colgroup
    shown.children.clear();
    for (const TableRun& run : table_runs(node.children)) {
      if (run.wrap.empty()) {
        shown.children.insert(shown.children.end(), run.nodes.begin(), run.nodes.end());
        continue;
      }
      made.push_back(std::make_unique<ElementNode>(node.span, run.wrap));
      made.back()->children = run.nodes;
      shown.children.push_back(made.back().get());
    }
  }
  std::string el = module_.imports.use("el");
  if (node.tag == "svg" || node.tag == "math" || node.tag == "script")
    module_.imports.use_library();
  std::vector<std::string> parts = {quoted(node.tag), '[' + joined(attributes(node), ", ") + ']'};
  bool was_form = in_form_;
  in_form_ = in_form_ || form_handler(node);
  const Attribute* bind = bind_of(node);
  if (!node.raw.empty()) {
    parts.push_back(quoted(node.raw));
  } else if (node.tag == "textarea" && bind) {
    parts.push_back(module_.imports.use("text") + "(() => " + argument(*bind->value) + ')');
  } else if (holds_one_text(node.tag)) {
    std::string text = one_text(shown.children);
    if (!text.empty()) parts.push_back(text);
  } else {
    for (std::string& child : nodes(shown.children)) parts.push_back(std::move(child));
  }
  in_form_ = was_form;
  return listed(el + "(", parts, ")");
}

// ---- Attributes ----

std::vector<std::string> Writer::attributes(const ElementNode& node) {
  std::vector<std::string> out;
  auto add = [&](std::string_view name, std::string_view text) {
    out.push_back('[' + quoted(name) + ", " + quoted(text) + ']');
  };
  bool posts = form_handler(node) != nullptr;
  for (const Attribute* from : node.attributes) {
    std::string_view name = from->name.text;
    bool replaced = posts && (name == "method" || name == "action" || name == "enctype");
    if (replaced || from->kind == AttributeKind::kBind) continue;
    if (from->kind != AttributeKind::kEvent)
      out.push_back(attribute(*from));
    else if (from->handler)
      out.push_back(event(node, *from));
  }
  if (posts) {
    add("method", "post");
    add("action", "/_action");
    if (has_file_input(node.children)) add("enctype", "multipart/form-data");
  }
  if (const Attribute* bind = bind_of(node)) {
    std::string path = written(*bind->value);
    if (in_form_ && !find_attribute(node, "name")) add("name", path);
    out.push_back(bind_attribute(node, *bind));
  } else {
    std::vector<Node*> all = flat(node.children);
    bool one_text = all.size() == 1 && all[0]->kind == NodeKind::kInterpolation && is_text(*all[0]);
    std::string path = one_text ? path_of(*as<InterpolationNode>(*all[0]).value) : std::string();
    if (!path.empty()) add("data-flin-bind", path);
  }
  if (part_ && !part_->scope.empty()) add("data-flin-scope", part_->scope);
  return out;
}

// `style` drops unsafe parts one by one.
Js Writer::mixed(const Attribute& attribute) {
  if (attribute.name.text != "style") return interpolation(attribute.parts);
  std::string out;
  for (const Expr* part : attribute.parts) {
    if (part->kind == ExprKind::kText)
      out += template_part(decoded(as<TextExpr>(*part).value));
    else
      out += "${" + call_of("style_part", {argument(*part)}).text + '}';
  }
  return {'`' + out + '`'};
}

std::string Writer::attribute(const Attribute& from) {
  std::string name = quoted(from.name.text);
  switch (from.kind) {
    case AttributeKind::kStatic: return '[' + name + ", " + quoted(decoded(from.text)) + ']';
    case AttributeKind::kBare: return '[' + name + ", \"\"]";
    case AttributeKind::kSpread:
      module_.imports.use_library();
      return "[\"...\", " + binding(from.binding, value(*from.value)) + ']';
    default: break;
  }
  bool has_own_form =
      from.name.text == "class" || from.name.text == "style" || from.name.text == "srcset";
  bool is_plain_class =
      from.name.text == "class" && (from.kind == AttributeKind::kMixed ||
                                    is_tag(without_none(type_of(*from.value)), TypeTag::kText));
  if (has_own_form && !is_plain_class) module_.imports.use_library();
  Js js = from.kind == AttributeKind::kMixed ? mixed(from) : value(*from.value);
  return '[' + name + ", " + binding(from.binding, js) + ']';
}

std::string Writer::event(const ElementNode&, const Attribute& attribute) {
  std::vector<std::string> modifiers;
  bool prevents = false;
  for (const Attribute::Modifier& modifier : attribute.modifiers) {
    prevents = prevents || modifier.name.text == "prevent";
    if (modifier.name.text != "prevent") module_.imports.use_library();
    std::string name = quoted(modifier.name.text);
    bool has_argument = modifier.argument != nullptr;
    if (has_argument && is_tag(type_of(*modifier.argument), TypeTag::kDuration))
      modifiers.push_back('[' + name + ", " + argument(*modifier.argument) + ".value]");
    else
      modifiers.push_back(has_argument ? '[' + name + ", " + argument(*modifier.argument) + ']'
                                       : name);
  }
  bool is_submit = attribute.name.text == "submit";
  if (is_submit && !prevents) modifiers.insert(modifiers.begin(), "\"prevent\"");
  return "[\"on\", " + quoted(attribute.name.text) + ", [" + joined(modifiers, ", ") + "], " +
         handler(*attribute.handler) + ']';
}

// ["bind", path, get, set, options]
std::string Writer::bind_attribute(const ElementNode& node, const Attribute& attribute) {
  const Expr& bound = *attribute.value;
  const Type* type = without_none(type_of(bound));
  std::string_view control = type_attribute(node);
  bool is_special =
      node.tag == "select" || control == "checkbox" || control == "radio" || control == "file";
  const Type* item = is_tag(type, TypeTag::kList) ? without_none(type->items[0]) : type;
  std::vector<std::string> options;
  bool counts = is_tag(item, TypeTag::kInt) || is_tag(item, TypeTag::kNumber);
  if (counts)
    options.push_back(std::string("as: ") +
                      (is_tag(item, TypeTag::kInt) ? "\"int\"" : "\"number\""));
  for (const Attribute::Modifier& modifier : attribute.modifiers)
    if (modifier.name.text == "lazy") options.push_back("lazy: true");
  if (is_special || counts) module_.imports.use_library();
  std::vector<std::string> parts = {"\"bind\"", quoted(written(bound))};
  const check::Symbol* symbol =
      bound.kind == ExprKind::kName ? as<NameExpr>(bound).symbol : nullptr;
  if (symbol && place_of(*symbol).kind == Place::kCell) {
    std::string name = place_of(*symbol).js.text;
    parts.push_back(name);
    parts.push_back(name + ".set");
  } else {
    parts.push_back("() => " + argument(bound));
    std::vector<std::string> lines = collect([&] {
      std::string next = fresh("next");
      if (symbol)
        line(store(*symbol, next));
      else
        line(target(bound, false).write(next));
    });
    parts.push_back("(next) => " + braces(lines));
  }
  if (!options.empty()) parts.push_back("{ " + joined(options, ", ") + " }");
  return '[' + joined(parts, ", ") + ']';
}

}  // namespace flin::browser
