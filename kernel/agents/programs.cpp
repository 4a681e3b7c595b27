#include "agents/programs.h"

#include "base/assert.h"

#include <algorithm>

namespace flin::agents {

// ---- Life ----

// A reference to the same Program that tells when the last of its kind is gone.
Programs::Ref Programs::with_listener(Ref program) const {
  const runtime::Program* const raw = program.get();
  return Ref(raw, [listener = ended_, owned = std::move(program)](const runtime::Program*) mutable {
    const std::uint32_t number = owned->number();
    owned.reset();
    const std::lock_guard lock(listener->lock);
    if (listener->fn) listener->fn(number);
  });
}

void Programs::on_ended(std::function<void(std::uint32_t)> fn) {
  const std::lock_guard lock(ended_->lock);
  ended_->fn = std::move(fn);
}

void Programs::begin_linking(Ref program) {
  Ref watched = with_listener(std::move(program));
  const std::lock_guard lock(lock_);
  FLIN_ASSERT(linking_ == nullptr, "one Program is linked at a time");
  std::erase_if(by_number_, [](const auto& entry) { return entry.second.expired(); });
  by_number_[watched->number()] = watched;
  linking_ = std::move(watched);
  linking_thread_ = std::this_thread::get_id();
}

void Programs::give_up() {
  Ref gone;  // ends outside the lock
  const std::lock_guard lock(lock_);
  gone.swap(linking_);
}

Programs::Ref Programs::serve() {
  const std::lock_guard lock(lock_);
  FLIN_ASSERT(linking_ != nullptr, "what is served was linked");
  Ref before = std::exchange(current_, std::exchange(linking_, nullptr));
  AssetIndex assets;
  for (const bytecode::AssetRow& asset : current_->chunk().assets)
    assets.emplace(asset.name, &asset);
  if (before != nullptr) {
    OldAssets old;
    for (const bytecode::AssetRow& asset : before->chunk().assets)
      if (!assets.contains(asset.name))
        old.rows.push_back(std::make_unique<const bytecode::AssetRow>(asset));
    old_.push_back(std::move(old));
  }
  assets_ = std::move(assets);
  return before;
}

void Programs::forget_assets(std::size_t keep) {
  const std::lock_guard lock(lock_);
  if (old_.size() > keep) old_.erase(old_.begin(), old_.end() - static_cast<std::ptrdiff_t>(keep));
}

// ---- Which one ----

Programs::Ref Programs::current() const {
  const std::lock_guard lock(lock_);
  return current_;
}

Programs::Ref Programs::shown() const {
  const std::lock_guard lock(lock_);
  const bool is_linking = linking_ != nullptr && linking_thread_ == std::this_thread::get_id();
  return is_linking ? linking_ : current_;
}

Programs::Ref Programs::find(std::uint32_t number) const {
  const std::lock_guard lock(lock_);
  const auto it = by_number_.find(number);
  return it == by_number_.end() ? nullptr : it->second.lock();
}

// ---- IProgram ----

std::uint32_t Programs::number() noexcept { return shown()->number(); }
Text Programs::build() noexcept { return std::string_view(shown()->chunk().build); }
List<EntityRow> Programs::entities() noexcept { return shown()->entities(); }
List<DeclRow> Programs::decls() noexcept { return shown()->decls(); }
Text Programs::name() noexcept { return std::string_view(shown()->chunk().name); }

const bytecode::AssetRow* Programs::find_asset(std::string_view path) const {
  if (const auto it = assets_.find(path); it != assets_.end()) return it->second;
  for (auto old = old_.rbegin(); old != old_.rend(); ++old)
    for (const auto& row : old->rows)
      if (row->name == path) return row.get();
  return nullptr;
}

std::uint32_t Programs::asset(Text path, Asset& out) noexcept {
  const std::lock_guard lock(lock_);
  const bytecode::AssetRow* const row = find_asset(path);
  if (row == nullptr) return 0;
  out.bytes = std::string_view(row->bytes);
  out.type = std::string_view(row->type);
  out.hash = std::string_view(row->sha256);
  return 1;
}

}  // namespace flin::agents
