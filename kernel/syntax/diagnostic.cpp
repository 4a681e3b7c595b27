// Collects messages and writes them in the form of L 19.1.
#include "syntax/diagnostic.h"

#include "syntax/utf8.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <tuple>

namespace flin::syntax {

namespace {

constexpr std::size_t kErrorsPerFile = 50;

struct Row {
  std::string_view name, message, help;
};

constexpr Row kRows[] = {
#define DIAGNOSTIC(code, message, help) {#code, message, help},
#include "syntax/diagnostics.def"
#undef DIAGNOSTIC
};

const Row& row(Code code) { return kRows[static_cast<std::size_t>(code)]; }

// Replaces {0}, {1}, .. by the arguments, {{ and }} by braces.
std::string fill(std::string_view form, std::initializer_list<std::string_view> arguments) {
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char next = i + 1 < form.size() ? form[i + 1] : '\0';
    if ((form[i] == '{' || form[i] == '}') && next == form[i]) {
      out += form[i++];
    } else if (form[i] == '{' && is_digit(next) && i + 2 < form.size() && form[i + 2] == '}') {
      const std::size_t index = static_cast<std::size_t>(next - '0');
      if (index < arguments.size()) out += arguments.begin()[index];
      i += 2;
    } else {
      out += form[i];
    }
  }
  return out;
}

std::string with_tabs_as_blanks(std::string_view line) {
  std::string out;
  for (char c : line) out += c == '\t' ? std::string(4, ' ') : std::string(1, c);
  return out;
}

// Columns that the text takes on the screen, with a tab as four blanks.
std::size_t width(std::string_view text) { return count_code_points(with_tabs_as_blanks(text)); }

void render_place(std::string& out, const Place& place, const Sources& sources,
                  std::size_t gutter) {
  const Source& source = sources.at(place.span.file);
  const Position at = source.position(place.span.begin);
  const std::string_view line = source.line(at.line);
  const std::string number = std::to_string(at.line);
  // The bytes of the line before the span and inside it.
  std::size_t skipped = 0;
  for (std::uint32_t column = 1; column < at.column && skipped < line.size(); ++column)
    skipped += std::max<std::uint32_t>(code_point_at(line, skipped).bytes, 1);
  const std::size_t length = place.span.end - place.span.begin;
  const std::size_t carets = std::max<std::size_t>(width(line.substr(skipped, length)), 1);

  const std::string margin(gutter + 1, ' ');
  out += std::string(gutter, ' ') + "--> " + std::string(source.path()) + ":" + number + ":" +
         std::to_string(at.column) + "\n";
  out += margin + "|\n";
  out += std::string(gutter - number.size(), ' ') + number + " |";
  if (!line.empty()) out += " " + with_tabs_as_blanks(line);
  out += "\n" + margin + "| " + std::string(width(line.substr(0, skipped)), ' ') +
         std::string(carets, '^');
  if (!place.label.empty()) out += " " + place.label;
  out += "\n";
}

}  // namespace

std::string_view name_of(Code code) { return row(code).name; }
bool is_error(Code code) { return row(code).name[0] == 'E'; }

Diagnostic& Diagnostics::report(Code code, Span span,
                                std::initializer_list<std::string_view> arguments,
                                std::string label) {
  Diagnostic made{code, fill(row(code).message, arguments), {span, std::move(label)}, {}, {}, {}};
  if (!row(code).help.empty()) made.helps.push_back(fill(row(code).help, arguments));
  const Key key{span.file, span.begin, span.end};
  if (is_error(code)) {
    if (!error_spans_.insert(key).second) return scratch_ = std::move(made);
    ++errors_;
  }
  return all_.emplace_back(std::move(made));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> out = all_;
  std::stable_sort(out.begin(), out.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.span.file, a.at.span.begin, a.at.span.end) <
           std::tie(b.at.span.file, b.at.span.begin, b.at.span.end);
  });
  std::map<std::uint32_t, std::size_t> errors_of_file;
  std::erase_if(out, [&](const Diagnostic& d) {
    return is_error(d.code) && ++errors_of_file[d.at.span.file] > kErrorsPerFile;
  });
  return out;
}

std::string Diagnostics::render(const Sources& sources) const {
  std::string out;
  for (const Diagnostic& diagnostic : sorted()) {
    if (!out.empty()) out += "\n";
    out += syntax::render(diagnostic, sources);
  }
  return out;
}

std::string render(const Diagnostic& diagnostic, const Sources& sources) {
  std::size_t gutter = 1;
  const auto widen = [&](const Place& place) {
    const Position at = sources.at(place.span.file).position(place.span.begin);
    gutter = std::max(gutter, std::to_string(at.line).size());
  };
  widen(diagnostic.at);
  for (const Place& place : diagnostic.others) widen(place);

  std::string out = is_error(diagnostic.code) ? "error[" : "warning[";
  out += std::string(name_of(diagnostic.code)) + "]: " + diagnostic.message + "\n";
  render_place(out, diagnostic.at, sources, gutter);
  for (const Place& place : diagnostic.others) render_place(out, place, sources, gutter);
  const std::string margin(gutter + 1, ' ');
  if (!diagnostic.helps.empty() || !diagnostic.notes.empty()) out += margin + "|\n";
  for (const std::string& help : diagnostic.helps) out += margin + "= help: " + help + "\n";
  for (const std::string& note : diagnostic.notes) out += margin + "= note: " + note + "\n";
  return out;
}

}  // namespace flin::syntax
