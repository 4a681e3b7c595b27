// The live hub: the nodes of live values, shared by all pages that show the same (ARCHITECTURE 5),
// and the road from a commit to the pages. Commits pass in order: touched nodes are computed again,
// then every page concerned is told, by references to fragments that were serialised once.
//
// A node is (live row, values of all inputs) of one Program. It depends on sources of the reactive
// graph; a commit touches sources; the graph says which nodes are concerned. Nodes that no page
// shows are only marked stale, and dropped 30 s after the last page has left.
//
// All functions [any-thread] unless said otherwise; one lock guards nodes and graph. FLIN code
// never runs under it.
#pragma once

#include "agents/programs.h"
#include "agents/scheduler.h"
#include "flin/sources.h"
#include "pages/live_value.h"
#include "pages/shared_bytes.h"
#include "reactive/graph.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace flin::pages {

class LiveNode;
using NodeRef = std::shared_ptr<LiveNode>;

// Who shows a node: a page on a loop, under a live key.
struct Watcher {
  std::uint32_t loop = 0;
  std::uint64_t page = 0;
  std::string key;  // "0", "3@c2"
};

// A value at some moment. `seq`: it is at least as new as that commit.
struct LiveSnapshot {
  std::shared_ptr<const LiveData> data;  // null: it failed
  Error failure;
  std::uint64_t seq = 0;
  bool is_fresh = true;  // false: a newer value is due
};

class LiveHub final : public ISources {
 public:
  // `deliver` is called on the loop of the pages concerned, once per step and loop, entries by
  // page.
  struct Delivery {
    std::uint64_t page;
    std::string key;
    const LiveNode* node;
    BytesRef fragment;  // "key",ops
    Error failure;      // code other than 0: the value failed and keeps its old state
    std::shared_ptr<const LiveData> data;  // what the fragment leads to
  };
  using Deliver = std::function<void(std::uint32_t loop, std::uint64_t seq,
                                     const std::vector<Delivery>& entries)>;

  LiveHub(agents::Scheduler& scheduler, Deliver deliver);
  ~LiveHub();

  // ISources.
  std::uint64_t create() noexcept override;
  void touch(std::uint64_t seq, List<std::uint64_t> sources) noexcept override;
  void release(std::uint64_t source) noexcept override;

  // The number up to which everything was told.
  std::uint64_t told() const;
  // The newest commit that was touched.
  std::uint64_t newest() const;

  // The node of a live row for inputs in their wire form ("[\"milk\"]"), made when missing.
  NodeRef node(const std::shared_ptr<const runtime::Program>& program, std::uint32_t row,
               std::string inputs);
  // Its value if it is known and fresh.
  bool fresh(const NodeRef& node, LiveSnapshot& out) const;
  // Calls `done` on the calling loop when the value is fresh (perhaps at once). [loop-thread]
  void want(const NodeRef& node, std::function<void(const LiveSnapshot&)> done);
  // A computation elsewhere (a render) found the value; it began when `began` was the newest
  // commit.
  std::shared_ptr<const LiveData> publish(const NodeRef& node, std::string json,
                                          const std::vector<std::uint64_t>& sources,
                                          std::uint64_t began);

  // From now on the page is told of changes; gives the value that those changes start from.
  // [loop-thread]
  LiveSnapshot watch(const NodeRef& node, const Watcher& watcher);
  // The value that its watchers were told last; false: none.
  bool present(const NodeRef& node, LiveSnapshot& out) const;
  void unwatch(const NodeRef& node, std::uint32_t loop, std::uint64_t page, const std::string& key);
  // Whether every source of the node was last touched at or before `seq`; false also when not
  // known.
  bool untouched_since(const NodeRef& node, std::uint64_t seq) const;

  // Drops nodes that nobody watched for 30 s, and those of Programs that are not served any more as
  // soon as nobody watches them. Called now and then by a timer of loop 0.
  void sweep(std::int64_t now_ms);
  // Programs with a smaller number are not served any more: their nodes go with their last page,
  // and with the nodes the Programs.
  void retire_before(std::uint32_t program);
  std::size_t nodes() const;
  std::uint64_t computations() const { return computations_.load(std::memory_order_relaxed); }
  std::uint64_t fragments() const { return fragments_.load(std::memory_order_relaxed); }

 private:
  class ComputeJob;
  struct Step {
    std::uint64_t seq = 0;
    std::vector<NodeRef> nodes;  // watched ones that are to be computed again
  };
  struct Told {
    std::uint32_t loop;
    Delivery delivery;
  };

  static void note_dirty(void* context);
  void compute(const NodeRef& node);
  void computed(const NodeRef& node, Result<std::string> json, std::vector<std::uint64_t> sources,
                std::uint64_t began);
  bool apply(LiveNode& node, std::string json, const std::vector<std::uint64_t>& sources,
             std::uint64_t began);
  void collect(LiveNode& node, const std::string& ops, std::vector<Told>& out);
  bool is_retired(const LiveNode& node) const;
  std::vector<NodeRef> sweep_locked();
  void sweep_again_soon();
  void next_step();
  void finish_step_if_done();

  agents::Scheduler& scheduler_;
  const Deliver deliver_;

  mutable std::mutex lock_;  // guards everything below
  reactive::Graph graph_;
  std::unordered_map<std::uint64_t, std::uint64_t> touched_;  // source -> last seq
  std::unordered_map<std::string, NodeRef> nodes_;            // by program, row, inputs
  std::vector<NodeRef> dirty_;                                // noted by the graph in this touch
  std::vector<Step> steps_;                                   // waiting, in order
  Step present_;                                              // being computed
  std::size_t outstanding_ = 0;                               // nodes of `present_` still computing
  std::vector<Told> tell_;                                    // of `present_`
  bool is_stepping_ = false;
  std::uint64_t newest_ = 0, told_ = 0;
  std::int64_t now_ms_ = 0;
  std::uint32_t serving_ = 0;  // number of the Program served
  bool has_held_ = false;      // the last sweep left a retired node that somebody still holds
  bool is_sweep_due_ = false;  // a timer sweeps again
  std::atomic<std::uint64_t> computations_{0}, fragments_{0};
};

// A node; its fields are the hub's, guarded by its lock, but for what is constant.
class LiveNode {
 public:
  LiveNode(LiveHub& hub, std::shared_ptr<const runtime::Program> program, std::uint32_t row,
           std::string inputs)
      : hub_(hub), program_(std::move(program)), row_(row), inputs_(std::move(inputs)) {}

  const std::shared_ptr<const runtime::Program>& program() const { return program_; }
  const bytecode::LiveRow& row() const { return program_->chunk().lives[row_]; }
  std::uint32_t number() const { return row_; }
  const std::string& inputs() const {
    return inputs_;
  }  // a JSON array in the order of the row's inputs

 private:
  friend class LiveHub;
  LiveHub& hub_;
  const std::shared_ptr<const runtime::Program> program_;
  const std::uint32_t row_;
  const std::string inputs_;

  std::weak_ptr<LiveNode> self_;
  reactive::Graph::Id graph_id_ = reactive::Graph::kNone;
  std::shared_ptr<const LiveData> data_;
  Error failure_;
  std::uint64_t seq_ = 0;
  std::vector<std::uint64_t> sources_;
  bool has_sources_ = false;
  bool is_fresh_ = false, is_computing_ = false, in_step_ = false, again_ = false;
  std::vector<Watcher> watchers_;
  struct Waiting {
    std::uint32_t loop;
    std::function<void(const LiveSnapshot&)> done;
  };
  std::vector<Waiting> waiting_;
  std::int64_t left_at_ms_ = 0;
};

}  // namespace flin::pages
