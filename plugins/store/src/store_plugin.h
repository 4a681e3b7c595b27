// The plugin `store`: IEntityStore over the backend its settings choose, and the opcodes of L 20.6.
#pragma once

#include "entity_store.h"
#include "flin/events.h"
#include "flin/migrations.h"
#include "flin/plugin.h"
#include "flin/program.h"
#include "flin/sources.h"

#include <memory>
#include <string>

namespace flin::store {

extern const Manifest kManifest;

class StorePlugin final : public IPlugin, public IMigrations {
 public:
  Status load(IHost& host) noexcept override;
  Status start() noexcept override;
  void stop() noexcept override;
  void* query(Text interface_id) noexcept override;
  void destroy() noexcept override;
  Status plan(IMigrationSink& out) noexcept override;

  IHost& host() { return *host_; }
  // [after load]
  EntityStore& store() { return store_; }

  bool is_started() const { return is_started_; }

  // A program is served from now on: the backend takes its entities.
  Status use_program();

 private:
  Status read_settings(Limits& limits);
  Status choose_backend();
  std::string address() const;

  IHost* host_ = nullptr;
  IProgram* program_ = nullptr;
  std::unique_ptr<IStoreBackend, void (*)(IStoreBackend*)> own_backend_{nullptr, nullptr};
  IStoreBackend* backend_ = nullptr;  // own_backend_, or another plugin's
  IReservedIds* ids_ = nullptr;       // the backend's, or null
  std::string address_;               // behind the colon of the setting
  bool is_file_ = false;              // address_ is a path, or empty for the usual one
  StoreMetrics metrics_;
  bool is_started_ = false;
  EntityStore store_;
};

}  // namespace flin::store
