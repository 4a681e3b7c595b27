#include "agents/programs.h"

namespace flin::agents {

void Programs::set_current(std::shared_ptr<const runtime::Program> program) {
  AssetIndex assets;
  for (const bytecode::AssetRow& asset : program->chunk().assets)
    assets.emplace(asset.name, &asset);
  std::lock_guard lock(lock_);
  by_number_[program->number()] = program;
  current_ = std::move(program);
  assets_ = std::move(assets);
}

std::shared_ptr<const runtime::Program> Programs::current() const {
  std::lock_guard lock(lock_);
  return current_;
}

std::shared_ptr<const runtime::Program> Programs::find(std::uint32_t number) const {
  std::lock_guard lock(lock_);
  const auto it = by_number_.find(number);
  return it == by_number_.end() ? nullptr : it->second.lock();
}

std::uint32_t Programs::number() noexcept { return current()->number(); }
Text Programs::build() noexcept { return std::string_view(current()->chunk().build); }
List<EntityRow> Programs::entities() noexcept { return current()->entities(); }
List<DeclRow> Programs::decls() noexcept { return current()->decls(); }
Text Programs::name() noexcept { return std::string_view(current()->chunk().name); }

std::uint32_t Programs::asset(Text path, Asset& out) noexcept {
  std::lock_guard lock(lock_);
  const auto it = assets_.find(std::string_view(path));
  if (it == assets_.end()) return 0;
  out.bytes = std::string_view(it->second->bytes);
  out.type = std::string_view(it->second->type);
  out.hash = std::string_view(it->second->sha256);
  return 1;
}

}  // namespace flin::agents
