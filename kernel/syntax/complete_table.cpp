// HTML parsing must give back the tree of the template (W 2). A parser puts `tr` into a tbody,
// cells into a tr and `col` into a colgroup when the page left them out (WHATWG HTML 13.2.6.4.9),
// so they are put into the tree here. A template tag counts as what it shows. A component or an
// interpolation directly in a table is taken for rows: what it will show is not known yet.
#include "syntax/parser_impl.h"
#include "syntax/utf8.h"

#include <algorithm>

namespace flin::syntax {

namespace {

enum class Part : std::uint8_t { kNone, kText, kCell, kRow, kColumn, kSection };

Part part_of(const std::vector<Node*>& nodes);

Part tag_part(Name tag) {
  if (tag == "td" || tag == "th") return Part::kCell;
  if (tag == "tr") return Part::kRow;
  if (tag == "col") return Part::kColumn;
  return Part::kSection;
}

Part part_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::kText: {
      const Name text = as<TextNode>(node).html;
      return std::all_of(text.begin(), text.end(), is_space) ? Part::kText : Part::kSection;
    }
    case NodeKind::kElement: return tag_part(as<ElementNode>(node).tag);
    case NodeKind::kComponent:
    case NodeKind::kInterpolation:
    case NodeKind::kSlot: return Part::kRow;
    case NodeKind::kFor: return part_of(as<ForNode>(node).children);
    case NodeKind::kWhile: return part_of(as<WhileNode>(node).children);
    case NodeKind::kIf: {
      const auto& branches = as<IfNode>(node).branches;
      for (const IfNode::Branch& branch : branches) {
        const Part part = part_of(branch.children);
        if (part != Part::kNone) return part;
      }
      return part_of(as<IfNode>(node).otherwise);
    }
    case NodeKind::kMatch: {
      for (const MatchNode::Arm& arm : as<MatchNode>(node).arms) {
        const Part part = part_of(arm.children);
        if (part != Part::kNone) return part;
      }
      return Part::kNone;
    }
  }
  return Part::kNone;
}

// What the first node that is no white space is.
Part part_of(const std::vector<Node*>& nodes) {
  for (const Node* node : nodes) {
    const Part part = part_of(*node);
    if (part != Part::kNone && part != Part::kText) return part;
  }
  return Part::kNone;
}

// Puts each run of `wanted` nodes, with the white space between them, into an element of its own.
void wrap(std::vector<Node*>& nodes, Part wanted, Name tag, Arena& arena) {
  std::vector<Node*> out, waiting;
  ElementNode* run = nullptr;
  for (Node* node : nodes) {
    const Part part = part_of(*node);
    if (part == wanted) {
      if (run == nullptr) {
        run = arena.make<ElementNode>(node->span, tag);
        out.insert(out.end(), waiting.begin(), waiting.end());
        out.push_back(run);
      } else {
        run->children.insert(run->children.end(), waiting.begin(), waiting.end());
      }
      waiting.clear();
      run->children.push_back(node);
      run->span.end = node->span.end;
    } else if (part == Part::kText || part == Part::kNone) {
      waiting.push_back(node);
    } else {
      out.insert(out.end(), waiting.begin(), waiting.end());
      waiting.clear();
      run = nullptr;
      out.push_back(node);
    }
  }
  out.insert(out.end(), waiting.begin(), waiting.end());
  nodes = std::move(out);
}

}  // namespace

void complete_table(ElementNode& table, Arena& arena) {
  wrap(table.children, Part::kCell, "tr", arena);
  wrap(table.children, Part::kColumn, "colgroup", arena);
  wrap(table.children, Part::kRow, "tbody", arena);
  for (Node* child : table.children) {
    if (child->kind != NodeKind::kElement) continue;
    auto& section = as<ElementNode>(*child);
    if (section.tag == "tbody" || section.tag == "thead" || section.tag == "tfoot")
      wrap(section.children, Part::kCell, "tr", arena);
  }
}

}  // namespace flin::syntax
