// Services of the host made of plain C++, for tests of plugins. The host itself: flin/testing.h.
#pragma once

#include "flin/program.h"
#include "flin/sources.h"
#include "flin/testing.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace flin::testing {

// An entity table that owns its texts. Built by a chain: schema.entity("Todo").field("title",
// "text", Kind::kText).
class FakeSchema {
 public:
  FakeSchema& entity(const char* name) {
    entities_.push_back({name, {}, {}});
    return *this;
  }
  // Adds to the last entity. `target`: number of the entity a reference leads to.
  FakeSchema& field(const char* name, const char* type, Kind kind, std::uint32_t flags = 0,
                    std::uint32_t target = 0) {
    entities_.back().fields.push_back({name, type, kind, target, flags, {}, {}});
    return *this;
  }
  // The default of the last field.
  FakeSchema& fallback(const Plain& value) {
    entities_.back().fields.back().fallback = value;
    return *this;
  }
  // Adds a validator to the last field.
  FakeSchema& validator(const char* name, std::vector<Plain> arguments = {}) {
    const std::vector<Plain>& kept = keep(arguments_, std::move(arguments));
    entities_.back().fields.back().validators.push_back({name, {kept.data(), kept.size()}});
    return *this;
  }
  FakeSchema& rule(std::uint32_t operations, const std::vector<std::uint8_t>& code,
                   std::vector<Text> session_paths, std::vector<Plain> constants = {}) {
    const auto& kept_code = keep(codes_, code);
    const auto& kept_paths = keep(paths_, std::move(session_paths));
    const auto& kept = keep(arguments_, std::move(constants));
    entities_.back().rules.push_back({operations,
                                      {kept_code.data(), kept_code.size()},
                                      {kept_paths.data(), kept_paths.size()},
                                      {kept.data(), kept.size()}});
    return *this;
  }
  // Valid until the schema changes.
  List<EntityRow> rows() {
    rows_.clear();
    for (Entity& entity : entities_) {
      entity.field_rows.clear();
      for (const Field& field : entity.fields) entity.field_rows.push_back(row_of(field));
      rows_.push_back({Text(entity.name),
                       {entity.field_rows.data(), entity.field_rows.size()},
                       {entity.rules.data(), entity.rules.size()}});
    }
    return {rows_.data(), rows_.size()};
  }

 private:
  struct Field {
    const char* name;
    const char* type;
    Kind kind;
    std::uint32_t target, flags;
    Plain fallback;
    std::vector<ValidatorRow> validators;
  };
  struct Entity {
    const char* name;
    std::vector<Field> fields;
    std::vector<RuleRow> rules;
    std::vector<FieldRow> field_rows = {};
  };
  // Lists that rows point into; shared, so that a copy of the schema may outlive it.
  template <class T>
  using Kept = std::vector<std::shared_ptr<const std::vector<T>>>;
  template <class T>
  static const std::vector<T>& keep(Kept<T>& lists, std::vector<T> list) {
    return *lists.emplace_back(std::make_shared<const std::vector<T>>(std::move(list)));
  }
  static FieldRow row_of(const Field& field) {
    return {field.name,
            field.type,
            field.kind,
            field.target,
            field.flags,
            field.fallback,
            {field.validators.data(), field.validators.size()}};
  }

  std::vector<Entity> entities_;
  Kept<Plain> arguments_;
  Kept<std::uint8_t> codes_;
  Kept<Text> paths_;
  std::vector<EntityRow> rows_;
};

// A program with an entity table and nothing else.
class FakeProgram final : public IProgram {
 public:
  List<EntityRow> table;

  std::uint32_t number() noexcept override { return 1; }
  Text build() noexcept override { return "00000000"; }
  List<EntityRow> entities() noexcept override { return table; }
  List<DeclRow> decls() noexcept override { return {}; }
  std::uint32_t asset(Text, Asset&) noexcept override { return 0; }
  Text name() noexcept override { return "test"; }
  Text directory() noexcept override { return "/"; }
};

// Notes what was created, touched and released. [any-thread]
class FakeSources final : public ISources {
 public:
  struct Touch {
    std::uint64_t seq;
    std::vector<std::uint64_t> sources;
  };

  std::uint64_t create() noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return ++last_;
  }
  void touch(std::uint64_t seq, List<std::uint64_t> sources) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    touches_.push_back({seq, {sources.begin(), sources.end()}});
  }
  void release(std::uint64_t source) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    released_.push_back(source);
  }

  std::vector<Touch> touches() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return touches_;
  }
  std::vector<std::uint64_t> released() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return released_;
  }
  // Whether the newest touch names the source.
  bool is_touched(std::uint64_t source) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (touches_.empty()) return false;
    const auto& last = touches_.back().sources;
    return std::find(last.begin(), last.end(), source) != last.end();
  }

 private:
  mutable std::mutex mutex_;  // guards all below
  std::uint64_t last_ = 0;
  std::vector<Touch> touches_;
  std::vector<std::uint64_t> released_;
};

}  // namespace flin::testing
