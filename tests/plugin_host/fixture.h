// A plugin host over the fixture plugins, with a log that is kept in lines "plugin: message".
#pragma once

#include "host/plugin_host.h"
#include "host/plugin_library.h"
#include "probe/probe.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace flin::test {

struct HostFixture {
  std::vector<std::string> lines;
  Logger log{LogLevel::kInfo, [this](const LogRecord& record) {
               lines.push_back(std::string(record.module) + ": " + std::string(record.message));
             }};
  Config config;
  std::unique_ptr<PluginHost> host;

  explicit HostFixture(std::vector<Argument> arguments = {}, Environment environment = {},
                       const std::string& file = "{}") {
    auto parsed = parse_config_file(file, "flin.json");
    EXPECT_TRUE(parsed.ok());
    auto read = config.read({std::move(arguments), std::move(environment), parsed.value()});
    EXPECT_TRUE(read.ok());
    host = std::make_unique<PluginHost>(
        PluginHostOptions{{FIXTURE_PLUGINS}, keeps_plugins(process_environment())}, config, log);
  }

  // The IHost of a loaded probe.
  IHost& seen_by(const char* id) const { return host->offered<IProbe>(id)->host(); }
};

// "P101 plugin ..": code and text of a failure; "ok" otherwise.
template <class T>
std::string told(const Result<T>& result) {
  return result.ok() ? "ok" : code_text(result.error().code) + " " + result.error().message;
}

using Lines = std::vector<std::string>;
using Arguments = std::vector<Argument>;

// A folder of its own with copies of some fixture plugins.
class PluginFolder {
 public:
  explicit PluginFolder(const std::vector<std::string>& ids) {
    std::string made = std::string(testing::TempDir()) + "flin_pluginsXXXXXX";
    path_ = mkdtemp(made.data());
    for (const std::string& id : ids) {
      std::filesystem::copy_file(std::string(FIXTURE_PLUGINS "/") + plugin_file_name(id),
                                 path_ + "/" + plugin_file_name(id));
    }
  }
  ~PluginFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace flin::test
