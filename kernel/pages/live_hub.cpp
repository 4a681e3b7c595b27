#include "pages/live_hub.h"

#include "base/assert.h"
#include "base/json.h"
#include "pages/live_compute.h"

#include <algorithm>

namespace flin::pages {

namespace {

constexpr std::int64_t kKeepUnwatchedMs =
    30000;  // ARCHITECTURE 5: nodes live on after the last page has left
constexpr std::int64_t kSweepAgainMs = 20;

std::string node_key(const runtime::Program& program, std::uint32_t row,
                     const std::string& inputs) {
  return std::to_string(program.number()) + ":" + std::to_string(row) + ":" + inputs;
}

}  // namespace

// ---- Computing a node in an agent of its own ----

class LiveHub::ComputeJob final : public agents::Job {
 public:
  ComputeJob(LiveHub& hub, NodeRef node, std::uint64_t began)
      : hub_(hub), node_(std::move(node)), began_(began) {}

  std::shared_ptr<const runtime::Program> program() const override { return node_->program(); }

  bool begin(runtime::Isolate& isolate) override {
    Result<void> entered = enter_live(isolate, node_->row(), node_->inputs());
    if (entered.ok()) return true;
    hub_.computed(node_, std::move(entered).error(), {}, began_);
    return false;
  }

  bool end(runtime::Isolate& isolate, runtime::RunState outcome) override {
    if (outcome == runtime::RunState::kDone)
      hub_.computed(node_, live_json(isolate, node_->row(), isolate.result()), std::move(sources_),
                    began_);
    else
      hub_.computed(node_, Error{isolate.failure().code, isolate.failure().message},
                    std::move(sources_), began_);
    return false;
  }

  void abandon() override { hub_.computed(node_, Error{code('R', 204), "cancelled"}, {}, began_); }
  void depend(std::uint64_t source) override { sources_.push_back(source); }

 private:
  LiveHub& hub_;
  const NodeRef node_;
  const std::uint64_t began_;
  std::vector<std::uint64_t> sources_;
};

LiveHub::LiveHub(agents::Scheduler& scheduler, Deliver deliver)
    : scheduler_(scheduler), deliver_(std::move(deliver)) {}
LiveHub::~LiveHub() = default;

// ---- Sources ----

std::uint64_t LiveHub::create() noexcept {
  std::lock_guard lock(lock_);
  const std::uint64_t source = graph_.source();
  // Up to now it may have been touched: a page from before a restart has to be told (W 4.7).
  touched_[source] = newest_;
  return source;
}

void LiveHub::release(std::uint64_t source) noexcept {
  std::lock_guard lock(lock_);
  if (touched_.erase(source) != 0) graph_.dispose(static_cast<reactive::Graph::Id>(source));
}

void LiveHub::touch(std::uint64_t seq, List<std::uint64_t> sources) noexcept {
  bool has_begun = false;
  {
    std::lock_guard lock(lock_);
    newest_ = std::max(newest_, seq);
    graph_.begin_batch();
    for (const std::uint64_t source : sources)
      if (const auto it = touched_.find(source); it != touched_.end()) {
        it->second = seq;
        graph_.changed(static_cast<reactive::Graph::Id>(source));
      }
    graph_.end_batch();
    Step step{seq, {}};
    for (NodeRef& node : dirty_) {
      node->is_fresh_ = false;
      if (!node->watchers_.empty()) step.nodes.push_back(std::move(node));
    }
    dirty_.clear();
    steps_.push_back(std::move(step));
    if (!is_stepping_) is_stepping_ = has_begun = true;
  }
  if (has_begun) next_step();
}

void LiveHub::note_dirty(void* context) {
  LiveNode& node = *static_cast<LiveNode*>(context);
  if (NodeRef self = node.self_.lock()) node.hub_.dirty_.push_back(std::move(self));
}

// ---- Steps ----

// Takes all waiting steps as one: what they touched is computed once, on the newest state.
void LiveHub::next_step() {
  std::vector<NodeRef> to_compute;
  {
    std::lock_guard lock(lock_);
    FLIN_ASSERT(outstanding_ == 0, "one step at a time");
    present_ = {};
    for (Step& step : steps_) {
      present_.seq = step.seq;
      for (NodeRef& node : step.nodes)
        if (!node->in_step_) {
          node->in_step_ = true;
          present_.nodes.push_back(std::move(node));
        }
    }
    steps_.clear();
    outstanding_ = present_.nodes.size() + 1;  // one for this function
    to_compute = present_.nodes;
  }
  for (const NodeRef& node : to_compute) compute(node);
  finish_step_if_done();
}

void LiveHub::finish_step_if_done() {
  std::vector<Told> tell;
  std::uint64_t seq;
  {
    std::lock_guard lock(lock_);
    if (--outstanding_ != 0) return;
    tell.swap(tell_);
    seq = present_.seq;
    present_.nodes.clear();
    told_ = std::max(told_, seq);
  }
  // Nodes are computed side by side; they are told in order of their rows.
  std::stable_sort(tell.begin(), tell.end(), [](const Told& a, const Told& b) {
    return a.delivery.node->number() < b.delivery.node->number();
  });
  // Every loop hears of every step, so that results wait for the number of their commit and no
  // longer.
  for (std::uint32_t loop = 0; loop < scheduler_.size(); ++loop) {
    auto entries = std::make_shared<std::vector<Delivery>>();
    for (Told& told : tell)
      if (told.loop == loop) entries->push_back(std::move(told.delivery));
    scheduler_.loop(loop).post([this, loop, seq, entries] { deliver_(loop, seq, *entries); });
  }
  bool goes_on;
  {
    std::lock_guard lock(lock_);
    goes_on = !steps_.empty();
    is_stepping_ = goes_on;
  }
  if (goes_on) scheduler_.choose().post([this] { next_step(); });
}

void LiveHub::compute(const NodeRef& node) {
  std::uint64_t began;
  {
    std::lock_guard lock(lock_);
    if (node->is_computing_) {  // it may have begun before the newest commit: once more
      node->again_ = true;
      return;
    }
    node->is_computing_ = true;
    began = newest_;
  }
  computations_.fetch_add(1, std::memory_order_relaxed);
  agents::AgentOptions options;
  options.name = "live " + std::to_string(node->number());
  options.kind = kPageAgent;
  options.one_shot = true;
  auto started =
      scheduler_.start_agent(std::move(options), std::make_unique<ComputeJob>(*this, node, began));
  if (!started.ok()) computed(node, std::move(started).error(), {}, began);
}

void LiveHub::computed(const NodeRef& node, Result<std::string> json,
                       std::vector<std::uint64_t> sources, std::uint64_t began) {
  std::vector<LiveNode::Waiting> waiting;
  LiveSnapshot snapshot;
  bool repeat = false, was_in_step = false, has_begun = false;
  {
    std::lock_guard lock(lock_);
    node->is_computing_ = false;
    if (node->again_) {
      node->again_ = false;
      repeat = json.ok();
    }
    if (!repeat) {
      if (json.ok()) {
        repeat = !apply(*node, std::move(json).value(), sources, began);
      } else {
        node->failure_ = json.error();
        node->is_fresh_ = false;
        for (const Watcher& watcher : node->watchers_)
          tell_.push_back(
              {watcher.loop, {watcher.page, watcher.key, node.get(), {}, node->failure_, {}}});
      }
    }
    if (!repeat) {
      waiting.swap(node->waiting_);
      snapshot = {json.ok() ? node->data_ : nullptr, json.ok() ? Error{} : node->failure_,
                  node->seq_};
      was_in_step = node->in_step_;
      node->in_step_ = false;
      // Found outside a step, for a page that came with an old value: a step of its own tells it.
      if (!tell_.empty() && !is_stepping_) {
        steps_.push_back({newest_, {}});
        is_stepping_ = has_begun = true;
      }
    }
  }
  if (repeat) {
    compute(node);
    return;
  }
  for (LiveNode::Waiting& w : waiting)
    scheduler_.loop(w.loop).post([done = std::move(w.done), snapshot] { done(snapshot); });
  if (was_in_step) finish_step_if_done();
  if (has_begun) next_step();
}

// False: a source was touched since the computation began, so the value may be old.
bool LiveHub::apply(LiveNode& node, std::string json, const std::vector<std::uint64_t>& sources,
                    std::uint64_t began) {
  std::vector<reactive::Graph::Id> ids;
  for (const std::uint64_t source : sources) {
    const auto it = touched_.find(source);
    if (it == touched_.end()) continue;
    if (it->second > began) return false;
    ids.push_back(static_cast<reactive::Graph::Id>(source));
  }
  if (node.graph_id_ == reactive::Graph::kNone) node.graph_id_ = graph_.deferred(note_dirty, &node);
  graph_.depends_on(node.graph_id_, ids.data(), ids.size());
  node.sources_ = sources;
  node.has_sources_ = true;
  auto after = std::make_shared<const LiveData>(std::move(json),
                                                (node.row().flags & bytecode::kEntityList) != 0);
  const std::shared_ptr<const LiveData> before = std::exchange(node.data_, std::move(after));
  if (before != nullptr)
    if (const std::string ops = difference(*before, *node.data_); !ops.empty())
      collect(node, ops, tell_);
  node.failure_ = {};
  node.is_fresh_ = true;
  node.seq_ = std::max(node.seq_, began);
  return true;
}

// One fragment per key, shared by all pages that show the node under it.
void LiveHub::collect(LiveNode& node, const std::string& ops, std::vector<Told>& out) {
  std::map<std::string_view, BytesRef> fragments;
  for (const Watcher& watcher : node.watchers_) {
    BytesRef& fragment = fragments[watcher.key];
    if (!fragment) {
      std::string text;
      json::append_text(text, watcher.key);
      text += ',';
      text += ops;
      fragment = BytesRef(std::move(text));
      fragments_.fetch_add(1, std::memory_order_relaxed);
    }
    out.push_back({watcher.loop, {watcher.page, watcher.key, &node, fragment, {}, node.data_}});
  }
}

// ---- Nodes ----

std::uint64_t LiveHub::told() const {
  std::lock_guard lock(lock_);
  return told_;
}

std::uint64_t LiveHub::newest() const {
  std::lock_guard lock(lock_);
  return newest_;
}

NodeRef LiveHub::node(const std::shared_ptr<const runtime::Program>& program, std::uint32_t row,
                      std::string inputs) {
  std::string key = node_key(*program, row, inputs);
  std::lock_guard lock(lock_);
  NodeRef& node = nodes_[std::move(key)];
  if (node == nullptr) {
    node = std::make_shared<LiveNode>(*this, program, row, std::move(inputs));
    node->self_ = node;
  }
  node->left_at_ms_ = now_ms_;
  return node;
}

bool LiveHub::fresh(const NodeRef& node, LiveSnapshot& out) const {
  std::lock_guard lock(lock_);
  if (!node->is_fresh_) return false;
  out = {node->data_, {}, node->seq_};
  return true;
}

void LiveHub::want(const NodeRef& node, std::function<void(const LiveSnapshot&)> done) {
  LiveSnapshot snapshot;
  {
    std::lock_guard lock(lock_);
    if (node->is_fresh_) {
      snapshot = {node->data_, {}, node->seq_};
    } else {
      const agents::Loop* loop = scheduler_.current();
      FLIN_ASSERT(loop != nullptr, "want() is called on a loop");
      node->waiting_.push_back({loop->number(), std::move(done)});
      done = nullptr;
    }
  }
  if (done != nullptr)
    done(snapshot);
  else
    compute(node);
}

std::shared_ptr<const LiveData> LiveHub::publish(const NodeRef& node, std::string json,
                                                 const std::vector<std::uint64_t>& sources,
                                                 std::uint64_t began) {
  std::lock_guard lock(lock_);
  if (node->is_fresh_ && node->seq_ >= began) return node->data_;
  const bool is_list = (node->row().flags & bytecode::kEntityList) != 0;
  auto own = std::make_shared<const LiveData>(json, is_list);
  // Watched nodes change by steps alone, so that every page is told.
  if (node->watchers_.empty() && !node->is_computing_)
    apply(*node, std::move(json), sources, began);
  return own;
}

LiveSnapshot LiveHub::watch(const NodeRef& node, const Watcher& watcher) {
  std::lock_guard lock(lock_);
  node->watchers_.push_back(watcher);
  return {node->data_, node->failure_, node->seq_, node->is_fresh_};
}

bool LiveHub::present(const NodeRef& node, LiveSnapshot& out) const {
  std::lock_guard lock(lock_);
  if (node->data_ == nullptr) return false;
  out = {node->data_, {}, node->seq_, node->is_fresh_};
  return true;
}

void LiveHub::unwatch(const NodeRef& node, std::uint32_t loop, std::uint64_t page,
                      const std::string& key) {
  std::lock_guard lock(lock_);
  std::erase_if(node->watchers_,
                [&](const Watcher& w) { return w.loop == loop && w.page == page && w.key == key; });
  if (!node->watchers_.empty()) return;
  node->left_at_ms_ = now_ms_;
  if (!is_retired(*node)) return;
  // Once the page that leaves has let go of it.
  scheduler_.loop(loop).post([this] { retire_before(0); });
}

bool LiveHub::is_retired(const LiveNode& node) const { return node.program_->number() < serving_; }

bool LiveHub::untouched_since(const NodeRef& node, std::uint64_t seq) const {
  std::lock_guard lock(lock_);
  if (!node->is_fresh_ || !node->has_sources_) return false;
  for (const std::uint64_t source : node->sources_) {
    const auto it = touched_.find(source);
    if (it == touched_.end() || it->second > seq) return false;
  }
  return true;
}

void LiveHub::sweep(std::int64_t now_ms) {
  std::vector<NodeRef> gone;  // perhaps with their Program: outside the lock
  std::lock_guard lock(lock_);
  now_ms_ = now_ms;
  gone = sweep_locked();
}

void LiveHub::retire_before(std::uint32_t program) {
  std::vector<NodeRef> gone;
  bool is_again = false;
  {
    std::lock_guard lock(lock_);
    serving_ = std::max(serving_, program);
    gone = sweep_locked();
    is_again = has_held_ && !std::exchange(is_sweep_due_, has_held_);
  }
  if (is_again) sweep_again_soon();
}

// A computation or a page that is about to end may hold a node for a moment.
void LiveHub::sweep_again_soon() {
  scheduler_.loop(0).post([this] {
    scheduler_.loop(0).after(kSweepAgainMs, [this] {
      {
        std::lock_guard lock(lock_);
        is_sweep_due_ = false;
      }
      retire_before(0);
    });
  });
}

std::vector<NodeRef> LiveHub::sweep_locked() {
  std::vector<NodeRef> gone;
  has_held_ = false;
  std::erase_if(nodes_, [&](const auto& entry) {
    const NodeRef& node = entry.second;
    const bool is_idle = node->watchers_.empty() && !node->is_computing_ &&
                         node->waiting_.empty() && !node->in_step_;
    const bool is_due = is_retired(*node) || now_ms_ - node->left_at_ms_ >= kKeepUnwatchedMs;
    if (!is_idle || node.use_count() > 1 || !is_due) {
      has_held_ = has_held_ || (is_retired(*node) && node->watchers_.empty());
      return false;
    }
    if (node->graph_id_ != reactive::Graph::kNone) graph_.dispose(node->graph_id_);
    node->graph_id_ = reactive::Graph::kNone;
    gone.push_back(node);
    return true;
  });
  return gone;
}

std::size_t LiveHub::nodes() const {
  std::lock_guard lock(lock_);
  return nodes_.size();
}

}  // namespace flin::pages
