#include "browser/imports.h"

#include "browser/js_text.h"

#include <algorithm>

namespace flin::browser {

namespace {

// What js/src/main.js gives on; other names in the bundle's list are short ones for the library.
constexpr std::string_view kCore[] = {"page",    "el",      "text", "when",     "each",
                                      "add_int", "sub_int", "eq",   "items_of", "to_text"};
constexpr std::size_t kNodeFunctions = 5;

}  // namespace

std::set<std::string, std::less<>> exported_names(std::string_view bundle) {
  std::set<std::string, std::less<>> names;
  std::size_t start = bundle.rfind("export{");
  if (start == bundle.npos) return names;
  std::size_t end = bundle.find('}', start += 7);
  while (start < end && end != bundle.npos) {
    std::size_t comma = std::min(bundle.find(',', start), end);
    std::string_view name = bundle.substr(start, comma - start);
    if (std::size_t as = name.find(" as "); as != name.npos) name.remove_prefix(as + 4);
    names.emplace(name);
    start = comma + 1;
  }
  return names;
}

Exports::Exports(std::string_view, std::string_view library) : library_(exported_names(library)) {}

bool Exports::is_core(std::string_view name) {
  return std::find(std::begin(kCore), std::end(kCore), name) != std::end(kCore);
}

std::string Imports::use(std::string_view name) {
  bool core = Exports::is_core(name);
  std::vector<std::string>& names = core ? core_ : library_;
  needs_library_ = needs_library_ || !core;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  return std::string(name);
}

std::string Imports::text(std::string_view runtime_path, std::string_view library_path) const {
  std::vector<std::string> core;  // node functions first, then operators by their first use
  for (std::size_t n = 0; n < kNodeFunctions; ++n)
    if (std::find(core_.begin(), core_.end(), kCore[n]) != core_.end()) core.emplace_back(kCore[n]);
  for (const std::string& name : core_)
    if (std::find(core.begin(), core.end(), name) == core.end()) core.push_back(name);
  std::string out = "import { " + joined(core, ", ") + " } from " + quoted(runtime_path) + ";\n";
  if (!library_.empty())
    out += "import { " + joined(library_, ", ") + " } from " + quoted(library_path) + ";\n";
  else if (needs_library_)
    out += "import " + quoted(library_path) + ";\n";
  return out;
}

}  // namespace flin::browser
