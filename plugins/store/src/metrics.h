// What the store counts (flin/metrics.h). Handles: copied freely, and without effect under a host
// that keeps no metrics.
#pragma once

#include "flin/metrics.h"

namespace flin::store {

struct StoreMetrics {
  Counter commits;    // change sets that took effect
  Counter refused;    // change sets that did not, for whatever reason
  Counter rows;       // rows and values given by queries
  Gauge queue;        // change sets that wait for the disk
  Histogram group;    // change sets in one transaction
  Histogram seconds;  // of one transaction, with its fsync
};

inline Status register_metrics(IMetrics& metrics, StoreMetrics& out) {
  static constexpr double kGroups[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  static constexpr double kSeconds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                        0.01,   0.025,   0.05,   0.1,   0.25,   1};
  Status status = add_counter(
      metrics, {"flin_store_commits_total", "Change sets that took effect."}, out.commits);
  if (status.ok())
    status = add_counter(metrics, {"flin_store_refused_total", "Change sets that were refused."},
                         out.refused);
  if (status.ok())
    status = add_counter(
        metrics, {"flin_store_rows_read_total", "Rows and values that queries gave."}, out.rows);
  if (status.ok())
    status = add_gauge(
        metrics, {"flin_store_commits_waiting", "Change sets that wait for the disk."}, out.queue);
  if (status.ok())
    status = add_histogram(
        metrics,
        {"flin_store_group_commits", "Change sets written by one transaction.", {}, kGroups},
        out.group);
  if (status.ok())
    status = add_histogram(metrics,
                           {"flin_store_transaction_seconds",
                            "Time of one transaction on the disk, its fsync included.",
                            {},
                            kSeconds},
                           out.seconds);
  return status;
}

}  // namespace flin::store
