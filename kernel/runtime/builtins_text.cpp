// Built-ins of L 24.1.
#include "base/number_text.h"
#include "base/text.h"
#include "runtime/builtins.h"
#include "runtime/compare.h"
#include "runtime/text_functions.h"

#include <algorithm>

namespace flin::runtime {

namespace {

Outcome give_text(Machine& m, Value& out, std::string_view text) {
  return give(out, make_text(m.heap(), text));
}

template <class Function>
Outcome map_text(Machine& m, const Value* args, std::uint32_t count, Value& out,
                 Function function) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  return give_text(m, out, function(t));
}

template <class Function>
Outcome test_text(Machine& m, const Value* args, std::uint32_t count, Value& out,
                  Function function) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  return give(out, from_bool(function(t)));
}

std::string titled(std::string_view t, bool every_word) {
  std::string out;
  bool start = true;
  for (std::size_t at = 0; at < t.size();) {
    const char32_t c = text::decode(t, at);
    if (start)
      text::append_upper(out, c);
    else if (every_word)
      text::append_lower(out, c);
    else
      text::append_code_point(out, c);
    start = every_word && text::is_space(c);
  }
  return out;
}

bool is_email(std::string_view t) {
  const std::size_t at = t.find('@');
  if (at == 0 || at == std::string_view::npos || t.find('@', at + 1) != std::string_view::npos)
    return false;
  const std::string_view host = t.substr(at + 1);
  const std::size_t dot = host.find('.');
  if (dot == 0 || dot == std::string_view::npos || host.back() == '.' ||
      host.find("..") != std::string_view::npos)
    return false;
  return std::all_of(t.begin(), t.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
}

bool is_url(std::string_view t) {
  const std::size_t scheme = t.substr(0, 8) == "https://" ? 8 : t.substr(0, 7) == "http://" ? 7 : 0;
  if (scheme == 0 || scheme == t.size()) return false;
  const std::string_view host = t.substr(scheme, t.find_first_of("/?#", scheme) - scheme);
  if (host.empty() || host.front() == ':') return false;
  return std::all_of(t.begin(), t.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
}

Outcome pad(Machine& m, const Value* args, std::uint32_t count, Value& out, bool at_start) {
  Args in(m, args, count);
  TextObject* t;
  std::int64_t n;
  std::string_view fill = " ";
  if (!in.text(0, t) || !in.integer(1, n) || !in.text_or(2, fill)) return kFailed;
  if (n <= t->chars || fill.empty()) return give(out, args[0]);
  if (!m.has_room(static_cast<std::uint64_t>(n) * 4)) return kFailed;
  std::string padding;
  std::size_t at = 0;
  for (std::int64_t left = n - t->chars; left > 0; --left) {
    if (at == fill.size()) at = 0;
    const std::size_t width = text::width(fill[at]);
    padding.append(fill, at, width);
    at += width;
  }
  return give_text(m, out,
                   at_start ? padding + std::string(t->view()) : std::string(t->view()) + padding);
}

Outcome replace_in(Machine& m, const Value* args, std::uint32_t count, Value& out, bool all) {
  Args in(m, args, count);
  std::string_view t, old, by;
  if (!in.text(0, t) || !in.text(1, old) || !in.text(2, by)) return kFailed;
  return replace_text(m, t, old, by, all, out) ? Outcome::kValue : kFailed;
}

Outcome find_index(Machine& m, const Value* args, std::uint32_t count, Value& out, bool last) {
  Args in(m, args, count);
  if (is_text(in.at(0))) {
    std::string_view t, s;
    if (!in.text(0, t) || !in.text(1, s)) return kFailed;
    const std::size_t at = last ? t.rfind(s) : t.find(s);
    const auto index =
        at == std::string_view::npos ? -1 : static_cast<std::int64_t>(text::count(t.substr(0, at)));
    return give(out, from_small(Tagged::kInt, index));
  }
  ListObject* list;
  if (!in.list(0, list)) return kFailed;
  std::int64_t index = -1;
  for (std::uint64_t i = 0; i < list->size && (last || index < 0); ++i)
    if (equal_values(item_of(m.heap(), list, i), in.at(1))) index = static_cast<std::int64_t>(i);
  return give(out, from_small(Tagged::kInt, index));
}

}  // namespace

Outcome native_len(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  const Value v = Args(m, args, count).at(0);
  if (is_text(v)) return give(out, from_small(Tagged::kInt, as_text(v)->chars));
  if (is_list(v))
    return give(out, from_small(Tagged::kInt, static_cast<std::int64_t>(as_list(v)->size)));
  if (is_map(v)) return give(out, from_small(Tagged::kInt, as_map(v)->count));
  return m.wrong_type("text, list or map", v);
}
Outcome native_upper(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, text::upper);
}
Outcome native_lower(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, text::lower);
}
Outcome native_trim(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, text::trim);
}
Outcome native_trim_start(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, text::trim_start);
}
Outcome native_trim_end(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, text::trim_end);
}
Outcome native_capitalize(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, [](std::string_view t) { return titled(t, false); });
}
Outcome native_title(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return map_text(m, args, count, out, [](std::string_view t) { return titled(t, true); });
}

Outcome native_reverse(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  if (is_text(in.at(0))) {
    return map_text(m, args, count, out, [](std::string_view t) {
      std::string reversed;
      for (std::size_t end = t.size(); end > 0;) {
        std::size_t at = end - 1;
        while (at > 0 && (static_cast<unsigned char>(t[at]) & 0xC0) == 0x80) --at;
        reversed.append(t, at, end - at);
        end = at;
      }
      return reversed;
    });
  }
  ListObject* list;
  if (!in.list(0, list)) return kFailed;
  ListObject* reversed = new_list(m.heap(), items_of(m.heap(), list), list->size);
  if (list->size) std::reverse(reversed->slots->items(), reversed->slots->items() + list->size);
  return give(out, from_object(reversed));
}

Outcome native_contains(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  if (is_list(in.at(0))) {
    if (find_index(m, args, count, out, false) == kFailed) return kFailed;
    return give(out, from_bool(small_payload(out) >= 0));
  }
  std::string_view t, s;
  if (!in.text(0, t) || !in.text(1, s)) return kFailed;
  return give(out, from_bool(t.find(s) != std::string_view::npos));
}
Outcome native_starts_with(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::string_view t, s;
  if (!in.text(0, t) || !in.text(1, s)) return kFailed;
  return give(out, from_bool(t.substr(0, s.size()) == s));
}
Outcome native_ends_with(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::string_view t, s;
  if (!in.text(0, t) || !in.text(1, s)) return kFailed;
  return give(out, from_bool(t.size() >= s.size() && t.substr(t.size() - s.size()) == s));
}
Outcome native_is_empty(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  if (native_len(m, args, count, out) == kFailed) return kFailed;
  return give(out, from_bool(small_payload(out) == 0));
}
Outcome native_is_blank(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return test_text(m, args, count, out, [](std::string_view t) { return text::trim(t).empty(); });
}
Outcome native_is_numeric(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return test_text(m, args, count, out,
                   [](std::string_view t) { return text::read_number(t).has_value(); });
}
Outcome native_is_email(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return test_text(m, args, count, out, is_email);
}
Outcome native_is_url(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return test_text(m, args, count, out, is_url);
}

Outcome native_split(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  TextObject* t;
  std::string_view separator;
  if (!in.text(0, t) || !in.text(1, separator)) return kFailed;
  return split_text(m, t, separator, out) ? Outcome::kValue : kFailed;
}
Outcome native_chars(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  TextObject* t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  if (t->size == 0) return give(out, from_object(new_list(m.heap())));
  return split_text(m, t, {}, out) ? Outcome::kValue : kFailed;
}
Outcome native_lines(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  ListObject* list = new_list(m.heap());
  while (true) {
    const std::size_t end = t.find('\n');
    std::string_view line = t.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    list_push(m.heap(), list, make_text(m.heap(), line));
    if (end == std::string_view::npos) break;
    t.remove_prefix(end + 1);
  }
  return give(out, from_object(list));
}
Outcome native_words(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  ListObject* list = new_list(m.heap());
  for (std::size_t at = 0; at < t.size();) {
    const std::size_t from = at;
    if (text::is_space(text::decode(t, at))) continue;
    std::size_t end = at;
    while (end < t.size()) {
      std::size_t next = end;
      if (text::is_space(text::decode(t, next))) break;
      end = next;
    }
    list_push(m.heap(), list, make_text(m.heap(), t.substr(from, end - from)));
    at = end;
  }
  return give(out, from_object(list));
}
Outcome native_replace(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return replace_in(m, args, count, out, false);
}
Outcome native_replace_all(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return replace_in(m, args, count, out, true);
}
Outcome native_index_of(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return find_index(m, args, count, out, false);
}
Outcome native_last_index_of(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return find_index(m, args, count, out, true);
}

Outcome native_repeat(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::string_view t;
  std::int64_t n;
  if (!in.text(0, t) || !in.integer(1, n)) return kFailed;
  if (n < 0) return bad_argument(m, "repeat " + std::to_string(n) + " times");
  std::uint64_t size;
  if (__builtin_mul_overflow(static_cast<std::uint64_t>(t.size()), static_cast<std::uint64_t>(n),
                             &size) ||
      size > 0x7FFFFFFF)
    return m.fail(3, "memory limit reached");
  if (!m.has_room(size)) return kFailed;
  std::string repeated;
  repeated.reserve(size);
  for (std::int64_t i = 0; i < n && !t.empty(); ++i) repeated += t;
  return give_text(m, out, repeated);
}
Outcome native_pad_start(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return pad(m, args, count, out, true);
}
Outcome native_pad_end(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  return pad(m, args, count, out, false);
}

Outcome native_truncate(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  TextObject* t;
  std::int64_t n;
  std::string_view tail = "…";
  if (!in.text(0, t) || !in.integer(1, n) || !in.text_or(2, tail)) return kFailed;
  if (n < 0) return bad_argument(m, "truncate to " + std::to_string(n));
  if (t->chars <= n) return give(out, args[0]);
  const auto tail_chars = static_cast<std::int64_t>(text::count(tail));
  if (tail_chars >= n)
    return give_text(m, out, tail.substr(0, text::offset_of(tail, static_cast<std::size_t>(n))));
  std::string cut(t->view().substr(0, byte_offset(t, static_cast<std::size_t>(n - tail_chars))));
  cut += tail;
  return give_text(m, out, cut);
}
Outcome native_remove_prefix(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::string_view t, s;
  if (!in.text(0, t) || !in.text(1, s)) return kFailed;
  return t.substr(0, s.size()) == s ? give_text(m, out, t.substr(s.size())) : give(out, args[0]);
}
Outcome native_remove_suffix(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  std::string_view t, s;
  if (!in.text(0, t) || !in.text(1, s)) return kFailed;
  const bool ends = t.size() >= s.size() && t.substr(t.size() - s.size()) == s;
  return ends ? give_text(m, out, t.substr(0, t.size() - s.size())) : give(out, args[0]);
}
Outcome native_char_code(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  std::string_view t;
  if (!Args(m, args, count).text(0, t)) return kFailed;
  if (t.empty()) return bad_argument(m, "an empty text has no character");
  std::size_t at = 0;
  return give(out, from_small(Tagged::kInt, static_cast<std::int64_t>(text::decode(t, at))));
}
Outcome native_from_char_code(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  std::int64_t n;
  if (!Args(m, args, count).integer(0, n)) return kFailed;
  if (!text::is_scalar_value(n)) return bad_argument(m, std::to_string(n) + " is no character");
  std::string c;
  text::append_code_point(c, static_cast<char32_t>(n));
  return give_text(m, out, c);
}
Outcome native_join(Machine& m, const Value* args, std::uint32_t count, Value& out) {
  Args in(m, args, count);
  const Value separator = in.has(1) ? in.at(1) : m.linked().empty_text;
  return join_list(m, in.at(0), separator, out) ? Outcome::kValue : kFailed;
}

}  // namespace flin::runtime
