// All connections of the process: takes upgrades of /_ws and requests for /_flin/events, and
// carries commits of the store to the loops that watch their types.
#pragma once

#include "counters.h"
#include "settings.h"
#include "shard.h"

#include "flin/http/paths.h"
#include "flin/http/upgrades.h"
#include "flin/pages.h"
#include "flin/program.h"
#include "flin/store/entity_store.h"
#include "flin/ws/hub.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace flin::ws {

class Hub final : public IHub,
                  public http::IUpgradeTaker,
                  public http::IPathTaker,
                  public store::ICommitSink {
 public:
  Status load(IHost& host, IPlugin& self);
  void program_loaded();
  void shut_down();  // [any-thread] every socket is told 1001
  void stop();

  std::uint32_t take(const http::Handover& handover, Text& reason) noexcept override;
  void take(const http::PathRequest& request, http::IPathAnswer& answer) noexcept override;
  void drained(http::IPathAnswer& answer) noexcept override;
  void gone(http::IPathAnswer& answer) noexcept override;
  std::uint64_t broadcast(Text room, Text json) noexcept override;
  std::uint64_t connections() noexcept override { return open_; }
  std::uint32_t changed(std::uint64_t seq, const store::Change& change, const Row* before,
                        const Row* after) noexcept override;

  // From now on every commit that touches the type is carried to that loop. Gives the number of the
  // newest commit that may have passed before. [loop-thread]
  std::uint64_t watch(std::uint32_t loop, std::uint32_t type);
  std::uint64_t newest();  // number of the newest commit, whether its change has come here or not
  void unwatch(std::uint32_t loop, std::uint32_t type);

  const Settings& settings() const { return settings_; }
  Metrics& metrics() { return metrics_; }
  IPages& pages() { return *pages_; }
  IProgram& program() { return *program_; }
  store::IEntityStore* store() { return store_; }  // null without a store
  void stream_ended(http::IPathAnswer& answer);    // by itself
  void opened() { ++open_; }
  void closed() { --open_; }
  void post(std::uint32_t loop, LoopFn fn, void* data, DropFn drop) {
    host_->post(loop, fn, data, drop);
  }
  void log(int level, const std::string& line) { host_->log(level, Text(std::string_view(line))); }

 private:
  template <class Fn>
  void post_to(std::uint32_t loop, Fn fn);
  template <class Fn>
  void post_each(Fn fn);
  Shard& shard(std::uint32_t loop);
  std::uint32_t check_events(const http::PathRequest& request, EventRequest& out,
                             std::string& problem);
  EventStream* stream(http::IPathAnswer& answer);

  IHost* host_ = nullptr;
  IPages* pages_ = nullptr;
  IProgram* program_ = nullptr;
  store::IEntityStore* store_ = nullptr;
  Settings settings_;
  Metrics metrics_;
  std::atomic<std::uint64_t> open_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;                                  // guards all below
  std::vector<std::unique_ptr<Shard>> shards_;        // by loop
  std::vector<std::vector<std::uint32_t>> watchers_;  // by type, then by loop: how many sockets
  std::unordered_map<http::IPathAnswer*, EventStream*> streams_;
  std::uint64_t newest_ = 0;  // number of the last commit seen
};

}  // namespace flin::ws
