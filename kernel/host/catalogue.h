// What is installed, known without loading code: the flin_<id>.json beside each plugin
// (describe.h), and standard.json, the set loaded without --plugins. For hints and `flin plugins
// list`.
#pragma once

#include "base/result.h"

#include <iosfwd>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

struct CatalogueEntry {
  std::string id, version, summary;
  std::string path;                                       // of the catalogue file
  std::vector<std::string> ops, forms, builtins, offers;  // names
};

class Catalogue {
 public:
  // Reads nothing before it is asked. Earlier folders win, as in the search for plugins.
  explicit Catalogue(std::vector<std::string> directories) : directories_(std::move(directories)) {}

  // In order of id. A file that is no catalogue is left out: it only costs a hint. [any-thread]
  const std::vector<CatalogueEntry>& entries() const;

  // The id of the plugin that would bind the form or built-in, or has the opcode; "" if none would.
  std::string plugin_for(std::string_view form_or_builtin) const;
  std::string plugin_for_op(std::string_view op) const;

  std::vector<std::string> ids() const;

 private:
  std::vector<std::string> directories_;
  mutable std::once_flag read_;
  mutable std::vector<CatalogueEntry> entries_;
};

// The ids in the first standard.json, {"plugins": ["http", ..]}; none without such a file. P102
// when it cannot be read.
Result<std::vector<std::string>> standard_set(const std::vector<std::string>& directories);

// Writes flin_<id>.json beside every plugin in `directory`; a file that is the same already is not
// touched. Gives the files written. P102 to P106 of the first plugin that is bad, or cannot be
// written.
Result<std::vector<std::string>> write_catalogue(const std::string& directory);

// `flin plugins list`: id, version and summary, one line per plugin.
void write_plugin_list(std::ostream& out, const Catalogue& catalogue);

}  // namespace flin
