// A manifest for people and for tools: `flin plugins describe`, and the catalogue files.
#pragma once

#include "base/result.h"
#include "flin/plugin.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin {

// Everything in the manifest but pointers, as text in sections or as one JSON object. The JSON is
// also the format of flin_<id>.json (catalogue.h):
//   {"id", "version", "summary", "needs": [{"interface", "optional"}], "offers": [{"interface",
//   "name"}],
//    "ops": [{"name", "args", "results", "flags", "timeout_ms", "help"}], "forms": [{"form",
//    "op"}], "builtins": [{"name", "signature", "op", "tier", "flags", "help"}], "settings":
//    [{"key", "type", "fallback", "main", "help"}], "validators": [{"name", "fits", "arguments",
//    "message", "help"}], "guards": [{"name", "signature", "op", "status", "help"}], "types":
//    [{"name", "fields"}]}
// `args` is -1 for a counted opcode; `timeout_ms` 0 means the default of 30 s, -1 none; `flags` are
// names.
std::string describe_text(const Manifest& manifest);
std::string describe_json(const Manifest& manifest);

enum class DescribeAs { kText, kJson };

// Opens the plugin `id`, judges it and describes it; runs none of its functions. P101 to P106.
Result<std::string> describe_plugin(std::string_view id,
                                    const std::vector<std::string>& directories, DescribeAs form);

}  // namespace flin
