#include "cli/options.h"

#include "base/edit_distance.h"

#include <algorithm>

namespace flin::cli {

namespace {

struct CommandRow {
  Command command;
  std::string_view name, operands;
  std::size_t least;
  std::string_view summary, help;
};
constexpr CommandRow kCommands[] = {
#define COMMAND(enumerator, name, operands, least, summary, help) \
  {Command::enumerator, name, operands, least, summary, help},
#include "cli/commands.def"
#undef COMMAND
};

const CommandRow* find_command(std::string_view name) {
  for (const CommandRow& row : kCommands)
    if (row.name == name) return &row;
  return nullptr;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (comma != 0) parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return parts;
}

Error usage(std::string message) { return Error{0, std::move(message)}; }

Error unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const CommandRow& row : kCommands) names.emplace_back(row.name);
  std::string message = "unknown command '" + name + "'";
  if (const std::string_view near = nearest_name(name, names); !near.empty())
    message += ". Did you mean '" + std::string(near) + "'?";
  return usage(message + " A program's name ends in .flin; flin --help lists the commands.");
}

// A program rather than a command: it has a dot or a slash in its name.
bool looks_like_program(std::string_view word) {
  return word.find_first_of("./") != std::string_view::npos;
}

void take_option(Options& options, const std::string& name,
                 const std::optional<std::string>& value) {
  if (name == "help") {
    options.help = true;
  } else if (name == "version") {
    options.command = Command::kVersion;
  } else if (name == "plugins") {
    options.has_plugins = true;
    options.plugins = split(value.value_or(""));
  } else if (name == "plugin-dir" && value) {
    options.plugin_dirs.push_back(*value);
  } else if (name == "tiers" && !value) {
    options.tiers = true;
  } else if (name == "plan" && !value) {
    options.plan = true;
  } else if (name == "filter" && value) {
    options.filter = *value;
  } else if (name == "json" && !value) {
    options.json = true;
  } else {
    options.settings.push_back({name, value});
  }
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  bool only_operands = false;
  for (const std::string& argument : arguments) {
    if (!only_operands && argument == "--") {
      only_operands = true;
    } else if (!only_operands && argument == "-h") {
      options.help = true;
    } else if (!only_operands && argument.size() > 2 && argument.starts_with("--")) {
      const std::size_t equals = argument.find('=');
      const std::string name =
          argument.substr(2, equals == std::string::npos ? equals : equals - 2);
      take_option(
          options, name,
          equals == std::string::npos ? std::nullopt : std::optional(argument.substr(equals + 1)));
    } else if (!only_operands && argument.size() > 1 && argument[0] == '-') {
      return usage("unknown option '" + argument +
                   "'. Options begin with two dashes; flin --help lists them.");
    } else {
      options.operands.push_back(argument);
    }
  }
  if (options.command == Command::kVersion || options.operands.empty()) return options;

  const std::string first = options.operands.front();
  const CommandRow* row = find_command(first);
  if (row == nullptr && !looks_like_program(first)) return unknown_command(first);
  if (row == nullptr) {
    row = find_command("run");
  } else {
    options.operands.erase(options.operands.begin());
  }
  options.command = row->command;
  if (!options.help && options.operands.size() < row->least)
    return usage("flin " + std::string(row->name) + " needs " + std::string(row->operands) +
                 ". See flin " + std::string(row->name) + " --help.");
  return options;
}

std::string help_text() {
  std::string out =
      "flin: reactive web applications from one file\n"
      "\n"
      "  flin app.flin                  compile and serve a program\n";
  for (const CommandRow& row : kCommands) {
    if (row.command == Command::kRun) continue;
    std::string line = "  flin " + std::string(row.name) + " " + std::string(row.operands);
    line.resize(std::max<std::size_t>(line.size() + 1, 33), ' ');
    out += line + std::string(row.summary) + "\n";
  }
  return out +
         "  flin --version                 version, plugin ABI\n"
         "  flin COMMAND --help            more on a command, with examples\n";
}

std::string help_text(Command command) {
  for (const CommandRow& row : kCommands)
    if (row.command == command)
      return "flin " + std::string(row.name) + " " + std::string(row.operands) + ": " +
             std::string(row.summary) + "\n\n" + std::string(row.help);
  return help_text();
}

std::string unknown_option(const std::string& name) {
  static constexpr std::string_view kNames[] = {
      "help", "version", "plugins", "plugin-dir", "tiers", "plan", "json", "filter",
#define SETTING(type, key, fallback, lowest, highest, help) #key,
#include "host/kernel_settings.def"
#undef SETTING
  };
  std::string message = "unknown option --" + name + ".";
  if (const std::string_view near = nearest_name(name, kNames); !near.empty())
    message += " Did you mean --" + std::string(near) + "?";
  return message + " Settings of plugins have their plugin's name in front: --http.port=8080.";
}

}  // namespace flin::cli
