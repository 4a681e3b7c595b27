// One shared library on disk: where it is looked for, and what it exports. Runs none of its
// functions.
#pragma once

#include "base/result.h"
#include "flin/abi.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

// The folders plugins are looked for in, in order: `given` (--plugin-dir), then the parts of `path`
// (FLIN_PLUGIN_PATH, parted by ':'), then <folder of executable>/../lib/flin/plugins. Empty parts
// are dropped: the current directory is never meant silently (A 10).
std::vector<std::string> plugin_directories(const std::vector<std::string>& given,
                                            std::string_view path, const std::string& executable);

// "flin_store.so"
std::string plugin_file_name(std::string_view id);

// Small letters, digits and '_', a letter first: so an id is never a path.
bool is_plugin_id(std::string_view id);

// Path of the first file for `id`. P101 when there is none; it names the folders, and the nearest
// id that is there.
Result<std::string> find_plugin(std::string_view id, const std::vector<std::string>& directories);

// Ids of every flin_<id>.so in `directory`, in order of name.
std::vector<std::string> plugins_in(const std::string& directory);

class PluginLibrary {
 public:
  // P102: it does not load, exports no flin_plugin, or lies where everyone may write.
  static Result<std::unique_ptr<PluginLibrary>> open(const std::string& path);
  ~PluginLibrary();  // closes the library unless keep() was called

  PluginLibrary(const PluginLibrary&) = delete;
  PluginLibrary& operator=(const PluginLibrary&) = delete;

  const flin_plugin_entry& entry() const { return *entry_; }
  const std::string& path() const { return path_; }

  // Leave it in the process for good (FLIN_KEEP_PLUGINS: leak reports name its functions).
  void keep();

 private:
  struct Handle;
  PluginLibrary();
  std::string path_;
  std::unique_ptr<Handle> handle_;
  const flin_plugin_entry* entry_ = nullptr;
  bool kept_ = false;
};

}  // namespace flin
