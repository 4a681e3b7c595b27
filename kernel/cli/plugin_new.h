// `flin plugin new NAME`: a project of its own for a plugin, from kernel/cli/templates/plugin.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::cli {

// A file of the template. @NAME@ in path and text stands for the plugin's id, @VERSION@ for the
// version of this flin.
struct TemplateFile {
  std::string_view path, text;
  bool is_program;  // gets the right to be run
};
const std::vector<TemplateFile>& plugin_template();

// Writes the project into `directory`, which must not exist or be empty, and gives the paths
// written. Usage errors: a name that is no id of a plugin, a folder with something in it, not
// writable.
Result<std::vector<std::string>> new_plugin(const std::string& name, const std::string& directory);

}  // namespace flin::cli
