// kernel/host alone: plugins are judged without a VM, a scheduler or a program.
#include "host/plugin_host.h"

int main() {
  flin::Config config;
  flin::Logger log;
  flin::PluginHost host({}, config, log);
  const auto loaded = host.load({"nowhere"});
  return !loaded.ok() && loaded.error().message.find("nowhere") != std::string::npos ? 0 : 1;
}
