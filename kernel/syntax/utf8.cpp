#include "syntax/utf8.h"

namespace flin::syntax {

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::uint32_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || offset + length > text.size()) return {};
  char32_t value = first & (0xFF >> (length + 1));
  for (std::uint32_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3F);
  }
  const char32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length};
}

bool is_utf8(std::string_view text, std::size_t& bad_offset) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (c.bytes == 0) {
      bad_offset = at;
      return false;
    }
    at += c.bytes;
  }
  return true;
}

void append_utf8(std::string& text, char32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | (c >> 6));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (c >> 18));
    text += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool is_letter(char32_t c) {
  if (c < 0x80) return c == '_' || is_ascii_letter(static_cast<char>(c));
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7) return false;
  struct Block {
    char32_t first, last;
  };
  static constexpr Block kOther[] = {
      {0x2000, 0x206F}, {0x20A0, 0x20CF},   {0x2190, 0x2BFF},   {0x2E00, 0x2E7F}, {0x3000, 0x3004},
      {0x3008, 0x3020}, {0xD800, 0xF8FF},   {0xFE00, 0xFE0F},   {0xFE10, 0xFE1F}, {0xFE30, 0xFE6F},
      {0xFEFF, 0xFEFF}, {0xFF00, 0xFF0F},   {0xFF1A, 0xFF20},   {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65},
      {0xFFE0, 0xFFFF}, {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF}};
  for (const Block& block : kOther)
    if (c >= block.first && c <= block.last) return false;
  return true;
}

std::size_t name_end(std::string_view text, std::size_t offset) {
  std::size_t at = offset;
  while (at < text.size()) {
    const char byte = text[at];
    if (byte == '_' || is_ascii_letter(byte) || (at > offset && is_digit(byte))) {
      ++at;
      continue;
    }
    if (static_cast<unsigned char>(byte) < 0x80) break;
    const CodePoint c = code_point_at(text, at);
    if (c.bytes == 0 || !is_letter(c.value)) break;
    at += c.bytes;
  }
  return at;
}

bool is_type_name(std::string_view name) {
  const CodePoint c = code_point_at(name, 0);
  if (c.value < 0x80) return c.value >= 'A' && c.value <= 'Z';
  const bool latin = c.value >= 0xC0 && c.value <= 0xDE;
  const bool greek = c.value >= 0x391 && c.value <= 0x3A9;
  const bool cyrillic = c.value >= 0x400 && c.value <= 0x42F;
  return latin || greek || cyrillic;
}

}  // namespace flin::syntax
