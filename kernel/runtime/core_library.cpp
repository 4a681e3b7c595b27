#include "runtime/core_library.h"

#include "flin/plugin.h"
#include "runtime/builtins.h"

#include <cstdio>

namespace flin::runtime {

CoreLibrary::CoreLibrary()
    : builtins_{
#define BUILTIN(name, signature, tier, flags, function, help) \
  {#name, signature, tier, flags, function, help},
#include "runtime/core_library.def"
#undef BUILTIN
      } {
  for (const CoreBuiltin& row : builtins_) by_name_.emplace(row.name, row.run);
  print_ = [](std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  };
  log_ = [](int level, std::string_view line) {
    static constexpr const char* kLevels[] = {"debug", "info", "warning", "error"};
    std::fprintf(stderr, "%s  %.*s\n", kLevels[level & 3], static_cast<int>(line.size()),
                 line.data());
  };
}

NativeFn CoreLibrary::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace flin::runtime
