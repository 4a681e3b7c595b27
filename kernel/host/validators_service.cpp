#include "host/validators_service.h"

#include "base/number_text.h"

#include <charconv>

namespace flin {

namespace {

std::string currency(std::uint32_t extra) {
  return {static_cast<char>(extra & 0xFF), static_cast<char>(extra >> 8 & 0xFF),
          static_cast<char>(extra >> 16 & 0xFF)};
}

// L 3.7.
void append(std::string& out, const Plain& value) {
  switch (value.kind) {
    case Kind::kNone: out += "none"; break;
    case Kind::kBool: out += value.i != 0 ? "true" : "false"; break;
    case Kind::kInt: text::append_int(out, value.i); break;
    case Kind::kNumber: text::append_number(out, value.n); break;
    case Kind::kTime: text::append_time(out, value.i); break;
    case Kind::kDuration: text::append_duration(out, value.i); break;
    case Kind::kMoney: text::append_money(out, value.i, currency(value.extra)); break;
    default: out += std::string_view(value.text);
  }
}

// The number in "{3}" at the beginning of `text`, and how long that is; 0 when it is none.
std::size_t read_mark(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  const bool is_mark = error == std::errc() && end != text.data() + text.size() && *end == '}';
  return is_mark ? static_cast<std::size_t>(end - text.data()) + 1 : 0;
}

}  // namespace

std::uint32_t ValidatorsService::find(Text name, Validator& out) noexcept {
  const ValidatorEntry* entry = bindings_.validator_entry(name);
  if (entry == nullptr) return 0;
  out.name = std::string_view(entry->declared.name);
  out.plugin = std::string_view(entry->plugin);
  out.fits = std::string_view(entry->declared.fits);
  out.arguments = std::string_view(entry->declared.arguments);
  out.message = std::string_view(entry->message);
  out.check = entry->check;
  out.self = entry->self;
  return 1;
}

void ValidatorsService::message(const Validator& validator, List<Plain> arguments,
                                ITextSink& out) noexcept {
  std::string message;
  std::string_view rest = validator.message;
  while (!rest.empty()) {
    std::uint64_t number = 0;
    const std::size_t length = rest.front() == '{' ? read_mark(rest, number) : 0;
    if (length != 0 && number < arguments.size) {
      append(message, arguments[number]);
      rest.remove_prefix(length);
    } else {
      message += rest.front();
      rest.remove_prefix(1);
    }
  }
  out.text(std::string_view(message));
}

}  // namespace flin
