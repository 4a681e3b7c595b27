// GET /_flin/events: entity subscriptions as Server-Sent Events.
#include "ws_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace flin::ws {
namespace {

struct Stream {
  Stream(std::uint16_t port, const std::string& query, const std::string& headers = "",
         const std::string& method = "GET")
      : client(port) {
    client.send(method + " /_flin/events" + query + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
  }
  std::string head() { return client.read_until("\r\n\r\n"); }
  // The next event, with its id in front: "58 {..}"; "58.2" for an id alone, ":" for a comment.
  std::string hear() {
    while (body.find("\n\n") == std::string::npos) {
      const std::string chunk =
          client.read(std::stoul("0" + client.read_until("\r\n"), nullptr, 16));
      if (chunk.empty()) return "end";
      body += chunk;
      client.read(2);
    }
    std::string block = body.substr(0, body.find("\n\n") + 2);
    body.erase(0, block.size());
    std::string id, data;
    while (block.size() > 1) {
      const std::string line = block.substr(0, block.find('\n'));
      block.erase(0, line.size() + 1);
      if (line.substr(0, 4) == "id: ") id = line.substr(4);
      if (line.substr(0, 6) == "data: ") data += line.substr(6);
      if (line == ":") data = ":";
    }
    return id.empty() || data.empty() ? id + data : id + " " + data;
  }
  Client client;
  std::string body;
};

std::string subscribed(const std::string& type, int seq, bool recovered) {
  return R"({"type":"subscribed","entity_type":")" + type + R"(","seq":)" + std::to_string(seq) +
         R"(,"recovered":)" + (recovered ? "true}" : "false}");
}

TEST_F(Ws, StreamsEvents) {
  Stream stream(run(), "?subscribe=Todo,User");
  const std::string head = stream.head();
  for (const char* line :
       {"HTTP/1.1 200 OK\r\n", "\r\nContent-Type: text/event-stream\r\n",
        "\r\nCache-Control: no-store\r\n", "\r\nX-Accel-Buffering: no\r\n", "\r\nVary: Origin\r\n"})
    EXPECT_NE(head.find(line), std::string::npos) << head;
  EXPECT_EQ(head.find("Access-Control"), std::string::npos);
  EXPECT_EQ(stream.hear(), "56 " + subscribed("Todo", 56, true));
  EXPECT_EQ(stream.hear(), "56 " + subscribed("User", 56, true));
  store.create(1, "a");
  store.create(9, "n", 1);
  store.create(2, "u", 2);
  EXPECT_EQ(stream.hear(), "57 " + created(1, "a", 57));
  EXPECT_EQ(stream.hear(), "59 " + created(2, "u", 59, "User"));
  EXPECT_EQ(hub().connections(), 1u);
}
TEST_F(Ws, StreamsWhatWasMissedInOrderOfAllTypes) {
  const std::uint16_t port = run();
  store.create(1, "a");
  store.create(2, "u", 2);
  store.create(3, "b");
  store.create(4, "private", 1);
  store.create(5, "open", 1);
  store.create(6, "c");
  Stream stream(port, "?subscribe=Todo,User,Note&since=57");
  stream.head();
  for (const char* type : {"Todo", "User", "Note"})
    EXPECT_EQ(stream.hear(), subscribed(type, 62, true));
  EXPECT_EQ(stream.hear(), "58 " + created(2, "u", 58, "User"));
  EXPECT_EQ(stream.hear(), "59 " + created(3, "b", 59));
  EXPECT_EQ(stream.hear(), "61 " + created(5, "open", 61, "Note"));
  EXPECT_EQ(stream.hear(), "62 " + created(6, "c", 62));
  store.create(7, "private", 1);
  store.create(8, "later", 1);
  EXPECT_EQ(stream.hear(), "64 " + created(8, "later", 64, "Note"));
}
TEST_F(Ws, ResumesAStreamByItsLastEventId) {
  const std::uint16_t port = run();
  store.create(1, "a");
  store.create(2, "b");
  // Last-Event-ID goes before the `since` of the address, which stays what it was.
  Stream stream(port, "?subscribe=Todo&since=56", "Last-Event-ID: 57\r\n");
  stream.head();
  EXPECT_EQ(stream.hear(), subscribed("Todo", 58, true));
  EXPECT_EQ(stream.hear(), "58 " + created(2, "b", 58));
  Stream up_to_date(port, "?subscribe=Todo", "Last-Event-ID: 58\r\n");
  up_to_date.head();
  EXPECT_EQ(up_to_date.hear(), subscribed("Todo", 58, true));
  store.create(3, "c");
  EXPECT_EQ(up_to_date.hear(), "59 " + created(3, "c", 59));
}
TEST_F(Ws, ResumesAStreamInsideACommit) {
  const std::uint16_t port = run();
  Stream first(port, "?subscribe=Todo");
  first.head();
  first.hear();
  store.create_all({{1, "a"}, {2, "b"}, {3, "c"}});
  store.create(4, "d");
  EXPECT_EQ(first.hear(), "57 " + created(1, "a", 57));
  EXPECT_EQ(first.hear(), "57 " + created(2, "b", 57));
  EXPECT_EQ(first.hear(), "57.2");
  EXPECT_EQ(first.hear(), "57 " + created(3, "c", 57));
  EXPECT_EQ(first.hear(), "57.3");
  EXPECT_EQ(first.hear(), "58 " + created(4, "d", 58));
  Stream second(port, "?subscribe=Todo", "Last-Event-ID: 57\r\n");
  second.head();
  EXPECT_EQ(second.hear(), subscribed("Todo", 58, true));
  EXPECT_EQ(second.hear(), "57 " + created(2, "b", 57));
  EXPECT_EQ(second.hear(), "57.2");
  Stream third(port, "?subscribe=Todo", "Last-Event-ID: 57.3\r\n");
  third.head();
  EXPECT_EQ(third.hear(), subscribed("Todo", 58, true));
  EXPECT_EQ(third.hear(), "58 " + created(4, "d", 58));
}
TEST_F(Ws, TellsAStreamWhenTheGapIsLost) {
  const std::uint16_t port = run();
  store.create(1, "a");
  store.remove_log();
  for (const char* id : {"50", "99", "no id of ours"}) {
    Stream stream(port, "?subscribe=Todo", "Last-Event-ID: " + std::string(id) + "\r\n");
    stream.head();
    EXPECT_EQ(stream.hear(), "57 " + subscribed("Todo", 57, false)) << id;
  }
  Stream there(port, "?subscribe=Todo", "Last-Event-ID: 57\r\n");
  there.head();
  EXPECT_EQ(there.hear(), subscribed("Todo", 57, true));
}
TEST_F(Ws, DoesNotReplayMoreThanAQueueTakes) {
  host.set("ws.queue_bytes", "1000");
  const std::uint16_t port = run();
  for (int i = 0; i < 30; ++i) store.create(1, std::string(100, 'x'));
  Stream stream(port, "?subscribe=Todo&since=56");
  stream.head();
  EXPECT_EQ(stream.hear(), "86 " + subscribed("Todo", 86, false));
  Browser browser(port);
  browser.say(R"({"action":"subscribe","type":"Todo","since":56})");
  EXPECT_EQ(browser.hear(), subscribed("Todo", 86, false));
}
TEST_F(Ws, RefusesEventRequestsInASentence) {
  host.set("ws.subscriptions", "2");
  const std::uint16_t port = run();
  struct {
    const char *query, *headers;
    int status;
    const char* message;
  } const cases[] = {
      {"", "", 400,
       "'subscribe' names the entities of an event stream, as in ?subscribe=Todo,User."},
      {"?subscribe=,", "", 400, "'subscribe' names the entities"},
      {"?subscribe=Todo&since=x", "", 400, "'since' of an event stream is a whole number."},
      {"?subscribe=Todo&since=-1", "", 400, "'since' of an event stream is a whole number."},
      {"?subscribe=%zz", "", 400, "The query is not well encoded."},
      {"?subscribe=%ff", "", 400, "The query is not well encoded."},
      {"?subscribe=Tod", "", 404, "There is no entity 'Tod'. Did you mean 'Todo'?"},
      {"?subscribe=Todo,User,Note", "", 400, "A connection has at most 2 subscriptions."},
      {"?subscribe=Todo", "Origin: http://b\r\n", 403, "events are for pages of this host"},
      {"?subscribe=Todo", "Sec-Fetch-Site: cross-site\r\n", 403,
       "events are for pages of this host"},
  };
  for (const auto& one : cases) {
    Stream stream(port, one.query, one.headers);
    const Client::Response response = stream.client.response();
    EXPECT_EQ(response.status, one.status) << one.query;
    EXPECT_NE(response.body.find(one.message), std::string::npos) << response.body;
    // What was refused was a request like any other.
    stream.client.send("GET /seven HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(stream.client.response().body, "7");
  }
  Stream post(port, "?subscribe=Todo", "Content-Length: 0\r\n", "POST");
  const Client::Response refused = post.client.response();
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.at("allow"), "GET, OPTIONS");
}
TEST_F(Ws, LetsListedOriginsReadEvents) {
  host.set("ws.origins", "https://friend.example");
  Stream stream(run(), "?subscribe=Todo", "Origin: https://friend.example\r\n");
  EXPECT_NE(stream.head().find("\r\nAccess-Control-Allow-Origin: https://friend.example\r\n"
                               "Access-Control-Allow-Credentials: true\r\n"),
            std::string::npos);
}
TEST_F(Ws, SendsCommentsIntoSilence) {
  host.set("ws.ping_time", "40");
  Stream stream(run(), "?subscribe=Todo");
  stream.head();
  EXPECT_EQ(stream.hear(), "56 " + subscribed("Todo", 56, true));
  EXPECT_EQ(stream.hear(), ":");
  EXPECT_EQ(stream.hear(), ":");
  store.create(1, "a");
  std::string heard;
  while ((heard = stream.hear()) == ":") {}
  EXPECT_EQ(heard, "57 " + created(1, "a", 57));
}
TEST_F(Ws, TellsSlowStreamsOfGaps) {
  host.set("ws.queue_bytes", "100000");
  Stream stream(run(), "?subscribe=Todo");
  stream.head();
  EXPECT_EQ(stream.hear(), "56 " + subscribed("Todo", 56, true));
  const std::string large(90000, 'x');
  for (int i = 0; i < 300; ++i) {
    store.create(1, large);
    if (i % 10 == 0) host.on_loop(0, [] {});
  }
  host.on_loop(0, [] {});
  bool has_gap = false;
  for (int next = 57; next <= 356;) {
    const std::string heard = stream.hear();
    const int seq = std::stoi("0" + heard);
    if (heard == std::to_string(seq) + " " + created(1, large, seq)) {
      ASSERT_EQ(seq, next++);
      continue;
    }
    ASSERT_EQ(heard, std::to_string(seq) + " " + subscribed("Todo", seq, false));
    ASSERT_GE(seq + 1, next);
    has_gap = true;
    next = seq + 1;
  }
  EXPECT_TRUE(has_gap);
  store.create(2, "b");
  EXPECT_EQ(stream.hear(), "357 " + created(2, "b", 357));
}
TEST_F(Ws, StreamsBroadcastsToo) {
  Stream stream(run(), "?subscribe=Todo");
  stream.head();
  stream.hear();
  EXPECT_EQ(hub().broadcast("", R"({"hi":1})"), 1u);
  EXPECT_EQ(stream.hear(), R"({"hi":1})");
}
TEST_F(Ws, EndsStreamsWithTheServerAndForgetsThoseThatLeave) {
  const std::uint16_t port = run();
  {
    Stream gone(port, "?subscribe=Todo");
    gone.head();
    gone.hear();
  }
  while (hub().connections() > 0) host.on_loop(0, [] {});
  Stream stream(port, "?subscribe=Todo");
  stream.head();
  stream.hear();
  const ShutdownEvent payload{sizeof(ShutdownEvent), 100};
  host.emit(kShutdownRequested, &payload, sizeof payload);
  EXPECT_EQ(stream.hear(), "end");
}

}  // namespace
}  // namespace flin::ws
