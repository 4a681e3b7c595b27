#include "bytecode/types.h"

#include <array>

namespace flin::bytecode {
namespace {

constexpr int kDeepest = 64;
constexpr std::array<std::string_view, 15> kSimple = {
    "",     "text", "int",  "number", "bool",  "time",  "duration", "money",
    "file", "any",  "none", "view",   "error", "regex", "never"};

// Reads one type and writes its text; one object per walk.
class Reader {
 public:
  Reader(const Chunk& chunk, std::string_view form) : chunk_(chunk), form_(form) {}

  bool read(std::string& out, int depth = 0) {
    if (depth > kDeepest || at_ >= form_.size()) return false;
    auto tag = static_cast<std::uint8_t>(form_[at_++]);
    if (tag >= 1 && tag < kSimple.size()) {
      out += kSimple[tag];
      return true;
    }
    switch (static_cast<TypeByte>(tag)) {
      case TypeByte::kList: return read_around("[", "]", out, depth);
      case TypeByte::kMap: return read_map(out, depth);
      case TypeByte::kTuple: return read_members("(", ", ", ")", out, depth);
      case TypeByte::kOptional: return read_around("", "?", out, depth);
      case TypeByte::kUnion: return read_members("", " | ", "", out, depth);
      case TypeByte::kFunction:
        if (!read_members("(", ", ", ")", out, depth)) return false;
        return read_around(" -> ", "", out, depth);
      case TypeByte::kEntity:
      case TypeByte::kEnum:
      case TypeByte::kAgent:
      case TypeByte::kTrait: return read_name(out);
      case TypeByte::kQuery: return read_around("Query<", ">", out, depth);
      default: return false;
    }
  }
  bool at_end() const { return at_ == form_.size(); }

 private:
  bool read_around(std::string_view before, std::string_view after, std::string& out, int depth) {
    out += before;
    if (!read(out, depth + 1)) return false;
    out += after;
    return true;
  }
  bool read_map(std::string& out, int depth) {
    return read_around("[", ": ", out, depth) && read_around("", "]", out, depth);
  }
  bool read_members(std::string_view open, std::string_view between, std::string_view close,
                    std::string& out, int depth) {
    if (at_ >= form_.size()) return false;
    auto count = static_cast<std::uint8_t>(form_[at_++]);
    out += open;
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += between;
      if (!read(out, depth + 1)) return false;
    }
    out += close;
    return true;
  }
  bool read_name(std::string& out) {
    if (form_.size() - at_ < 4) return false;
    std::uint32_t k = 0;
    for (int i = 0; i < 4; ++i)
      k |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(form_[at_++])) << (8 * i);
    if (k >= chunk_.constants.size() || chunk_.constants[k].tag != Tag::kText) return false;
    out += chunk_.constants[k].text;
    return true;
  }

  const Chunk& chunk_;
  std::string_view form_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_type(const Chunk& chunk, std::string_view form) {
  Reader reader(chunk, form);
  std::string ignored;
  return reader.read(ignored) && reader.at_end();
}

std::string type_text(const Chunk& chunk, std::string_view form) {
  std::string text;
  Reader(chunk, form).read(text);
  return text;
}

}  // namespace flin::bytecode
