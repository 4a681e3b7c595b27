// Messages about programs, in the form of L 19.1, collected in a sink and sorted by place.
#pragma once

#include "syntax/source.h"

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace flin::syntax {

enum class Code : std::uint16_t {
#define DIAGNOSTIC(code, message, help) code,
#include "syntax/diagnostics.def"
#undef DIAGNOSTIC
};

std::string_view name_of(Code code);  // "E0001"
bool is_error(Code code);             // E codes stop the build

struct Place {
  Span span;
  std::string label;  // beside the carets
};

struct Diagnostic {
  Code code;
  std::string message;
  Place at;
  std::vector<Place> others;       // further `-->` blocks
  std::vector<std::string> helps;  // without the word
  std::vector<std::string> notes;
};

class Diagnostics {
 public:
  // Adds a message, its text made from the row of diagnostics.def with {0}, {1}, .. replaced and
  // its usual help, if the row has one. The reference is valid until the next call; use it to add
  // to it. A second error for the same span is dropped (a scratch object is given back).
  Diagnostic& report(Code code, Span span, std::initializer_list<std::string_view> arguments,
                     std::string label = {});

  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  // Sorted by place, at most 50 errors per file (L 19.3).
  std::vector<Diagnostic> sorted() const;
  // All of them as text, in the exact form of L 19.1, an empty line between two.
  std::string render(const Sources& sources) const;

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

  std::vector<Diagnostic> all_;
  std::set<Key> error_spans_;
  Diagnostic scratch_;
  std::size_t errors_ = 0;
};

std::string render(const Diagnostic& diagnostic, const Sources& sources);

}  // namespace flin::syntax
