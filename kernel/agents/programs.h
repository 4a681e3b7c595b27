// The Programs of this process: the one served now, the one being linked, and older ones until
// their last agent is gone. Also what plugins see of them, IProgram. [any-thread]
#pragma once

#include "flin/program.h"
#include "runtime/program.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace flin::agents {

class Programs final : public IProgram {
 public:
  // `directory`: absolute path of the folder the program lies in.
  explicit Programs(std::string directory) : directory_(std::move(directory)) {}

  // The Program whose declarations are carried out now (A 6.2): until serve() or give_up() it is
  // what IProgram shows to this thread; all others see the one served. One at a time.
  void begin_linking(std::shared_ptr<const runtime::Program> program);
  void give_up();
  // Serves the Program being linked from now on and gives the one served before, or null; the
  // caller keeps that as long as tables of plugins may name its functions. Its assets are found
  // until forget_assets(): pages that are on their way to a browser still ask for them.
  std::shared_ptr<const runtime::Program> serve();
  // Drops the assets of Programs served before, but for the newest `keep` of them.
  void forget_assets(std::size_t keep);

  // The Program served; null before the first.
  std::shared_ptr<const runtime::Program> current() const;
  // Null once it has ended.
  std::shared_ptr<const runtime::Program> find(std::uint32_t number) const;
  // Called with the number of each Program that ends, on whichever thread drops it last; null: not
  // any more.
  void on_ended(std::function<void(std::uint32_t)> fn);

  // IProgram. Its texts stay valid as long as the Program.
  std::uint32_t number() noexcept override;
  Text build() noexcept override;
  List<EntityRow> entities() noexcept override;
  List<DeclRow> decls() noexcept override;
  std::uint32_t asset(Text path, Asset& out) noexcept override;
  Text name() noexcept override;
  Text directory() noexcept override { return std::string_view(directory_); }

 private:
  using Ref = std::shared_ptr<const runtime::Program>;
  using AssetIndex = std::unordered_map<std::string_view, const bytecode::AssetRow*>;
  struct OldAssets {
    std::vector<std::unique_ptr<const bytecode::AssetRow>> rows;
  };
  struct Listener {
    std::mutex lock;  // guards fn; held while it runs
    std::function<void(std::uint32_t)> fn;
  };

  Ref shown() const;
  Ref with_listener(Ref program) const;
  const bytecode::AssetRow* find_asset(std::string_view path) const;

  mutable std::mutex lock_;  // guards what follows
  Ref current_, linking_;
  std::thread::id linking_thread_;
  mutable std::unordered_map<std::uint32_t, std::weak_ptr<const runtime::Program>> by_number_;
  AssetIndex assets_;           // of the current one
  std::vector<OldAssets> old_;  // of those before, newest last
  const std::shared_ptr<Listener> ended_ = std::make_shared<Listener>();
  const std::string directory_;
};

}  // namespace flin::agents
