// Writing views: elements, texts, attributes, with the rules of L 10.4, 10.6 and 10.10. What a
// value may do depends on the attribute's name alone, so the compiler has nothing to say here.
#include "runtime/html.h"

#include "base/text.h"
#include "runtime/compare.h"
#include "runtime/convert.h"
#include "runtime/machine.h"

#include <algorithm>
#include <array>

namespace flin::runtime {

namespace {

constexpr std::string_view kBlocked = "about:blank#blocked";

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 10> kUrlAttributes = {
#define URL_ATTRIBUTE(name) name,
#include "base/urls.def"
};
constexpr std::array<std::string_view, 6> kSchemes = {
#define URL_SCHEME(name) name,
#include "base/urls.def"
};
constexpr std::array<std::string_view, 5> kImages = {"png", "jpeg", "gif", "webp", "avif"};
constexpr std::array<std::string_view, 49> kEvents = {
    "click",       "dblclick",  "input",       "change",       "submit",        "reset",
    "focus",       "blur",      "keydown",     "keyup",        "keypress",      "mousedown",
    "mouseup",     "mousemove", "mouseenter",  "mouseleave",   "mouseover",     "mouseout",
    "contextmenu", "wheel",     "pointerdown", "pointerup",    "pointermove",   "touchstart",
    "touchmove",   "touchend",  "drag",        "dragstart",    "dragend",       "dragenter",
    "dragover",    "dragleave", "drop",        "copy",         "cut",           "paste",
    "scroll",      "load",      "error",       "play",         "pause",         "ended",
    "toggle",      "select",    "invalid",     "animationend", "transitionend", "beforeinput",
    "auxclick"};

std::string lower_ascii(std::string_view t) {
  std::string out(t);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool is_attribute_name(std::string_view name) {
  if (name.empty()) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return b > 0x20 && b != 0x7F && c != '"' && c != '\'' && c != '>' && c != '/' && c != '=' &&
           c != '<';
  });
}

}  // namespace

bool names_event(std::string_view name) {
  return name.substr(0, 2) == "on" || one_of(name, kEvents);
}

std::string safe_url(std::string_view url, std::string_view attribute) {
  std::string bare;
  for (std::size_t at = 0; at < url.size();) {
    const std::size_t start = at;
    const char32_t c = text::decode(url, at);
    if (!text::is_space(c) && c > 0x20 && !(c >= 0x7F && c <= 0x9F))
      bare.append(url, start, at - start);
  }
  const std::size_t colon = bare.find(':');
  if (colon == std::string::npos || bare.find_first_of("/?#") < colon) return bare;
  const std::string scheme = lower_ascii(std::string_view(bare).substr(0, colon));
  if (one_of(scheme, kSchemes)) return bare;
  if (scheme == "data" && (attribute == "src" || attribute == "srcset" || attribute == "poster")) {
    const std::string rest = lower_ascii(std::string_view(bare).substr(colon + 1));
    for (const auto image : kImages) {
      const std::string prefix = "image/" + std::string(image);
      if (rest.compare(0, prefix.size(), prefix) != 0 || rest.size() <= prefix.size()) continue;
      if (rest[prefix.size()] == ';' || rest[prefix.size()] == ',') return bare;
    }
  }
  return std::string(kBlocked);
}

// Each candidate is "url descriptor"; a comma ends it only when white space follows or the URL is
// over.
std::string safe_srcset(std::string_view value) {
  std::string out;
  std::size_t at = 0;
  while (at < value.size()) {
    while (at < value.size() &&
           (text::is_space(static_cast<unsigned char>(value[at])) || value[at] == ','))
      ++at;
    if (at == value.size()) break;
    std::size_t end = at;
    while (end < value.size() && !text::is_space(static_cast<unsigned char>(value[end]))) ++end;
    std::string_view url = value.substr(at, end - at);
    bool over = false;
    while (!url.empty() && url.back() == ',') {
      url.remove_suffix(1);
      over = true;
    }
    std::string_view descriptor;
    if (!over) {
      const std::size_t comma = std::min(value.find(',', end), value.size());
      descriptor = text::trim(value.substr(end, comma - end));
      end = comma;
    }
    if (!out.empty()) out += ", ";
    out += safe_url(url, "srcset");
    if (!descriptor.empty()) {
      out += ' ';
      out += descriptor;
    }
    at = end;
  }
  return out;
}

bool is_safe_style(std::string_view value) {
  if (value.find_first_of("<{}\\") != std::string_view::npos) return false;
  std::string low = lower_ascii(value);
  return low.find("url(") == std::string::npos && low.find("expression(") == std::string::npos &&
         low.find("@import") == std::string::npos;
}

void Machine::open_element(std::uint32_t k) {
  end_tag();
  output_ += '<';
  output_ += as_text(linked_->constants[k])->view();
  elements_.push_back(k);
  tag_open_ = true;
}

void Machine::close_element(bool self_closing) {
  end_tag();
  const std::uint32_t k = elements_.back();
  elements_.pop_back();
  if (self_closing) return;
  output_ += "</";
  output_ += as_text(linked_->constants[k])->view().substr(0, linked_->tag_size[k]);
  output_ += '>';
}

void Machine::write_text(Value v, int depth) {
  constexpr int kDepth = 100;
  if (is_text(v)) return text::append_html(output_, as_text(v)->view());
  if (is_kind(v, ObjectKind::kView)) {
    output_ += cast<View>(v)->html->view();
    return;
  }
  if (is_list(v) && depth < kDepth) {
    ListObject* list = as_list(v);
    for (std::uint64_t i = 0; i < list->size; ++i) write_text(item_of(heap_, list, i), depth + 1);
    return;
  }
  if (is_none(v)) return;
  scratch_.clear();
  append_text_form(scratch_, v, *linked_);
  text::append_html(output_, scratch_);
}

namespace {

// `class`: truthy items of a list, keys with truthy values of a map.
std::string class_text(Machine& m, Value v) {
  std::string out;
  const auto add = [&](Value name) {
    if (!out.empty()) out += ' ';
    append_text_form(out, name, m.linked());
  };
  if (is_list(v)) {
    for (std::uint64_t i = 0; i < as_list(v)->size; ++i) {
      const Value item = item_of(m.heap(), as_list(v), i);
      if (is_truthy(item)) add(item);
    }
  } else {
    for (const MapEntry *entry = as_map(v)->begin(), *end = as_map(v)->end(); entry != end; ++entry)
      if (!is_empty(entry->key) && is_truthy(entry->value)) add(entry->key);
  }
  return out;
}

std::string style_text(Machine& m, Value v) {
  std::string out;
  for (const MapEntry *entry = as_map(v)->begin(), *end = as_map(v)->end(); entry != end; ++entry) {
    if (is_empty(entry->key) || is_none(entry->value) || entry->value.bits == kFalse.bits) continue;
    const std::string name = m.text_form(entry->key), value = m.text_form(entry->value);
    if (!is_safe_style(name) || !is_safe_style(value) ||
        (name + value).find(';') != std::string::npos) {
      m.linked().core->log(2, "a value of style was left out: " + name);
      continue;
    }
    if (!out.empty()) out += "; ";
    out += name + ": " + value;
  }
  return out;
}

}  // namespace

void Machine::write_attribute(std::string_view name, Value v) {
  if (!tag_open_ || is_none(v)) return;
  const bool writes_bool = name.substr(0, 5) == "aria-" || name.substr(0, 5) == "data-";
  if (is_bool(v) && !writes_bool) {
    if (v.bits != kTrue.bits) return;
    output_ += ' ';
    output_ += name;
    return;
  }
  std::string value;
  if (name == "class" && (is_list(v) || is_map(v)))
    value = class_text(*this, v);
  else if (name == "style" && is_map(v))
    value = style_text(*this, v);
  else
    append_text_form(value, v, *linked_);

  if (name == "style" && !is_safe_style(value)) {
    linked_->core->log(2, "a value of style was left out");
    value.clear();
  } else if (name == "srcset") {
    value = safe_srcset(value);
  } else if (one_of(name, kUrlAttributes)) {
    value = safe_url(value, name);
  }
  output_ += ' ';
  output_ += name;
  output_ += "=\"";
  text::append_html(output_, value);
  output_ += '"';
}

void Machine::spread_attributes(Value v) {
  if (!is_map(v)) return;
  for (const MapEntry *entry = as_map(v)->begin(), *end = as_map(v)->end(); entry != end; ++entry) {
    if (is_empty(entry->key)) continue;
    const std::string name = lower_ascii(text_form(entry->key));
    if (!is_attribute_name(name) || names_event(name) || name == "srcdoc") {
      linked_->core->log(2, "an attribute was left out of a spread: " + name);
      continue;
    }
    write_attribute(name, entry->value);
  }
}

}  // namespace flin::runtime
