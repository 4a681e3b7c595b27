#include "agents/scheduler.h"

#include <condition_variable>

namespace flin::agents {

Scheduler::Scheduler(SchedulerOptions options, const Clock& clock) : clock_(clock) {
  for (std::uint32_t i = 0; i < options.loops; ++i)
    loops_.push_back(
        std::make_unique<Loop>(LoopOptions{i, options.limits, options.fuel, options.mailbox,
                                           options.on_late, options.observer},
                               clock, counters_));
}

Scheduler::~Scheduler() {
  for (auto& loop : loops_) loop->end();
  for (auto& loop : loops_) loop->join();
}

void Scheduler::start(IPollers* pollers) {
  for (auto& loop : loops_) loop->start(pollers);
  started_ = true;
}

std::vector<std::string> Scheduler::drain_and_end(std::uint32_t deadline_ms) {
  std::vector<std::string> late;
  if (!started_) return late;
  std::mutex lock;
  std::condition_variable told;
  std::size_t busy = 0, answers = 0;
  const std::int64_t until = clock_.now_ms() + deadline_ms;
  // Asks every loop in turn; a loop answers between two turns, so what is queued before counts as
  // busy.
  const auto ask = [&](std::size_t most, std::vector<std::string>* names) {
    std::unique_lock guard(lock);
    busy = answers = 0;
    for (auto& loop : loops_) {
      Loop* l = loop.get();
      l->post([&, l] {
        std::lock_guard inner(lock);
        busy += l->busy_count();
        if (names != nullptr)
          for (std::string& name : l->busy(most)) names->push_back(std::move(name));
        ++answers;
        told.notify_one();
      });
    }
    told.wait(guard, [&] { return answers == loops_.size(); });
  };
  for (ask(0, nullptr); busy != 0 && clock_.now_ms() < until; ask(0, nullptr))
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (busy != 0) ask(20, &late);
  for (auto& loop : loops_) {
    Loop* l = loop.get();
    l->post([l] {
      l->fail_waiting();
      l->end();
    });
  }
  for (auto& loop : loops_) loop->join();
  started_ = false;
  return late;
}

void Scheduler::wait_for_turns() {
  struct Turns {
    std::mutex lock;  // guards left
    std::condition_variable told;
    std::size_t left;
  };
  // Counts a loop when the function that holds it has run, or was dropped with its loop.
  struct Pass {
    std::shared_ptr<Turns> turns;
    explicit Pass(std::shared_ptr<Turns> of) : turns(std::move(of)) {}
    ~Pass() {
      const std::lock_guard lock(turns->lock);
      --turns->left;
      turns->told.notify_one();
    }
  };
  const auto turns = std::make_shared<Turns>();
  turns->left = loops_.size();
  for (auto& loop : loops_) loop->post([pass = std::make_shared<Pass>(turns)] {});
  std::unique_lock lock(turns->lock);
  turns->told.wait(lock, [&] { return turns->left == 0; });
}

Loop* Scheduler::current() const {
  for (const auto& loop : loops_)
    if (loop->is_current()) return loop.get();
  return nullptr;
}

Loop& Scheduler::choose() {
  if (Loop* loop = current()) return *loop;
  return *loops_[next_.fetch_add(1, std::memory_order_relaxed) % loops_.size()];
}

namespace {

struct Send {
  AgentId to;
  std::unique_ptr<Job> job;
};
struct Order {
  AgentId to;
  Control message;
};
struct Completion {
  std::uint64_t ticket;
  CompleteFn fn;
  IPlugin* self;
  void* data;
  DropFn drop;
};

}  // namespace

Result<AgentId> Scheduler::start_agent(AgentOptions options, std::unique_ptr<Job> job) {
  Loop& loop = choose();
  Agent& agent = loop.spawn(std::move(options));
  const AgentId id = agent.id();
  if (loop.is_current()) {
    if (Result<void> sent = loop.send(agent, std::move(job)); !sent.ok())
      return std::move(sent).error();
    return id;
  }
  if (Result<void> sent = send(id, std::move(job)); !sent.ok()) return std::move(sent).error();
  return id;
}

Result<void> Scheduler::send(AgentId to, std::unique_ptr<Job> job) {
  const std::uint32_t number = Loop::loop_of(to);
  if (number >= loops_.size()) {
    job->abandon();
    return Error{code('R', 301), "agent is not running"};
  }
  Loop& loop = *loops_[number];
  if (Result<void> reserved = loop.reserve(to); !reserved.ok()) {
    job->abandon();
    return reserved;
  }
  if (loop.is_current()) {
    loop.send_reserved(to, std::move(job));
    return {};
  }
  loop.post(Posted{[](void* data, Loop& on) {
                     std::unique_ptr<Send> send(static_cast<Send*>(data));
                     on.send_reserved(send->to, std::move(send->job));
                   },
                   new Send{to, std::move(job)},
                   [](void* data) {
                     std::unique_ptr<Send> send(static_cast<Send*>(data));
                     send->job->abandon();
                   }});
  return {};
}

void Scheduler::control(AgentId to, Control message) {
  const std::uint32_t number = Loop::loop_of(to);
  if (number >= loops_.size()) return;
  loops_[number]->post(Posted{[](void* data, Loop& on) {
                                std::unique_ptr<Order> order(static_cast<Order*>(data));
                                if (Agent* agent = on.find(order->to))
                                  on.control(*agent, order->message);
                              },
                              new Order{to, message},
                              [](void* data) { delete static_cast<Order*>(data); }});
}

void Scheduler::stop(AgentId id, std::uint32_t deadline_ms) {
  const std::uint32_t number = Loop::loop_of(id);
  if (number >= loops_.size()) return;
  Loop* loop = loops_[number].get();
  loop->post([loop, id, deadline_ms] {
    if (Agent* agent = loop->find(id)) loop->stop(*agent, deadline_ms);
  });
}

std::size_t Scheduler::live_agents() const {
  std::size_t sum = 0;
  for (const auto& loop : loops_) sum += loop->live_agents();
  return sum;
}

void Scheduler::complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data,
                         DropFn drop) {
  const std::uint32_t number = Loop::loop_of_ticket(ticket);
  if (number >= loops_.size()) {
    if (drop != nullptr) drop(data);
    return;
  }
  loops_[number]->post(Posted{[](void* d, Loop& on) {
                                std::unique_ptr<Completion> c(static_cast<Completion*>(d));
                                on.complete(c->ticket, c->fn, *c->self, c->data, c->drop);
                              },
                              new Completion{ticket, fn, &self, data, drop},
                              [](void* d) {
                                std::unique_ptr<Completion> c(static_cast<Completion*>(d));
                                if (c->drop != nullptr) c->drop(c->data);
                              }});
}

}  // namespace flin::agents
