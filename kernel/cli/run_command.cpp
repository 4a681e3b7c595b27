#include "cli/run_command.h"

#include "bytecode/disassembler.h"
#include "cli/build_program.h"
#include "cli/kernel.h"
#include "cli/migrate_command.h"
#include "cli/plugin_check.h"
#include "cli/plugin_new.h"
#include "cli/test_command.h"
#include "flin/abi.h"
#include "host/describe.h"
#include "host/plugin_library.h"

#include <cstdio>
#include <iostream>

namespace flin::cli {

namespace {

int tell(int status, const Error& error) {
  if (!error.message.empty()) std::fprintf(stderr, "flin: %s\n", told(error).c_str());
  return status;
}

int version() {
  std::printf("flin %s (plugin ABI %d.%d)\n", FLIN_VERSION, FLIN_ABI_MAJOR, FLIN_ABI_MINOR);
  return 0;
}

int too_many(const Options& options, std::size_t most) {
  if (options.operands.size() <= most) return 0;
  return tell(2,
              Error{0, "one program at a time: '" + options.operands[most] + "' is one too many"});
}

int run_program(const Options& options) {
  if (const int status = too_many(options, 1)) return status;
  Kernel kernel(options, options.operands.front());
  if (Result<void> loaded = kernel.load(); !loaded.ok())
    return tell(kernel.status(), loaded.error());
  if (Result<void> compiled = kernel.compile(); !compiled.ok())
    return tell(kernel.status(), compiled.error());
  return kernel.is_server() ? kernel.serve() : kernel.run_script();
}

int develop_program(const Options& options) {
  if (const int status = too_many(options, 1)) return status;
  Kernel kernel(options, options.operands.front());
  if (Result<void> loaded = kernel.load(); !loaded.ok())
    return tell(kernel.status(), loaded.error());
  Result<int> status = kernel.develop();
  return status.ok() ? status.value() : tell(kernel.status(), status.error());
}

// check and dump: everything up to the chunk, nothing linked or run.
int inspect_program(const Options& options) {
  if (const int status = too_many(options, 1)) return status;
  Kernel kernel(options, options.operands.front());
  if (Result<void> loaded = kernel.load(); !loaded.ok())
    return tell(kernel.status(), loaded.error());
  Result<BuiltProgram> built = build_program(options.operands.front(), kernel.plugins().bindings());
  if (!built.ok()) return tell(2, built.error());
  std::fputs(built.value().diagnostics.c_str(), stderr);
  if (!built.value().ok) return 1;
  if (options.command == Command::kDump)
    std::fputs(bytecode::disassemble(*built.value().chunk).c_str(), stdout);
  else if (options.tiers)
    std::fputs(check::explain_tiers(*built.value().checked, *built.value().sources).c_str(),
               stdout);
  return 0;
}

std::vector<std::string> search_path(const Options& options) {
  const Environment environment = process_environment();
  const auto path = environment.find("FLIN_PLUGIN_PATH");
  return plugin_directories(options.plugin_dirs,
                            path != environment.end() ? path->second : std::string(),
                            executable_path());
}

int plugins(const Options& options) {
  const std::string& what = options.operands.front();
  if (what == "list") {
    write_plugin_list(std::cout, Catalogue(search_path(options)));
    return 0;
  }
  if (what == "catalogue" &&
      options.operands.size() == 2) {  // the build's: writes flin_<id>.json beside the plugins
    const auto written = write_catalogue(options.operands[1]);
    return written.ok() ? 0 : tell(78, written.error());
  }
  if (what != "describe" || options.operands.size() < 2)
    return tell(2, Error{0,
                         "flin plugins takes list, or describe with the ids of plugins. See flin "
                         "plugins --help."});
  for (std::size_t i = 1; i < options.operands.size(); ++i) {
    const auto text = describe_plugin(options.operands[i], search_path(options),
                                      options.json ? DescribeAs::kJson : DescribeAs::kText);
    if (!text.ok()) return tell(78, text.error());
    std::cout << text.value();
  }
  return 0;
}

// The value of --name, which is then gone from the settings; "" if it is not given.
std::string take_setting(Options& options, const std::string& name) {
  std::string value;
  std::erase_if(options.settings, [&](const Argument& argument) {
    if (argument.name != name) return false;
    value = argument.value.value_or("");
    return true;
  });
  return value;
}

int plugin(Options options) {
  const std::string what = options.operands.front();
  if (what == "check" && options.operands.size() == 2) return check_plugin(options);
  if (what != "new" || options.operands.size() != 2)
    return tell(2, Error{0,
                         "flin plugin takes new with a name, or check with a file. See flin "
                         "plugin --help."});
  const std::string name = options.operands[1];
  std::string directory = take_setting(options, "dir");
  if (directory.empty()) directory = name;
  if (!options.settings.empty())
    return tell(2, Error{0, "unknown option --" + options.settings.front().name +
                                ". flin plugin new takes --dir=."});
  const auto written = new_plugin(name, directory);
  if (!written.ok()) return tell(2, written.error());
  for (const std::string& path : written.value()) std::printf("%s\n", path.c_str());
  std::printf(
      "\nNext: cmake -S %s -B %s/build && cmake --build %s/build && ctest --test-dir %s/build\n",
      directory.c_str(), directory.c_str(), directory.c_str(), directory.c_str());
  return 0;
}

int config(const Options& options) {
  if (options.operands.front() != "show")
    return tell(2, Error{0, "flin config takes show. See flin config --help."});
  Kernel kernel(options, {});
  if (Result<void> loaded = kernel.load(); !loaded.ok())
    return tell(kernel.status(), loaded.error());
  if (options.json)
    std::cout << config_json(kernel.config());
  else
    show_config(std::cout, kernel.config());
  return 0;
}

int migrate(const Options& options) {
  if (const int status = too_many(options, 1)) return status;
  if (!options.plan)
    return tell(2, Error{0, "flin migrate needs --plan. See flin migrate --help."});
  Kernel kernel(options, options.operands.front());
  if (Result<void> loaded = kernel.load(); !loaded.ok())
    return tell(kernel.status(), loaded.error());
  if (Result<void> linked = kernel.link(); !linked.ok())
    return tell(kernel.status(), linked.error());
  return plan_migration(options, kernel);
}

}  // namespace

int run_command(const Options& options) {
  if (options.command == Command::kVersion) return version();
  if (options.help || options.command == Command::kHelp) {
    std::cout << (options.command == Command::kHelp ? help_text() : help_text(options.command));
    return 0;
  }
  switch (options.command) {
    case Command::kRun: return run_program(options);
    case Command::kDev: return develop_program(options);
    case Command::kCheck:
    case Command::kDump: return inspect_program(options);
    case Command::kTest:
      if (const int status = too_many(options, 1)) return status;
      return run_tests(options);
    case Command::kPlugins: return plugins(options);
    case Command::kMigrate: return migrate(options);
    case Command::kPlugin: return plugin(options);
    default: return config(options);
  }
}

int run(const std::vector<std::string>& arguments) {
  Result<Options> options = parse_options(arguments);
  if (!options.ok()) return tell(2, options.error());
  if (options.value().command == Command::kHelp && !options.value().help &&
      !options.value().settings.empty())
    return tell(2, Error{0, unknown_option(options.value().settings.front().name)});
  return run_command(options.value());
}

}  // namespace flin::cli
