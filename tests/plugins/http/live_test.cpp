// The http plugin on real sockets: framing, order, limits, timeouts, upgrades, stopping. Every test
// runs on both pollers.
#include "fakes/net_fakes.h"

#include "flin/http/paths.h"
#include "flin/http/readiness.h"
#include "flin/http/upgrades.h"
#include "flin/metrics.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace flin::http {
namespace {

using test::Client;
using test::FakeCall;
using test::FakeHost;

enum : std::uint32_t { kHello = 1, kEcho, kNone, kPageView };

struct Server {
  explicit Server(std::uint32_t loops = 1) : host(loops) {
    host.agents.routes[kHello] = [](FakeCall& call, IContext&, Value& result) {
      result = call.map({call.text("hello"), call.text("world")});
      return Status();
    };
    host.agents.routes[kEcho] = [](FakeCall& call, IContext& context, Value& result) {
      return context.load(call, kContextBody, result);
    };
    host.agents.routes[kNone] = [](FakeCall&, IContext&, Value&) { return Status(); };
    host.route_decls = {
        {"GET", "/hello", kHello}, {"POST", "/echo", kEcho}, {"DELETE", "/echo", kNone}};
    host.page_decls = {{"/", kPageView}};
  }
  std::uint16_t run() {
    host.load("http");
    const Status status = host.start();
    EXPECT_TRUE(status.ok()) << status.message();
    return host.port();
  }
  FakeHost host;
};

constexpr const char* kGetHello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr const char* kHelloBody = "{\"hello\":\"world\"}";

class Http : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { server.host.set("http.poller", GetParam()); }
  Server server;
};
INSTANTIATE_TEST_SUITE_P(Both, Http, testing::Values("epoll", "poll"),
                         [](const auto& info) { return info.param; });

TEST_P(Http, AnswersOnAConnectionThatStays) {
  Client client(server.run());
  for (int i = 0; i < 3; ++i) {
    client.send(kGetHello);
    const Client::Response response = client.response();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, kHelloBody);
    EXPECT_EQ(response.headers.at("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(response.headers.at("date").substr(25), " GMT");
    EXPECT_EQ(response.headers.count("connection"), 0u);
  }
}
TEST_P(Http, ReadsARequestThatComesByteByByte) {
  Client client(server.run());
  client.send_slowly(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
      "7\r\n\r\n[1, 2] GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.response().body, "[1,2]");
  EXPECT_EQ(client.response().body, kHelloBody);
}
TEST_P(Http, AnswersPipelinedRequestsInOrder) {
  Client client(server.run());
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes +=
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n" +
        std::to_string(100 + i);
  }
  client.send(bytes);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(client.response().body, "\"" + std::to_string(100 + i) + "\"");
}
TEST_P(Http, ReadsAheadUpToTheLimitWhileARequestRuns) {
  server.host.set("http.pipeline", "4");
  server.host.agents.hold = true;
  Client client(server.run());
  std::string bytes;
  for (int i = 0; i < 12; ++i) bytes += kGetHello;
  client.send(bytes);
  for (int done = 0; done < 12;) {
    server.host.on_loop(0, [] {});
    const auto count = server.host.agents.held();
    EXPECT_LE(count, 1u);  // one after another
    if (count == 0) continue;
    ++done;
    if (done == 12) server.host.agents.hold = false;
    server.host.agents.run_held();  // on this thread, not the loop's
    EXPECT_EQ(client.response().body, kHelloBody);
  }
}
TEST_P(Http, DecodesChunkedBodies) {
  Client client(server.run());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.response().body, "\"abcde\"");
  client.send(kGetHello);
  EXPECT_EQ(client.response().status, 200);
}
TEST_P(Http, SaysContinueBeforeABodyThatWaitsForIt) {
  Client client(server.run());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: "
      "100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  EXPECT_EQ(client.response().body, "\"hi\"");
}
TEST_P(Http, RefusesABodyAboveTheLimitBeforeItComes) {
  server.host.set("http.body_bytes", "10");
  Client client(server.run());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
      "10\r\n\r\n0123456789");
  EXPECT_EQ(client.response().status, 200);
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  const Client::Response response = client.response();
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.headers.at("connection"), "close");
  EXPECT_EQ(response.body, "{\"error\":\"the body is larger than 10 bytes\",\"status\":413}");
  EXPECT_TRUE(client.at_end());
}
TEST_P(Http, RefusesAChunkedBodyAboveTheLimit) {
  server.host.set("http.body_bytes", "10");
  Client client(server.run());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\nB\r\n01234567890\r\n0\r\n\r\n");
  EXPECT_EQ(client.response().status, 413);
  EXPECT_TRUE(client.at_end());
}
TEST_P(Http, ClosesAfterAMalformedRequestAndRunsNothingBehindIt) {
  Client client(server.run());
  client.send(std::string(kGetHello) +
              "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" +
              kGetHello);
  EXPECT_EQ(client.response().status, 200);
  const Client::Response response = client.response();
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "{\"error\":\"there are two Content-Length headers\",\"status\":400}");
  EXPECT_TRUE(client.at_end());
}
TEST_P(Http, DeliversItsRefusalOfATenMegabyteHeader) {
  Client client(server.run());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(10 << 20, 'a'));
  EXPECT_EQ(client.response().status, 431);
}
TEST_P(Http, AnswersHeadLikeGetWithoutABody) {
  Client client(server.run());
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const Client::Response response = client.response(true);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("content-length"), "17");
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.response(true).headers.at("content-length"), "26");
  client.send(kGetHello);
  EXPECT_EQ(client.response().body, kHelloBody);
}
TEST_P(Http, TellsAllowedMethods) {
  Client client(server.run());
  client.send(
      "GET /echo HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS * "
      "HTTP/1.1\r\nHost: a\r\n\r\n");
  const Client::Response refused = client.response();
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.at("allow"), "POST, DELETE, OPTIONS");
  const Client::Response options = client.response();
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.at("allow"), "POST, DELETE, OPTIONS");
  EXPECT_EQ(options.headers.count("content-length"), 0u);
  EXPECT_EQ(client.response().status, 204);
  client.send("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.response().status, 501);
}
TEST_P(Http, ClosesWhenTheClientAsksForIt) {
  Client client(server.run());
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.response().headers.at("connection"), "close");
  EXPECT_TRUE(client.at_end());
  Client old(server.host.port());
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.response().status, 200);
  EXPECT_TRUE(old.at_end());
  Client kept(server.host.port());
  kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.response().headers.at("connection"), "keep-alive");
  kept.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(kept.response().status, 200);
}
TEST_P(Http, AnswersAClientThatHasFinishedSending) {
  server.host.agents.hold = true;
  Client client(server.run());
  client.send(kGetHello);
  client.finish();
  while (server.host.agents.held() == 0) server.host.on_loop(0, [] {});
  server.host.agents.run_held();
  EXPECT_EQ(client.response().body, kHelloBody);
  EXPECT_TRUE(client.at_end());
}
TEST_P(Http, OutlivesAClientThatLeavesWhileItsRequestRuns) {
  server.host.agents.hold = true;
  const std::uint16_t port = server.run();
  {
    Client client(port);
    client.send(kGetHello);
    while (server.host.agents.held() == 0) server.host.on_loop(0, [] {});
  }
  server.host.agents.run_held();
  server.host.agents.hold = false;
  Client next(port);
  next.send(kGetHello);
  EXPECT_EQ(next.response().status, 200);
}
TEST_P(Http, GivesUpOnHeadsAndBodiesThatDoNotCome) {
  server.host.set("http.header_time", "50");
  server.host.set("http.body_time", "50");
  const std::uint16_t port = server.run();
  Client head(port), body(port);
  head.send("GET /hello HTTP/1.1\r\nHo");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  const Client::Response late = head.response();
  EXPECT_EQ(late.status, 408);
  EXPECT_EQ(late.body,
            "{\"error\":\"the head of the request did not come in time\",\"status\":408}");
  EXPECT_EQ(body.response().status, 408);
  EXPECT_TRUE(head.at_end());
}
TEST_P(Http, ClosesConnectionsThatStayIdle) {
  server.host.set("http.idle_time", "50");
  const std::uint16_t port = server.run();
  Client fresh(port), used(port);
  used.send(kGetHello);
  EXPECT_EQ(used.response().status, 200);
  EXPECT_TRUE(used.at_end());
  EXPECT_TRUE(fresh.at_end());
}
TEST_P(Http, RefusesConnectionsAboveTheLimits) {
  server.host.set("http.connections_per_address", "2");
  const std::uint16_t port = server.run();
  Client first(port);
  first.send(kGetHello);
  EXPECT_EQ(first.response().status, 200);
  {
    Client second(port);
    second.send(kGetHello);
    EXPECT_EQ(second.response().status, 200);
    Client third(port);
    EXPECT_EQ(third.response().status, 503);
    EXPECT_TRUE(third.at_end());
  }
  for (int status = 503;
       status == 503;) {  // the place is free again once the server has seen the end
    Client again(port);
    again.send(kGetHello);
    status = again.response().status;
    EXPECT_TRUE(status == 200 || status == 503 || status == 0);
    if (status == 0) status = 503;
  }
}
TEST_P(Http, WritesLargeAnswersToSlowReaders) {
  const std::string large(3 << 20, 'x');
  server.host.agents.routes[kHello] = [&](FakeCall& call, IContext&, Value& result) {
    result = call.text(large);
    return Status();
  };
  Client client(server.run());
  client.send(std::string(kGetHello) + kGetHello);
  EXPECT_EQ(client.response().body.size(), large.size() + 2);
  EXPECT_EQ(client.response().body.size(), large.size() + 2);
}

TEST_P(Http, ClosesOnReadersThatTakeNothing) {
  const std::string large(16 << 20, 'x');
  server.host.agents.routes[kHello] = [&](FakeCall& call, IContext&, Value& result) {
    result = call.text(large);
    return Status();
  };
  server.host.set("http.body_time", "50");
  server.host.set("http.connections_per_address", "1");
  const std::uint16_t port = server.run();
  Client reader(port);
  reader.send(kGetHello);
  EXPECT_EQ(reader.read(12), "HTTP/1.1 200");
  for (int status = 503; status != 404;) {  // its place is free once the server has given it up
    Client next(port);
    next.send("GET /gone HTTP/1.1\r\nHost: a\r\n\r\n");
    status = next.response().status;
  }
}

// Slow clients of every kind stand at the door; the work that others cause stays what it was. Work
// is measured as processor time, so a busy machine changes nothing, and rounds alternate.
TEST_P(Http, LetsNobodyPayForSlowClients) {
  const std::string large(2 << 20, 'x');
  enum : std::uint32_t { kLarge = 50 };
  server.host.agents.routes[kLarge] = [&](FakeCall& call, IContext&, Value& result) {
    result = call.text(large);
    return Status();
  };
  server.host.route_decls.push_back({"GET", "/large", kLarge});
  server.host.set("http.connections_per_address", "1000");
  const std::uint16_t port = server.run();
  Client fast(port);
  const auto work = [&] {
    timespec from{}, to{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < 300; ++i) {
      fast.send(kGetHello);
      EXPECT_EQ(fast.response().status, 200);
    }
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    return static_cast<double>(to.tv_sec - from.tv_sec) * 1e9 +
           static_cast<double>(to.tv_nsec - from.tv_nsec);
  };
  double alone = 1e18, beside = 1e18;
  for (int round = 0; round < 5; ++round) {
    work();  // while the last round is cleared away
    alone = std::min(alone, work());
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 60; ++i) {
      slow.push_back(std::make_unique<Client>(port));
      const char* const kinds[] = {"GET /hello HTTP/1.1\r\nHo",
                                   "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
                                   "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"};
      slow.back()->send(kinds[i % 3]);
    }
    for (int i = 2; i < 60; i += 3) slow[static_cast<std::size_t>(i)]->read(12);
    work();
    beside = std::min(beside, work());
  }
  EXPECT_LT(beside, alone * 3);
}

struct Taker final : IUpgradeTaker {
  std::uint32_t take(const Handover& handover, Text& reason) noexcept override {
    if (status) {
      reason = "not today";
      return status;
    }
    input = std::string(handover.input);
    path = std::string(handover.path);
    address = std::string(handover.address);
    for (const Pair& header : handover.headers) names += std::string(header.name) + " ";
    const std::string answer =
        std::string(handover.output) + "HTTP/1.1 101 Switching Protocols\r\n\r\n" + input;
    [[maybe_unused]] const auto n =
        ::write(static_cast<int>(handover.handle), answer.data(), answer.size());
    ::close(static_cast<int>(handover.handle));
    handover.context->destroy();
    return 0;
  }
  std::uint32_t status = 0;
  std::string input, path, address, names;
};

TEST_P(Http, HandsOverAnUpgradeWithWhatCameBeforeAndBehind) {
  Taker taker;
  server.host.load("http");
  auto* upgrades = static_cast<IUpgrades*>(server.host.plugin("http")->query(IUpgrades::kId));
  ASSERT_TRUE(upgrades->offer("test", "/_up", taker).ok());
  EXPECT_EQ(upgrades->offer("test", "/_up", taker).message(),
            "upgrades to 'test' at '/_up' are taken already");
  ASSERT_TRUE(server.host.start().ok());
  Client client(server.host.port());
  client.send(std::string(kGetHello) +
              "GET /_up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\nframe");
  EXPECT_EQ(client.response().body, kHelloBody);
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 101 Switching Protocols\r\n\r\n");
  EXPECT_EQ(client.read(5), "frame");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(taker.path, "/_up");
  EXPECT_EQ(taker.address, "127.0.0.1");
  EXPECT_EQ(taker.names, "host connection upgrade ");
}
TEST_P(Http, GoesOnAfterARefusedUpgrade) {
  Taker taker;
  taker.status = 403;
  server.host.load("http");
  ASSERT_TRUE(static_cast<IUpgrades*>(server.host.plugin("http")->query(IUpgrades::kId))
                  ->offer("test", "/_up", taker)
                  .ok());
  ASSERT_TRUE(server.host.start().ok());
  Client client(server.host.port());
  client.send("GET /_up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n" +
              std::string(kGetHello));
  EXPECT_EQ(client.response().body, "{\"error\":\"not today\",\"status\":403}");
  EXPECT_EQ(client.response().body, kHelloBody);
  client.send("GET /_up HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.response().status, 426);
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
  EXPECT_EQ(client.response().status, 200);  // an upgrade nobody offers is no upgrade
}

// Keeps the answer it was given; what happens to it is counted.
struct Stream final : IPathTaker {
  void take(const PathRequest& request, IPathAnswer& given) noexcept override {
    answer = &given;
    seen = std::string(request.method) + " " + std::string(request.path) + " " +
           std::string(request.query) + " " + std::string(request.headers[0].name);
    static constexpr Pair kType[] = {{"Content-Type", "text/event-stream"}, {"X-A", "b"}};
    given.begin(200, List<Pair>(kType, 2), length);
    given.write("one");
  }
  void drained(IPathAnswer&) noexcept override { ++drains; }
  void gone(IPathAnswer&) noexcept override {
    ++ends;
    answer = nullptr;
  }
  std::int64_t length = -1;
  IPathAnswer* answer = nullptr;
  std::string seen;
  int drains = 0, ends = 0;
};

class Paths : public Http {
 protected:
  void SetUp() override {
    Http::SetUp();
    server.host.load("http");
    auto* paths = static_cast<IPaths*>(server.host.plugin("http")->query(IPaths::kId));
    ASSERT_TRUE(paths->offer("/_flin/stream", "GET, HEAD", stream).ok());
    EXPECT_EQ(paths->offer("/_flin/stream", "GET", stream).message(),
              "the path '/_flin/stream' is taken already");
    EXPECT_EQ(paths->offer("/stream", "GET", stream).message(),
              "the path '/stream' does not begin with /_flin/");
    ASSERT_TRUE(server.host.start().ok());
  }
  template <class Fn>
  void on_loop(Fn fn) {
    server.host.on_loop(0, fn);
  }
  Stream stream;
};
INSTANTIATE_TEST_SUITE_P(Both, Paths, testing::Values("epoll", "poll"),
                         [](const auto& info) { return info.param; });

constexpr const char* kGetStream = "GET /_flin/stream?a=b HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_P(Paths, AreAnsweredBitByBit) {
  Client client(server.host.port());
  client.send(std::string(kGetStream) + kGetHello);
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_NE(head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nContent-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nX-A: b\r\n"), std::string::npos);
  EXPECT_EQ(stream.seen, "GET /_flin/stream a=b host");
  EXPECT_EQ(client.read(8), "3\r\none\r\n");
  on_loop([&] { EXPECT_EQ(stream.answer->write("0123456789abcdef"), 0u); });
  EXPECT_EQ(client.read(22), "10\r\n0123456789abcdef\r\n");
  on_loop([&] { stream.answer->end(); });
  EXPECT_EQ(client.read(5), "0\r\n\r\n");
  EXPECT_EQ(client.response().body, kHelloBody);
  EXPECT_EQ(stream.ends, 0);
}
TEST_P(Paths, EndByClosingForHttp10) {
  Client client(server.host.port());
  client.send("GET /_flin/stream HTTP/1.0\r\nConnection: keep-alive\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n").find("chunked"), std::string::npos);
  EXPECT_EQ(client.read(3), "one");
  on_loop([&] { stream.answer->end(); });
  EXPECT_TRUE(client.at_end());
}
TEST_P(Paths, KnowTheirLengthWhenTold) {
  stream.length = 6;
  Client client(server.host.port());
  client.send(kGetStream);
  EXPECT_NE(client.read_until("\r\n\r\n").find("Content-Length: 6\r\n"), std::string::npos);
  on_loop([&] {
    stream.answer->write("two");
    stream.answer->end();
    stream.answer = nullptr;
  });
  EXPECT_EQ(client.read(6), "onetwo");
  client.send("HEAD /_flin/stream HTTP/1.1\r\nHost: a\r\n\r\n");
  for (bool begun = false; !begun;) on_loop([&] { begun = stream.answer != nullptr; });
  on_loop([&] { stream.answer->end(); });
  EXPECT_EQ(client.response(true).headers.at("content-length"), "6");
  client.send(std::string("POST /_flin/stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client.response().headers.at("allow"), "GET, HEAD, OPTIONS");
}
TEST_P(Paths, SayWhenTheClientIsGone) {
  {
    Client client(server.host.port());
    client.send(kGetStream);
    EXPECT_NE(client.read_until("\r\n\r\n"), "");
  }
  for (bool gone = false; !gone;) on_loop([&] { gone = stream.ends == 1; });
}
TEST_P(Paths, SayWhenWhatWaitedIsSent) {
  Client client(server.host.port());
  client.send(kGetStream);
  client.read_until("\r\n\r\n");
  const std::string large(64 << 20, 'x');
  int before = 0;
  on_loop([&] {
    before = stream.drains;
    EXPECT_GT(stream.answer->write(Text(std::string_view(large))), 0u);
  });
  on_loop([&] { EXPECT_EQ(stream.drains, before); });
  EXPECT_EQ(client.read(large.size()).size(), large.size());
  client.read(9 + 10);
  for (bool sent = false; !sent;) on_loop([&] { sent = stream.drains > before; });
  on_loop([&] { stream.answer->end(); });
}
TEST_P(Paths, EndWhenTheServerStops) {
  Client client(server.host.port());
  client.send(kGetStream);
  client.read_until("\r\n\r\n");
  const ShutdownEvent payload{sizeof(ShutdownEvent), 1000};
  server.host.emit(kShutdownRequested, &payload, sizeof payload);
  for (bool gone = false; !gone;) on_loop([&] { gone = stream.ends == 1; });
}

TEST_P(Http, FinishesWhatRunsWhenItStops) {
  server.host.agents.hold = true;
  const std::uint16_t port = server.run();
  Client busy(port), idle(port);
  busy.send(kGetHello);
  while (server.host.agents.held() == 0) server.host.on_loop(0, [] {});
  const ShutdownEvent payload{sizeof(ShutdownEvent), 1000};
  server.host.emit(kShutdownRequested, &payload, sizeof payload);
  EXPECT_TRUE(idle.at_end());
  EXPECT_THROW(Client late(port), std::runtime_error);
  server.host.agents.run_held();
  const Client::Response response = busy.response();
  EXPECT_EQ(response.body, kHelloBody);
  EXPECT_EQ(response.headers.at("connection"), "close");
  EXPECT_TRUE(busy.at_end());
}

// Counters that a test reads back, in place of the kernel's.
class FakeMetrics final : public IMetrics {
 public:
  Status add(std::uint32_t, const MetricDecl& decl, MetricCells& out) noexcept override {
    const std::lock_guard lock(mutex_);
    Row& row = rows_[name_of(decl)];
    row.bounds.assign(decl.bounds.begin(), decl.bounds.end());
    row.buckets.resize(row.bounds.size() + 1);
    out = {&row.value, row.buckets.data(), row.bounds.data(), row.bounds.size()};
    return Status();
  }
  Status compute(std::uint32_t, const MetricDecl& decl, MetricFn fn, IPlugin& self,
                 void* data) noexcept override {
    computed_[name_of(decl)] = [fn, &self, data] { return fn(self, data); };
    return Status();
  }
  void write(ITextSink& out) noexcept override { out.text("all of it\n"); }

  std::uint64_t value(const std::string& name) { return __atomic_load_n(&rows_.at(name).value, 0); }
  double computed(const std::string& name) { return computed_.at(name)(); }
  std::uint64_t observed(const std::string& name) {
    std::uint64_t sum = 0;
    for (const std::uint64_t& bucket : rows_.at(name).buckets) sum += __atomic_load_n(&bucket, 0);
    return sum;
  }

 private:
  struct Row {
    std::uint64_t value = 0;
    std::vector<std::uint64_t> buckets;
    std::vector<double> bounds;
  };
  static std::string name_of(const MetricDecl& decl) {
    std::string name(std::string_view(decl.name));
    for (const MetricLabel& label : decl.labels) name += "/" + std::string(label.value);
    return name;
  }
  std::mutex mutex_;
  std::map<std::string, Row> rows_;
  std::map<std::string, std::function<double()>> computed_;
};

TEST_P(Http, CountsWhatItDoes) {
  FakeMetrics metrics;
  server.host.provide(std::string(IMetrics::kId), static_cast<IMetrics*>(&metrics));
  server.host.set("http.header_time", "50");
  const std::uint16_t port = server.run();
  const std::string half = "GET", sent = std::string(kGetHello) +
                                         "GET /gone HTTP/1.1\r\nHost: a\r\n\r\nGET\r\n\r\n";
  {
    Client client(port), late(port);
    late.send(half);
    client.send(sent);
    EXPECT_EQ(client.response().status, 200);
    EXPECT_EQ(client.response().status, 404);
    EXPECT_EQ(client.response().status, 400);
    EXPECT_EQ(late.response().status, 408);
    EXPECT_EQ(metrics.computed("flin_http_connections"), 2);
  }
  while (metrics.computed("flin_http_connections") > 0) server.host.on_loop(0, [] {});
  EXPECT_EQ(metrics.value("flin_http_requests_total/2xx"), 1u);
  EXPECT_EQ(metrics.value("flin_http_requests_total/4xx"), 3u);
  EXPECT_EQ(metrics.value("flin_http_malformed_total"), 2u);
  EXPECT_EQ(metrics.value("flin_http_timeouts_total/head"), 1u);
  EXPECT_EQ(metrics.value("flin_http_connections_total"), 2u);
  EXPECT_EQ(metrics.observed("flin_http_request_seconds"), 4u);
  EXPECT_EQ(metrics.value("flin_http_received_bytes_total"), sent.size() + half.size());
  EXPECT_GT(metrics.value("flin_http_sent_bytes_total"), 400u);
  EXPECT_EQ(metrics.computed("flin_http_requests_in_flight"), 0);
}
TEST_P(Http, CountsRequestsInFlight) {
  FakeMetrics metrics;
  server.host.provide(std::string(IMetrics::kId), static_cast<IMetrics*>(&metrics));
  server.host.agents.hold = true;
  const std::uint16_t port = server.run();
  {
    Client client(port);
    client.send(std::string(kGetHello) + kGetHello);
    while (server.host.agents.held() == 0) server.host.on_loop(0, [] {});
    EXPECT_EQ(metrics.computed("flin_http_requests_in_flight"), 2);
  }
  while (metrics.computed("flin_http_connections") > 0) {
    server.host.agents.run_held();
    server.host.on_loop(0, [] {});
  }
  EXPECT_EQ(metrics.computed("flin_http_requests_in_flight"), 0);
}

constexpr const char* kReady = "GET /_flin/ready HTTP/1.1\r\nHost: a\r\n\r\n";
TEST_P(Http, IsReadyWhenEveryoneIs) {
  static std::atomic<std::uint32_t> ready{0};
  ready = 0;
  server.host.load("http");
  auto* readiness = static_cast<IReadiness*>(server.host.plugin("http")->query(IReadiness::kId));
  readiness->add(
      "store", [](IPlugin&) noexcept { return ready.load(); }, *server.host.plugin("http"));
  ASSERT_TRUE(server.host.start().ok());
  Client client(server.host.port());
  client.send(kReady);
  const Client::Response waiting = client.response();
  EXPECT_EQ(waiting.status, 503);
  EXPECT_EQ(waiting.body, "{\"status\":\"not ready\",\"waiting_for\":\"store\"}");
  ready = 1;
  client.send(kReady);
  EXPECT_EQ(client.response().body, "{\"status\":\"ready\"}");
}
TEST_P(Http, ShowsMetricsToWhoMaySeeThem) {
  FakeMetrics metrics;
  server.host.provide(std::string(IMetrics::kId), static_cast<IMetrics*>(&metrics));
  server.host.set("http.health_token", "secret");
  server.host.set("http.trusted_proxies", "127.0.0.1");
  Client client(server.run());
  for (const char* path : {"metrics", "ready", "health"}) {
    const std::string ask = "GET /_flin/" + std::string(path) + " HTTP/1.1\r\nHost: a\r\n";
    const std::string outside = "X-Forwarded-For: 192.0.2.1\r\n";
    client.send(ask + "\r\n");
    const Client::Response own = client.response();
    EXPECT_EQ(own.status, 200);
    EXPECT_EQ(own.headers.at("cache-control"), "no-store");
    if (std::string_view(path) == "metrics") {
      EXPECT_EQ(own.body, "all of it\n");
      EXPECT_EQ(own.headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    }
    client.send(ask + outside + "\r\n");
    EXPECT_EQ(client.response().status, 404);
    client.send(ask + outside + "Authorization: Bearer wrong\r\n\r\n");
    EXPECT_EQ(client.response().status, 404);
    client.send(ask + outside + "Authorization: Bearer secret\r\n\r\n");
    EXPECT_EQ(client.response().status, 200);
  }
}

TEST(HttpListening, SharesOnePortBetweenLoops) {
  Server server(3);
  const std::uint16_t port = server.run();
  int lines = 0;
  for (const std::string& line : server.host.log_lines())
    lines += line == "listening on http://127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(lines, 1);
  for (int i = 0; i < 12; ++i) {
    Client client(port);
    client.send(kGetHello);
    EXPECT_EQ(client.response().status, 200);
  }
}
TEST(HttpListening, NamesAPortThatIsInUse) {
  for (const std::uint32_t loops : {1u, 2u}) {
    Server first(loops);
    const std::uint16_t port = first.run();
    Server second(loops);
    second.host.set("http.port", std::to_string(port));
    second.host.load("http");
    const Status status = second.host.start();
    EXPECT_EQ(status.code(), code('P', 113));
    EXPECT_EQ(std::string(status.message()), "port " + std::to_string(port) +
                                                 " on 127.0.0.1 is in use; stop the program that "
                                                 "uses it or take another with --http.port");
  }
}
TEST(HttpListening, NamesASettingItCannotTake) {
  Server server;
  server.host.set("http.port", "70000");
  try {
    server.host.load("http");
    FAIL() << "loaded";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "setting http.port cannot be '70000'");
  }
}

}  // namespace
}  // namespace flin::http
