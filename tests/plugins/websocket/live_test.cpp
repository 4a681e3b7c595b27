// The ws plugin live: sockets, subscriptions, pages.
#include "ws_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace flin::ws {
namespace {

TEST_F(Ws, ShakesHands) {
  Browser browser(run());
  EXPECT_EQ(browser.answer,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  browser.say(R"({"action":"ping"})");
  EXPECT_EQ(browser.hear(), R"({"type":"pong"})");
  EXPECT_EQ(hub().connections(), 1u);
}
TEST_F(Ws, ReadsAFrameThatCameWithTheHandshakeAndByteByByte) {
  const std::uint16_t port = run();
  Browser together(port, "", client_frame(R"({"action":"ping"})"));
  EXPECT_EQ(together.hear(), R"({"type":"pong"})");
  Browser slow(port, "", client_frame(R"({"action":"ping"})"), true);
  EXPECT_EQ(slow.hear(), R"({"type":"pong"})");
}
TEST_F(Ws, ComesAfterAPipelinedAnswer) {
  Client client(run());
  client.send(
      "GET /seven HTTP/1.1\r\nHost: a\r\n\r\nGET /_ws HTTP/1.1\r\nHost: a\r\nConnection: "
      "Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      client_frame(R"({"action":"ping"})"));
  EXPECT_EQ(client.response().body, "7");
  EXPECT_EQ(client.read_until("\r\n\r\n").substr(9, 3), "101");
  EXPECT_EQ(client.read(17), "\x81\x0f{\"type\":\"pong\"}");
}
TEST_F(Ws, RefusesForeignPages) {
  const std::uint16_t port = run();
  Browser foreign(port, "Origin: http://b\r\n"), own(port, "Origin: http://a\r\nCookie: x=y\r\n"),
      blind(port, "Cookie: x=y\r\n");
  EXPECT_EQ(foreign.answer.substr(9, 3), "403");
  EXPECT_EQ(own.answer.substr(9, 3), "101");
  EXPECT_EQ(blind.answer.substr(9, 3), "403");
}
TEST_F(Ws, ClosesOnProtocolErrors) {
  const std::uint16_t port = run();
  const std::pair<std::string, std::string> cases[] = {
      {client_frame("{}", {1, true, false, 0}), "close 1002 a frame of a client has to be masked"},
      {client_frame("\xff"), "close 1007 the message is not UTF-8"},
      {client_frame("x", {2, true, true, 0}), "close 1003 messages are text here"},
      {client_frame(std::string((1 << 20) + 1, 'a')), "close 1009 the message is too large"}};
  for (const auto& [bytes, answer] : cases) {
    Browser browser(port);
    browser.client.send(bytes);
    EXPECT_EQ(browser.hear(), answer);
    browser.client.finish();
    EXPECT_EQ(browser.hear(), "");
  }
}
TEST_F(Ws, EchoesACloseAndAnswersPings) {
  Browser browser(run());
  browser.client.send(client_frame("hi", {9, true, true, 0}) +
                      client_frame("\x03\xe8"
                                   "bye",
                                   {8, true, true, 0}) +
                      client_frame("{}"));
  EXPECT_EQ(browser.hear(), "pong:hi");
  EXPECT_EQ(browser.hear(), "close 1000 ");
  EXPECT_EQ(browser.hear(), "");
}
TEST_F(Ws, EndsAfterTooManyPings) {
  host.set("ws.pings", "3");
  Browser browser(run());
  for (int i = 0; i < 20; ++i) browser.client.send(client_frame("", {9, true, true, 0}));
  std::string last;
  for (std::string heard; !(heard = browser.hear()).empty();) {
    last = heard;
    if (heard.substr(0, 5) == "close") break;
  }
  EXPECT_EQ(last, "close 1008 too many pings");
}
TEST_F(Ws, PingsSilentSocketsAndDropsDeadOnes) {
  host.set("ws.ping_time", "40");
  Browser browser(run());
  EXPECT_EQ(browser.hear(), "ping:");
  browser.client.send(client_frame("", {10, true, true, 0}));
  EXPECT_EQ(browser.hear(), "ping:");
  EXPECT_EQ(browser.hear(), "");
}

TEST_F(Ws, TellsSubscribersOfCommits) {
  const std::uint16_t port = run();
  Browser one(port), two(port), other(port);
  for (Browser* browser : {&one, &two}) {
    browser->say(kSubscribe);
    EXPECT_EQ(browser->hear(),
              R"({"type":"subscribed","entity_type":"Todo","seq":56,"recovered":true})");
  }
  other.say(R"({"action":"subscribe","type":"User"})");
  EXPECT_EQ(other.hear(),
            R"({"type":"subscribed","entity_type":"User","seq":56,"recovered":true})");
  store.create(1, "a");
  store.create(9, "u", 2);
  store.create(2, "b");
  for (Browser* browser : {&one, &two}) {
    EXPECT_EQ(browser->hear(), created(1, "a", 57));
    EXPECT_EQ(browser->hear(), created(2, "b", 59));
  }
  EXPECT_EQ(other.hear(), created(9, "u", 58, "User"));
  one.say(R"({"action":"unsubscribe","type":"Todo"})");
  EXPECT_EQ(one.hear(), R"({"type":"unsubscribed","entity_type":"Todo"})");
  store.create(3, "c");
  EXPECT_EQ(two.hear(), created(3, "c", 60));
  one.say(R"({"action":"ping"})");
  EXPECT_EQ(one.hear(), R"({"type":"pong"})");
}
TEST_F(Ws, ReplaysTheGap) {
  const std::uint16_t port = run();
  store.create(1, "a");
  store.create(9, "u", 2);
  store.create(2, "b");
  Browser browser(port);
  browser.say(R"({"action":"subscribe","type":"Todo","since":57})");
  EXPECT_EQ(browser.hear(),
            R"({"type":"subscribed","entity_type":"Todo","seq":59,"recovered":true})");
  EXPECT_EQ(browser.hear(), created(2, "b", 59));
  store.create(3, "c");
  EXPECT_EQ(browser.hear(), created(3, "c", 60));
}
TEST_F(Ws, SaysWhenTheGapIsLost) {
  const std::uint16_t port = run();
  store.create(1, "a");
  store.remove_log();
  Browser browser(port);
  browser.say(R"({"action":"subscribe","type":"Todo","since":56})");
  EXPECT_EQ(browser.hear(),
            R"({"type":"subscribed","entity_type":"Todo","seq":57,"recovered":false})");
  browser.say(R"({"action":"subscribe","type":"Todo","since":99})");
  EXPECT_EQ(browser.hear(),
            R"({"type":"subscribed","entity_type":"Todo","seq":57,"recovered":false})");
}
TEST_F(Ws, LosesAndRepeatsNothingWhileCommitsRun) {
  const std::uint16_t port = run();
  store.create(1, "x");
  std::thread writer([&] {
    for (int i = 0; i < 400; ++i) store.create(2, "x");
  });
  for (int round = 0; round < 20; ++round) {
    Browser browser(port);
    browser.say(R"({"action":"subscribe","type":"Todo","since":57})");
    EXPECT_EQ(browser.hear().substr(0, 20), R"({"type":"subscribed")");
    for (int seq = 58; seq < 58 + 10 * round && seq <= 457; ++seq)
      ASSERT_EQ(browser.hear(), created(2, "x", seq));
  }
  writer.join();
}
TEST_F(Ws, AsksTheRulesOfEachReader) {
  Browser browser(run());
  browser.say(R"({"action":"subscribe","type":"Note"})");
  EXPECT_EQ(browser.hear(),
            R"({"type":"subscribed","entity_type":"Note","seq":56,"recovered":true})");
  store.create(1, "private", 1);
  store.create(2, "open", 1);
  EXPECT_EQ(browser.hear(), created(2, "open", 58, "Note"));
}
TEST_F(Ws, AnswersBadMessagesAndGoesOn) {
  host.set("ws.subscriptions", "1");
  Browser browser(run());
  const std::pair<std::string, std::string> cases[] = {
      {R"({"action":"subscribe","type":"Tod"})",
       R"({"type":"error","code":"unknown_type","message":"There is no entity 'Tod'. Did you mean 'Todo'?"})"},
      {R"({"action":"subscribe"})",
       R"({"type":"error","code":"bad_message","message":"'subscribe' needs a 'type'."})"},
      {R"({"action":"dance"})",
       R"({"type":"error","code":"bad_message","message":"There is no action 'dance'."})"},
      {"[1]", R"({"type":"error","code":"bad_message","message":"A message is a JSON object."})"},
      {R"({"action":"unsubscribe","type":"X"})",
       R"({"type":"error","code":"unknown_type","message":"There is no entity 'X'."})"},
      {R"({"action":"call","id":1})",
       R"({"type":"error","code":"R0403","message":"action not allowed: no page is open on this connection","action":"call"})"},
      {kSubscribe, R"({"type":"subscribed","entity_type":"Todo","seq":56,"recovered":true})"},
      {R"({"action":"subscribe","type":"User"})",
       R"({"type":"error","code":"too_many","message":"A connection has at most 1 subscriptions."})"},
      {kSubscribe, R"({"type":"subscribed","entity_type":"Todo","seq":56,"recovered":true})"}};
  for (const auto& [message, answer] : cases) {
    browser.say(message);
    EXPECT_EQ(browser.hear(), answer);
  }
}

TEST_F(Ws, CarriesPagesToTheKernel) {
  IFrameSink* sink = nullptr;
  std::vector<std::string> seen;
  host.pages.on_adopt = [&](const Peer& peer, std::string_view text, IFrameSink& to,
                            std::uint64_t& page) {
    seen.push_back("adopt " + std::string(peer.address) + " " + std::string(text));
    sink = &to;
    page = seen.size();
    FakeBytes* head = FakeBytes::make("{\"type\":\"page\",");
    FakeBytes* tail = FakeBytes::make("\"recovered\":true}");
    IBytes* parts[] = {head, tail};
    to.send({parts, 0});
    head->release();
    tail->release();
    return Status();
  };
  host.pages.on_receive = [&](std::uint64_t page, std::string_view text) {
    seen.push_back(std::to_string(page) + " " + std::string(text));
  };
  const std::uint16_t port = run();
  {
    Browser browser(port);
    browser.say(R"({"action":"page","token":"T"})");
    EXPECT_EQ(browser.hear(), R"({"type":"page","recovered":true})");
    browser.say(R"({"action":"cells","n":1})");
    browser.say(R"({"action":"page","token":"U"})");
    EXPECT_EQ(browser.hear(), R"({"type":"page","recovered":true})");
    host.on_loop(0, [&] { sink->close(4001, "another socket"); });
    EXPECT_EQ(browser.hear(), "close 4001 another socket");
  }
  for (bool closed = false; !closed;)
    host.on_loop(0, [&] { closed = host.pages.closed.size() == 2; });
  EXPECT_EQ(seen, (std::vector<std::string>{R"(adopt 127.0.0.1 {"action":"page","token":"T"})",
                                            R"(1 {"action":"cells","n":1})",
                                            R"(adopt 127.0.0.1 {"action":"page","token":"U"})"}));
  EXPECT_EQ(host.pages.closed, (std::vector<std::uint64_t>{1, 3}));
}
TEST_F(Ws, LeavesChangesOutForSlowReadersAndSaysSo) {
  host.set("ws.queue_bytes", "100000");
  Browser browser(run());
  browser.say(kSubscribe);
  EXPECT_EQ(browser.hear(),
            R"({"type":"subscribed","entity_type":"Todo","seq":56,"recovered":true})");
  const std::string large(90000, 'x');
  for (int i = 0; i < 300; ++i) {
    store.create(1, large);
    if (i % 10 == 0) host.on_loop(0, [] {});
  }
  host.on_loop(0, [] {});
  // The socket may drain and fill again on the way: each gap is told before what comes behind it.
  const std::string told = R"({"type":"subscribed","entity_type":"Todo","seq":)";
  bool has_gap = false;
  for (std::uint64_t next = 57; next <= 356;) {
    const std::string heard = browser.hear();
    ASSERT_FALSE(heard.empty());
    if (heard.substr(0, told.size()) != told) {
      ASSERT_EQ(heard, created(1, large, next++));
      continue;
    }
    const std::uint64_t seq = std::stoull(heard.substr(told.size()));
    ASSERT_EQ(heard, told + std::to_string(seq) + R"(,"recovered":false})");
    ASSERT_GE(seq + 1, next);
    has_gap = true;
    next = seq + 1;
  }
  EXPECT_TRUE(has_gap);
  store.create(2, "small");
  EXPECT_EQ(browser.hear(), created(2, "small", 357));
}
TEST_F(Ws, LeavesNothingOutForABurstThatTheReaderTakes) {
  host.set("ws.queue_bytes", "100");
  Browser browser(run());
  browser.say(kSubscribe);
  EXPECT_EQ(browser.hear().substr(0, 20), R"({"type":"subscribed")");
  host.on_loop(0, [&] {  // all within one turn
    for (int i = 0; i < 50; ++i) store.create(1, std::string(200, 'x'));
  });
  for (int seq = 57; seq < 107; ++seq)
    EXPECT_EQ(browser.hear(), created(1, std::string(200, 'x'), seq));
}
TEST_F(Ws, ClosesSocketsThatTakeNothing) {
  host.set("ws.queue_bytes", "1000");
  IFrameSink* sink = nullptr;
  host.pages.on_adopt = [&](const Peer&, std::string_view, IFrameSink& to, std::uint64_t& page) {
    sink = &to;
    page = 1;
    return Status();
  };
  Browser browser(run());
  browser.say(R"({"action":"page"})");
  for (bool open = false; !open;) host.on_loop(0, [&] { open = sink != nullptr; });
  FakeBytes* bytes = FakeBytes::make(std::string(100000, 'y'));
  std::uint64_t kept = 0;
  for (int i = 0; i < 200; ++i) {
    host.on_loop(0, [&] {
      IBytes* parts[] = {bytes};
      kept = sink->send({parts, 0});
    });
  }
  bytes->release();
  EXPECT_LT(kept, 1000000u);  // of 20 MB
  std::string heard, last;
  while (!(heard = browser.hear()).empty()) {
    last = heard;
    if (heard.substr(0, 5) == "close") break;
  }
  EXPECT_EQ(last, "close 1013 too slow");
}
TEST_F(Ws, SendsOneMessageOfAnySize) {
  host.set("ws.queue_bytes", "1000");
  const std::string large(8 << 20, 'z');
  host.pages.on_adopt = [&](const Peer&, std::string_view, IFrameSink& to, std::uint64_t& page) {
    FakeBytes* bytes = FakeBytes::make(large);
    IBytes* parts[] = {bytes};
    EXPECT_GT(to.send({parts, 0}), large.size());
    bytes->release();
    page = 1;
    return Status();
  };
  Browser browser(run());
  browser.say(R"({"action":"page"})");
  EXPECT_EQ(browser.hear().size(), large.size());
  for (int drains = 0; drains == 0;) host.on_loop(0, [&] { drains = host.pages.drains; });
}
TEST_F(Ws, BroadcastsToAllConnections) {
  const std::uint16_t port = run();
  Browser one(port), two(port);
  EXPECT_EQ(hub().broadcast("", R"({"hi":1})"), 2u);
  EXPECT_EQ(one.hear(), R"({"hi":1})");
  EXPECT_EQ(two.hear(), R"({"hi":1})");
  EXPECT_EQ(hub().broadcast("nobody", "1"), 0u);
}
TEST_F(Ws, SaysGoodbyeWhenTheServerStops) {
  Browser browser(run());
  const ShutdownEvent payload{sizeof(ShutdownEvent), 100};
  host.emit(kShutdownRequested, &payload, sizeof payload);
  EXPECT_EQ(browser.hear(), "close 1001 the server stops");
}
TEST_F(Ws, FreesItsConnectionsPlaceAtTheEnd) {
  host.set("http.connections", "1");
  const std::uint16_t port = run();
  {
    Browser browser(port);
    EXPECT_EQ(browser.answer.substr(9, 3), "101");
    Client second(port);
    EXPECT_EQ(second.response().status, 503);
  }
  while (hub().connections() > 0) host.on_loop(0, [] {});
  host.on_loop(0, [] {});
  host.on_loop(0, [] {});
  Browser again(port);
  EXPECT_EQ(again.answer.substr(9, 3), "101");
}

}  // namespace
}  // namespace flin::ws
