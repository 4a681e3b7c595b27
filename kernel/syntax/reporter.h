// Where lexer and parser send their messages. It can be told to be quiet while the parser tries
// whether a text can be read in a certain way.
#pragma once

#include "syntax/diagnostic.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace flin::syntax {

class Reporter {
 public:
  Reporter(Diagnostics& diagnostics, std::uint32_t file) : diagnostics_(diagnostics), file_(file) {}

  // As Diagnostics::report. While quiet it only counts.
  Diagnostic& report(Code code, std::uint32_t begin, std::uint32_t end,
                     std::initializer_list<std::string_view> arguments, std::string label = {}) {
    ++reports_;
    if (quiet_ > 0) return scratch_ = Diagnostic{code, {}, {}, {}, {}, {}};
    return diagnostics_.report(code, {file_, begin, end}, arguments, std::move(label));
  }
  std::size_t reports() const { return reports_; }
  bool is_quiet() const { return quiet_ > 0; }

  // Nothing is kept while one of these lives.
  class Quiet {
   public:
    explicit Quiet(Reporter& reporter) : reporter_(reporter), before_(reporter.reports_) {
      ++reporter_.quiet_;
    }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    ~Quiet() {
      --reporter_.quiet_;
      reporter_.reports_ = before_;
    }
    bool found_errors() const { return reporter_.reports_ != before_; }

   private:
    Reporter& reporter_;
    std::size_t before_;
  };

 private:
  Diagnostics& diagnostics_;
  std::uint32_t file_;
  std::size_t reports_ = 0;
  int quiet_ = 0;
  Diagnostic scratch_{};
};

}  // namespace flin::syntax
