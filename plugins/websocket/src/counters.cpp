#include "counters.h"

#include <string>

namespace flin::ws {

Status Metrics::load(IHost& host, IPlugin& self) {
  host_ = service<IMetrics>(host);
  if (!host_) return Status();
  const struct {
    Count Counters::*member;
    std::uint32_t kind;
    Text name, help;
  } all[] = {
#define COUNTER(member, kind, name, help) {&Counters::member, kind, name, help},
#include "counters.def"
#undef COUNTER
  };
  for (const auto& one : all) rows_.push_back({this, one.member});
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Status status =
        host_->compute(all[i].kind, {all[i].name, all[i].help}, &Metrics::sum, self, &rows_[i]);
    if (!status.ok()) return status;
  }
  return Status();
}

double Metrics::sum(IPlugin&, void* data) noexcept {
  const Row& row = *static_cast<Row*>(data);
  const std::lock_guard lock(row.metrics->mutex_);
  std::uint64_t sum = 0;
  for (const Counters* counters : row.metrics->loops_) sum += (counters->*row.member).value();
  return static_cast<double>(sum);
}

void Metrics::add(const Counters& counters) {
  const std::lock_guard lock(mutex_);
  loops_.push_back(&counters);
}

void Metrics::count_close(std::uint16_t code) {
  if (!host_) return;
  const std::string name = code < 3000 || code == 4001 ? std::to_string(code) : "other";
  const MetricLabel labels[] = {{"code", Text(std::string_view(name))}};
  Counter closes;
  const Status status = add_counter(
      *host_, {"flin_ws_closes_total", "WebSockets that ended, by our close code.", labels},
      closes);
  if (status.ok()) closes.add();
}

}  // namespace flin::ws
