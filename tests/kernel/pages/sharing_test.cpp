// Pages on several loops that show the same live value: computed once per commit, serialised once,
// and a page's own commit comes back in the result of its action (ARCHITECTURE 5, W 4.5).
#include "fake_sealer.h"

#include "base/json.h"
#include "bytecode/chunk_builder.h"
#include "bytecode/opcodes.h"
#include "pages/live_hub.h"
#include "pages/pages_service.h"
#include "runtime/core_library.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>

namespace flin::pages {
namespace {

constexpr char kIntType = '\x02', kTextType = '\x01';

// test.read: the present number, which depends on a source. test.bump: makes a commit.
class Numbers final : public IPlugin {
 public:
  virtual ~Numbers() = default;
  Status load(IHost&) noexcept override { return {}; }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override {}

  std::uint64_t bump() {
    std::lock_guard lock(mutex);
    ++number;
    hub->touch(++seq, List<std::uint64_t>(&source, 1));
    return seq;
  }
  LiveHub* hub = nullptr;
  std::uint64_t source = 0;
  std::mutex mutex;  // commits come one after another
  std::atomic<std::int64_t> number{0}, reads{0};
  std::uint64_t seq = 100;
};

Numbers& numbers(IPlugin& self) { return static_cast<Numbers&>(self); }

Status op_read(IPlugin& self, ICall& call, const Value*, std::uint32_t, Value& result) noexcept {
  call.depend(numbers(self).source);
  ++numbers(self).reads;
  Plain plain;
  plain.kind = Kind::kInt;
  plain.i = numbers(self).number;
  result = call.make(plain);
  return {};
}
Status op_bump(IPlugin& self, ICall& call, const Value*, std::uint32_t, Value& result) noexcept {
  call.committed(numbers(self).bump());
  result = runtime::kNone;
  return {};
}

// A page with the live value 0 (test.read), the live value 1 with the input q, and an action that
// bumps.
bytecode::Chunk page_chunk() {
  using bytecode::Op;
  bytecode::ChunkBuilder builder;
  bytecode::Chunk& chunk = builder.chunk();
  const auto op = [](Op o) { return static_cast<std::uint8_t>(o); };
  const auto add = [&](std::vector<std::uint8_t> code, std::uint8_t arity,
                       std::uint16_t max_stack) {
    bytecode::Function function;
    function.name_k = builder.text("f" + std::to_string(chunk.functions.size()));
    function.arity = function.least_arity = arity;
    function.locals = arity;
    function.max_stack = max_stack;
    function.code_offset = static_cast<std::uint32_t>(chunk.code.size());
    function.code_size = static_cast<std::uint32_t>(code.size());
    chunk.functions.push_back(function);
    chunk.code.insert(chunk.code.end(), code.begin(), code.end());
  };
  builder.import("test.read", 0, 1, kServer);
  builder.import("test.bump", 0, 1, kServer | kWrites);
  const std::uint32_t click = builder.text("click"), button = builder.text("button");
  const std::uint32_t int_type = builder.type(std::string(1, kIntType)),
                      text_type = builder.type(std::string(1, kTextType));
  add({op(Op::LoadEmpty), op(Op::StoreGlobal), 0, 0, op(Op::CreateElement),
       static_cast<std::uint8_t>(button), 0, op(Op::CreateHandler),
       static_cast<std::uint8_t>(click), 0, op(Op::Ext), 1, 0, op(Op::Pop), op(Op::EndHandler),
       op(Op::BindHandler), op(Op::CloseElement), op(Op::Halt)},
      0, 1);
  add({op(Op::Ext), 0, 0, op(Op::Return)}, 0, 1);
  add({op(Op::Ext), 0, 0, op(Op::Return)}, 1, 1);
  chunk.name = "page";
  chunk.is_server = true;
  chunk.build = "0badcafe";

  bytecode::HandlerRow handler;
  handler.start = 10;
  handler.end = 15;
  handler.subject = "click";
  chunk.handlers.push_back(handler);
  bytecode::LiveRow plain, with_input;
  plain.function = 1;
  plain.type_k = int_type;
  with_input.function = 2;
  with_input.type_k = int_type;
  bytecode::InputRow q;
  q.type_k = text_type;
  q.name = "q";
  with_input.inputs.push_back(q);
  chunk.lives = {plain, with_input};
  bytecode::PageRow page;
  page.path = "/";
  page.title = "page";
  page.globals = 1;
  page.cells.push_back({"q", 0, text_type, bytecode::kCellInState});
  page.live = page.inputs = {0, 1};
  page.handlers = {0};
  chunk.pages.push_back(page);
  return std::move(chunk);
}

// A socket that keeps what it is sent, and the bytes it came in.
class Socket final : public IFrameSink {
 public:
  virtual ~Socket() = default;
  std::uint64_t send(const Frame& frame) noexcept override {
    std::string text;
    for (IBytes* part : frame.parts) text += std::string_view(part->text());
    std::lock_guard lock(mutex_);
    messages_.push_back(text);
    same_.push_back(frame.same);
    told_.notify_all();
    return 0;
  }
  void close(std::uint32_t code, Text) noexcept override {
    std::lock_guard lock(mutex_);
    closed_ = code;
    told_.notify_all();
  }
  // The n-th message, from 0.
  std::string hear(std::size_t n) {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [&] { return messages_.size() > n; });
    return messages_[n];
  }
  std::uint64_t same(std::size_t n) {
    std::lock_guard lock(mutex_);
    return same_[n];
  }
  std::uint32_t wait_closed() {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [&] { return closed_ != 0; });
    return closed_;
  }

 private:
  std::mutex mutex_;  // guards what follows
  std::condition_variable told_;
  std::vector<std::string> messages_;
  std::vector<std::uint64_t> same_;
  std::uint32_t closed_ = 0;
};

class SharingTest : public testing::Test {
 protected:
  SharingTest() {
    plugin.hub = &hub;
    plugin.source = hub.create();
    programs.begin_linking(link(1, "0badcafe"));
    programs.serve();
    scheduler.start(nullptr);
  }
  std::shared_ptr<const runtime::Program> link(std::uint32_t number, const std::string& build) {
    bytecode::Chunk chunk = page_chunk();
    chunk.build = build;
    auto linked = runtime::Program::link(
        std::move(chunk), number, core, [this](std::string_view name, runtime::LinkedOp& out) {
          out = {name,    "test", &plugin, name == "test.read" ? &op_read : &op_bump,
                 kServer, 0,      0,       1};
          return true;
        });
    EXPECT_TRUE(linked.ok()) << (linked.ok() ? "" : linked.error().message);
    return std::move(linked).value();
  }
  ~SharingTest() override { scheduler.drain_and_end(5000); }

  std::string token(const std::string& sid) {
    TokenData data;
    data.sid = sid;
    data.view = random_view();
    data.page = "/";
    data.build = "0badcafe";
    data.issued_ms = 1000;
    return seal_token(sealer, data, 65536).value();
  }
  std::string page_message(const std::string& token, const std::string& q = "") {
    return "{\"action\":\"page\",\"token\":\"" + token +
           "\",\"build\":\"0badcafe\",\"n\":0,\"cells\":{\"q\":\"" + q + "\"}}";
  }
  // Adopts on that loop and waits for the answer to adopt() itself.
  std::uint64_t adopt(Socket& socket, std::uint32_t loop, const std::string& message,
                      const std::string& sid = "s") {
    std::uint64_t page = 0;
    on_loop(loop, [&] {
      Peer peer;
      peer.sid = std::string_view(sid);
      const Status status = pages.adopt(peer, std::string_view(message), socket, page);
      if (!status.ok()) page = 0;
    });
    return page;
  }
  void receive(std::uint64_t page, const std::string& message) {
    on_loop(static_cast<std::uint32_t>(page >> 56),
            [&] { pages.receive(page, std::string_view(message)); });
  }
  template <class Fn>
  void on_loop(std::uint32_t loop, Fn fn) {
    std::mutex lock;
    std::condition_variable told;
    bool done = false;
    scheduler.loop(loop).post([&] {
      fn();
      std::lock_guard guard(lock);
      done = true;
      told.notify_one();
    });
    std::unique_lock guard(lock);
    told.wait(guard, [&] { return done; });
  }

  agents::SteadyClock clock;
  runtime::CoreLibrary core;
  Numbers plugin;
  FakeSealer sealer;
  Logger log{LogLevel::kError};
  agents::Scheduler scheduler{{.loops = 2, .limits = {}, .mailbox = 1000, .fuel = 20000}, clock};
  agents::Programs programs{"/"};
  LiveHub hub{scheduler, [this](std::uint32_t loop, std::uint64_t seq,
                                const std::vector<LiveHub::Delivery>& entries) {
                pages.deliver(loop, seq, entries);
              }};
  Services services{scheduler, programs, hub, log, &sealer, {}, [] { return std::int64_t{2000}; }};
  PagesService pages{services};
};

TEST_F(SharingTest, ACommitIsComputedOnceAndSerialisedOnceForAllPagesThatShowIt) {
  std::vector<Socket> sockets(6);
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    ASSERT_NE(adopt(sockets[i], i % 2, page_message(token("s"))), 0u);
    EXPECT_EQ(sockets[i].hear(0),
              R"({"type":"page","recovered":false,"seq":0,"n":0,"live":{"0":0,"1":0}})");
  }
  EXPECT_EQ(hub.nodes(), 2u);
  const std::uint64_t computed = hub.computations(), fragments = hub.fragments();
  plugin.bump();
  for (Socket& socket : sockets)
    EXPECT_EQ(socket.hear(1),
              R"({"type":"live","seq":101,"set":[["0",[["=",1]]],["1",[["=",1]],0]]})");
  EXPECT_EQ(hub.computations(), computed + 2);
  EXPECT_EQ(hub.fragments(), fragments + 2);
  // One message object per loop, however many pages.
  std::set<std::uint64_t> objects;
  for (Socket& socket : sockets) objects.insert(socket.same(1));
  EXPECT_LE(objects.size(), 2u);
  EXPECT_EQ(objects.count(0), 0u);
}

TEST_F(SharingTest, PagesWithOtherInputsHaveNodesOfTheirOwn) {
  std::vector<Socket> sockets(3);
  const char* inputs[] = {"a", "b", "a"};
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_NE(adopt(sockets[i], i % 2, page_message(token("s"), inputs[i])), 0u);
    sockets[i].hear(0);
  }
  EXPECT_EQ(hub.nodes(), 3u);  // one without inputs, two with
}

TEST_F(SharingTest, AnOwnCommitComesInTheResultAndToOthersAsLive) {
  Socket own, other;
  const std::uint64_t page = adopt(own, 0, page_message(token("s")));
  ASSERT_NE(page, 0u);
  ASSERT_NE(adopt(other, 1, page_message(token("s"))), 0u);
  own.hear(0);
  other.hear(0);
  receive(page, R"({"action":"call","id":1,"handler":0})");
  EXPECT_EQ(own.hear(1),
            R"({"type":"result","id":1,"seq":101,"live":[["0",[["=",1]]],["1",[["=",1]],0]]})");
  EXPECT_EQ(other.hear(1),
            R"({"type":"live","seq":101,"set":[["0",[["=",1]]],["1",[["=",1]],0]]})");
}

TEST_F(SharingTest, ACallRunsAtMostOnceAndItsResultIsGivenAgain) {
  Socket socket;
  const std::uint64_t page = adopt(socket, 0, page_message(token("s")));
  socket.hear(0);
  receive(page, R"({"action":"call","id":1,"handler":0})");
  socket.hear(1);
  receive(page, R"({"action":"call","id":1,"handler":0,"retry":true})");
  EXPECT_EQ(socket.hear(2), R"({"type":"result","id":1,"seq":101})");
  EXPECT_EQ(plugin.number, 1);
}

TEST_F(SharingTest, AfterARestartTheOutcomeOfACallIsUnknown) {
  Socket socket;
  const std::uint64_t page = adopt(socket, 0, page_message(token("s")));
  socket.hear(0);
  receive(page, R"({"action":"call","id":7,"handler":0,"retry":true})");
  EXPECT_EQ(
      socket.hear(1),
      R"({"type":"result","id":7,"seq":0,"error":{"code":"R0405","message":"outcome of the action is unknown"}})");
  EXPECT_EQ(plugin.number, 0);
}

TEST_F(SharingTest, APageThatComesBackUntouchedGoesOnWithWhatItHas) {
  Socket first, again;
  const std::string sealed = token("s");
  const std::uint64_t page = adopt(first, 0, page_message(sealed));
  first.hear(0);
  on_loop(0, [&] { pages.close(page); });
  std::string message = page_message(sealed);
  message.insert(message.size() - 1, ",\"seq\":100");
  ASSERT_NE(adopt(again, 1, message), 0u);
  EXPECT_EQ(again.hear(0), R"({"type":"page","recovered":true,"seq":100})");
}

TEST_F(SharingTest, ANewSocketOfTheSameViewEndsTheOldOne) {
  Socket first, second;
  const std::string sealed = token("s");
  ASSERT_NE(adopt(first, 0, page_message(sealed)), 0u);
  first.hear(0);
  ASSERT_NE(adopt(second, 1, page_message(sealed)), 0u);
  EXPECT_EQ(first.wait_closed(), 4001u);
}

TEST_F(SharingTest, ChangedInputsAreAnsweredByTheirNumber) {
  Socket socket;
  const std::uint64_t page = adopt(socket, 0, page_message(token("s")));
  socket.hear(0);
  receive(page, R"({"action":"cells","n":1,"set":{"q":"milk"}})");
  EXPECT_EQ(socket.hear(1), R"({"type":"live","seq":0,"set":[["1",[["=",0]],1]]})");
}

TEST_F(SharingTest, RefusesWhatDoesNotFit) {
  Socket socket;
  const std::uint64_t page = adopt(socket, 0, page_message(token("s")));
  socket.hear(0);
  const std::pair<const char*, const char*> cases[] = {
      {R"({"action":"cells","n":1,"set":{"q":5}})", "action refused: q must be text"},
      {R"({"action":"cells","n":2,"set":{"x":"a"}})",
       "action refused: x is no input of a live value"},
      {R"({"action":"cells","n":1,"set":{"q":"a"}})", "action refused: n must rise"},
      {R"({"action":"dance"})", "action refused: unknown action"},
      {R"({"action":"call","id":0,"handler":0})", "action refused: id and handler must be int"},
      {R"({"action":"cells","n":9,"open":{"c2":{}}})", "action not allowed: there is no scope c2"}};
  std::size_t n = 1;
  for (const auto& [message, error] : cases) {
    receive(page, message);
    const std::string heard = socket.hear(n++);
    EXPECT_NE(heard.find(error), std::string::npos) << heard;
    EXPECT_EQ(heard.find(R"({"type":"error","code":"R040)"), 0u) << heard;
  }
  receive(page, R"({"action":"call","id":1,"handler":9})");
  EXPECT_EQ(
      socket.hear(n),
      R"({"type":"result","id":1,"seq":0,"error":{"code":"R0403","message":"action not allowed"}})");
}

TEST_F(SharingTest, ATokenOfAnotherBrowserOrBuildReloadsThePage) {
  Socket other_browser, other_build;
  EXPECT_EQ(adopt(other_browser, 0, page_message(token("s")), "somebody else"), 0u);
  EXPECT_EQ(other_browser.hear(0), R"({"type":"reload","reason":"token"})");
  std::string message = page_message(token("s"));
  message.replace(message.find("\"build\":\"0badcafe\""), 18, "\"build\":\"deadbeef\"");
  EXPECT_EQ(adopt(other_build, 0, message), 0u);
  EXPECT_EQ(other_build.hear(0), R"({"type":"reload","reason":"build","build":"0badcafe"})");
}

TEST_F(SharingTest, AReplacedProgramEndsWithItsLastPage) {
  std::mutex lock;
  std::condition_variable told;
  std::uint32_t ended = 0;
  programs.on_ended([&](std::uint32_t number) {
    const std::lock_guard guard(lock);
    ended = number;
    told.notify_one();
  });
  Socket socket;
  const std::uint64_t page = adopt(socket, 0, page_message(token("s")));
  socket.hear(0);
  programs.begin_linking(link(2, "5eedcafe"));
  EXPECT_EQ(std::string(std::string_view(programs.build())), "5eedcafe");  // for this thread
  EXPECT_EQ(programs.current()->number(), 1u);
  std::shared_ptr<const runtime::Program> old = programs.serve();
  EXPECT_EQ(programs.current()->number(), 2u);
  scheduler.wait_for_turns();
  old.reset();
  hub.retire_before(2);
  pages.announce("5eedcafe");
  EXPECT_EQ(socket.hear(1), R"({"type":"reload","reason":"build","build":"5eedcafe"})");

  plugin.bump();  // the page that is still open goes on by its own program
  EXPECT_EQ(socket.hear(2),
            R"({"type":"live","seq":101,"set":[["0",[["=",1]]],["1",[["=",1]],0]]})");
  {
    const std::lock_guard guard(lock);
    EXPECT_EQ(ended, 0u);
  }
  on_loop(0, [&] { pages.close(page); });
  std::unique_lock guard(lock);
  told.wait(guard, [&] { return ended != 0; });
  EXPECT_EQ(ended, 1u);
  EXPECT_EQ(hub.nodes(), 0u);
  programs.on_ended(nullptr);
}

TEST_F(SharingTest, WhatIsWrongWithTheSourceIsToldToPagesOpenNowAndLater) {
  Socket now, later;
  ASSERT_NE(adopt(now, 0, page_message(token("s"))), 0u);
  now.hear(0);
  pages.set_diagnostics("error[E0001]: \"x\"");
  const std::string wrong = R"({"type":"diagnostics","text":"error[E0001]: \"x\""})";
  EXPECT_EQ(now.hear(1), wrong);
  ASSERT_NE(adopt(later, 1, page_message(token("s"))), 0u);
  EXPECT_TRUE(later.hear(0) == wrong || later.hear(1) == wrong);
  pages.set_diagnostics("");
  const std::string right = R"({"type":"diagnostics","text":""})";
  EXPECT_EQ(now.hear(2), right);
  EXPECT_EQ(later.hear(2), right);
}

TEST_F(SharingTest, AProgramThatIsGivenUpEndsAndTheOneServedGoesOn) {
  std::uint32_t ended = 0;
  programs.on_ended([&](std::uint32_t number) { ended = number; });
  programs.begin_linking(link(2, "5eedcafe"));
  programs.give_up();
  EXPECT_EQ(ended, 2u);
  EXPECT_EQ(programs.number(), 1u);
  EXPECT_EQ(programs.find(2), nullptr);
  programs.on_ended(nullptr);
}

}  // namespace
}  // namespace flin::pages
