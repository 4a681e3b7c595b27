#include "route_table.h"

namespace flin::http {
namespace {

constexpr std::string_view kNames[] = {"GET",   "HEAD",   "POST",    "PUT",
                                       "PATCH", "DELETE", "OPTIONS", ""};

struct Segment {
  enum Kind { kStatic, kName, kRest } kind;
  std::string_view text;
};

// ":id", "*rest" of routes; "[id]", "[...rest]" of pages.
Segment read_segment(std::string_view text, bool page) {
  if (page && text.size() > 2 && text.front() == '[' && text.back() == ']') {
    const std::string_view inner = text.substr(1, text.size() - 2);
    if (inner.substr(0, 3) == "...") return {Segment::kRest, inner.substr(3)};
    return {Segment::kName, inner};
  }
  if (!page && text.size() > 1 && text.front() == ':') return {Segment::kName, text.substr(1)};
  if (!page && text.size() > 1 && text.front() == '*') return {Segment::kRest, text.substr(1)};
  return {Segment::kStatic, text};
}

}  // namespace

Method method_of(std::string_view name) {
  for (std::uint32_t i = kGet; i < kOtherMethod; ++i) {
    if (kNames[i] == name) return static_cast<Method>(i);
  }
  return kOtherMethod;
}
std::string_view name_of(Method method) { return kNames[method]; }

bool RouteTable::Node::ends() const {
  for (const auto& target : targets) {
    if (target) return true;
  }
  return false;
}

std::string RouteTable::add(Method method, std::string_view path, bool page, FunctionId function) {
  const std::string pattern(path);
  if (method >= kOptions || method == kHead)
    return "routes are for GET, POST, PUT, PATCH and DELETE";
  if (path.empty() || path.front() != '/')
    return "the path '" + pattern + "' does not begin with '/'";
  if (path.substr(0, 2) == "/_")
    return "paths that begin with '/_' belong to FLIN; take another than '" + pattern + "'";
  auto target = std::make_unique<Target>();
  target->function = function;
  target->is_page = page;
  target->pattern = pattern;
  Node* node = &root_;
  path.remove_prefix(1);
  for (bool more = true; more;) {
    const std::size_t slash = path.find('/');
    const Segment segment = read_segment(path.substr(0, slash), page);
    more = slash != std::string_view::npos;
    if (more) path.remove_prefix(slash + 1);
    if (segment.kind == Segment::kRest && more)
      return "'*" + std::string(segment.text) + "' has to be the last part of '" + pattern + "'";
    std::unique_ptr<Node>& next = segment.kind == Segment::kName ? node->name
                                  : segment.kind == Segment::kRest
                                      ? node->rest
                                      : node->children[std::string(segment.text)];
    if (segment.kind != Segment::kStatic) target->names.emplace_back(segment.text);
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  if (node->targets[method])
    return std::string(name_of(method)) + " " + pattern + " is declared twice";
  node->targets[method] = std::move(target);
  ++size_;
  return {};
}

struct RouteTable::Search {
  Method method;
  const std::vector<std::string>& segments;
  std::vector<std::string> values;
  Match found;
  bool methods[kOptions] = {};
};

void RouteTable::visit(const Node& node, std::size_t at, Search& search) {
  const bool at_end = at == search.segments.size();
  if (at_end && node.ends()) {
    for (std::uint32_t i = 0; i < kOptions; ++i)
      search.methods[i] = search.methods[i] || node.targets[i];
    if (const auto& target = node.targets[search.method]; target && !search.found.target) {
      search.found.target = target.get();
      search.found.values = search.values;
    }
  }
  if (at_end || search.found.target) return;
  const std::string& segment = search.segments[at];
  if (const auto child = node.children.find(segment); child != node.children.end())
    visit(*child->second, at + 1, search);
  if (search.found.target) return;
  if (node.name && !segment.empty()) {
    search.values.push_back(segment);
    visit(*node.name, at + 1, search);
    search.values.pop_back();
  }
  if (search.found.target || !node.rest) return;
  std::string rest = segment;
  for (std::size_t i = at + 1; i < search.segments.size(); ++i)
    rest.append("/").append(search.segments[i]);
  search.values.push_back(std::move(rest));
  visit(*node.rest, search.segments.size(), search);
  search.values.pop_back();
}

Match RouteTable::find(Method method, const std::vector<std::string>& segments) const {
  const bool known = method < kOptions;
  Search search{method == kHead || !known ? kGet : method, segments, {}, {}, {}};
  visit(root_, 0, search);
  Match match = std::move(search.found);
  if (!known) match.target = nullptr;
  if (match.target && method != kOptions) return match;
  for (std::uint32_t i = 0; i < kOptions; ++i) {
    if (!search.methods[i]) continue;
    match.allow.append(match.allow.empty() ? "" : ", ").append(name_of(static_cast<Method>(i)));
    if (i == kGet) match.allow.append(", HEAD");
  }
  if (!match.allow.empty()) match.allow.append(", OPTIONS");
  return match;
}

}  // namespace flin::http
