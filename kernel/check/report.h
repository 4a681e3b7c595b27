// Messages of one round of checking. Types are found in rounds (infer.h) and only the last one's
// messages count, so they are kept here until it is known which one that was.
#pragma once

#include "syntax/diagnostic.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace flin::check {

struct Report {
  syntax::Code code;
  syntax::Span span;
  std::vector<std::string> arguments;
  std::string label;
  std::vector<syntax::Place> others;
  std::vector<std::string> helps;  // instead of the code's usual one, if any
  std::vector<std::string> notes;
};

class Reports {
 public:
  // The reference is valid until the next call.
  Report& add(syntax::Code code, syntax::Span span,
              std::initializer_list<std::string_view> arguments = {}, std::string label = {});
  void clear() { all_.clear(); }
  void take(Reports& other);  // all of the other's
  // Hands everything on and forgets it.
  void flush(syntax::Diagnostics& diagnostics);

 private:
  std::vector<Report> all_;
};

}  // namespace flin::check
