#include "syntax/parser_impl.h"

#include <algorithm>
#include <iterator>

namespace flin::syntax {

namespace {

enum class Group : std::uint8_t { kVoid, kEvent, kKeyEvent, kModifier, kKeyModifier };
struct Row {
  std::string_view word;
  Group group;
};
constexpr Row kRows[] = {
#define VOID_ELEMENT(word) {#word, Group::kVoid},
#define DOM_EVENT(word) {#word, Group::kEvent},
#define KEY_EVENT(word) {#word, Group::kKeyEvent},
#define MODIFIER(word) {#word, Group::kModifier},
#define KEY_MODIFIER(word) {#word, Group::kKeyModifier},
#include "syntax/html.def"
#undef VOID_ELEMENT
#undef DOM_EVENT
#undef KEY_EVENT
#undef MODIFIER
#undef KEY_MODIFIER
};

bool is_in(Group group, Name word) {
  return std::any_of(std::begin(kRows), std::end(kRows),
                     [&](const Row& row) { return row.group == group && row.word == word; });
}

}  // namespace

bool is_void_element(Name tag) { return is_in(Group::kVoid, tag); }
bool is_key_event(Name name) { return is_in(Group::kKeyEvent, name); }
bool is_dom_event(Name name) { return is_in(Group::kEvent, name) || is_key_event(name); }
bool is_event_modifier(Name name) { return is_in(Group::kModifier, name); }
bool is_key_modifier(Name name) { return is_in(Group::kKeyModifier, name); }

}  // namespace flin::syntax
