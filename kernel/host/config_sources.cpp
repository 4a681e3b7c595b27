#include "host/config_sources.h"

#include "flin/base.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSON/Stringifier.h>

#include <filesystem>
#include <fstream>
#include <sstream>

extern char** environ;

namespace flin {

namespace {

Error refused(std::string_view name, const std::string& why) {
  return Error{code('S', 102), std::string(name) + " cannot be read: " + why};
}

FileValue file_value(const Poco::Dynamic::Var& value) {
  if (value.isBoolean()) return {value.convert<bool>() ? "true" : "false", true};
  if (value.isString()) return {value.extract<std::string>(), true};
  const bool scalar = value.isNumeric();
  std::ostringstream out;
  Poco::JSON::Stringifier::stringify(value, out);
  return {out.str(), scalar};
}

void add_plugin(ConfigFile& file, const std::string& plugin, const Poco::JSON::Object& object) {
  auto& values = file.plugins[plugin];
  for (const auto& [key, value] : object) {
    if (!value.isEmpty()) values.emplace(key, file_value(value));
  }
}

}  // namespace

Environment process_environment() {
  Environment out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    out.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return out;
}

Result<ConfigFile> parse_config_file(std::string_view text, std::string_view name) {
  ConfigFile file;
  file.name = name;
  try {
    Poco::JSON::Parser parser;
    const Poco::Dynamic::Var root = parser.parse(std::string(text));
    if (root.type() != typeid(Poco::JSON::Object::Ptr)) {
      return refused(name, "it must hold one JSON object, like {\"loops\": 4}");
    }
    for (const auto& [key, value] : *root.extract<Poco::JSON::Object::Ptr>()) {
      if (value.isEmpty()) continue;
      if (value.type() == typeid(Poco::JSON::Object::Ptr)) {
        add_plugin(file, key, *value.extract<Poco::JSON::Object::Ptr>());
      } else {
        file.values.emplace(key, file_value(value));
      }
    }
  } catch (const Poco::Exception& e) {
    return refused(name, "it is not valid JSON (" + e.message() + ")");
  } catch (const std::exception& e) {
    return refused(name, std::string("it is not valid JSON (") + e.what() + ")");
  }
  return file;
}

Result<ConfigFile> read_config_file(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) {
    ConfigFile none;
    none.name = path;
    return none;
  }
  if (!std::filesystem::is_regular_file(path, failure)) return refused(path, "it is not a file");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return refused(path, "it may not be opened");
  return parse_config_file(text.str(), path);
}

}  // namespace flin
