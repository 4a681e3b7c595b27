// The command line of flin: a command, what it works on, options of flin itself, and settings,
// which are judged later by those who declare them.
#pragma once

#include "base/result.h"
#include "host/config_sources.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::cli {

enum class Command {
  kHelp,
  kVersion,
  kRun,
  kDev,
  kCheck,
  kTest,
  kDump,
  kPlugins,
  kPlugin,
  kConfig,
  kMigrate
};

struct Options {
  Command command = Command::kHelp;
  bool help = false;                  // --help behind a command
  std::vector<std::string> operands;  // files, ids, sub-commands, in order
  bool has_plugins = false;
  std::vector<std::string> plugins;      // --plugins=a,b
  std::vector<std::string> plugin_dirs;  // --plugin-dir=..
  bool tiers = false;                    // check --tiers
  bool plan = false;                     // migrate --plan
  bool json = false;                     // plugins describe --json, test --json
  std::string filter;                    // test --filter=TEXT
  std::vector<Argument> settings;        // every other --name[=value]
};

// Usage errors (exit 2): an unknown command, a short option, a command without its operand. The
// message is complete and suggests the nearest name.
Result<Options> parse_options(const std::vector<std::string>& arguments);

// The text of `flin --help` and of `flin COMMAND --help`.
std::string help_text();
std::string help_text(Command command);

// "unknown option --plugin. Did you mean --plugins?"
std::string unknown_option(const std::string& name);

}  // namespace flin::cli
