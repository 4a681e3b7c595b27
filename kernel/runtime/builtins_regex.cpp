// Regular expressions (L 24.1): RE2, so no pattern takes more than linear time.
#include "base/text.h"
#include "runtime/builtins.h"

#include <re2/re2.h>

#include <map>
#include <memory>

namespace flin::runtime {

#define NATIVE(name) \
  Outcome native_##name(Machine& m, const Value* args, std::uint32_t count, Value& out)

namespace {

// Compiled patterns of this thread; a program has few, and all are its constants.
const re2::RE2& compiled(const Regex& regex) {
  static constexpr std::size_t kKept = 256;
  static thread_local std::map<std::pair<std::string, std::uint32_t>, std::unique_ptr<re2::RE2>>
      cache;
  const std::pair<std::string, std::uint32_t> key(regex.pattern->view(), regex.flags);
  if (const auto found = cache.find(key); found != cache.end()) return *found->second;
  if (cache.size() >= kKept) cache.clear();
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!(regex.flags & 1));
  options.set_dot_nl(regex.flags & 4);
  // RE2 takes the multi-line flag within the pattern.
  const std::string pattern = (regex.flags & 2 ? "(?m)" : "") + key.first;
  return *cache.emplace(key, std::make_unique<re2::RE2>(pattern, options)).first->second;
}

const re2::RE2* regex_of(Machine& m, Value v) {
  if (!is_kind(v, ObjectKind::kRegex)) {
    m.wrong_type("regex", v);
    return nullptr;
  }
  const re2::RE2& re = compiled(*cast<Regex>(v));
  if (re.ok()) return &re;
  bad_argument(m, re.error());
  return nullptr;
}

re2::StringPiece piece(std::string_view t) { return {t.data(), t.size()}; }

// Runs `found` for each match with the text before it.
template <class Found>
void each_match(const re2::RE2& re, std::string_view t, Found found) {
  const int groups = re.NumberOfCapturingGroups() + 1;
  std::vector<re2::StringPiece> group(static_cast<std::size_t>(groups));
  std::size_t from = 0, copied = 0;
  while (from <= t.size() &&
         re.Match(piece(t), from, t.size(), re2::RE2::UNANCHORED, group.data(), groups)) {
    const auto start = static_cast<std::size_t>(group[0].data() - t.data());
    found(t.substr(copied, start - copied), group);
    copied = start + group[0].size();
    from = group[0].empty() ? copied + (copied < t.size() ? text::width(t[copied]) : 1) : copied;
  }
  found(t.substr(std::min(copied, t.size())), std::vector<re2::StringPiece>());
}

}  // namespace

NATIVE(matches) {
  Args in(m, args, count);
  // `re.test(t)` is matches with its arguments the other way round.
  const bool swapped = is_kind(in.at(0), ObjectKind::kRegex);
  const re2::RE2* re = regex_of(m, in.at(swapped ? 0 : 1));
  std::string_view t;
  if (!re || !in.text(swapped ? 1 : 0, t)) return kFailed;
  return give(out, from_bool(re2::RE2::PartialMatch(piece(t), *re)));
}
NATIVE(find_all) {
  Args in(m, args, count);
  std::string_view t;
  if (!in.text(0, t)) return kFailed;
  const re2::RE2* re = regex_of(m, in.at(1));
  if (!re) return kFailed;
  ListObject* list = new_list(m.heap());
  each_match(*re, t, [&](std::string_view, const std::vector<re2::StringPiece>& group) {
    if (!group.empty())
      list_push(m.heap(), list, make_text(m.heap(), {group[0].data(), group[0].size()}));
  });
  return give(out, from_object(list));
}
NATIVE(replace_pattern) {
  Args in(m, args, count);
  std::string_view t, by;
  if (!in.text(0, t) || !in.text(2, by)) return kFailed;
  const re2::RE2* re = regex_of(m, in.at(1));
  if (!re) return kFailed;
  std::string result;
  each_match(*re, t, [&](std::string_view before, const std::vector<re2::StringPiece>& group) {
    result += before;
    if (group.empty()) return;
    for (std::size_t i = 0; i < by.size(); ++i) {
      const bool is_group =
          by[i] == '$' && i + 1 < by.size() && by[i + 1] >= '0' && by[i + 1] <= '9';
      if (!is_group) {
        if (by[i] == '$' && i + 1 < by.size() && by[i + 1] == '$') ++i;
        result += by[i];
        continue;
      }
      const auto number = static_cast<std::size_t>(by[++i] - '0');
      if (number < group.size()) result.append(group[number].data(), group[number].size());
    }
  });
  if (!m.has_room(result.size())) return kFailed;
  return give(out, make_text(m.heap(), result));
}

}  // namespace flin::runtime
