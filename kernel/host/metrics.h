// IMetrics: what is counted in this process, kernel and plugins alike, and its text form for
// Prometheus (flin/metrics.h). Metrics are added and never removed, so cells and series stay where
// they are and are written without a lock. [any-thread]
#pragma once

#include "flin/metrics.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

class Metrics final : public IMetrics {
 public:
  Metrics();
  ~Metrics();

  Status add(std::uint32_t kind, const MetricDecl& decl, MetricCells& out) noexcept override;
  Status compute(std::uint32_t kind, const MetricDecl& decl, MetricFn fn, IPlugin& self,
                 void* data) noexcept override;
  void write(ITextSink& out) noexcept override;

  // The kernel's own: a counter or gauge that `value` computes.
  void compute(std::uint32_t kind, std::string_view name, std::string_view help,
               std::function<double()> value);
  std::string text();

 private:
  struct Series;
  struct Family;
  struct Shown;

  // The series for `decl`, made when it is missing. [lock_ held]
  Status find(std::uint32_t kind, const MetricDecl& decl, Series*& out, bool& is_new);

  std::mutex lock_;  // guards families_ and their lists, not the cells
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;
};

}  // namespace flin
