#include "compile/html.h"

#include <algorithm>
#include <charconv>

namespace flin::compile {

using namespace syntax;

namespace {

bool is_one_of(std::string_view tag, std::initializer_list<std::string_view> tags) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

}  // namespace

bool holds_one_text(std::string_view tag) {
  return is_one_of(tag, {"title", "textarea", "option", "style", "script"});
}
bool drops_first_newline(std::string_view tag) {
  return is_one_of(tag, {"pre", "textarea", "listing"});
}
bool is_head_element(std::string_view tag) {
  return is_one_of(tag, {"title", "meta", "link", "base", "style"});
}

std::string static_text(std::string_view html) {
  std::string out;
  for (char c : html) {
    if (c == '\r')
      out += "&#13;";
    else if (c == '\0')
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out;
}

std::string static_attribute(std::string_view name, std::string_view value) {
  std::string out = " " + std::string(name) + "=\"";
  for (char c : static_text(value)) {
    if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out + '"';
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

namespace {

void put_utf8(std::string& out, std::uint32_t c) {
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
        put(0x80 | (c & 0x3F));
  }
}

bool decode_numeric(std::string_view name, std::string& out) {
  name.remove_prefix(1);
  int base = 10;
  if (!name.empty() && (name[0] == 'x' || name[0] == 'X')) name.remove_prefix(1), base = 16;
  std::uint32_t c = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), c, base);
  bool is_scalar = c > 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
  if (error != std::errc{} || end != name.data() + name.size() || !is_scalar) return false;
  put_utf8(out, c);
  return true;
}

}  // namespace

bool decode_references(std::string_view html, std::string& out) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (std::size_t at = 0; at < html.size(); ++at) {
    if (html[at] != '&') {
      out += html[at];
      continue;
    }
    std::size_t end = html.find(';', at);
    if (end == html.npos || end == at + 1) return false;
    std::string_view name = html.substr(at + 1, end - at - 1);
    at = end;
    if (name[0] == '#') {
      if (!decode_numeric(name, out)) return false;
      continue;
    }
    auto known = std::find_if(std::begin(kNamed), std::end(kNamed),
                              [&](const auto& n) { return n.first == name; });
    if (known == std::end(kNamed)) return false;
    out += known->second;
  }
  return true;
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

}  // namespace

std::vector<TableRun> table_runs(const std::vector<Node*>& children) {
  std::vector<TableRun> runs;
  for (Node* node : flat(children)) {
    std::string_view tag = first_tag(*node);
    std::string_view wrap = tag == "tr" || tag == "td" || tag == "th" ? "tbody"
                            : tag == "col"                            ? "colgroup"
                                                                      : "";
    bool goes_on = !runs.empty() && (runs.back().wrap == wrap || tag.empty());
    if (!goes_on) runs.push_back({wrap, {}});
    runs.back().nodes.push_back(node);
  }
  return runs;
}

}  // namespace flin::compile
