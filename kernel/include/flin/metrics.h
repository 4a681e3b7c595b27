// Numbers about a running flin, for people who operate it (A 14): counters, gauges and histograms
// with labels, written as the Prometheus text exposition format 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/). Data model and naming:
// https://prometheus.io/docs/practices/naming/ (base units, `_total` for counters).
//
//   metrics_ = service<IMetrics>(host);
//   Status status = add_counter(*metrics_, {"flin_http_requests_total", "Requests answered.",
//                                           labels}, requests_);
//   ...
//   requests_.add();                                    // any thread, no lock
#pragma once

#include "flin/plugin.h"
#include "flin/text_sink.h"

#include <cstring>
#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace flin {

enum MetricKind : std::uint32_t { kCounterMetric, kGaugeMetric, kHistogramMetric };

struct MetricLabel {
  Text name, value;
};
struct MetricDecl {
  Text name;                      // "flin_ws_frames_total": letters, digits, '_' and ':'
  Text help;                      // one sentence
  List<MetricLabel> labels = {};  // their order is kept; at most 16
  List<double> bounds = {};       // histograms: upper bounds of the buckets, rising, without +Inf;
                                  // at most 64
};
// Where a metric's numbers lie. They belong to the host and stay where they are until the plugin's
// stop() has returned; each is written by the functions below alone.
struct MetricCells {
  std::uint64_t* value = nullptr;    // counter: its count; gauge and sum of a histogram: the bits
                                     // of a double
  std::uint64_t* buckets = nullptr;  // histogram: one count per bound, then +Inf
  const double* bounds = nullptr;
  std::uint64_t bound_count = 0;
};

// Computes a number when it is asked for; must not block. Called until the plugin's stop() has
// returned. [any-thread]
using MetricFn = double (*)(IPlugin& self, void* data) noexcept;

// Host-implemented; grows at the end. Since ABI 1.1.
class IMetrics {
 public:
  static constexpr Text kId = "flin.host.IMetrics/1";
  // Registers a metric, or gives the cells of the one with this name and these labels: so labels
  // with values known only while running (a status code) need no table of one's own. Takes a lock:
  // keep the cells. P114 for a name, label or bound that is not allowed, a name that is registered
  // with another kind, and more than 1,000 sets of labels under one name. [any-thread]
  virtual Status add(std::uint32_t kind, const MetricDecl& decl, MetricCells& out) noexcept = 0;
  // A counter or gauge whose number `fn` computes. P114 as above, and when it is there already.
  // [any-thread]
  virtual Status compute(std::uint32_t kind, const MetricDecl& decl, MetricFn fn, IPlugin& self,
                         void* data) noexcept = 0;
  // Everything registered, in order of name. Content type: text/plain; version=0.0.4.
  // [any-thread]
  virtual void write(ITextSink& out) noexcept = 0;

 protected:
  ~IMetrics() = default;
};

namespace metric_cells {

// Relaxed: numbers are exact, and not ordered against other memory.
inline void add(std::uint64_t* cell, std::uint64_t n) {
#if defined(_MSC_VER)
  _InterlockedExchangeAdd64(reinterpret_cast<volatile long long*>(cell), static_cast<long long>(n));
#else
  __atomic_fetch_add(cell, n, __ATOMIC_RELAXED);
#endif
}
inline std::uint64_t load(const std::uint64_t* cell) {
#if defined(_MSC_VER)
  return *reinterpret_cast<const volatile std::uint64_t*>(cell);
#else
  return __atomic_load_n(cell, __ATOMIC_RELAXED);
#endif
}
inline bool exchange(std::uint64_t* cell, std::uint64_t expected, std::uint64_t wanted) {
#if defined(_MSC_VER)
  return static_cast<std::uint64_t>(_InterlockedCompareExchange64(
             reinterpret_cast<volatile long long*>(cell), static_cast<long long>(wanted),
             static_cast<long long>(expected))) == expected;
#else
  return __atomic_compare_exchange_n(cell, &expected, wanted, true, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED);
#endif
}
inline std::uint64_t bits(double v) {
  std::uint64_t out;
  std::memcpy(&out, &v, sizeof out);
  return out;
}
inline double number(std::uint64_t bits) {
  double out;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}
inline void set(std::uint64_t* cell, double v) {
#if defined(_MSC_VER)
  *reinterpret_cast<volatile std::uint64_t*>(cell) = bits(v);
#else
  __atomic_store_n(cell, bits(v), __ATOMIC_RELAXED);
#endif
}
inline void add_number(std::uint64_t* cell, double v) {
  for (;;) {
    const std::uint64_t old = load(cell);
    if (exchange(cell, old, bits(number(old) + v))) return;
  }
}

}  // namespace metric_cells

// Handles, to be copied freely. One that was never registered takes everything and keeps nothing,
// so a plugin works the same under a host without metrics. [any-thread]
class Counter {
 public:
  Counter() = default;
  explicit Counter(const MetricCells& cells) : cell_(cells.value) {}
  void add(std::uint64_t n = 1) const {
    if (cell_ != nullptr) metric_cells::add(cell_, n);
  }
  std::uint64_t value() const { return cell_ == nullptr ? 0 : metric_cells::load(cell_); }

 private:
  std::uint64_t* cell_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(const MetricCells& cells) : cell_(cells.value) {}
  void set(double v) const {
    if (cell_ != nullptr) metric_cells::set(cell_, v);
  }
  void add(double v) const {
    if (cell_ != nullptr) metric_cells::add_number(cell_, v);
  }
  double value() const {
    return cell_ == nullptr ? 0 : metric_cells::number(metric_cells::load(cell_));
  }

 private:
  std::uint64_t* cell_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(const MetricCells& cells) : cells_(cells) {}
  void observe(double v) const {
    if (cells_.value == nullptr) return;
    std::uint64_t at = 0;
    while (at < cells_.bound_count && !(v <= cells_.bounds[at])) ++at;
    metric_cells::add(cells_.buckets + at, 1);
    metric_cells::add_number(cells_.value, v);
  }
  std::uint64_t count() const {
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; cells_.value != nullptr && i <= cells_.bound_count; ++i)
      sum += metric_cells::load(cells_.buckets + i);
    return sum;
  }

 private:
  MetricCells cells_;
};

inline Status add_counter(IMetrics& metrics, const MetricDecl& decl, Counter& out) {
  MetricCells cells;
  Status status = metrics.add(kCounterMetric, decl, cells);
  if (status.ok()) out = Counter(cells);
  return status;
}
inline Status add_gauge(IMetrics& metrics, const MetricDecl& decl, Gauge& out) {
  MetricCells cells;
  Status status = metrics.add(kGaugeMetric, decl, cells);
  if (status.ok()) out = Gauge(cells);
  return status;
}
inline Status add_histogram(IMetrics& metrics, const MetricDecl& decl, Histogram& out) {
  MetricCells cells;
  Status status = metrics.add(kHistogramMetric, decl, cells);
  if (status.ok()) out = Histogram(cells);
  return status;
}

}  // namespace flin
