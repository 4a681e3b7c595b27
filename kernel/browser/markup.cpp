// Content as one text: inside title, textarea and option, and markup as a value (HTML).
#include "browser/writer.h"

namespace flin::browser {

using namespace syntax;
using check::TypeTag;

namespace {

bool is_constant(const std::string& text) { return !text.empty() && text[0] == '"'; }

}  // namespace

// One static text, one binding, or nothing.
std::string Writer::one_text(const std::vector<Node*>& children) {
  if (flat(children).empty()) return {};
  Js js = joined_text(children);
  return is_constant(js.text)
             ? js.text
             : module_.imports.use("text") + "(() => " + at(js, Level::kAssign) + ')';
}

Js Writer::joined_text(const std::vector<Node*>& children) {
  std::vector<Node*> all = flat(children);
  if (all.size() == 1 && all[0]->kind == NodeKind::kText)
    return {quoted(decoded(as<TextNode>(*all[0]).html))};
  if (all.size() == 1 && all[0]->kind == NodeKind::kInterpolation)
    return value(*as<InterpolationNode>(*all[0]).value);
  return {'`' + text_of_nodes(all, false) + '`'};
}

Js Writer::markup_html(const std::vector<Node*>& all) {
  return call_of("View", {'`' + text_of_nodes(all, true) + '`'});
}

// The inside of a template literal.
std::string Writer::text_of_nodes(const std::vector<Node*>& all, bool as_html) {
  std::string out;
  for (const Node* next : flat(all)) {
    switch (next->kind) {
      case NodeKind::kText: {
        Name html = as<TextNode>(*next).html;
        out += template_part(as_html ? std::string(html) : decoded(html));
        break;
      }
      case NodeKind::kIf:
        out += "${" + html_of_branches(as<IfNode>(*next), 0, as_html) + '}';
        break;
      case NodeKind::kFor: out += "${" + html_of_items(as<ForNode>(*next), as_html) + '}'; break;
      case NodeKind::kMatch: out += "${" + html_of_arms(as<MatchNode>(*next), as_html) + '}'; break;
      case NodeKind::kInterpolation: {
        const auto& node = as<InterpolationNode>(*next);
        if (!as_html) {
          out += "${" + call_of("to_text", {argument(*node.value)}).text + '}';
        } else if (is_text(*next)) {
          out += "${" +
                 call_of("b_html_escape", {call_of("to_text", {argument(*node.value)}).text}).text +
                 '}';
        } else {  // a view, or a list of them
          std::string part = "(x) => (x instanceof " + module_.imports.use("View") +
                             " ? x.html : " + module_.imports.use("b_html_escape") + '(' +
                             module_.imports.use("to_text") + "(x)))";
          out += "${[" + argument(*node.value) + "].flat(Infinity).map(" + part + ").join(\"\")}";
        }
        break;
      }
      case NodeKind::kElement: out += html_of_element(as<ElementNode>(*next)); break;
      default: break;
    }
  }
  return out;
}

std::string Writer::html_of_element(const ElementNode& node) {
  std::string out = '<' + std::string(node.tag);
  for (const Attribute* from : node.attributes) {
    std::string name(from->name.text);
    if (from->kind == AttributeKind::kStatic) {
      out += template_part(' ' + name + "=\"" + std::string(from->text) + '"');
    } else if (from->kind == AttributeKind::kBare) {
      out += ' ' + name;
    } else if (from->kind == AttributeKind::kMixed || from->kind == AttributeKind::kExpr) {
      std::string shown = from->kind == AttributeKind::kMixed ? at(mixed(*from), Level::kAssign)
                                                              : argument(*from->value);
      out += "${((v) => v === null || v === false ? \"\" : ' " + name + "=\"' + " +
             module_.imports.use("b_html_escape") + '(' + module_.imports.use("to_text") +
             "(v === true ? \"\" : v)) + '\"')(" + shown + ")}";
    }
  }
  out += '>';
  if (node.is_void) return out;
  return out + template_part(node.raw) + text_of_nodes(node.children, true) + "</" +
         std::string(node.tag) + '>';
}

std::string Writer::html_of_branches(const IfNode& node, std::size_t n, bool as_html) {
  if (n == node.branches.size()) return '`' + text_of_nodes(node.otherwise, as_html) + '`';
  const IfNode::Branch& branch = node.branches[n];
  auto before = places_;
  Js condition = value(*branch.condition.value);
  if (branch.condition.pattern) {
    std::string fits = test(*branch.condition.pattern, {at(condition, Level::kCall)},
                            type_of(*branch.condition.value));
    condition = {fits.empty() ? "true" : fits, Level::kAnd};
  }
  std::string out =
      at(condition, Level::kCoalesce) + " ? `" + text_of_nodes(branch.children, as_html) + '`';
  places_ = std::move(before);
  return out + " : " + html_of_branches(node, n + 1, as_html);
}

std::string Writer::html_of_items(const ForNode& node, bool as_html) {
  bool is_map = node.head.subject && !node.head.second.text.empty() &&
                is_tag(without_none(type_of(*node.head.subject)), TypeTag::kMap);
  std::string list = loop_list(node.head, is_map);
  std::string items = list.rfind("() => ", 0) == 0 ? '(' + list + ")()" : list + "()";
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
    params = node.head.first_symbol ? declare(*node.head.first_symbol) : fresh("item");
    if (node.head.second_symbol) params += ", " + declare(*node.head.second_symbol);
  }
  std::string each = '(' + params + ") => `" + text_of_nodes(node.children, as_html) + '`';
  close_scope();
  places_ = std::move(before);
  std::string all = call_of("items_of", {items}).text + ".map(" + each + ").join(\"\")";
  if (node.otherwise.empty()) return all;
  return '(' + all + " || `" + text_of_nodes(node.otherwise, as_html) + "`)";
}

std::string Writer::html_of_arms(const MatchNode& node, bool as_html) {
  open_scope();
  std::string name = fresh("subject"), out;
  bool covered = false;
  for (const MatchNode::Arm& arm : node.arms) {
    auto before = places_;
    std::string fits = test(*arm.pattern, {name}, type_of(*node.subject));
    if (arm.guard) fits += (fits.empty() ? "" : " && ") + at(value(*arm.guard), Level::kAnd);
    covered = fits.empty();
    out += (covered ? "" : fits + " ? ") + '`' + text_of_nodes(arm.children, as_html) + '`' +
           (covered ? "" : " : ");
    places_ = std::move(before);
    if (covered) break;
  }
  close_scope();
  return "((" + name + ") => " + out + (covered ? "" : "\"\"") + ")(" + argument(*node.subject) +
         ')';
}

}  // namespace flin::browser
