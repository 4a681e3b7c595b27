// Texts on the heap: made, joined, hashed, indexed by code point.
#pragma once

#include "runtime/heap.h"

#include <string_view>

namespace flin::runtime {

// `text` is valid UTF-8 and may lie on the heap itself.
TextObject* new_text(Heap& heap, std::string_view text);
TextObject* new_text(Heap& heap, std::string_view text, std::size_t chars);
inline Value make_text(Heap& heap, std::string_view text) {
  return from_object(new_text(heap, text));
}
// Fills in a text whose bytes follow it, in memory of sizeof(Text) + size.
void init_text(TextObject* text, std::string_view bytes, std::size_t chars);

// a + b. Where `a` is the last text of its buffer, `b` is written behind it: repeated append is
// linear.
TextObject* concat(Heap& heap, TextObject* a, TextObject* b);

std::uint32_t hash_bytes(std::string_view bytes);
inline std::uint32_t hash_of(TextObject* text) {
  if (!(text->flags & kHashed)) {
    text->extra = hash_bytes(text->view());
    text->flags |= kHashed;
  }
  return text->extra;
}
inline bool equal_texts(const TextObject* a, const TextObject* b) {
  return a == b || a->view() == b->view();
}

// Byte offset of a code point; constant time for ASCII.
std::size_t byte_offset(const TextObject* text, std::size_t index);
// Code points [from, to), both within the text.
TextObject* substring(Heap& heap, TextObject* text, std::size_t from, std::size_t to);

}  // namespace flin::runtime
