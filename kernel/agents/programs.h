// The Programs of this process: the one served now, and older ones until their last agent is gone.
// Also what plugins see of them, IProgram. [any-thread]
#pragma once

#include "flin/program.h"
#include "runtime/program.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace flin::agents {

class Programs final : public IProgram {
 public:
  // `directory`: absolute path of the folder the program lies in.
  explicit Programs(std::string directory) : directory_(std::move(directory)) {}

  // The Program whose decl ops run, or that is served from now on.
  void set_current(std::shared_ptr<const runtime::Program> program);
  std::shared_ptr<const runtime::Program> current() const;
  // Null once it has ended.
  std::shared_ptr<const runtime::Program> find(std::uint32_t number) const;

  // IProgram: of the current one. Its texts stay valid as long as that Program.
  std::uint32_t number() noexcept override;
  Text build() noexcept override;
  List<EntityRow> entities() noexcept override;
  List<DeclRow> decls() noexcept override;
  std::uint32_t asset(Text path, Asset& out) noexcept override;
  Text name() noexcept override;
  Text directory() noexcept override { return std::string_view(directory_); }

 private:
  using AssetIndex = std::unordered_map<std::string_view, const bytecode::AssetRow*>;

  mutable std::mutex lock_;  // guards what follows
  std::shared_ptr<const runtime::Program> current_;
  std::unordered_map<std::uint32_t, std::weak_ptr<const runtime::Program>> by_number_;
  AssetIndex assets_;  // of the current one
  const std::string directory_;
};

}  // namespace flin::agents
