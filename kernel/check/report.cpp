#include "check/report.h"

namespace flin::check {

Report& Reports::add(syntax::Code code, syntax::Span span,
                     std::initializer_list<std::string_view> arguments, std::string label) {
  all_.push_back({code, span, {arguments.begin(), arguments.end()}, std::move(label), {}, {}, {}});
  return all_.back();
}

void Reports::take(Reports& other) {
  for (Report& r : other.all_) all_.push_back(std::move(r));
  other.all_.clear();
}

void Reports::flush(syntax::Diagnostics& diagnostics) {
  for (Report& r : all_) {
    r.arguments.resize(4);
    syntax::Diagnostic& d = diagnostics.report(
        r.code, r.span, {r.arguments[0], r.arguments[1], r.arguments[2], r.arguments[3]},
        std::move(r.label));
    if (!r.helps.empty()) d.helps = std::move(r.helps);
    for (auto& other : r.others) d.others.push_back(std::move(other));
    for (auto& note : r.notes) d.notes.push_back(std::move(note));
  }
  all_.clear();
}

}  // namespace flin::check
