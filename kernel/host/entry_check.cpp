#include "host/entry_check.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace flin {

namespace {

// What every manifest has had since ABI 1.0: id, version, summary.
constexpr std::size_t kShortestManifest = offsetof(Manifest, needs);

std::string version(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

Error no_plugin(const std::string& path, const char* why) {
  return Error{code('P', 102), path + " is not a FLIN plugin: " + why};
}

}  // namespace

Result<Manifest> check_entry(const flin_plugin_entry& entry, const std::string& path,
                             std::string_view id) {
  const std::string quoted = "plugin '" + std::string(id) + "'";
  const std::string theirs = version(entry.abi_major, entry.abi_minor);
  const std::string ours = version(FLIN_ABI_MAJOR, FLIN_ABI_MINOR);
  if (entry.magic != FLIN_ABI_MAGIC) return no_plugin(path, "its entry has no FLIN mark");
  if (entry.abi_major != FLIN_ABI_MAJOR) {
    return Error{code('P', 103), quoted + " was built for plugin ABI " + theirs +
                                     "; this flin speaks " + ours +
                                     ". Rebuild it with this flin's SDK."};
  }
  if (entry.abi_minor > FLIN_ABI_MINOR) {
    return Error{code('P', 104), quoted + " needs plugin ABI " + theirs + "; this flin has " +
                                     ours + ". Update flin."};
  }
  if (entry.entry_size < sizeof(flin_plugin_entry) || entry.toolchain == nullptr ||
      entry.manifest == nullptr || entry.create == nullptr ||
      entry.manifest_size < kShortestManifest) {
    return no_plugin(path, "its entry is not complete");
  }
  if (std::strcmp(entry.toolchain, FLIN_TOOLCHAIN) != 0) {
    return Error{code('P', 105), quoted + " was built with toolchain '" + entry.toolchain +
                                     "'; this flin needs '" FLIN_TOOLCHAIN "'"};
  }
  // Never read past what the plugin's own build knew.
  Manifest manifest{};
  std::memcpy(static_cast<void*>(&manifest), entry.manifest,
              std::min<std::size_t>(entry.manifest_size, sizeof(Manifest)));
  const std::string_view said = manifest.id;
  if (said != id) {
    return Error{code('P', 106), path + " says it is plugin '" + std::string(said) + "', not '" +
                                     std::string(id) + "'"};
  }
  return manifest;
}

}  // namespace flin
