// Where values of settings come from, as read and not yet judged: command line, environment,
// flin.json.
#pragma once

#include "base/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

// Variables of the process, or of a test.
using Environment = std::map<std::string, std::string, std::less<>>;
Environment process_environment();

// One `--name=value` that is no option of flin itself; without value: `--name`.
struct Argument {
  std::string name;
  std::optional<std::string> value;
};

// One value of flin.json. `scalar` is false for lists and objects, which no setting takes.
struct FileValue {
  std::string text;
  bool scalar = true;
};

// {"loops": 4, "store": {"backend": "memory"}}: `values` has "loops", `plugins` has "store".
struct ConfigFile {
  std::string name;  // for messages
  std::map<std::string, FileValue, std::less<>> values;
  std::map<std::string, std::map<std::string, FileValue, std::less<>>, std::less<>> plugins;
};

// S102 when `text` is no JSON object. A value of null counts as not given.
Result<ConfigFile> parse_config_file(std::string_view text, std::string_view name);

// Reads the file at `path`; an empty ConfigFile when there is none. S102 when it cannot be read.
Result<ConfigFile> read_config_file(const std::string& path);

struct ConfigSources {
  std::vector<Argument> arguments;
  Environment environment;
  ConfigFile file;
};

}  // namespace flin
