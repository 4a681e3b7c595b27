#include "browser/js_text.h"

#include "base/number_text.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace flin::browser {

namespace {

constexpr std::size_t kWidth = 120;

constexpr std::string_view kReserved[] = {
#define JAVASCRIPT_WORD(word) word,
#include "browser/javascript_words.def"
#undef JAVASCRIPT_WORD
};

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$';
}
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

void append_hex(std::string& out, unsigned char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\x";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

// The escapes that all literals share; false: the character stands as it is.
bool append_escaped(std::string& out, char c) {
  switch (c) {
    case '\\': out += "\\\\"; return true;
    case '\n': out += "\\n"; return true;
    case '\r': out += "\\r"; return true;
    case '\t': out += "\\t"; return true;
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) return false;
  append_hex(out, static_cast<unsigned char>(c));
  return true;
}

bool is_separator(std::string_view text, std::size_t at) {  // U+2028, U+2029
  std::string_view three = text.substr(at, 3);
  return three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9";
}

}  // namespace

std::string at(const Js& js, Level level) {
  return js.level < level ? '(' + js.text + ')' : js.text;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (is_separator(text, n)) {
      out += text[n + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      n += 2;
    } else if (text[n] == '"') {
      out += "\\\"";
    } else if (!append_escaped(out, text[n])) {
      out += text[n];
    }
  }
  return out + '"';
}

std::string template_part(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    char c = text[n];
    if (c == '`' || (c == '$' && text.substr(n, 2) == "${"))
      out += '\\', out += c;
    else if (!append_escaped(out, c))
      out += c;
  }
  return out;
}

std::string number_text(double value) {
  if (value == 0 && std::signbit(value)) return "-0";
  std::string out;
  text::append_number(out, value);
  return out;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && is_name_start(name[0]) &&
         std::all_of(name.begin(), name.end(), is_name_part);
}

bool is_reserved(std::string_view name) {
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

std::string property_key(std::string_view name) {
  bool is_number = !name.empty() && std::all_of(name.begin(), name.end(),
                                                [](char c) { return c >= '0' && c <= '9'; });
  bool bare = (is_identifier(name) && name != "__proto__") ||
              (is_number && (name.size() == 1 || name[0] != '0'));
  return bare ? std::string(name) : name == "__proto__" ? "[\"__proto__\"]" : quoted(name);
}

std::string property_access(std::string_view name) {
  return is_identifier(name) ? '.' + std::string(name) : '[' + quoted(name) + ']';
}

std::string indented(std::string_view text) {
  std::string out = "  ";
  for (char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (n > 0) out += between;
    out += parts[n];
  }
  return out;
}

std::string listed(std::string_view open, const std::vector<std::string>& parts,
                   std::string_view close) {
  std::string one = std::string(open) + joined(parts, ", ") + std::string(close);
  if (parts.empty() || (one.size() <= kWidth && one.find('\n') == one.npos)) return one;
  while (!open.empty() && open.back() == ' ') open.remove_suffix(1);
  while (!close.empty() && close.front() == ' ') close.remove_prefix(1);
  std::string out(open);
  for (const std::string& part : parts) out += '\n' + indented(part) + ',';
  return out + '\n' + std::string(close);
}

std::string braces(const std::vector<std::string>& lines) {
  if (lines.empty()) return "{}";
  bool short_one =
      lines.size() == 1 && lines[0].size() < 80 && lines[0].find('\n') == std::string::npos;
  if (short_one) return "{ " + lines[0] + " }";
  std::string out = "{";
  for (const std::string& line : lines) out += '\n' + indented(line);
  return out + "\n}";
}

std::string getter_of(std::string_view text) {
  if (text.size() < 3 || text.substr(text.size() - 2) != "()") return {};
  text.remove_suffix(2);
  return is_identifier(text) ? std::string(text) : std::string();
}

}  // namespace flin::browser
