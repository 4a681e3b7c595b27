#include "pages/session_inputs.h"

#include "flin/agents.h"
#include "runtime/wire.h"

#include <algorithm>

namespace flin::pages {

namespace {

constexpr std::string_view kRoot = "session.";

// The value of `key` in a map, none when it is no map or has no such key.
Value entry_of(ICall& call, Value map, std::string_view key) {
  if (call.kind(map) != Kind::kMap) return runtime::kNone;
  const std::uint64_t count = call.size(map);
  for (std::uint64_t i = 0; i < count; ++i) {
    Plain plain;
    if (call.plain(call.key(map, i), plain).ok() && plain.kind == Kind::kText &&
        std::string_view(plain.text) == key)
      return call.item(map, i);
  }
  return runtime::kNone;
}

Value value_at(ICall& call, Value session, std::string_view path) {
  Value value = session;
  path.remove_prefix(kRoot.size());
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    value = entry_of(call, value, path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return value;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> session_inputs(runtime::Isolate& isolate,
                                                                const bytecode::PageRow& page) {
  std::vector<std::pair<std::string, std::string>> out;
  const bytecode::Chunk& chunk = isolate.program().chunk();
  for (const std::uint32_t row : page.inputs) {
    for (const bytecode::InputRow& input : chunk.lives[row].inputs) {
      if (input.kind != bytecode::InputKind::kPath || !input.name.starts_with(kRoot)) continue;
      const bool known = std::any_of(out.begin(), out.end(),
                                     [&](const auto& pair) { return pair.first == input.name; });
      Value session = runtime::kNone;
      if (known || !isolate.context(kContextSession, session)) continue;
      std::string json;
      const Value value = value_at(isolate.call(), session, input.name);
      if (!runtime::write_value(isolate, value, chunk.constants[input.type_k].text, {}, json).ok())
        json = "null";
      out.emplace_back(input.name, std::move(json));
    }
  }
  return out;
}

}  // namespace flin::pages
