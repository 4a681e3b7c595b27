#include "host/metrics.h"

#include "base/number_text.h"
#include "runtime/status.h"

#include <algorithm>
#include <cmath>

namespace flin {

namespace {

constexpr std::size_t kMostSeries = 1000;  // of one name: labels must not hold ids or addresses
constexpr std::size_t kMostLabels = 16;
constexpr std::size_t kMostBounds = 64;
constexpr std::size_t kCellsOfLine = 8;

// One cache line, so that two metrics never share one.
struct alignas(64) Line {
  std::uint64_t cells[kCellsOfLine] = {};
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Prometheus data model: [a-zA-Z_:][a-zA-Z0-9_:]*; label names have no colon.
bool is_name(std::string_view name, bool with_colon) {
  if (name.empty() || is_digit(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || (with_colon && c == ':');
  });
}

Status refused(const MetricDecl& decl, const std::string& why) {
  return make_status(code('P', 114), "metric '" + std::string(std::string_view(decl.name)) +
                                         "' cannot be registered: " + why);
}

const char* word_of(std::uint32_t kind) {
  return kind == kCounterMetric ? "counter" : kind == kGaugeMetric ? "gauge" : "histogram";
}

Status check_labels(const MetricDecl& decl) {
  if (decl.labels.size > kMostLabels) return refused(decl, "it has more than 16 labels");
  for (const MetricLabel& label : decl.labels) {
    const std::string_view name = label.name;
    if (!is_name(name, false) || name.starts_with("__") || name == "le") {
      return refused(decl, "'" + std::string(name) +
                               "' is no name of a label (letters, digits and '_', not 'le')");
    }
  }
  return {};
}

Status check_bounds(std::uint32_t kind, const MetricDecl& decl) {
  if (kind != kHistogramMetric) {
    return decl.bounds.empty() ? Status() : refused(decl, "only histograms have bounds");
  }
  if (decl.bounds.empty() || decl.bounds.size > kMostBounds)
    return refused(decl, "a histogram has 1 to 64 bounds");
  for (std::uint64_t i = 0; i < decl.bounds.size; ++i) {
    if (!std::isfinite(decl.bounds[i]) || (i > 0 && decl.bounds[i] <= decl.bounds[i - 1]))
      return refused(decl, "bounds are finite and rise");
  }
  return {};
}

Status check(std::uint32_t kind, const MetricDecl& decl) {
  if (kind > kHistogramMetric) return refused(decl, "there is no such kind");
  if (!is_name(decl.name, true))
    return refused(decl, "a name has letters, digits, '_' and ':', and no digit first");
  if (Status status = check_labels(decl); !status.ok()) return status;
  return check_bounds(kind, decl);
}

void append_escaped(std::string& out, std::string_view text, bool is_label) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && is_label)
      out += "\\\"";
    else
      out += c;
  }
}

// a="1",b="2": without braces, so that `le` can follow.
std::string shown(List<MetricLabel> labels) {
  std::string out;
  for (const MetricLabel& label : labels) {
    if (!out.empty()) out += ',';
    out += std::string_view(label.name);
    out += "=\"";
    append_escaped(out, label.value, true);
    out += '"';
  }
  return out;
}

void append_value(std::string& out, double value) {
  if (std::isinf(value))
    out += value > 0 ? "+Inf" : "-Inf";
  else
    text::append_number(out, value);
}

void append_sample(std::string& out, std::string_view name, std::string_view suffix,
                   const std::string& labels) {
  out += name;
  out += suffix;
  if (!labels.empty()) out += '{' + labels + '}';
  out += ' ';
}

}  // namespace

struct Metrics::Series {
  std::string labels;
  std::vector<double> bounds;
  std::vector<Line> lines;          // value, then buckets; none of a computed one
  std::function<double()> compute;  // set before the series is listed, never changed

  MetricCells cells() {
    std::uint64_t* first = lines.front().cells;
    return {first, bounds.empty() ? nullptr : first + 1, bounds.data(), bounds.size()};
  }
};

struct Metrics::Family {
  std::uint32_t kind;
  std::string help;
  std::vector<std::unique_ptr<Series>> series;
};

// What write() took under the lock: everything in it stays where it is.
struct Metrics::Shown {
  std::string_view name;
  const Family* family;
  std::vector<Series*> series;

  void append(std::string& out) const {
    out += "# HELP " + std::string(name) + ' ';
    append_escaped(out, family->help, false);
    out += "\n# TYPE " + std::string(name) + ' ' + word_of(family->kind) + '\n';
    for (Series* one : series) append(out, *one);
  }
  void append(std::string& out, Series& one) const {
    if (family->kind == kHistogramMetric) return append_histogram(out, one);
    append_sample(out, name, "", one.labels);
    if (one.compute)
      append_value(out, one.compute());
    else if (family->kind == kCounterMetric)
      out += std::to_string(metric_cells::load(one.cells().value));
    else
      append_value(out, metric_cells::number(metric_cells::load(one.cells().value)));
    out += '\n';
  }
  // Buckets count everything up to their bound; the last one is the count.
  void append_histogram(std::string& out, Series& one) const {
    const MetricCells cells = one.cells();
    const std::string before = one.labels.empty() ? "" : one.labels + ",";
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i <= cells.bound_count; ++i) {
      sum += metric_cells::load(cells.buckets + i);
      std::string le;
      append_value(le, i < cells.bound_count ? cells.bounds[i] : HUGE_VAL);
      append_sample(out, name, "_bucket", before + "le=\"" + le + '"');
      out += std::to_string(sum) + '\n';
    }
    append_sample(out, name, "_sum", one.labels);
    append_value(out, metric_cells::number(metric_cells::load(cells.value)));
    out += '\n';
    append_sample(out, name, "_count", one.labels);
    out += std::to_string(sum) + '\n';
  }
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Status Metrics::find(std::uint32_t kind, const MetricDecl& decl, Series*& out, bool& is_new) {
  auto& family = families_[std::string(std::string_view(decl.name))];
  if (family == nullptr)
    family = std::make_unique<Family>(Family{kind, std::string(std::string_view(decl.help)), {}});
  if (family->kind != kind)
    return refused(decl, std::string("it is a ") + word_of(family->kind) + " already");
  const std::string labels = shown(decl.labels);
  const auto it = std::find_if(family->series.begin(), family->series.end(),
                               [&](const auto& one) { return one->labels == labels; });
  is_new = it == family->series.end();
  if (!is_new) {
    out = it->get();
    return {};
  }
  if (family->series.size() >= kMostSeries)
    return refused(decl, "it has 1000 sets of labels already; labels are no place for ids");
  family->series.push_back(std::make_unique<Series>());
  out = family->series.back().get();
  out->labels = labels;
  return {};
}

Status Metrics::add(std::uint32_t kind, const MetricDecl& decl, MetricCells& out) noexcept {
  if (Status status = check(kind, decl); !status.ok()) return status;
  std::lock_guard lock(lock_);
  Series* series = nullptr;
  bool is_new = false;
  if (Status status = find(kind, decl, series, is_new); !status.ok()) return status;
  if (is_new) {
    series->bounds.assign(decl.bounds.begin(), decl.bounds.end());
    series->lines.resize((series->bounds.size() + 2 + kCellsOfLine - 1) / kCellsOfLine);
  } else if (series->compute) {
    return refused(decl, "it is computed by a function already");
  }
  out = series->cells();
  return {};
}

Status Metrics::compute(std::uint32_t kind, const MetricDecl& decl, MetricFn fn, IPlugin& self,
                        void* data) noexcept {
  if (kind == kHistogramMetric) return refused(decl, "a histogram cannot be computed");
  if (fn == nullptr) return refused(decl, "it has no function");
  if (Status status = check(kind, decl); !status.ok()) return status;
  std::lock_guard lock(lock_);
  Series* series = nullptr;
  bool is_new = false;
  if (Status status = find(kind, decl, series, is_new); !status.ok()) return status;
  if (!is_new) return refused(decl, "it is there already");
  series->compute = [fn, &self, data] { return fn(self, data); };
  return {};
}

void Metrics::compute(std::uint32_t kind, std::string_view name, std::string_view help,
                      std::function<double()> value) {
  MetricDecl decl;
  decl.name = name;
  decl.help = help;
  std::lock_guard lock(lock_);
  Series* series = nullptr;
  bool is_new = false;
  static_cast<void>(find(kind, decl, series, is_new));
  series->compute = std::move(value);
}

std::string Metrics::text() {
  std::vector<Shown> families;
  {
    std::lock_guard lock(lock_);
    for (const auto& [name, family] : families_) {
      families.push_back({name, family.get(), {}});
      for (const auto& one : family->series) families.back().series.push_back(one.get());
    }
  }
  std::string out;
  for (const Shown& family : families) family.append(out);
  return out;
}

void Metrics::write(ITextSink& out) noexcept { out.text(std::string_view(text())); }

}  // namespace flin
