// Memory that is given back all at once: syntax trees, types, tables of one compilation.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace flin {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    for (auto it = owned_.rbegin(); it != owned_.rend(); ++it) it->destroy(it->object);
  }

  // Makes a T that lives as long as the arena; its destructor runs at the end if it has one.
  template <class T, class... Args>
  T* make(Args&&... args) {
    T* object = new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
    if constexpr (!std::is_trivially_destructible_v<T>)
      owned_.push_back({object, [](void* p) { static_cast<T*>(p)->~T(); }});
    return object;
  }

  // A copy of the text that lives as long as the arena.
  std::string_view text(std::string_view t) {
    if (t.empty()) return {};
    char* copy = static_cast<char*>(allocate(t.size(), 1));
    std::memcpy(copy, t.data(), t.size());
    return {copy, t.size()};
  }

  void* allocate(std::size_t size, std::size_t alignment) {
    std::size_t at = (used_ + alignment - 1) & ~(alignment - 1);
    if (blocks_.empty() || at + size > capacity_) {
      capacity_ = size + alignment > kBlock ? size + alignment : kBlock;
      blocks_.push_back(std::make_unique<std::byte[]>(capacity_));
      at = 0;
    }
    used_ = at + size;
    return blocks_.back().get() + at;
  }

 private:
  static constexpr std::size_t kBlock = 64 * 1024;
  struct Owned {
    void* object;
    void (*destroy)(void*);
  };
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::vector<Owned> owned_;
  std::size_t used_ = 0, capacity_ = 0;
};

}  // namespace flin
