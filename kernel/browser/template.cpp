#include "browser/template.h"

#include <algorithm>
#include <charconv>

namespace flin::browser {

using namespace syntax;
using check::Type;
using check::TypeTag;

const Type* without_none(const Type* type) {
  return type && type->is(TypeTag::kOptional) ? type->items[0] : type;
}
bool is_tag(const Type* type, TypeTag tag) { return type && type->is(tag); }
const Type* type_of(const Expr& expr) { return expr.converted ? expr.converted : expr.type; }

// ---- Expressions ----

std::string path_of(const Expr& expr) {
  if (expr.kind == ExprKind::kName) {
    const auto& name = as<NameExpr>(expr);
    return name.symbol || !(name.entity || name.enumeration) ? std::string(name.name) : "";
  }
  if (expr.kind != ExprKind::kMember || as<MemberExpr>(expr).optional) return "";
  const auto& member = as<MemberExpr>(expr);
  std::string path = path_of(*member.object);
  return path.empty() ? path : path + '.' + std::string(member.name.text);
}

std::string written(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kName: return std::string(as<NameExpr>(expr).name);
    case ExprKind::kInt: return std::to_string(as<IntExpr>(expr).value);
    case ExprKind::kText: return '"' + std::string(as<TextExpr>(expr).value) + '"';
    case ExprKind::kMember: {
      const auto& member = as<MemberExpr>(expr);
      return written(*member.object) + (member.optional ? "?." : ".") +
             std::string(member.name.text);
    }
    case ExprKind::kIndex: {
      const auto& index = as<IndexExpr>(expr);
      return written(*index.object) + (index.optional ? "?[" : "[") + written(*index.index) + ']';
    }
    default: return {};
  }
}

const Expr* raw_operand(const Expr& expr) {
  if (expr.kind != ExprKind::kCall) return nullptr;
  const auto& call = as<CallExpr>(expr);
  bool is_raw = call.target == CallTarget::kBuiltin && call.builtin->name == "raw" &&
                call.operands.size() == 1;
  return is_raw ? call.operands[0] : nullptr;
}

bool may_be_nodes(const Type* type) {
  if (!type) return true;
  switch (type->tag) {
    case TypeTag::kView:
    case TypeTag::kList:
    case TypeTag::kQuery:
    case TypeTag::kAny: return true;
    case TypeTag::kOptional:
    case TypeTag::kUnion: return std::any_of(type->items.begin(), type->items.end(), may_be_nodes);
    default: return false;
  }
}

// ---- Nodes ----

bool is_text(const Node& node) {
  if (node.kind == NodeKind::kText) return true;
  if (node.kind != NodeKind::kInterpolation) return false;
  const Expr& value = *as<InterpolationNode>(node).value;
  return !raw_operand(value) && !may_be_nodes(type_of(value));
}

std::vector<Node*> flat(const std::vector<Node*>& nodes) {
  std::vector<Node*> out;
  for (Node* node : nodes) {
    bool is_fragment = node->kind == NodeKind::kElement && as<ElementNode>(*node).tag.empty();
    if (!is_fragment) {
      out.push_back(node);
      continue;
    }
    for (Node* inner : flat(as<ElementNode>(*node).children)) out.push_back(inner);
  }
  return out;
}

namespace {

// Tag of the first element that the node shows; "" if it cannot be told.
std::string_view first_tag(const Node& node) {
  auto of = [](const std::vector<Node*>& nodes) -> std::string_view {
    for (const Node* inner : nodes)
      if (std::string_view tag = first_tag(*inner); !tag.empty()) return tag;
    return {};
  };
  switch (node.kind) {
    case NodeKind::kElement: {
      const auto& element = as<ElementNode>(node);
      return element.tag.empty() ? of(element.children) : element.tag;
    }
    case NodeKind::kIf: {
      for (const IfNode::Branch& branch : as<IfNode>(node).branches)
        if (std::string_view tag = of(branch.children); !tag.empty()) return tag;
      return of(as<IfNode>(node).otherwise);
    }
    case NodeKind::kFor: {
      std::string_view tag = of(as<ForNode>(node).children);
      return tag.empty() ? of(as<ForNode>(node).otherwise) : tag;
    }
    case NodeKind::kWhile: return of(as<WhileNode>(node).children);
    case NodeKind::kMatch:
      for (const MatchNode::Arm& arm : as<MatchNode>(node).arms)
        if (std::string_view tag = of(arm.children); !tag.empty()) return tag;
      return {};
    default: return {};
  }
}

bool is_one_of(std::string_view tag, std::initializer_list<std::string_view> tags) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool is_head_element(const Node& node) {
  return node.kind == NodeKind::kElement &&
         is_one_of(as<ElementNode>(node).tag, {"title", "meta", "link", "base", "style"});
}

}  // namespace

std::vector<TableRun> table_runs(const std::vector<Node*>& children) {
  std::vector<TableRun> runs;
  for (Node* node : flat(children)) {
    std::string_view tag = first_tag(*node);
    std::string_view wrap = is_one_of(tag, {"tr", "td", "th"}) ? "tbody"
                            : tag == "col"                     ? "colgroup"
                                                               : "";
    bool goes_on = !runs.empty() && (runs.back().wrap == wrap || tag.empty());
    if (!goes_on) runs.push_back({wrap, {}});
    runs.back().nodes.push_back(node);
  }
  return runs;
}

std::string_view slot_of(const Node& node) {
  if (node.kind != NodeKind::kElement) return "children";
  const Attribute* slot = find_attribute(as<ElementNode>(node), "slot");
  return slot && slot->kind == AttributeKind::kStatic ? slot->text : std::string_view("children");
}

PageNodes page_nodes(const std::vector<const ViewStmt*>& views) {
  std::vector<Node*> roots;
  for (const ViewStmt* view : views)
    for (Node* node : flat(view->nodes)) roots.push_back(node);
  PageNodes out;
  bool is_document = roots.size() == 1 && roots[0]->kind == NodeKind::kElement &&
                     as<ElementNode>(*roots[0]).tag == "html";
  if (!is_document) {
    for (Node* node : roots) (is_head_element(*node) ? out.head : out.body).push_back(node);
    return out;
  }
  for (Node* part : flat(as<ElementNode>(*roots[0]).children)) {
    if (part->kind != NodeKind::kElement) continue;
    const auto& element = as<ElementNode>(*part);
    if (element.tag == "head") out.head = flat(element.children);
    if (element.tag == "body") out.body = flat(element.children);
  }
  return out;
}

// ---- Elements ----

bool holds_one_text(std::string_view tag) {
  return is_one_of(tag, {"title", "textarea", "option", "style", "script"});
}

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

// ---- Texts ----

namespace {

struct Reference {
  std::string_view name;
  std::uint32_t code_point;
};
constexpr Reference kReferences[] = {
#define REFERENCE(name, code_point) {#name, code_point},
#include "browser/references.def"
#undef REFERENCE
};

void put_utf8(std::string& out, std::uint32_t c) {
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
      put(0x80 | (c & 0x3F));
}

// The code point of "amp", "#38" or "#x26"; 0 if there is none.
std::uint32_t code_point_of(std::string_view name) {
  if (name.empty()) return 0;
  if (name[0] != '#') {
    for (const Reference& row : kReferences)
      if (row.name == name) return row.code_point;
    return 0;
  }
  name.remove_prefix(1);
  int base = 10;
  if (!name.empty() && (name[0] == 'x' || name[0] == 'X')) name.remove_prefix(1), base = 16;
  std::uint32_t c = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), c, base);
  if (error != std::errc{} || end != name.data() + name.size()) return 0;
  return c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? 0xFFFD : c;
}

}  // namespace

std::string decoded(std::string_view html) {
  std::string out;
  for (std::size_t n = 0; n < html.size(); ++n) {
    std::size_t end = html[n] == '&' ? html.find(';', n) : html.npos;
    std::uint32_t c = end == html.npos ? 0 : code_point_of(html.substr(n + 1, end - n - 1));
    if (c != 0) {
      put_utf8(out, c);
      n = end;
    } else if (html[n] == '\0') {
      put_utf8(out, 0xFFFD);
    } else {
      out += html[n];
    }
  }
  return out;
}

}  // namespace flin::browser
