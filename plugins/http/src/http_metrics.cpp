#include "http_metrics.h"

#include <iterator>

namespace flin::http {
namespace {

constexpr double kBounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                              0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};

MetricDecl decl(Text name, Text help) {
  MetricDecl out;
  out.name = name;
  out.help = help;
  return out;
}

double count_of(void* data) {
  return static_cast<double>(
      static_cast<std::atomic<std::int64_t>*>(data)->load(std::memory_order_relaxed));
}

// One counter per value of a label.
template <std::size_t N>
Status add_labelled(IMetrics& metrics, MetricDecl row, Text label, const Text (&values)[N],
                    Counter* out) {
  for (std::size_t i = 0; i < N; ++i) {
    if (values[i].size == 0) continue;
    const MetricLabel pair{label, values[i]};
    row.labels = List<MetricLabel>(&pair, 1);
    if (Status status = add_counter(metrics, row, out[i]); !status.ok()) return status;
  }
  return Status();
}

}  // namespace

Status HttpMetrics::attach(IMetrics* metrics, IPlugin& self) {
  if (!metrics) return Status();
  const struct {
    Text name, help;
    Counter& counter;
  } counters[] = {
      {"flin_http_received_bytes_total", "Bytes read from connections.", received},
      {"flin_http_sent_bytes_total", "Bytes written to connections.", sent},
      {"flin_http_connections_total", "Connections accepted.", accepted},
      {"flin_http_connections_refused_total", "Connections refused by a limit.", turned_away},
      {"flin_http_malformed_total", "Requests refused before they ran.", malformed}};
  for (const auto& row : counters) {
    Status status = add_counter(*metrics, decl(row.name, row.help), row.counter);
    if (!status.ok()) return status;
  }
  static constexpr Text kClasses[] = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
  Status status = add_labelled(
      *metrics, decl("flin_http_requests_total", "Requests answered, by status class."), "class",
      kClasses, requests_.data());
  if (!status.ok()) return status;
  static constexpr Text kTimeouts[] = {"head", "body", "answer", "idle"};
  status = add_labelled(*metrics, decl("flin_http_timeouts_total", "Waits that were given up."),
                        "what", kTimeouts, timeouts_.data());
  if (!status.ok()) return status;
  MetricDecl seconds =
      decl("flin_http_request_seconds", "From the head of a request to its answer.");
  seconds.bounds = List<double>(kBounds, std::size(kBounds));
  if (status = add_histogram(*metrics, seconds, seconds_); !status.ok()) return status;
  const MetricFn fn = [](IPlugin&, void* data) noexcept { return count_of(data); };
  status = metrics->compute(kGaugeMetric, decl("flin_http_connections", "Connections open."), fn,
                            self, &connections);
  if (!status.ok()) return status;
  return metrics->compute(kGaugeMetric,
                          decl("flin_http_requests_in_flight", "Requests read and not answered."),
                          fn, self, &in_flight);
}

}  // namespace flin::http
