// The plugin's state across loops: settings, services of the host, routes of the program served
// now, and the counts of connections.
#pragma once

#include "http_metrics.h"
#include "loop.h"
#include "secret.h"
#include "session.h"
#include "settings.h"
#include "static_files.h"

#include "flin/agents.h"
#include "flin/http/paths.h"
#include "flin/http/readiness.h"
#include "flin/http/upgrades.h"
#include "flin/pages.h"
#include "flin/program.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace flin::http {

struct Services {
  IHost* host = nullptr;
  IPages* pages = nullptr;
  IAgents* agents = nullptr;
  IProgram* program = nullptr;
  IMetrics* metrics = nullptr;  // null: this host has none
};

// Counts connections, in all and by address. A connection holds one ConnectionSlot while it lasts;
// the slot outlives the hand-over to another plugin.
class ConnectionCounts {
 public:
  bool enter(const std::string& address, std::size_t most, std::size_t most_per_address);
  void leave(const std::string& address);

 private:
  std::mutex mutex_;  // guards both
  std::size_t all_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};
class ConnectionSlot {
 public:
  ConnectionSlot(std::shared_ptr<ConnectionCounts> counts, std::string address)
      : counts_(std::move(counts)), address_(std::move(address)) {}
  ~ConnectionSlot() { counts_->leave(address_); }
  ConnectionSlot(const ConnectionSlot&) = delete;
  ConnectionSlot& operator=(const ConnectionSlot&) = delete;

 private:
  std::shared_ptr<ConnectionCounts> counts_;
  std::string address_;
};

struct PathOffer {
  std::string path, methods;
  IPathTaker* taker;
};

// "/_flin/health" and the like: for who operates the server.
bool is_operators_path(std::string_view path);

class Server final : public IUpgrades, public IPollers, public IPaths, public IReadiness {
 public:
  // [load] takes what the manifest needs and reads the settings
  Status load(IHost& host, IPlugin& self);
  // [start] binds the port and lets every loop listen; P113 in a sentence when that cannot be
  Status start();
  void drain();  // [loop-thread] nothing new comes in
  void stop();

  // The routes of the program being linked.
  void begin_program();
  std::string add_route(std::string_view method, std::string_view path, bool page,
                        FunctionId function);
  void program_loaded();

  IPoller* make(std::uint32_t loop) noexcept override;
  Status offer(Text protocol, Text path, IUpgradeTaker& taker) noexcept override;
  void add(Text name, ReadyFn fn, IPlugin& self) noexcept override;
  // "" when everything can serve, else what cannot. [any-thread]
  std::string not_ready() const;
  Status offer(Text path, Text methods, IPathTaker& taker) noexcept override;
  const PathOffer* path_offer(std::string_view path) const;
  IUpgradeTaker* taker(std::string_view protocol, std::string_view path) const;
  bool is_upgrade(const RequestHead& head) const;     // somebody takes it
  bool is_upgrade_path(std::string_view path) const;  // for a request that asks for no upgrade

  std::shared_ptr<ConnectionSlot> take_slot(const std::string& address);
  bool trusts(std::string_view address) const;
  void log(int level, const std::string& line) {
    services_.host->log(level, Text(std::string_view(line)));
  }

  const Settings& settings() const { return settings_; }
  Services& services() { return services_; }
  HttpMetrics& metrics() { return metrics_; }
  Sealer& sealer() { return sealer_; }
  OpenSessions& open_sessions() { return open_sessions_; }
  const StaticFiles& files() const { return files_; }

 private:
  struct Offer {
    std::string protocol, path;
    IUpgradeTaker* taker;
  };
  bool serves_anything() const;
  Status bind(std::vector<ListenSocket>& sockets);
  Status port_refused(const std::string& why);
  template <class Fn>
  void post_each(Fn fn);

  Settings settings_;
  Services services_;
  Sealer sealer_;
  OpenSessions open_sessions_;
  StaticFiles files_;
  std::vector<Offer> offers_;           // constant after load
  std::vector<PathOffer> path_offers_;  // the same
  struct Check {
    std::string name;
    ReadyFn fn;
    IPlugin* self;
  };
  std::vector<Check> checks_;  // the same
  HttpMetrics metrics_;
  std::atomic<bool> listening_{false};
  std::shared_ptr<ConnectionCounts> counts_ = std::make_shared<ConnectionCounts>();
  std::shared_ptr<RouteTable> building_;
  mutable std::mutex mutex_;                  // guards the two below while loops come up
  std::vector<std::unique_ptr<Loop>> loops_;  // by index
  std::shared_ptr<const RouteTable> routes_;  // of the program served now
};

}  // namespace flin::http
