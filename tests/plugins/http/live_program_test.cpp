// What a program sees of a request and how its answers go out: contexts, results, pages, actions,
// assets, static files.
#include "fakes/net_fakes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace flin::http {
namespace {

using test::Client;
using test::FakeCall;
using test::FakeHost;

class Program : public testing::Test {
 protected:
  void route(const std::string& method, const std::string& path, test::Route fn) {
    const auto id = static_cast<std::uint32_t>(host.agents.routes.size() + 1);
    host.agents.routes[id] = std::move(fn);
    host.route_decls.push_back({method, path, id});
  }
  void run() {
    host.program.folder = folder.path();
    host.page_decls = {{"/", 100}, {"/blog/[id]", 101}};
    host.load("http");
    ASSERT_TRUE(host.start().ok());
    ASSERT_TRUE(host.link_error.ok()) << host.link_error.message();
    client = std::make_unique<Client>(host.port());
  }
  Client::Response ask(const std::string& line, const std::string& headers = "",
                       const std::string& body = "") {
    const std::string length =
        body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    client->send(line + " HTTP/1.1\r\nHost: a\r\n" + headers + length + "\r\n" + body);
    return client->response(line.substr(0, 4) == "HEAD");
  }
  test::TempFolder folder;
  FakeHost host;
  std::unique_ptr<Client> client;
};

test::Route gives(std::uint32_t what) {
  return [what](FakeCall& call, IContext& context, Value& result) {
    return context.load(call, what, result);
  };
}
test::Route fails(std::uint32_t error, std::string message) {
  return
      [error, message](FakeCall&, IContext&, Value&) { return test::make_status(error, message); };
}

TEST_F(Program, SeesTheRequest) {
  route("GET", "/todos/:id/*rest", gives(kContextParams));
  route("GET", "/query", gives(kContextQuery));
  route("GET", "/headers", gives(kContextHeaders));
  route("GET", "/cookies", gives(kContextCookies));
  route("GET", "/session", gives(kContextSession));
  route("GET", "/request/:x", gives(kContextRequest));
  run();
  EXPECT_EQ(ask("GET /todos/a%20b/c/d").body, R"({"id":"a b","rest":"c/d"})");
  EXPECT_EQ(ask("GET /query?a=1&b=x+y").body, R"({"a":"1","b":"x y"})");
  EXPECT_EQ(ask("GET /headers", "X-A: 1\r\nx-a: 2\r\nY: \xe9\r\n").body,
            "{\"host\":\"a\",\"x-a\":\"1, 2\",\"y\":\"\xc3\xa9\"}");
  EXPECT_EQ(ask("GET /cookies", "Cookie: a=1; flin_sid=x; b=2\r\n").body, R"({"a":"1","b":"2"})");
  EXPECT_EQ(ask("GET /session").body, "{}");
  const std::string request = ask("GET /request/%C3%A9?q").body;
  EXPECT_EQ(request.substr(0, request.find(",\"id\"")),
            "{\"method\":\"GET\",\"path\":\"/request/\xc3\xa9\",\"url\":\"/request/"
            "%C3%A9?q\",\"ip\":\"127.0.0.1\",\"host\":\"a\",\"scheme\":\"http\"");
  EXPECT_EQ(ask("GET /query?a=%ff").status, 400);
  EXPECT_EQ(ask("GET /request/%ff").status, 400);
}
TEST_F(Program, ReadsBodiesByTheirType) {
  route("POST", "/b", gives(kContextBody));
  run();
  EXPECT_EQ(
      ask("POST /b", "Content-Type: application/json; charset=utf-8\r\n", "{\"a\":[1,2.5]}").body,
      "{\"a\":[1,2.5]}");
  EXPECT_EQ(ask("POST /b", "Content-Type: application/x-www-form-urlencoded\r\n", "a=1&b=2").body,
            "{\"a\":\"1\",\"b\":\"2\"}");
  EXPECT_EQ(ask("POST /b", "Content-Type: text/plain\r\n", "hi").body, "\"hi\"");
  EXPECT_EQ(ask("POST /b", "", "[true]").body, "[true]");
  EXPECT_EQ(ask("POST /b", "", "a=1").body, "{\"a\":\"1\"}");
  EXPECT_EQ(ask("POST /b").status, 204);
  const Client::Response bad = ask("POST /b", "Content-Type: application/json\r\n", "{\"a\":");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.body,
            "{\"error\":\"body is malformed: Invalid value. (at byte 5)\",\"status\":400}");
}
constexpr const char* kForm = "Content-Type: multipart/form-data; boundary=x\r\n";
std::string form_part(const std::string& disposition, const std::string& data) {
  return "--x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + data + "\r\n";
}
TEST_F(Program, ReadsFormsWithFiles) {
  route("POST", "/b", gives(kContextBody));
  host.set("http.upload_folder", folder.path());
  host.set("http.body_bytes", "100");
  run();
  EXPECT_EQ(ask("POST /b", kForm,
                form_part("name=a", "1") + form_part("name=f; filename=x.tar.gz", "abc") +
                    form_part("name=g; filename=y", "") +
                    form_part("name=f; filename=z.txt", std::string(200, 'z')) + "--x--\r\n")
                .body,
            "{\"a\":\"1\",\"f\":[{\"name\":\"x.tar.gz\",\"size\":3,\"type\":\"application/"
            "octet-stream\",\"extension\":\"gz\"},{\"name\":\"z.txt\",\"size\":200,\"type\":"
            "\"application/octet-stream\",\"extension\":\"txt\"}],\"g\":{\"name\":\"y\",\"size\":0,"
            "\"type\":\"application/octet-stream\",\"extension\":\"\"}}");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  client->send("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
               std::string(kForm) + "\r\n6\r\n--x\r\nC\r\n");
  const std::string rest = "ontent-Disposition: form-data; name=a\r\n\r\n12\r\n--x--";
  for (const char c : rest) client->send(std::string("1\r\n") + c + "\r\n");
  client->send("0\r\n\r\n");
  EXPECT_EQ(client->response().body, "{\"a\":\"12\"}");
}
TEST_F(Program, RefusesFormsThatAreWrongOrTooLarge) {
  route("POST", "/b", gives(kContextBody));
  host.set("http.upload_folder", folder.path());
  host.set("http.multipart_bytes", "1000");
  host.set("http.multipart_parts", "2");
  run();
  const auto refused = [&](const std::string& type, const std::string& body) {
    client = std::make_unique<Client>(host.port());
    const Client::Response answer = ask("POST /b", type, body);
    EXPECT_EQ(answer.headers.count("connection"), 1u);
    return std::to_string(answer.status) + " " + answer.body;
  };
  EXPECT_EQ(refused("Content-Type: multipart/form-data\r\n", "--x--"),
            "400 {\"error\":\"multipart/form-data needs a boundary\",\"status\":400}");
  EXPECT_EQ(refused(kForm, form_part("name=a", "1")),
            "400 {\"error\":\"the form ends in the middle of a part\",\"status\":400}");
  EXPECT_EQ(refused(kForm, std::string(1001, 'x')),
            "413 {\"error\":\"the body is larger than 1000 bytes\",\"status\":413}");
  const std::string one = form_part("name=a; filename=b", "1");
  EXPECT_EQ(refused(kForm, one + one + one + "--x--"),
            "413 {\"error\":\"the form has too many parts\",\"status\":413}");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}
TEST_F(Program, DropsTheFilesOfAClientThatLeaves) {
  route("POST", "/b", gives(kContextBody));
  folder.write("uploads/keep", "");
  host.set("http.upload_folder", folder.path() + "/uploads");
  run();
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path() + "/uploads"), {});
  };
  client->send("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n" + std::string(kForm) +
               "\r\n" + form_part("name=f; filename=b", std::string(2000, 'x')));
  while (files() != 2) host.on_loop(0, [] {});
  client.reset();
  while (files() != 1) host.on_loop(0, [] {});
}
TEST_F(Program, AnswersByWhatItGives) {
  route("GET", "/none", [](FakeCall&, IContext&, Value&) { return Status(); });
  route("GET", "/number", [](FakeCall& call, IContext&, Value& result) {
    result = call.number(1e21);
    return Status();
  });
  route("GET", "/view", [](FakeCall& call, IContext&, Value& result) {
    result = call.of_kind(Kind::kView, "\"<b>x\\u0026</b>\"");
    return Status();
  });
  route("GET", "/function", [](FakeCall& call, IContext&, Value& result) {
    result = call.function(1);
    return Status();
  });
  run();
  EXPECT_EQ(ask("GET /none").status, 204);
  EXPECT_EQ(ask("GET /number").body, "1e+21");
  const Client::Response view = ask("GET /view");
  EXPECT_EQ(view.body, "<b>x&</b>");
  EXPECT_EQ(view.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(view.headers.at("cache-control"), "private, no-cache");
  EXPECT_EQ(ask("GET /function").status, 500);
}
TEST_F(Program, AnswersByResponseRedirectAndError) {
  const auto with = [this](const std::string& op,
                           std::function<std::vector<Value>(FakeCall&)> args) {
    return [this, op, args](FakeCall& call, IContext&, Value& result) {
      const std::vector<Value> values = args(call);
      return host.op(op)(*host.plugin("http"), call, values.data(),
                         static_cast<std::uint32_t>(values.size()), result);
    };
  };
  route("GET", "/made", with("http.response", [](FakeCall& call) {
          return std::vector<Value>{
              call.map({call.text("status"), call.integer(201), call.text("headers"),
                        call.map({call.text("X-A"), call.text("b")}), call.text("body"),
                        call.list({call.integer(1)})})};
        }));
  route("GET", "/csv", with("http.response", [](FakeCall& call) {
          return std::vector<Value>{call.map(
              {call.text("type"), call.text("text/csv"), call.text("body"), call.text("a,b")})};
        }));
  route("GET", "/odd", with("http.response", [](FakeCall& call) {
          return std::vector<Value>{call.map({call.text("status"), call.integer(99)})};
        }));
  route("GET", "/go", with("http.redirect", [](FakeCall& call) {
          return std::vector<Value>{call.text("/there?a:b")};
        }));
  route("GET", "/see", with("http.redirect", [](FakeCall& call) {
          return std::vector<Value>{call.text("x"), call.integer(303)};
        }));
  for (const char* url : {"http://b/", "//b/", "/\\b", "javascript:x", "\\b"}) {
    route("GET", "/away" + std::to_string(host.route_decls.size()),
          with("http.redirect",
               [url](FakeCall& call) { return std::vector<Value>{call.text(url)}; }));
  }
  route("GET", "/out", with("http.redirect", [](FakeCall& call) {
          return std::vector<Value>{call.text("http://b/"), call.integer(302), call.boolean(true)};
        }));
  route("GET", "/err", with("http.error", [](FakeCall& call) {
          return std::vector<Value>{call.integer(404), call.text("no such \"todo\"")};
        }));
  run();
  const Client::Response made = ask("GET /made");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.headers.at("x-a"), "b");
  EXPECT_EQ(made.body, "[1]");
  const Client::Response csv = ask("GET /csv");
  EXPECT_EQ(csv.headers.at("content-type"), "text/csv");
  EXPECT_EQ(csv.body, "a,b");
  EXPECT_EQ(ask("GET /odd").status, 500);
  const Client::Response go = ask("GET /go");
  EXPECT_EQ(go.status, 302);
  EXPECT_EQ(go.headers.at("location"), "/there?a:b");
  EXPECT_EQ(ask("GET /see").status, 303);
  for (int i = 5; i < 10; ++i) EXPECT_EQ(ask("GET /away" + std::to_string(i)).status, 500) << i;
  EXPECT_EQ(ask("GET /out").headers.at("location"), "http://b/");
  const Client::Response err = ask("GET /err");
  EXPECT_EQ(err.status, 404);
  EXPECT_EQ(err.body, "{\"error\":\"no such \\\"todo\\\"\",\"status\":404}");
}
TEST_F(Program, TurnsErrorsIntoStatusesWithoutDetailOfItsFaults) {
  route("GET", "/v", fails(code('R', 101), "validation failed: title is required"));
  route("GET", "/c", fails(code('R', 103), "conflict"));
  route("GET", "/n", fails(code('R', 105), "not saved"));
  route("GET", "/x", fails(code('R', 9), "division by zero in secret.flin"));
  run();
  EXPECT_EQ(ask("GET /v").body,
            "{\"error\":\"validation failed: title is required\",\"status\":422}");
  EXPECT_EQ(ask("GET /c").status, 409);
  EXPECT_EQ(ask("GET /n").status, 404);
  EXPECT_EQ(ask("GET /x").body, "{\"error\":\"internal error\",\"status\":500}");
  EXPECT_EQ(host.wait_for_log("R0009"), "GET /x failed: R0009 division by zero in secret.flin");
  host.agents.refuse = true;
  EXPECT_EQ(ask("GET /v").status, 503);
  const Client::Response html = ask("GET /nowhere", "Accept: text/html,*/*\r\n");
  EXPECT_EQ(html.status, 404);
  EXPECT_NE(html.body.find("<h1>404 Not Found</h1>"), std::string::npos);
}

TEST_F(Program, ShowsPagesAndNamesTheBrowserOnce) {
  std::string seen_sid, seen;
  host.pages.on_render = [&](const PageRequest& request, IHtmlSink& sink) {
    seen_sid = std::string(request.peer.sid);
    seen = std::string(request.path);
    for (const Pair& pair : request.params)
      seen += " " + std::string(pair.name) + "=" + std::string(pair.value);
    for (const Pair& pair : request.query)
      seen += " ?" + std::string(pair.name) + "=" + std::string(pair.value);
    sink.begin(200);
    for (int i = 0; i < 1000; ++i) sink.write("<p>row</p>");
    sink.end(Status());
  };
  run();
  const Client::Response first = ask("GET /blog/7?q=a+b");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body.size(), 10000u);
  EXPECT_EQ(first.headers.at("cache-control"), "private, no-cache");
  EXPECT_EQ(seen, "/blog/[id] id=7 ?q=a b");
  const std::string cookie = first.headers.at("set-cookie");
  EXPECT_EQ(cookie.substr(0, 9), "flin_sid=");
  EXPECT_EQ(cookie.substr(cookie.find(';')), "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
  const std::string value = cookie.substr(0, cookie.find(';')), sid = seen_sid;
  EXPECT_EQ(value, "flin_sid=" + sid);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ask("GET /", "Cookie: " + value + "\r\n").headers.count("set-cookie"), 0u);
    EXPECT_EQ(seen_sid, sid);
  }
  EXPECT_EQ(ask("GET /", "Cookie: " + value + "x\r\n").headers.count("set-cookie"), 1u);
  EXPECT_NE(seen_sid, sid);
}
TEST_F(Program, ReplacesAPageThatFailsHalfWay) {
  host.pages.on_render = [&](const PageRequest&, IHtmlSink& sink) {
    sink.begin(200);
    sink.write("<p>half");
    sink.end(test::make_status(code('R', 402), "Todo#3 does not exist"));
  };
  run();
  const Client::Response response = ask("GET /");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body.find("half"), std::string::npos);
  EXPECT_NE(response.body.find("Todo#3 does not exist"), std::string::npos);
  EXPECT_EQ(ask("GET /").status, 404);
}
TEST_F(Program, WaitsForPagesThatTakeTime) {
  IHtmlSink* waiting = nullptr;
  host.pages.on_render = [&](const PageRequest&, IHtmlSink& sink) {
    sink.begin(200);
    sink.write("<p>first ");
    waiting = &sink;
  };
  run();
  client->send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /_flin/health HTTP/1.1\r\nHost: a\r\n\r\n");
  for (bool started = false; !started;) host.on_loop(0, [&] { started = waiting != nullptr; });
  host.on_loop(0, [&] {
    waiting->write("last</p>");
    waiting->end(Status());
  });
  EXPECT_EQ(client->response().body, "<p>first last</p>");
  EXPECT_EQ(client->response().body, "{\"status\":\"ok\"}");
}
TEST_F(Program, LetsAPageEndAfterItsClientLeft) {
  IHtmlSink* waiting = nullptr;
  host.pages.on_render = [&](const PageRequest&, IHtmlSink& sink) { waiting = &sink; };
  run();
  client->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  for (bool started = false; !started;) host.on_loop(0, [&] { started = waiting != nullptr; });
  client.reset();
  host.on_loop(0, [] {});
  host.on_loop(0, [&] {
    waiting->begin(200);
    waiting->write("x");
    waiting->end(Status());
  });
}

// The value of a Set-Cookie line by the cookie's name; "" without one.
std::string cookie_of(const Client::Response& answer, const std::string& name) {
  for (const std::string& line : answer.cookies) {
    if (line.rfind(name + "=", 0) == 0) return line.substr(0, line.find(';'));
  }
  return {};
}
test::Route writes_session(std::string key, std::function<Value(FakeCall&)> value) {
  return [=](FakeCall& call, IContext& context, Value& result) {
    Value session;
    if (Status status = context.load(call, kContextSession, session); !status.ok()) return status;
    call.put(session, key, value(call));
    result = call.text("done");
    return Status();
  };
}
TEST_F(Program, KeepsASessionInASealedCookie) {
  route("GET", "/set", writes_session("a", [](FakeCall& call) { return call.integer(7); }));
  route("GET", "/same", gives(kContextSession));
  route("GET", "/clear", writes_session("a", [](FakeCall& call) { return call.none(); }));
  route("GET", "/large",
        writes_session("a", [](FakeCall& call) { return call.text(std::string(4000, 'x')); }));
  route("GET", "/odd", writes_session("f", [](FakeCall& call) { return call.function(1); }));
  route("GET", "/fails", [](FakeCall& call, IContext& context, Value&) {
    Value session;
    [[maybe_unused]] const Status status = context.load(call, kContextSession, session);
    call.put(session, "a", call.integer(8));
    return call.fail(code('R', 101), "no");
  });
  run();
  const Client::Response set = ask("GET /set");
  ASSERT_EQ(set.cookies.size(), 1u);
  const std::string line = set.cookies[0], cookie = "Cookie: " + cookie_of(set, "flin_session");
  EXPECT_EQ(line.substr(line.find(';')), "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
  EXPECT_EQ(set.headers.at("cache-control"), "no-store");
  EXPECT_EQ(line.find('7'), line.find('7', line.find('=')));  // sealed, not written
  const Client::Response same = ask("GET /same", cookie + "\r\n");
  EXPECT_EQ(same.body, "{\"a\":7}");
  EXPECT_TRUE(same.cookies.empty());
  EXPECT_TRUE(ask("GET /set", cookie + "\r\n").cookies.empty());  // nothing has changed
  EXPECT_EQ(ask("GET /same", cookie + "x\r\n").body, "{}");
  const Client::Response cleared = ask("GET /clear", cookie + "\r\n");
  EXPECT_EQ(cleared.cookies.at(0),
            "flin_session=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; "
            "SameSite=Lax");
  EXPECT_EQ(ask("GET /large").status, 500);
  EXPECT_EQ(ask("GET /odd").status, 500);
  host.wait_for_log("the session is larger than the 3800 bytes that fit a cookie");
  const Client::Response failed = ask("GET /fails", cookie + "\r\n");
  EXPECT_EQ(failed.status, 422);
  EXPECT_TRUE(failed.cookies.empty());
}
TEST_F(Program, RenewsTheBrowserIdWithTheUser) {
  host.program.entity_rows = std::vector<EntityRow>(1);
  host.program.entity_rows[0].name = "User";
  for (const auto& [path, id] : {std::pair{"/in", 7}, {"/other", 8}}) {
    route("GET", path, writes_session("user", [id = id](FakeCall& call) {
            return call.entity(0, id, {call.text("Bo")});
          }));
  }
  route("GET", "/user", gives(kContextUser));
  run();
  const std::string first = cookie_of(ask("GET /"), "flin_sid");
  const Client::Response in = ask("GET /in", "Cookie: " + first + "\r\n");
  const std::string second = cookie_of(in, "flin_sid"), session = cookie_of(in, "flin_session");
  EXPECT_NE(second, "");
  EXPECT_NE(second, first);
  EXPECT_EQ(ask("GET /user", "Cookie: " + second + "; " + session + "\r\n").body, "7");
  for (bool told = false; !told;) {
    host.on_loop(0, [] {});
    const std::lock_guard lock(host.pages.mutex);
    told = host.pages.changed_sessions.size() == 1;
    if (told) { EXPECT_EQ("flin_sid=" + host.pages.changed_sessions[0], first); }
  }
  const Client::Response again = ask("GET /in", "Cookie: " + second + "; " + session + "\r\n");
  EXPECT_TRUE(again.cookies.empty());  // the same user
  const Client::Response other = ask("GET /other", "Cookie: " + second + "; " + session + "\r\n");
  EXPECT_NE(cookie_of(other, "flin_sid"), "");
}
TEST_F(Program, SetsTheSessionWithAPageAndWithAnAction) {
  const auto write = [](IContext& context) {
    FakeCall call;
    Value session;
    ASSERT_TRUE(context.load(call, kContextSession, session).ok());
    call.put(session, "a", call.integer(1));
    context.done(call, Status(), call.none());
  };
  host.pages.on_render = [&](const PageRequest& request, IHtmlSink& sink) {
    write(*request.peer.context);
    sink.begin(200);
    sink.write("<p>");
    sink.end(Status());
  };
  host.pages.on_action = [&](const Peer& peer, std::string_view, IAnswerSink& sink) {
    write(*peer.context);
    sink.answer(204, "");
  };
  run();
  const Client::Response page = ask("GET /");
  EXPECT_NE(cookie_of(page, "flin_session"), "");
  const std::string sid = cookie_of(page, "flin_sid");
  EXPECT_NE(sid, "");
  const Client::Response action = ask(
      "POST /_action",
      "Content-Type: application/json\r\nSec-Fetch-Site: same-origin\r\nCookie: " + sid + "\r\n",
      "{}");
  EXPECT_EQ(action.status, 204);
  EXPECT_NE(cookie_of(action, "flin_session"), "");
}

class Actions : public Program {
 protected:
  std::string cookie() {
    const std::string line = ask("GET /").headers.at("set-cookie");
    return "Cookie: " + line.substr(0, line.find(';')) + "\r\n";
  }
  const std::string json = "Content-Type: application/json\r\n";
  const std::string form = "Content-Type: application/x-www-form-urlencoded\r\n";
  const std::string same = "Sec-Fetch-Site: same-origin\r\n";
};
TEST_F(Actions, PassJsonCallsOn) {
  std::string seen;
  host.pages.on_action = [&](const Peer& peer, std::string_view text, IAnswerSink& sink) {
    seen = std::string(peer.sid) + " " + std::string(text);
    if (text == "{}")
      sink.answer(204, "");
    else
      sink.answer(200, "{\"type\":\"result\"}");
  };
  run();
  const std::string sid = cookie();
  EXPECT_EQ(ask("POST /_action", json + same + sid, "{}").status, 204);
  EXPECT_EQ(seen, sid.substr(17, sid.size() - 19) + " {}");
  const Client::Response response =
      ask("POST /_action", json + "Origin: http://a\r\n" + sid, "{\"a\":1}");
  EXPECT_EQ(response.body, "{\"type\":\"result\"}");
  EXPECT_EQ(response.headers.at("content-type"), "application/json; charset=utf-8");
}
TEST_F(Actions, PassFormPostsOn) {
  std::string seen;
  host.pages.on_form = [&](const Peer&, List<Pair> fields, IAnswerSink& sink) {
    for (const Pair& pair : fields)
      seen += std::string(pair.name) + "=" + std::string(pair.value) + ";";
    if (fields.size == 1)
      sink.answer(400, "action refused: <n> must be int");
    else
      sink.answer(303, "/blog/7");
  };
  run();
  const std::string sid = cookie();
  const Client::Response response =
      ask("POST /_action", form + same + sid, "_flin_token=T&draft=a+b");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.headers.at("location"), "/blog/7");
  EXPECT_EQ(seen, "_flin_token=T;draft=a b;");
  const Client::Response refused = ask("POST /_action", form + same + sid, "n=x");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("action refused: &lt;n&gt; must be int"), std::string::npos);
}
TEST_F(Actions, PassFilesOn) {
  std::string seen;
  host.pages.on_uploads = [&](List<Upload> files) {
    for (const Upload& file : files) {
      std::ifstream content{std::string(std::string_view(file.path))};
      std::string text;
      content >> text;
      seen += std::string(file.part) + " " + std::string(file.name) + " " + std::string(file.type) +
              " " + text + ";";
    }
  };
  host.pages.on_action = [&](const Peer&, std::string_view text, IAnswerSink& sink) {
    seen += "call " + std::string(text);
    sink.answer(204, "");
  };
  host.pages.on_form = [&](const Peer&, List<Pair> fields, IAnswerSink& sink) {
    seen += "form " + std::string(fields[0].name) + "=" + std::string(fields[0].value);
    sink.answer(303, "/");
  };
  run();
  const std::string sid = cookie(), file = form_part("name=f0; filename=a.txt", "abc");
  EXPECT_EQ(ask("POST /_action", kForm + same + sid,
                form_part("name=call", "{\"id\":1}") + file + "--x--")
                .status,
            204);
  EXPECT_EQ(seen, "f0 a.txt application/octet-stream abc;call {\"id\":1}");
  seen.clear();
  EXPECT_EQ(
      ask("POST /_action", kForm + same + sid, form_part("name=a", "1") + file + "--x--").status,
      303);
  EXPECT_EQ(seen, "f0 a.txt application/octet-stream abc;form a=1");
}
TEST_F(Actions, AreRefusedFromOtherSitesAndWithoutABrowserId) {
  bool ran = false;
  host.pages.on_action = [&](const Peer&, std::string_view, IAnswerSink& sink) {
    ran = true;
    sink.answer(204, "");
  };
  run();
  const std::string sid = cookie();
  for (const char* origin :
       {"Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n",
        "Sec-Fetch-Site: none\r\n", "Origin: http://b\r\n", "Origin: null\r\n",
        "Origin: https://a\r\n", "", "Sec-Fetch-Site: cross-site\r\nOrigin: http://a\r\n"}) {
    const Client::Response response = ask("POST /_action", json + origin + sid, "{}");
    EXPECT_EQ(response.status, 403) << origin;
    EXPECT_EQ(
        response.body,
        R"({"type":"result","error":{"code":"R0403","message":"the request comes from another site"}})");
  }
  EXPECT_EQ(ask("POST /_action", json + same, "{}").status, 403);
  EXPECT_EQ(
      ask("POST /_action", json + same + "Cookie: flin_sid=AAAAAAAAAAAAAAAAAAAAAA.x\r\n", "{}")
          .status,
      403);
  EXPECT_EQ(ask("POST /_action", "Content-Type: text/plain\r\n" + same + sid, "{}").status, 415);
  EXPECT_EQ(ask("GET /_action", sid).headers.at("allow"), "POST, OPTIONS");
  EXPECT_FALSE(ran);
}

TEST_F(Program, ServesHashedAssets) {
  const std::string script(5000, 'a');
  host.program.assets["/_flin/page/12.js"] = script;
  run();
  const Client::Response plain = ask("GET /_flin/page/12.js");
  EXPECT_EQ(plain.body, script);
  EXPECT_EQ(plain.headers.at("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(plain.headers.at("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(plain.headers.at("vary"), "Accept-Encoding");
  const Client::Response packed =
      ask("GET /_flin/page/12.js", "Accept-Encoding: br;q=0.1, gzip;q=0.5\r\n");
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 100u);
  EXPECT_EQ(packed.body.substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(ask("GET /_flin/page/12.js", "Accept-Encoding: gzip;q=0\r\n")
                .headers.count("content-encoding"),
            0u);
  EXPECT_EQ(ask("HEAD /_flin/page/12.js").headers.at("content-length"), "5000");
  EXPECT_EQ(ask("POST /_flin/page/12.js").status, 405);
  EXPECT_EQ(ask("GET /_flin/page/13.js").status, 404);
  EXPECT_EQ(ask("GET /_other").status, 404);
  EXPECT_EQ(ask("GET /%5Fother").status, 404);
}
TEST_F(Program, TagsAssetsByContentAndCoding) {
  host.program.assets["/_flin/page/12.js"] = std::string(5000, 'a');
  run();
  const std::string plain = ask("GET /_flin/page/12.js").headers.at("etag");
  const std::string packed =
      ask("GET /_flin/page/12.js", "Accept-Encoding: br\r\n").headers.at("etag");
  EXPECT_EQ(plain.size(), 24u);  // 128 bits in base64url, in quotes
  EXPECT_EQ(packed, plain.substr(0, 23) + ".br\"");
  const Client::Response known =
      ask("GET /_flin/page/12.js", "Accept-Encoding: br\r\nIf-None-Match: " + packed + "\r\n");
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.headers.at("vary"), "Accept-Encoding");
  EXPECT_EQ(known.headers.at("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(ask("GET /_flin/page/12.js", "If-None-Match: " + packed + "\r\n").status, 200);
  EXPECT_EQ(ask("GET /_flin/page/12.js", "Accept-Encoding: br\r\nRange: bytes=0-9\r\n").body,
            "aaaaaaaaaa");  // of the plain bytes
}
TEST_F(Program, PacksWhatItMakesWhenThatIsAskedForAndWorthIt) {
  host.pages.on_render = [&](const PageRequest& request, IHtmlSink& sink) {
    sink.begin(200);
    const std::string row(request.query.size == 0 ? 100 : 1, 'x');
    for (int i = 0; i < 100; ++i) sink.write(Text(std::string_view(row)));
    sink.end(Status());
  };
  route("GET", "/made", [](FakeCall& call, IContext&, Value& result) {
    result = call.text(std::string(2000, 'y'));
    return Status();
  });
  run();
  const std::string gzip = "Accept-Encoding: gzip, br\r\n";
  for (const char* path : {"GET /", "GET /made"}) {
    const Client::Response plain = ask(path), packed = ask(path, gzip);
    EXPECT_EQ(plain.headers.at("vary"), "Accept-Encoding");
    EXPECT_EQ(plain.headers.count("content-encoding"), 0u);
    EXPECT_EQ(packed.headers.at("vary"), "Accept-Encoding");
    EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
    EXPECT_EQ(packed.body.substr(0, 2), "\x1f\x8b");
    EXPECT_LT(packed.body.size(), 200u);
    EXPECT_EQ(packed.headers.count("set-cookie"), plain.headers.count("set-cookie"));
    const std::string head = std::string("HEAD") + (path + 3);
    EXPECT_EQ(ask(head, gzip).headers.at("content-encoding"), "gzip");
  }
  EXPECT_EQ(ask("GET /?short", gzip).headers.count("content-encoding"), 0u);
  for (const char* site : {"cross-site", "same-site"}) {
    const std::string from = "Sec-Fetch-Site: " + std::string(site) + "\r\n";
    EXPECT_EQ(ask("GET /", gzip + from).headers.count("content-encoding"), 0u) << site;
  }
}
TEST_F(Program, PacksNothingItMakesWhenThatIsTurnedOff) {
  host.set("http.compress_bytes", "0");
  route("GET", "/made", [](FakeCall& call, IContext&, Value& result) {
    result = call.text(std::string(2000, 'y'));
    return Status();
  });
  run();
  const Client::Response answer = ask("GET /made", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(answer.headers.count("content-encoding"), 0u);
  EXPECT_EQ(answer.headers.count("vary"), 0u);
}
TEST_F(Program, BelievesTrustedProxiesAlone) {
  route("GET", "/request", gives(kContextRequest));
  host.set("http.trusted_proxies", "10.0.0.1, 127.0.0.1");
  run();
  const std::string body =
      ask("GET /request", "X-Forwarded-For: 1.2.3.4, 5.6.7.8\r\nX-Forwarded-Proto: https\r\n").body;
  EXPECT_NE(body.find("\"ip\":\"5.6.7.8\""), std::string::npos);
  EXPECT_NE(body.find("\"scheme\":\"https\""), std::string::npos);
  EXPECT_EQ(ask("GET /_flin/health", "X-Forwarded-For: 5.6.7.8\r\n").status, 404);
  EXPECT_NE(ask("GET /", "X-Forwarded-Proto: https\r\n").headers.at("set-cookie").find("; Secure"),
            std::string::npos);
}

class Static : public Program {
 protected:
  void SetUp() override {
    folder.write("public/a.txt", "hello");
    folder.write("public/sub/index.html", "<p>");
    folder.write("public/.env", "secret");
    folder.write("secret.txt", "secret");
    std::filesystem::create_symlink(folder.path() + "/secret.txt",
                                    folder.path() + "/public/out.txt");
    std::filesystem::create_symlink(folder.path(), folder.path() + "/public/up");
    std::filesystem::create_symlink("a.txt", folder.path() + "/public/in.txt");
    run();
  }
};
TEST_F(Static, ServesFilesWithTypeAndTag) {
  const Client::Response file = ask("GET /a.txt");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, "hello");
  EXPECT_EQ(file.headers.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(ask("GET /sub/").body, "<p>");
  EXPECT_EQ(ask("GET /in.txt").body, "hello");
  const std::string tag = file.headers.at("etag");
  EXPECT_EQ(ask("GET /a.txt", "If-None-Match: \"x\", W/" + tag + "\r\n").status, 304);
  EXPECT_EQ(ask("GET /a.txt", "If-None-Match: \"x\"\r\n").status, 200);
  EXPECT_EQ(ask("HEAD /a.txt").headers.at("content-length"), "5");
  EXPECT_EQ(ask("POST /a.txt").headers.at("allow"), "GET, HEAD, OPTIONS");
}
TEST_F(Static, SeesThatAFileHasChanged) {
  const std::string first = ask("GET /a.txt").headers.at("etag");
  folder.write("public/a.txt", "HELLO");
  const Client::Response changed = ask("GET /a.txt", "If-None-Match: " + first + "\r\n");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, "HELLO");
  folder.write("public/a.txt", "hello");
  EXPECT_EQ(ask("GET /a.txt").headers.at("etag"), first);  // it is the content that counts
}
TEST_F(Static, KeepsSmallFilesAndPacksThem) {
  folder.write("public/b.css", std::string(5000, 'c'));
  folder.write("public/b.png", std::string(5000, 'c'));
  const auto past = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  for (const char* name : {"/public/b.css", "/public/b.png"})
    std::filesystem::last_write_time(folder.path() + name, past);
  for (int i = 0; i < 2; ++i) {
    const Client::Response css = ask("GET /b.css", "Accept-Encoding: br\r\n");
    EXPECT_EQ(css.headers.at("content-encoding"), "br");
    EXPECT_LT(css.body.size(), 100u);
    EXPECT_EQ(ask("GET /b.css").body.size(), 5000u);
    const Client::Response png = ask("GET /b.png", "Accept-Encoding: br\r\n");
    EXPECT_EQ(png.headers.count("content-encoding"), 0u);
    EXPECT_EQ(png.headers.count("vary"), 0u);
  }
  folder.write("public/b.css", "now short");
  EXPECT_EQ(ask("GET /b.css").body, "now short");
}
TEST_F(Static, AnswersConditionsAndRangesOfLargeFiles) {
  folder.write("public/large.bin", std::string(300 << 10, 'z') + "end");
  EXPECT_EQ(ask("GET /large.bin").headers.at("etag").substr(0, 2), "W/");  // just written
  std::filesystem::last_write_time(
      folder.path() + "/public/large.bin",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  const std::string tag = ask("GET /large.bin").headers.at("etag");
  EXPECT_EQ(tag[0], '"');
  EXPECT_EQ(ask("GET /large.bin", "If-None-Match: " + tag + "\r\n").status, 304);
  const Client::Response end =
      ask("GET /large.bin", "Range: bytes=-3\r\nIf-Range: " + tag + "\r\n");
  EXPECT_EQ(end.status, 206);
  EXPECT_EQ(end.body, "end");
  EXPECT_EQ(end.headers.at("content-range"), "bytes 307200-307202/307203");
  EXPECT_EQ(ask("GET /large.bin", "Range: bytes=999999-\r\n").status, 416);
  EXPECT_EQ(ask("GET /large.bin", "If-Match: \"x\"\r\n").status, 412);
}
TEST_F(Static, ServesOneRange) {
  const Client::Response part = ask("GET /a.txt", "Range: bytes=1-3\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "ell");
  EXPECT_EQ(part.headers.at("content-range"), "bytes 1-3/5");
  EXPECT_EQ(ask("GET /a.txt", "Range: bytes=3-\r\n").body, "lo");
  EXPECT_EQ(ask("GET /a.txt", "Range: bytes=-2\r\n").body, "lo");
  EXPECT_EQ(ask("GET /a.txt", "Range: bytes=0-99\r\n").body, "hello");
  const Client::Response beyond = ask("GET /a.txt", "Range: bytes=5-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.headers.at("content-range"), "bytes */5");
  for (const char* odd : {"bytes=0-1,3-4", "bytes=3-1", "bytes=a-b", "lines=1-2", "bytes=-"}) {
    EXPECT_EQ(ask("GET /a.txt", "Range: " + std::string(odd) + "\r\n").status, 200) << odd;
  }
  EXPECT_EQ(ask("GET /a.txt", "Range: bytes=1-3\r\nIf-Range: \"old\"\r\n").status, 200);
}
TEST_F(Static, NeverLeavesItsFolder) {
  for (const char* path : {"/sub%2f..%2f..%2fsecret.txt", "/..%5csecret.txt",
                           "/sub\\..\\..\\secret.txt", "/out.txt", "/up/secret.txt", "/.env",
                           "//etc/passwd", "/a.txt/", "/sub", "/a.txt%20", "/public/a.txt"}) {
    const Client::Response response = ask("GET " + std::string(path));
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body.find("secret\""), std::string::npos) << path;
  }
  for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/%2E./secret.txt",
                           "/sub/../../secret.txt", "/./a.txt", "/a.txt%00.png"})
    EXPECT_EQ(ask("GET " + std::string(path)).status, 400) << path;
}
TEST_F(Static, StreamsLargeFilesAndGoesOn) {
  folder.write("public/large.bin", std::string(1 << 20, 'z'));
  EXPECT_EQ(ask("GET /large.bin").body.size(), 1u << 20);
  client->send("GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\nGET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client->response().body.size(), 1u << 20);
  EXPECT_EQ(client->response().body, "hello");
}

TEST(Declarations, AreRefusedByTheirPath) {
  FakeHost host;
  host.load("http");
  host.route_decls = {{"GET", "/_mine", 1}};
  host.link();
  EXPECT_EQ(host.link_error.code(), code('E', 902));
  host.route_decls = {{"GET", "/a", 1}, {"GET", "/a", 2}};
  host.link();
  EXPECT_EQ(host.link_error.code(), code('E', 901));
}

}  // namespace
}  // namespace flin::http
