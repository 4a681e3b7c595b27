// Built-ins of L 24.2 and format().
#include "base/number_text.h"
#include "base/text.h"
#include "runtime/arithmetic.h"
#include "runtime/builtins.h"
#include "runtime/compare.h"
#include "runtime/json_value.h"
#include "runtime/time_functions.h"
#include "runtime/time_zone.h"

#include <array>
#include <cmath>

namespace flin::runtime {

#define NATIVE(name) \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out)

namespace {

Outcome give_text(Machine& m, Value& out, std::string_view text) {
  return give(out, make_text(m.heap(), text));
}

Outcome cannot_convert(Machine& m, const Args& in, const char* type, Value& out) {
  if (in.size() > 1) return give(out, in.at(1));
  const Value v = in.at(0);
  const std::string shown =
      is_text(v) ? "\"" + std::string(as_text(v)->view()) + "\"" : m.display(v);
  return m.fail(13, "cannot convert " + shown + " to " + type);
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kHex[] = "0123456789abcdef";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// False: not Base64 of RFC 4648, with or without padding.
bool base64_bytes(std::string_view t, std::string& out) {
  while (!t.empty() && t.back() == '=') t.remove_suffix(1);
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : t) {
    const char* at = c == '\0' ? nullptr : std::char_traits<char>::find(kBase64, 64, c);
    if (at == nullptr) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(at - kBase64);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out.push_back(static_cast<char>(bits >> have));
  }
  return t.size() % 4 != 1;
}

}  // namespace

NATIVE(to_text) {
  const Value v = Args(m, args, count).at(0);
  return is_text(v) ? give(out, v) : give_text(m, out, m.text_form(v));
}
NATIVE(to_int) {
  Args in(m, args, count);
  const Value v = in.at(0);
  if (is_int(v)) return give(out, v);
  if (is_bool(v)) return give(out, from_small(Tagged::kInt, v.bits == kTrue.bits));
  if (is_kind(v, ObjectKind::kEnum))
    return give(out, from_small(Tagged::kInt, cast<Enum>(v)->index));
  double d;
  if (is_text(v)) {
    if (const auto i = text::read_int(as_text(v)->view())) return give(out, make_int(m.heap(), *i));
    const auto number = text::read_number(as_text(v)->view());
    if (!number) return cannot_convert(m, in, "int", out);
    d = *number;
  } else if (is_double(v)) {
    d = as_double(v);
  } else {
    return cannot_convert(m, in, "int", out);
  }
  if (!(std::fabs(d) < 9.2233720368547758e18)) return cannot_convert(m, in, "int", out);
  return whole_of(m, std::trunc(d), out) ? Outcome::kValue : kFailed;
}
NATIVE(to_number) {
  Args in(m, args, count);
  const Value v = in.at(0);
  if (is_numeric(v)) return give(out, from_double(to_double(v)));
  if (is_bool(v)) return give(out, from_double(v.bits == kTrue.bits));
  if (is_kind(v, ObjectKind::kEnum)) return give(out, from_double(cast<Enum>(v)->index));
  if (is_text(v))
    if (const auto number = text::read_number(as_text(v)->view()))
      return give(out, from_double(*number));
  return cannot_convert(m, in, "number", out);
}
NATIVE(bool) { return give(out, from_bool(is_truthy(Args(m, args, count).at(0)))); }
NATIVE(type_of) { return give_text(m, out, type_name(Args(m, args, count).at(0), m.linked())); }
NATIVE(inspect) { return give_text(m, out, m.display(Args(m, args, count).at(0))); }

NATIVE(json_parse) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  return parse_json(m, t, out) ? Outcome::kValue : kFailed;
}
NATIVE(json_stringify) {
  Args in(m, args, count);
  std::int64_t indent = 0;
  if (!in.integer_or(1, indent)) return kFailed;
  if (indent < 0 || indent > 16) return bad_argument(m, "an indent of " + std::to_string(indent));
  std::string text;
  if (!append_json(m, text, in.at(0), indent)) return kFailed;
  return give_text(m, out, text);
}
// JSON whose < and line separators are escaped, so that nothing in it ends a script.
NATIVE(json) {
  std::string text, safe;
  if (!append_json(m, text, Args(m, args, count).at(0), 0)) return kFailed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<')
      safe += "\\u003c";
    else if (text.compare(i, 3, "\xE2\x80\xA8") == 0)
      safe += "\\u2028", i += 2;
    else if (text.compare(i, 3, "\xE2\x80\xA9") == 0)
      safe += "\\u2029", i += 2;
    else
      safe += text[i];
  }
  return give_text(m, out, safe);
}

NATIVE(base64_encode) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  std::string encoded;
  for (std::size_t i = 0; i < t.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < t.size() ? static_cast<unsigned char>(t[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      encoded += i + j > t.size() ? '=' : kBase64[bits >> (18 - 6 * j) & 63];
  }
  return give_text(m, out, encoded);
}
NATIVE(base64_decode) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  std::string bytes;
  if (!base64_bytes(t, bytes)) return bad_argument(m, "not Base64");
  if (!text::is_valid_utf8(bytes)) return bad_argument(m, "not the Base64 of a text");
  return give_text(m, out, bytes);
}
NATIVE(hex_encode) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  std::string encoded;
  for (const char c : t) {
    encoded += kHex[static_cast<unsigned char>(c) >> 4];
    encoded += kHex[c & 15];
  }
  return give_text(m, out, encoded);
}
NATIVE(url_encode) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  std::string encoded;
  for (const char c : t) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += static_cast<char>(std::toupper(kHex[static_cast<unsigned char>(c) >> 4]));
    encoded += static_cast<char>(std::toupper(kHex[c & 15]));
  }
  return give_text(m, out, encoded);
}
NATIVE(url_decode) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  std::string bytes;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (t[i] != '%') {
      bytes += t[i];
      continue;
    }
    const int high = i + 1 < t.size() ? hex_digit(t[i + 1]) : -1,
              low = i + 2 < t.size() ? hex_digit(t[i + 2]) : -1;
    if (high < 0 || low < 0) return bad_argument(m, "'%' without two hexadecimal digits");
    bytes += static_cast<char>(high << 4 | low);
    i += 2;
  }
  if (!text::is_valid_utf8(bytes)) return bad_argument(m, "not the encoding of a text");
  return give_text(m, out, bytes);
}
NATIVE(html_escape) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  const std::string escaped = text::html_escaped(t);
  if (escaped.size() == t.size()) return give(out, args[0]);  // nothing to escape
  return give_text(m, out, escaped);
}

NATIVE(csv_parse) {
  Args in(m, args, count);
  std::string_view t, separator = ",";
  if (!in.text(0, t) || !in.text_or(1, separator)) return kFailed;
  if (separator.size() != 1) return bad_argument(m, "the separator of CSV is one character");
  Heap& heap = m.heap();
  ListObject* rows = new_list(heap);
  std::size_t at = 0;
  while (at < t.size()) {
    ListObject* row = new_list(heap);
    for (bool more = true; more;) {
      std::string cell;
      if (at < t.size() && t[at] == '"') {
        for (++at;; ++at) {
          if (at >= t.size()) return bad_argument(m, "a quoted field of CSV does not end");
          if (t[at] != '"')
            cell += t[at];
          else if (at + 1 < t.size() && t[at + 1] == '"')
            cell += t[at++];
          else
            break;
        }
        ++at;
      }
      while (at < t.size() && t[at] != separator[0] && t[at] != '\n' && t[at] != '\r')
        cell += t[at++];
      list_push(heap, row, make_text(heap, cell));
      more = at < t.size() && t[at] == separator[0];
      if (more) ++at;
    }
    if (at < t.size() && t[at] == '\r') ++at;
    if (at < t.size() && t[at] == '\n') ++at;
    list_push(heap, rows, from_object(row));
  }
  return give(out, from_object(rows));
}
NATIVE(csv_stringify) {
  Args in(m, args, count);
  ListObject* rows;
  std::string_view separator = ",";
  if (!in.list(0, rows) || !in.text_or(1, separator)) return kFailed;
  std::string csv;
  for (std::uint64_t i = 0; i < rows->size; ++i) {
    const Value row = item_of(m.heap(), rows, i);
    if (!is_list(row)) return m.wrong_type("list", row);
    for (std::uint64_t j = 0; j < as_list(row)->size; ++j) {
      if (j) csv += separator;
      const std::string cell = m.text_form(item_of(m.heap(), as_list(row), j));
      if (cell.find_first_of("\"\r\n") == std::string::npos &&
          cell.find(separator) == std::string::npos) {
        csv += cell;
        continue;
      }
      csv += '"';
      for (const char c : cell) csv.append(c == '"' ? 2 : 1, c);
      csv += '"';
    }
    csv += "\r\n";
  }
  return give_text(m, out, csv);
}

NATIVE(format) {
  Args in(m, args, count);
  const Value v = in.at(0);
  if (is_time(v)) {
    std::string_view pattern;
    if (!in.text(1, pattern)) return kFailed;
    std::string_view zone = "UTC";
    if (!in.text_or(2, zone)) return kFailed;
    const auto offset = zone_offset_minutes(zone, whole(v));
    if (!offset) return bad_argument(m, "unknown zone \"" + std::string(zone) + "\"");
    return give_text(m, out, format_time(whole(v) + *offset * 60000, pattern, *offset));
  }
  if (is_kind(v, ObjectKind::kMoney)) return give_text(m, out, m.text_form(v));
  double x;
  std::int64_t decimals = 0;
  if (!in.number(0, x) || !in.integer_or(1, decimals)) return kFailed;
  if (decimals < 0 || decimals > 100)
    return bad_argument(m, std::to_string(decimals) + " decimals");
  std::string text;
  if (is_int(v)) {
    text::append_int(text, whole(v));
    if (decimals) {
      text += '.';
      text.append(static_cast<std::size_t>(decimals), '0');
    }
  } else {
    text::append_fixed(text, x, static_cast<int>(decimals));
  }
  return give_text(m, out, text);
}

}  // namespace flin::runtime
