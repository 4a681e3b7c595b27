#include "json.h"

#include <charconv>

namespace flin::store::json {
namespace {

constexpr int kDepth = 64;

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  std::size_t position() const { return at_; }
  std::string_view slice(std::size_t from) const { return text_.substr(from, at_ - from); }

  void blanks() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool skip_value(int depth) {
    if (depth > kDepth || at_end()) return false;
    switch (text_[at_]) {
      case '"': return read_string(nullptr);
      case '[': return skip_group(']', false, depth);
      case '{': return skip_group('}', true, depth);
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return skip_number();
    }
  }
  bool read_string(std::string* out) {
    if (!take('"')) return false;
    while (!at_end()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!escape(out)) return false;
      } else if (out) {
        *out += c;
      }
    }
    return false;
  }

 private:
  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }
  bool digits() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > from;
  }
  bool skip_number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }
  bool skip_group(char end, bool keyed, int depth) {
    ++at_;
    blanks();
    if (take(end)) return true;
    while (true) {
      blanks();
      if (keyed && !skip_key()) return false;
      if (!skip_value(depth + 1)) return false;
      blanks();
      if (take(end)) return true;
      if (!take(',')) return false;
    }
  }
  bool skip_key() {
    if (!read_string(nullptr)) return false;
    blanks();
    if (!take(':')) return false;
    blanks();
    return true;
  }
  bool hex4(unsigned& out) {
    if (text_.size() - at_ < 4) return false;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + at_ + 4, out, 16);
    if (error != std::errc() || end != text_.data() + at_ + 4) return false;
    at_ += 4;
    return true;
  }
  bool unicode_escape(std::string* out) {
    unsigned code = 0;
    if (!hex4(code)) return false;
    if (code >= 0xDC00 && code < 0xE000) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      unsigned low = 0;
      if (!take('\\') || !take('u') || !hex4(low) || low < 0xDC00 || low >= 0xE000) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (out) append_utf8(*out, code);
    return true;
  }
  bool escape(std::string* out) {
    if (at_end()) return false;
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    const char c = text_[at_++];
    if (c == 'u') return unicode_escape(out);
    const std::size_t found = kNames.find(c);
    if (found == std::string_view::npos) return false;
    if (out) *out += kValues[found];
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Calls `each(key, value)` for the parts of a whole group.
template <class Each>
bool parts(std::string_view text, char begin, char end, bool keyed, Each each) {
  Scanner in(text);
  in.blanks();
  if (!in.take(begin)) return false;
  in.blanks();
  bool more = !in.take(end);
  while (more) {
    in.blanks();
    std::string key;
    if (keyed) {
      if (!in.read_string(&key)) return false;
      in.blanks();
      if (!in.take(':')) return false;
      in.blanks();
    }
    const std::size_t from = in.position();
    if (!in.skip_value(1)) return false;
    each(std::move(key), in.slice(from));
    in.blanks();
    if (in.take(end)) break;
    if (!in.take(',')) return false;
  }
  in.blanks();
  return in.at_end();
}

}  // namespace

std::optional<std::vector<std::string_view>> array(std::string_view text) {
  std::vector<std::string_view> out;
  if (!parts(text, '[', ']', false, [&](std::string, std::string_view v) { out.push_back(v); }))
    return {};
  return out;
}

std::optional<std::vector<std::pair<std::string, std::string_view>>> object(std::string_view text) {
  std::vector<std::pair<std::string, std::string_view>> out;
  if (!parts(text, '{', '}', true,
             [&](std::string k, std::string_view v) { out.emplace_back(std::move(k), v); })) {
    return {};
  }
  return out;
}

std::optional<std::string> string(std::string_view text) {
  Scanner in(text);
  std::string out;
  if (!in.read_string(&out) || !in.at_end()) return {};
  return out;
}

std::optional<double> number(std::string_view text) {
  Scanner in(text);
  if (text.empty() || (text[0] != '-' && (text[0] < '0' || text[0] > '9'))) return {};
  if (!in.skip_value(1) || !in.at_end()) return {};
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc()) return {};
  return out;
}

std::optional<long long> integer(std::string_view text) {
  long long out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return out;
}

std::string quote(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace flin::store::json
