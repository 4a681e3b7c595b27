#include "runtime/text.h"

#include "base/text.h"

#include <cstring>

namespace flin::runtime {

namespace {

constexpr std::size_t kShareFrom =
    64;  // bytes from which a joined text gets a buffer that can grow

TextObject* view_of(Heap& heap, Bytes* owner, const char* data, std::size_t size,
                    std::size_t chars) {
  auto* text = heap.make<TextObject>(ObjectKind::kText);
  text->size = static_cast<std::uint32_t>(size);
  text->chars = static_cast<std::uint32_t>(chars);
  text->owner = owner;
  text->data = data;
  return text;
}

}  // namespace

void init_text(TextObject* text, std::string_view bytes, std::size_t chars) {
  text->size = static_cast<std::uint32_t>(bytes.size());
  text->chars = static_cast<std::uint32_t>(chars);
  text->owner = nullptr;
  char* data = reinterpret_cast<char*>(text + 1);
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  text->data = data;
}

TextObject* new_text(Heap& heap, std::string_view bytes) {
  return new_text(heap, bytes, text::count(bytes));
}

TextObject* new_text(Heap& heap, std::string_view bytes, std::size_t chars) {
  auto* text = heap.make<TextObject>(ObjectKind::kText, bytes.size());
  init_text(text, bytes, chars);
  return text;
}

TextObject* concat(Heap& heap, TextObject* a, TextObject* b) {
  if (a->size == 0) return b;
  if (b->size == 0) return a;
  const std::size_t size = std::size_t{a->size} + b->size;
  const std::size_t chars = std::size_t{a->chars} + b->chars;
  if (Bytes* owner = a->owner) {
    if (a->data + a->size == owner->data() + owner->used && owner->used + b->size <= owner->size) {
      std::memcpy(owner->data() + owner->used, b->data, b->size);
      owner->used += b->size;
      return view_of(heap, owner, a->data, size, chars);
    }
  }
  if (size < kShareFrom) {
    auto* text = heap.make<TextObject>(ObjectKind::kText, size);
    init_text(text, a->view(), chars);
    text->size = static_cast<std::uint32_t>(size);
    std::memcpy(const_cast<char*>(text->data) + a->size, b->data, b->size);
    return text;
  }
  const std::size_t capacity = size * 2;
  auto* buffer = heap.make<Bytes>(ObjectKind::kBytes, capacity);
  buffer->size = capacity;
  buffer->used = size;
  std::memcpy(buffer->data(), a->data, a->size);
  std::memcpy(buffer->data() + a->size, b->data, b->size);
  return view_of(heap, buffer, buffer->data(), size, chars);
}

std::uint32_t hash_bytes(std::string_view bytes) {
  std::uint64_t h = 0x9E3779B97F4A7C15u ^ bytes.size();
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  const auto mix = [&h](std::uint64_t word) {
    h = (h ^ word) * 0xD6E8FEB86659FD93u;
    h ^= h >> 32;
  };
  for (; left >= 8; left -= 8, p += 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    mix(word);
  }
  std::uint64_t word = 0;
  if (left) std::memcpy(&word, p, left);
  mix(word);
  return static_cast<std::uint32_t>(h ^ h >> 29);
}

std::size_t byte_offset(const TextObject* text, std::size_t index) {
  return text->is_ascii() ? index : text::offset_of(text->view(), index);
}

TextObject* substring(Heap& heap, TextObject* text, std::size_t from, std::size_t to) {
  if (from >= to) return new_text(heap, {}, 0);
  if (from == 0 && to == text->chars) return text;
  const std::size_t start = byte_offset(text, from);
  const std::size_t end =
      text->is_ascii() ? to : start + text::offset_of(text->view().substr(start), to - from);
  return new_text(heap, text->view().substr(start, end - start), to - from);
}

}  // namespace flin::runtime
