#include "reactive/graph.h"

#include "base/assert.h"

#include <algorithm>

namespace flin::reactive {

namespace {
constexpr int kMaxWaves = 100;
}

Graph::Graph() {
  nodes_.emplace_back();  // index 0 is no node
  links_.emplace_back();
}

Graph::Id Graph::make(std::uint16_t flags) {
  Id id;
  if (free_nodes_.empty()) {
    id = static_cast<Id>(nodes_.size());
    nodes_.emplace_back();
  } else {
    id = free_nodes_.back();
    free_nodes_.pop_back();
    nodes_[id] = Node{};
  }
  nodes_[id].flags = flags;
  nodes_[id].order = ++made_;
  ++live_;
  return id;
}

void Graph::own(Id node) {
  if (owner_ == kNone) return;
  nodes_[node].owner = owner_;
  nodes_[node].next_owned = nodes_[owner_].owned;
  nodes_[owner_].owned = node;
}

void Graph::release_node(Id node) {
  unlink_from(nodes_[node].deps);
  nodes_[node].deps = nodes_[node].tail = 0;
  if (nodes_[node].owner != kNone) {  // out of the list of its owner
    Id* at = &nodes_[nodes_[node].owner].owned;
    while (*at != kNone && *at != node) at = &nodes_[*at].next_owned;
    if (*at == node) *at = nodes_[node].next_owned;
    nodes_[node].owner = kNone;
  }
  // A node that is still read, or waits in a queue, keeps its index until that is over.
  if (nodes_[node].subscribers == 0 && !(nodes_[node].flags & kQueued)) {
    free_nodes_.push_back(node);
    --live_;
    nodes_[node].flags = kDead;
  }
}

// ---- Links ----

Graph::Link Graph::make_link() {
  if (free_links_.empty()) {
    links_.emplace_back();
    return static_cast<Link>(links_.size() - 1);
  }
  const Link made = free_links_.back();
  free_links_.pop_back();
  return made;
}

void Graph::link(Id dependency, Id subscriber) {
  Node& sub = nodes_[subscriber];
  const Link last = sub.tail;
  if (last != 0 && links_[last].dependency == dependency) return;
  const Link next = last == 0 ? sub.deps : links_[last].next_dependency;
  if (next != 0 && links_[next].dependency == dependency) {
    links_[next].run = sub.run;
    sub.tail = next;
    return;
  }
  const Link newest = nodes_[dependency].subscribers_tail;
  if (newest != 0 && links_[newest].subscriber == subscriber && links_[newest].run == sub.run)
    return;
  const Link made = make_link();
  links_[made] = LinkRow{dependency, subscriber, sub.run, next, newest, 0};
  sub.tail = made;
  if (last == 0)
    sub.deps = made;
  else
    links_[last].next_dependency = made;
  nodes_[dependency].subscribers_tail = made;
  if (newest == 0)
    nodes_[dependency].subscribers = made;
  else
    links_[newest].next_subscriber = made;
}

void Graph::unlink_from(Link first) {
  for (Link l = first; l != 0;) {
    const LinkRow row = links_[l];
    Node& dependency = nodes_[row.dependency];
    if (row.next_subscriber == 0)
      dependency.subscribers_tail = row.previous_subscriber;
    else
      links_[row.next_subscriber].previous_subscriber = row.previous_subscriber;
    if (row.previous_subscriber == 0)
      dependency.subscribers = row.next_subscriber;
    else
      links_[row.previous_subscriber].next_subscriber = row.next_subscriber;
    free_links_.push_back(l);
    if (dependency.subscribers == 0 && (dependency.flags & kDead) &&
        !(dependency.flags & (kRunning | kQueued)) && dependency.deps == 0) {
      free_nodes_.push_back(row.dependency);
      --live_;
    }
    l = row.next_dependency;
  }
}

// Records what the node reads until end_run(); the links that were not read again go.
void Graph::begin_run(Id node, Id& outer) {
  outer = active_;
  active_ = node;
  Node& n = nodes_[node];
  n.tail = 0;
  n.run = ++runs_;
  n.flags = static_cast<std::uint16_t>((n.flags & ~(kPending | kDirty)) | kRunning);
}

void Graph::end_run(Id node, Id outer) {
  active_ = outer;
  Node& n = nodes_[node];
  n.flags &= static_cast<std::uint16_t>(~kRunning);
  const Link stale = n.tail == 0 ? n.deps : links_[n.tail].next_dependency;
  if (stale == 0) return;
  if (n.tail == 0)
    n.deps = 0;
  else
    links_[n.tail].next_dependency = 0;
  unlink_from(stale);
}

// ---- Push ----

void Graph::mark(Id source) {
  std::uint16_t level = kDirty;
  marking_.clear();
  marking_.push_back(source);
  while (!marking_.empty()) {
    const Id id = marking_.back();
    marking_.pop_back();
    for (Link l = nodes_[id].subscribers; l != 0; l = links_[l].next_subscriber) {
      const Id subscriber = links_[l].subscriber;
      Node& sub = nodes_[subscriber];
      const bool seen = sub.flags & (kPending | kDirty);
      sub.flags |= level;
      if (sub.flags & kEffect)
        enqueue(subscriber);
      else if (!seen)
        marking_.push_back(subscriber);
    }
    level = kPending;
  }
}

void Graph::enqueue(Id node) {
  if (nodes_[node].flags & (kQueued | kDead)) return;
  nodes_[node].flags |= kQueued;
  queue_.push_back(node);
}

void Graph::changed(Id source) {
  mark(source);
  if (depth_ == 0) flush();
}

void Graph::end_batch() {
  FLIN_ASSERT(depth_ > 0, "end_batch() closes an open batch");
  if (--depth_ == 0) flush();
}

// ---- Pull ----

void Graph::recompute(Id node) {
  const Id outer_owner = owner_;
  owner_ = kNone;
  Id outer;
  begin_run(node, outer);
  const bool has_changed = nodes_[node].compute(nodes_[node].context);
  end_run(node, outer);
  owner_ = outer_owner;
  if (!has_changed) return;
  for (Link l = nodes_[node].subscribers; l != 0; l = links_[l].next_subscriber) {
    Node& sub = nodes_[links_[l].subscriber];
    if (sub.flags & kPending) sub.flags |= kDirty;
  }
}

// After it a node that was Pending is either Dirty or clean. Walks down on a stack of links.
void Graph::validate(Id node) {
  std::vector<Link> stack;
  Id sub = node;
  Link l = nodes_[node].deps;
  for (;;) {
    if (l == 0 || (nodes_[sub].flags & kDirty)) {
      if (sub == node) break;
      if (nodes_[sub].flags & kDirty)
        recompute(sub);
      else
        nodes_[sub].flags &= static_cast<std::uint16_t>(~kPending);
      const Link up = stack.back();
      stack.pop_back();
      sub = links_[up].subscriber;
      l = links_[up].next_dependency;
      continue;
    }
    const Id dependency = links_[l].dependency;
    if (nodes_[dependency].flags & kDirty) {
      recompute(dependency);
      l = links_[l].next_dependency;
    } else if (nodes_[dependency].flags & kPending) {
      stack.push_back(l);
      sub = dependency;
      l = nodes_[dependency].deps;
    } else {
      l = links_[l].next_dependency;
    }
  }
  if (!(nodes_[node].flags & kDirty)) nodes_[node].flags &= static_cast<std::uint16_t>(~kPending);
}

void Graph::read(Id node) {
  if ((nodes_[node].flags & kComputed) && !(nodes_[node].flags & kDead)) {
    FLIN_ASSERT(!(nodes_[node].flags & kRunning), "a value depends on itself");
    if ((nodes_[node].flags & (kPending | kDirty)) == kPending) validate(node);
    if (nodes_[node].flags & kDirty) recompute(node);
  }
  if (active_ != kNone) link(node, active_);
}

void Graph::run_effect(Id node) {
  dispose_owned(node);
  if (nodes_[node].flags & kDeferred) {
    nodes_[node].flags &= static_cast<std::uint16_t>(~(kPending | kDirty));
    const Id outer = begin_untracked();
    nodes_[node].effect(nodes_[node].context);
    end_untracked(outer);
    return;
  }
  const Id outer_owner = owner_;
  owner_ = node;
  ++depth_;
  Id outer;
  begin_run(node, outer);
  nodes_[node].effect(nodes_[node].context);
  end_run(node, outer);
  --depth_;
  owner_ = outer_owner;
  if (nodes_[node].flags & kDead) {  // disposed from its own body
    dispose_owned(node);
    release_node(node);
  }
}

void Graph::flush() {
  if (flushing_) return;
  flushing_ = true;
  for (int waves = 0; !queue_.empty(); ++waves) {
    std::sort(queue_.begin(), queue_.end(),
              [&](Id a, Id b) { return nodes_[a].order < nodes_[b].order; });
    wave_.swap(queue_);
    queue_.clear();
    const bool endless = waves == kMaxWaves;
    for (std::size_t i = 0; i < wave_.size(); ++i) {
      const Id id = wave_[i];
      nodes_[id].flags &= static_cast<std::uint16_t>(~kQueued);
      if (nodes_[id].flags & kDead) {
        release_node(id);
        continue;
      }
      if (endless) continue;
      if ((nodes_[id].flags & (kPending | kDirty)) == kPending) validate(id);
      if (nodes_[id].flags & kDirty) run_effect(id);
    }
    if (endless) {
      endless_ = true;
      break;
    }
  }
  flushing_ = false;
}

bool Graph::take_endless() {
  const bool was = endless_;
  endless_ = false;
  return was;
}

// ---- Making and ending ----

Graph::Id Graph::source() { return make(0); }

Graph::Id Graph::computed(ComputeFn fn, void* context) {
  const Id id = make(kComputed | kDirty);
  nodes_[id].compute = fn;
  nodes_[id].context = context;
  own(id);
  return id;
}

Graph::Id Graph::effect(EffectFn fn, void* context) {
  const Id id = make(kEffect);
  nodes_[id].effect = fn;
  nodes_[id].context = context;
  own(id);
  run_effect(id);
  if (depth_ == 0) flush();
  return id;
}

Graph::Id Graph::deferred(EffectFn fn, void* context) {
  const Id id = make(kEffect | kDeferred);
  nodes_[id].effect = fn;
  nodes_[id].context = context;
  own(id);
  return id;
}

void Graph::depends_on(Id deferred, const Id* sources, std::size_t count) {
  const auto marks = static_cast<std::uint16_t>(nodes_[deferred].flags & (kPending | kDirty));
  Id outer;
  begin_run(deferred, outer);
  for (std::size_t i = 0; i < count; ++i) link(sources[i], deferred);
  end_run(deferred, outer);
  nodes_[deferred].flags |= marks;  // what came in meanwhile still counts
}

Graph::Id Graph::begin_untracked() {
  const Id before = active_;
  active_ = kNone;
  return before;
}

void Graph::end_untracked(Id before) { active_ = before; }

Graph::Id Graph::scope(ScopeGuard& guard) {
  const Id id = make(kScope);
  own(id);
  guard = {active_, owner_};
  owner_ = id;
  active_ = kNone;
  return id;
}

void Graph::end_scope(const ScopeGuard& guard) {
  active_ = guard.active;
  owner_ = guard.owner;
}

void Graph::on_cleanup(EffectFn fn, void* context) {
  if (owner_ == kNone) return;
  const Id id = make(kCleanup);
  nodes_[id].effect = fn;
  nodes_[id].context = context;
  own(id);
}

// What was made last goes first, each whole before the next.
void Graph::dispose_owned(Id node) {
  const Id outer_active = active_, outer_owner = owner_;
  active_ = owner_ = kNone;
  while (nodes_[node].owned != kNone) {
    const Id owned = nodes_[node].owned;
    nodes_[node].owned = nodes_[owned].next_owned;
    nodes_[owned].owner = kNone;
    if (nodes_[owned].flags & kCleanup) {
      nodes_[owned].effect(nodes_[owned].context);
      release_node(owned);
    } else {
      dispose(owned);
    }
  }
  active_ = outer_active;
  owner_ = outer_owner;
}

void Graph::dispose(Id node) {
  if (nodes_[node].flags & kDead) return;
  nodes_[node].flags |= kDead;
  dispose_owned(node);
  if (!(nodes_[node].flags & kRunning)) release_node(node);  // else its reads go when the run ends
}

}  // namespace flin::reactive
