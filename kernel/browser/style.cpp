#include "browser/style.h"

#include <algorithm>
#include <cctype>

namespace flin::browser {

namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The position behind what begins at `at`: a comment, a text, brackets with what is in them, or one
// character.
std::size_t past(std::string_view css, std::size_t at) {
  char c = css[at];
  if (c == '/' && css.substr(at, 2) == "/*") {
    std::size_t end = css.find("*/", at + 2);
    return end == css.npos ? css.size() : end + 2;
  }
  if (c == '\\') return std::min(at + 2, css.size());
  if (c == '"' || c == '\'') {
    for (++at; at < css.size() && css[at] != c; ++at)
      if (css[at] == '\\') ++at;
    return std::min(at + 1, css.size());
  }
  if (c == '(' || c == '[') {
    char close = c == '(' ? ')' : ']';
    for (++at; at < css.size() && css[at] != close;) at = past(css, at);
    return std::min(at + 1, css.size());
  }
  return at + 1;
}

// Where the last compound selector's pseudo-elements and pseudo-classes begin: the mark stands in
// front.
std::size_t mark_place(std::string_view selector) {
  std::size_t start = 0;
  for (std::size_t at = 0; at < selector.size(); at = past(selector, at)) {
    char c = selector[at];
    if (is_blank(c) || c == '>' || c == '+' || c == '~') start = at + 1;
  }
  std::size_t at = start;
  while (at < selector.size() && selector[at] != ':') at = past(selector, at);
  return at;
}

std::string scoped_selector(std::string_view selector, std::string_view mark) {
  std::size_t first = 0, end = selector.size();
  while (first < end && is_blank(selector[first])) ++first;
  while (end > first && is_blank(selector[end - 1])) --end;
  std::string_view core = selector.substr(first, end - first);
  std::string before(selector.substr(0, first)), after(selector.substr(end));
  constexpr std::string_view kGlobal = ":global(";
  std::string out;
  bool has_global = core.find(kGlobal) != core.npos;
  if (has_global) {
    bool ends_global = false;
    for (std::size_t at = 0; at < core.size();) {
      if (core.substr(at, kGlobal.size()) != kGlobal) {
        std::size_t next = past(core, at);
        out += core.substr(at, next - at);
        ends_global = false;
        at = next;
        continue;
      }
      std::size_t open = at + kGlobal.size() - 1, close = past(core, open);
      out += core.substr(open + 1, close - open - 2);
      at = close;
      ends_global = true;
    }
    if (ends_global) return before + out + after;
  } else {
    out = core;
  }
  if (out.empty()) return std::string(selector);
  out.insert(mark_place(out), mark);
  return before + out + after;
}

std::string scoped_selectors(std::string_view list, std::string_view mark) {
  std::string out;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= list.size();) {
    bool ends = at == list.size() || list[at] == ',';
    if (ends) {
      if (start > 0) out += ',';
      out += scoped_selector(list.substr(start, at - start), mark);
      start = ++at;
    } else {
      at = past(list, at);
    }
  }
  return out;
}

// Whether an at-rule holds rules of its own (`@media`), or declarations or frames (`@font-face`,
// `@keyframes`).
bool holds_rules(std::string_view head) {
  for (std::string_view name :
       {"@media", "@supports", "@layer", "@container", "@scope", "@starting-style"})
    if (head.substr(0, name.size()) == name) return true;
  return false;
}

std::string scoped_rules(std::string_view css, std::string_view mark) {
  std::string out;
  std::size_t start = 0;
  for (std::size_t at = 0; at < css.size();) {
    if (css[at] == ';') {  // an at-rule without a block
      out += css.substr(start, at + 1 - start);
      start = ++at;
      continue;
    }
    if (css.substr(at, 2) == "/*") {
      std::size_t end = past(css, at);
      if (std::all_of(css.begin() + static_cast<std::ptrdiff_t>(start),
                      css.begin() + static_cast<std::ptrdiff_t>(at), is_blank)) {
        out += css.substr(start, end - start);
        start = end;
      }
      at = end;
      continue;
    }
    if (css[at] != '{') {
      at = past(css, at);
      continue;
    }
    std::size_t close = at + 1;
    for (int depth = 1; close < css.size();) {
      if (css[close] == '{') ++depth;
      if (css[close] == '}' && --depth == 0) break;
      close = past(css, close);
    }
    std::string_view head = css.substr(start, at - start),
                     inside = css.substr(at + 1, std::min(close, css.size()) - at - 1);
    std::size_t first = 0;
    while (first < head.size() && is_blank(head[first])) ++first;
    bool is_at_rule = first < head.size() && head[first] == '@';
    out += is_at_rule ? std::string(head) : scoped_selectors(head, mark);
    out += '{';
    out += is_at_rule && holds_rules(head.substr(first)) ? scoped_rules(inside, mark)
                                                         : std::string(inside);
    out += '}';
    at = start = std::min(close + 1, css.size());
  }
  return out + std::string(css.substr(start));
}

}  // namespace

std::string scoped_style(std::string_view css, std::string_view scope) {
  return scoped_rules(css, "[data-flin-scope=\"" + std::string(scope) + "\"]");
}

}  // namespace flin::browser
