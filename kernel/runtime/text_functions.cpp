#include "runtime/text_functions.h"

#include "base/text.h"
#include "runtime/convert.h"

namespace flin::runtime {

bool split_text(Machine& m, TextObject* text, std::string_view separator, Value& out) {
  Heap& heap = m.heap();
  const std::string_view t = text->view();
  ListObject* list = new_list(heap);
  if (!m.has_room(t.size() * (separator.empty() ? 48 : 8))) return false;
  if (separator.empty()) {
    for (std::size_t at = 0; at < t.size();) {
      const std::size_t width = text::width(t[at]);
      list_push(heap, list, from_object(new_text(heap, t.substr(at, width), 1)));
      at += width;
    }
    if (t.empty()) list_push(heap, list, from_object(text));
  } else {
    std::size_t from = 0;
    for (std::size_t at; (at = t.find(separator, from)) != std::string_view::npos;
         from = at + separator.size())
      list_push(heap, list, make_text(heap, t.substr(from, at - from)));
    list_push(heap, list, make_text(heap, t.substr(from)));
  }
  out = from_object(list);
  return true;
}

bool replace_text(Machine& m, std::string_view text, std::string_view old, std::string_view by,
                  bool all, Value& out) {
  std::string result;
  std::size_t from = 0;
  if (!old.empty()) {
    for (std::size_t at; (at = text.find(old, from)) != std::string_view::npos;
         from = at + old.size()) {
      result.append(text, from, at - from);
      result.append(by);
      if (result.size() > m.heap().limit()) return m.fail_false(3, "memory limit reached");
      if (!all) {
        from = at + old.size();
        break;
      }
    }
  }
  result.append(text, from);
  if (!m.has_room(result.size())) return false;
  out = make_text(m.heap(), result);
  return true;
}

bool join_list(Machine& m, Value list, Value separator, Value& out) {
  if (is_text(list) && is_list(separator)) std::swap(list, separator);
  if (!is_list(list)) return m.wrong_type("list", list), false;
  if (!is_text(separator)) return m.wrong_type("text", separator), false;
  ListObject* items = as_list(list);
  std::string result;
  for (std::uint64_t i = 0; i < items->size; ++i) {
    if (i) result += as_text(separator)->view();
    append_text_form(result, item_of(m.heap(), items, i), m.linked());
    if (result.size() > m.heap().limit()) return m.fail_false(3, "memory limit reached");
  }
  if (!m.has_room(result.size())) return false;
  out = make_text(m.heap(), result);
  return true;
}

}  // namespace flin::runtime
