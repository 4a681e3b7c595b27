#include "agents/loop.h"

#include "agents/condition_poller.h"
#include "base/assert.h"
#include "runtime/status.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

namespace flin::agents {

namespace {

constexpr std::size_t kReadyCapacity = 512;
constexpr std::size_t kTurnsBeforePoll = 64;  // agents that run before sockets are looked at again
constexpr std::size_t kKeptIsolates = 64;
constexpr std::uint32_t kDefaultTimeoutMs =
    30000;  // of a suspended call whose opcode says nothing (A 4)

std::string seconds_text(std::uint32_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

Loop::Loop(LoopOptions options, const Clock& clock, Counters& counters)
    : options_(std::move(options)), clock_(clock), counters_(counters), ready_(kReadyCapacity) {}

Loop::~Loop() {
  end();
  join();
  if (poller_ != nullptr) {
    end_all();
    poller_->destroy();
  }
}

// ---- Life ----

void Loop::start(IPollers* pollers) {
  std::mutex lock;
  std::condition_variable ready;
  bool is_ready = false;
  thread_ = std::thread([this, pollers, &lock, &ready, &is_ready] {
    adopt_thread(pollers);
    {
      std::lock_guard guard(lock);
      is_ready = true;
      ready.notify_one();
    }
    run();
  });
  std::unique_lock guard(lock);
  ready.wait(guard, [&] { return is_ready; });
}

void Loop::adopt_thread(IPollers* pollers) {
  thread_id_.store(std::this_thread::get_id());
  if (pollers != nullptr) poller_ = pollers->make(options_.number);
  if (poller_ == nullptr) poller_ = make_condition_poller();
}

void Loop::run() {
  while (!ending_.load(std::memory_order_acquire)) turn(-1);
  end_all();
}

void Loop::end() {
  ending_.store(true, std::memory_order_release);
  if (poller_ != nullptr) poller_->wake();
}

void Loop::join() {
  if (thread_.joinable()) thread_.join();
}

void Loop::turn(std::int64_t wait_us) {
  take_inbox();
  fire_timers();
  const bool has_more = run_agents();
  std::int64_t timeout = has_more ? 0 : wait_us;
  const std::int64_t next = until_next_timer_us();
  if (next >= 0 && (timeout < 0 || next < timeout)) timeout = next;
  poll(timeout);
}

void Loop::poll(std::int64_t wait_us) {
  ReadyList list{ready_.data(), 0, ready_.size()};
  const Status status = poller_->wait(list, wait_us);
  FLIN_ASSERT(status.ok(), "a poller can wait");
  for (std::uint64_t i = 0; i < list.size; ++i) list.data[i].handler->ready(list.data[i].events);
}

void Loop::end_all() {
  {
    std::lock_guard lock(inbox_lock_);
    closed_ = true;
    taken_.swap(inbox_);
  }
  for (const Posted& posted : taken_)
    if (posted.drop != nullptr) posted.drop(posted.data);
  taken_.clear();
  std::vector<Agent*> left;
  {
    std::lock_guard lock(slots_lock_);
    for (const Slot& slot : slots_)
      if (slot.agent != nullptr) left.push_back(slot.agent.get());
  }
  for (Agent* agent : left) {
    agent->end_now();
    remove(*agent);
  }
  run_queue_.clear();
  timers_.clear();
  isolates_.clear();
}

// ---- What other threads hand over ----

void Loop::post(const Posted& posted) {
  {
    std::lock_guard lock(inbox_lock_);
    if (!closed_) {
      inbox_.push_back(posted);
      // It was woken for the first one already; the inbox is taken whole.
      if (inbox_.size() == 1 && poller_ != nullptr) poller_->wake();
      return;
    }
  }
  if (posted.drop != nullptr) posted.drop(posted.data);
}

void Loop::post(std::function<void()> fn) {
  using Function = std::function<void()>;
  auto run = [](void* data, Loop&) {
    std::unique_ptr<Function> owned(static_cast<Function*>(data));
    (*owned)();
  };
  post(Posted{run, new Function(std::move(fn)),
              [](void* data) { delete static_cast<Function*>(data); }});
}

void Loop::take_inbox() {
  {
    std::lock_guard lock(inbox_lock_);
    taken_.swap(inbox_);
  }
  for (std::size_t i = 0; i < taken_.size(); ++i) taken_[i].run(taken_[i].data, *this);
  taken_.clear();
}

// ---- Agents ----

Agent& Loop::spawn(AgentOptions options) {
  const std::uint32_t bound = options.mailbox != 0 ? options.mailbox : options_.mailbox;
  std::lock_guard lock(slots_lock_);
  std::uint32_t index;
  if (free_slots_.empty()) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    index = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& slot = slots_[index];
  slot.generation = (slot.generation + 1) & 0xFFFFFF;
  const AgentId id{static_cast<std::uint64_t>(options_.number) << 56 |
                   static_cast<std::uint64_t>(slot.generation) << 32 | index};
  slot.agent = std::make_unique<Agent>(*this, id, std::move(options), bound);
  slot.room = slot.agent->mailbox().room();
  live_.fetch_add(1, std::memory_order_relaxed);
  counters_.spawned.fetch_add(1, std::memory_order_relaxed);
  return *slot.agent;
}

Agent* Loop::find(AgentId id) {
  std::lock_guard lock(slots_lock_);
  const std::uint32_t index = index_of(id);
  if (index >= slots_.size() || slots_[index].generation != generation_of(id)) return nullptr;
  return slots_[index].agent.get();
}

void Loop::remove(Agent& agent) {
  if (agent.is_queued) std::erase(run_queue_, &agent);
  const std::uint32_t index = index_of(agent.id());
  std::unique_ptr<Agent> gone;
  {
    std::lock_guard lock(slots_lock_);
    gone = std::move(slots_[index].agent);
    slots_[index].room.reset();
    free_slots_.push_back(index);
  }
  live_.fetch_sub(1, std::memory_order_relaxed);
  counters_.ended.fetch_add(1, std::memory_order_relaxed);
}

Result<void> Loop::send(Agent& agent, std::unique_ptr<Job> job) {
  Room& room = *agent.mailbox().room();
  if (!room.reserve()) {
    counters_.dropped.fetch_add(1, std::memory_order_relaxed);
    return Error{code('R', 302),
                 "mailbox of " + agent.name() + " is full (" + std::to_string(room.limit()) + ")"};
  }
  agent.mailbox().push(std::move(job));
  const std::uint64_t length = agent.mailbox().size();
  if (length > counters_.queue_high_water.load(std::memory_order_relaxed))
    counters_.queue_high_water.store(length, std::memory_order_relaxed);
  if (agent.has_work()) queue(agent);
  return {};
}

Result<void> Loop::reserve(AgentId id) {
  std::lock_guard lock(slots_lock_);
  const std::uint32_t index = index_of(id);
  if (index >= slots_.size() || slots_[index].generation != generation_of(id) ||
      slots_[index].room == nullptr)
    return Error{code('R', 301), "agent is not running"};
  Room& room = *slots_[index].room;
  if (room.reserve()) return {};
  counters_.dropped.fetch_add(1, std::memory_order_relaxed);
  return Error{code('R', 302), "mailbox of agent is full (" + std::to_string(room.limit()) + ")"};
}

void Loop::send_reserved(AgentId id, std::unique_ptr<Job> job) {
  Agent* agent = find(id);
  if (agent == nullptr || agent->state() == AgentState::kTerminated) {
    job->abandon();
    return;
  }
  agent->mailbox().push(std::move(job));
  if (agent->has_work()) queue(*agent);
}

void Loop::control(Agent& agent, Control message) {
  agent.mailbox().push_control(message);
  queue(agent);
}

void Loop::stop(Agent& agent, std::uint32_t deadline_ms) {
  if (!agent.is_busy()) {
    agent.end_now();
    remove(agent);
    return;
  }
  control(agent, Control::kStop);
  if (deadline_ms != kNoTimeout)
    after(deadline_ms, [this, id = agent.id(), deadline_ms] { end_late(id, deadline_ms); });
}

void Loop::end_late(AgentId id, std::uint32_t deadline_ms) {
  Agent* agent = find(id);
  if (agent == nullptr) return;  // it finished in time
  if (options_.on_late) options_.on_late(agent->name(), deadline_ms);
  agent->end_now();
  remove(*agent);
}

void Loop::queue(Agent& agent) {
  if (agent.is_queued) return;
  agent.is_queued = true;
  run_queue_.push_back(&agent);
}

// Lets agents run in turn, each for its fuel; true: some have more to do.
bool Loop::run_agents() {
  for (std::size_t i = 0; i < kTurnsBeforePoll && !run_queue_.empty(); ++i) {
    Agent& agent = *run_queue_.front();
    run_queue_.pop_front();
    agent.is_queued = false;
    const bool has_more = agent.turn(options_.fuel);
    if (agent.state() == AgentState::kTerminated)
      remove(agent);
    else if (has_more || agent.has_work())
      queue(agent);
  }
  return !run_queue_.empty();
}

std::size_t Loop::busy_count() const {
  std::lock_guard lock(slots_lock_);
  std::size_t count = 0;
  for (const Slot& slot : slots_)
    if (slot.agent != nullptr && (slot.agent->is_busy() || slot.agent->has_work())) ++count;
  return count;
}

std::vector<std::string> Loop::busy(std::size_t most) const {
  std::lock_guard lock(slots_lock_);
  std::vector<std::string> names;
  for (const Slot& slot : slots_)
    if (slot.agent != nullptr && names.size() < most &&
        (slot.agent->is_busy() || slot.agent->has_work()))
      names.push_back(slot.agent->name());
  return names;
}

// ---- Timers ----

TimerId Loop::after(std::int64_t ms, std::function<void()> fn) {
  const TimerId id{clock_.now_ms() + ms, ++last_timer_};
  timers_.emplace(id, std::move(fn));
  return id;
}

void Loop::cancel_timer(const TimerId& timer) { timers_.erase(timer); }

void Loop::fire_timers() {
  if (timers_.empty()) return;
  const std::int64_t now = clock_.now_ms();
  const std::uint64_t newest = last_timer_;  // timers made meanwhile wait for the next turn
  for (auto it = timers_.begin(); it != timers_.end() && it->first.due <= now;
       it = timers_.begin()) {
    if (it->first.number > newest) break;
    std::function<void()> fn = std::move(it->second);
    timers_.erase(it);
    fn();
  }
}

std::int64_t Loop::until_next_timer_us() const {
  if (timers_.empty()) return -1;
  return std::max<std::int64_t>(0, timers_.begin()->first.due - clock_.now_ms()) * 1000;
}

// ---- Suspended calls ----

std::uint64_t Loop::make_ticket(Agent& agent, std::uint32_t timeout_ms) {
  const std::uint64_t ticket = static_cast<std::uint64_t>(options_.number) << 56 | ++last_wait_;
  TimerId timer;
  if (timeout_ms != kNoTimeout) {
    const std::uint32_t ms = timeout_ms != 0 ? timeout_ms : kDefaultTimeoutMs;
    timer = after(ms, [this, ticket, ms] {
      counters_.timeouts.fetch_add(1, std::memory_order_relaxed);
      end_wait(ticket, make_status(code('R', 201), "timed out after " + seconds_text(ms)));
    });
  }
  waits_.emplace(ticket, Wait{&agent, timer});
  return ticket;
}

void Loop::forget_ticket(std::uint64_t ticket) {
  const auto it = waits_.find(ticket);
  if (it == waits_.end()) return;
  cancel_timer(it->second.timer);
  waits_.erase(it);
}

void Loop::complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data, DropFn drop) {
  const auto it = waits_.find(ticket);
  if (it == waits_.end()) {  // late, or never given
    if (drop != nullptr) drop(data);
    return;
  }
  Agent& agent = *it->second.agent;
  forget_ticket(ticket);
  agent.complete(fn, self, data);
  queue(agent);
}

void Loop::end_wait(std::uint64_t ticket, Status error) {
  const auto it = waits_.find(ticket);
  if (it == waits_.end()) return;
  Agent& agent = *it->second.agent;
  forget_ticket(ticket);
  agent.complete_with(std::move(error));
  queue(agent);
}

void Loop::fail_waiting() {
  std::vector<std::uint64_t> tickets;
  for (const auto& [ticket, wait] : waits_) tickets.push_back(ticket);
  for (const std::uint64_t ticket : tickets)
    end_wait(ticket, make_status(code('R', 204), "cancelled"));
}

// ---- Isolates ----

std::unique_ptr<runtime::Isolate> Loop::borrow_isolate() {
  if (isolates_.empty()) return std::make_unique<runtime::Isolate>(options_.limits);
  std::unique_ptr<runtime::Isolate> isolate = std::move(isolates_.back());
  isolates_.pop_back();
  return isolate;
}

void Loop::give_back_isolate(std::unique_ptr<runtime::Isolate> isolate) {
  isolate->clear();
  if (isolates_.size() < kKeptIsolates) isolates_.push_back(std::move(isolate));
}

}  // namespace flin::agents
