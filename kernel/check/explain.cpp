// The text of `flin check --tiers`.
#include "check/program.h"

#include <algorithm>

namespace flin::check {
using namespace syntax;
namespace {

struct Line {
  Span at;
  std::string text;
};

std::string names_of(const std::vector<Input>& inputs) {
  std::string all;
  for (const Input& input : inputs) {
    if (!all.empty()) all += ", ";
    all += input.symbol != nullptr ? std::string(input.symbol->name) : input.path;
  }
  return all;
}

std::string describe(const LiveValue& live) {
  std::string text =
      "live value " + std::to_string(live.row) + ": on the server, " + text_of(live.type);
  if (!live.inputs.empty()) text += ", inputs " + names_of(live.inputs);
  for (std::size_t i = 0; i < live.fields.size(); ++i)
    text += (i == 0 ? ", fields " : ", ") + live.fields[i];
  return text;
}

std::string describe(const Handler& h) {
  std::string text = h.event + ": ";
  if (!h.on_server) return text + "in the browser, " + h.why;
  text += "on the server, " + h.why;
  if (!h.inputs.empty()) text += "; in: " + names_of(h.inputs);
  if (!h.outputs.empty()) text += "; out: " + names_of(h.outputs);
  if (h.posts) text += "; sent as POST";
  if (h.without_scripts) text += "; works without scripts";
  return text;
}

std::string describe(const SetupStatement& s) {
  switch (s.tier) {
    case SetupTier::kOnce: return "setup: once, on the server";
    case SetupTier::kDerived:
      return "setup: first on the server, again in the browser when what it reads changes";
    case SetupTier::kBrowser: return "setup: in the browser, after the first show";
    case SetupTier::kLive: return "setup: " + describe(*s.live);
  }
  return {};
}

void add_owner(std::vector<Line>& lines, const std::vector<SetupStatement>& setup,
               const std::vector<Handler*>& handlers, const std::vector<LiveValue*>& live,
               const std::vector<HookStmt*>& hooks) {
  for (const SetupStatement& s : setup) lines.push_back({s.statement->span, describe(s)});
  for (const LiveValue* value : live)
    if (value->root != nullptr) lines.push_back({value->root->span, describe(*value)});
  for (const Handler* h : handlers) {
    Span at = h->attribute != nullptr ? h->attribute->span : h->body->span;
    for (const HookStmt* hook : hooks)
      if (hook->handler == h) at = hook->span;
    lines.push_back({at, describe(*h)});
  }
}

}  // namespace

std::string explain_tiers(const CheckedProgram& program, const Sources& sources) {
  std::vector<Line> lines;
  for (const Page* page : program.pages)
    add_owner(lines, page->setup, page->handlers, page->live, page->hooks);
  for (const Component* c : program.components)
    add_owner(lines, c->setup, c->handlers, c->live, c->hooks);
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return a.at.file != b.at.file ? a.at.file < b.at.file : a.at.begin < b.at.begin;
  });
  std::string text;
  for (const Line& line : lines) {
    const Source& source = sources.at(line.at.file);
    Position at = source.position(line.at.begin);
    text += std::string(source.path()) + ":" + std::to_string(at.line) + ":" +
            std::to_string(at.column) + ": " + line.text + "\n";
  }
  return text;
}

}  // namespace flin::check
