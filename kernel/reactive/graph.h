// The reactive graph: sources, computeds, effects and scopes over 32-bit indices. It knows neither
// values nor the VM: what a node computes and whether that changed is its owner's business. The
// same algorithm as js/src/signals.js, held to the same cases (tests/kernel/reactive/cases.json).
//
// Algorithm (after alien-signals; PERFORMANCE.md 7). A change pushes marks down the subscribers
// without running anything, Dirty to the first level, Pending below, and stops at marked nodes. A
// flush pulls: each queued effect validates its dependencies in the order it read them, recomputes
// a marked one first and stops at the first real change. Marks are cleared before a node runs, so
// each node runs at most once per wave. Links are used again when a run reads the same
// dependencies, so a stable graph allocates nothing. Neither marking nor validating recurses.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <vector>

namespace flin::reactive {

class Graph {
 public:
  using Id = std::uint32_t;
  static constexpr Id kNone = 0;
  using ComputeFn = bool (*)(void* context);  // runs the computation; true: its value has changed
  using EffectFn = void (*)(void* context);

  Graph();

  Id source();
  // Lazy: runs when it is first read. `fn` must stay callable until dispose.
  Id computed(ComputeFn fn, void* context);
  // Runs at once, and again in a flush after a change of what it read.
  Id effect(EffectFn fn, void* context);
  // An effect whose work goes on elsewhere: `fn` only takes note. It is not run when made, reads
  // made in `fn` are not recorded and its links stay until depends_on() gives the new ones, so a
  // change that comes while the work goes on calls `fn` again.
  Id deferred(EffectFn fn, void* context);
  void depends_on(Id deferred, const Id* sources, std::size_t count);

  // In a running computation: depends on `node`, which is brought up to date first. Elsewhere it is
  // only brought up to date.
  void read(Id node);
  bool is_tracking() const { return active_ != kNone; }

  // The source has another value than before.
  void changed(Id source);
  void begin_batch() { ++depth_; }
  void end_batch();

  // Reads between are not recorded. Gives what end_untracked() takes.
  Id begin_untracked();
  void end_untracked(Id before);

  // What is made between belongs to the scope and goes with it.
  struct ScopeGuard {
    Id active, owner;
  };
  Id scope(ScopeGuard& guard);
  void end_scope(const ScopeGuard& guard);
  void on_cleanup(EffectFn fn, void* context);

  // Ends a node with all it owns; a source must have no reader that runs. Twice does nothing as
  // long as the index was not given to another node.
  void dispose(Id node);

  std::size_t nodes() const { return live_; }
  // Set when a flush went through 100 waves: updates do not end (R0019). Cleared by reading.
  bool take_endless();

 private:
  using Link = std::uint32_t;
  enum Flag : std::uint16_t {
    kPending = 1,
    kDirty = 2,
    kRunning = 4,
    kQueued = 8,
    kDead = 16,
    kEffect = 32,
    kComputed = 64,
    kScope = 128,
    kDeferred = 256,
    kCleanup = 512
  };
  struct Node {
    Link deps = 0, tail = 0, subscribers = 0, subscribers_tail = 0;
    Id owned = kNone, next_owned = kNone, owner = kNone;
    std::uint32_t run = 0, order = 0;
    std::uint16_t flags = 0;
    union {
      ComputeFn compute;
      EffectFn effect = nullptr;
    };
    void* context = nullptr;
  };
  struct LinkRow {
    Id dependency = kNone, subscriber = kNone;
    std::uint32_t run = 0;
    Link next_dependency = 0, previous_subscriber = 0, next_subscriber = 0;
  };

  Id make(std::uint16_t flags);
  void own(Id node);
  void release_node(Id node);
  Link make_link();
  void link(Id dependency, Id subscriber);
  void unlink_from(Link first);
  void begin_run(Id node, Id& outer);
  void end_run(Id node, Id outer);
  void mark(Id source);
  void enqueue(Id node);
  void recompute(Id node);
  void validate(Id node);
  void run_effect(Id node);
  void dispose_owned(Id node);
  void flush();

  std::vector<Node> nodes_;
  std::vector<LinkRow> links_;
  std::vector<Id> free_nodes_, queue_, wave_, marking_;
  std::vector<Link> free_links_;
  Id active_ = kNone, owner_ = kNone;
  std::uint32_t depth_ = 0, runs_ = 0, made_ = 0;
  std::size_t live_ = 0;
  bool flushing_ = false, endless_ = false;
};

}  // namespace flin::reactive
