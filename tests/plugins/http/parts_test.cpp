// Small parts of the http plugin: texts, timers, routes, secret, JSON.
#include "../../../plugins/http/src/answer.h"
#include "../../../plugins/http/src/route_table.h"
#include "../../../plugins/http/src/secret.h"
#include "../../../plugins/http/src/session.h"
#include "../../../plugins/http/src/timers.h"
#include "../../../plugins/http/src/url.h"
#include "fakes/net_fakes.h"
#include "flin/http/values.h"

#include "flin/http/json_out.h"
#include "flin/http/utf8.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>

namespace flin::http {
namespace {

std::string json_of(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

TEST(Utf8, AcceptsAllPlanesAndRefusesWhatIsIllFormed) {
  for (const char* good : {"", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                           "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe2\x82", "\xe0\x80\x80",
                          "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xff", "\xc3(", "a\xe2\x28\xa1"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}
TEST(Utf8, SeesAnErrorAtTheFirstWrongByteOfAFragment) {
  Utf8Checker checker;
  EXPECT_TRUE(checker.feed("\xf0"));
  EXPECT_TRUE(checker.feed("\x9f"));
  EXPECT_FALSE(checker.complete());
  EXPECT_TRUE(checker.feed("\x98\x80"));
  EXPECT_TRUE(checker.complete());
  EXPECT_FALSE(checker.feed("\xed\xa0"));
  EXPECT_FALSE(checker.feed("a"));
}
TEST(Json, WritesNumbersAsJavaScriptDoes) {
  EXPECT_EQ(json_of(0.1), "0.1");
  EXPECT_EQ(json_of(5), "5");
  EXPECT_EQ(json_of(-0.0), "0");
  EXPECT_EQ(json_of(1e21), "1e+21");
  EXPECT_EQ(json_of(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(json_of(1.5e-7), "1.5e-7");
  EXPECT_EQ(json_of(0.000001), "0.000001");
  EXPECT_EQ(json_of(-12.75), "-12.75");
  EXPECT_EQ(json_of(5e-324), "5e-324");
  EXPECT_EQ(json_of(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(json_of(NAN), "null");
  EXPECT_EQ(json_of(-INFINITY), "null");
}
TEST(Json, WritesTimesAndMoney) {
  std::string out;
  append_json_time(out, 1769851800000);
  append_json_time(out, -1);
  append_json_time(out, 951782400000);
  EXPECT_EQ(out,
            "\"2026-01-31T09:30:00.000Z\"\"1969-12-31T23:59:59.999Z\"\"2000-02-29T00:00:00.000Z\"");
  const auto packed = [](const char* c) {
    return static_cast<std::uint32_t>(c[0] | c[1] << 8 | c[2] << 16);
  };
  out.clear();
  append_json_money(out, 1250, packed("EUR"));
  append_json_money(out, -5, packed("USD"));
  append_json_money(out, 1250, packed("JPY"));
  append_json_money(out, 1, packed("KWD"));
  EXPECT_EQ(
      out,
      "{\"amount\":\"12.50\",\"currency\":\"EUR\"}{\"amount\":\"-0.05\",\"currency\":\"USD\"}"
      "{\"amount\":\"1250\",\"currency\":\"JPY\"}{\"amount\":\"0.001\",\"currency\":\"KWD\"}");
}
TEST(Json, EscapesTexts) {
  std::string out;
  append_json_text(out, "a\"b\\c\n\x01\xc3\xa9");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001\xc3\xa9\"");
}

TEST(Url, DecodesPaths) {
  std::vector<std::string> segments;
  EXPECT_TRUE(split_path("/a%20b//c%2Fd", segments));
  EXPECT_EQ(segments, (std::vector<std::string>{"a b", "", "c/d"}));
  for (const char* bad : {"", "a", "/%", "/%4", "/%zz", "/%00", "/%c3", "/%ed%a0%80"})
    EXPECT_FALSE(split_path(bad, segments)) << bad;
}
TEST(Url, DecodesForms) {
  std::vector<Field> fields;
  EXPECT_TRUE(parse_form("a=1&b=x+y%21&&c&=d&e=%zz", fields));
  EXPECT_EQ(fields,
            (std::vector<Field>{{"a", "1"}, {"b", "x y!"}, {"c", ""}, {"", "d"}, {"e", "%zz"}}));
  EXPECT_FALSE(parse_form("a=%ff", fields));
}
TEST(Url, ReadsCookies) {
  const auto cookies = parse_cookies("a=1; b=\"2\";c = 3 ; d; =e");
  ASSERT_EQ(cookies.size(), 3u);
  EXPECT_EQ(cookies[1].second, "2");
  EXPECT_EQ(cookies[2].first, "c");
  EXPECT_EQ(cookies[2].second, "3");
}

class Fired final : public Timer {
 public:
  void expired() noexcept override { ++count; }
  int count = 0;
};
TEST(TimerWheel, FiresOnceAndAtMostOneSlotLate) {
  Timers timers;
  Fired a, b;
  const std::int64_t now = now_ms();
  timers.set(a, now + 100);
  timers.set(b, now + 10000);
  timers.advance(now + 90);
  EXPECT_EQ(a.count, 0);
  timers.advance(now + 100 + 128);
  EXPECT_EQ(a.count, 1);
  EXPECT_EQ(b.count, 0);
  timers.advance(now + 20000);
  EXPECT_EQ(a.count, 1);
  EXPECT_EQ(b.count, 1);
  EXPECT_EQ(timers.until_next(now + 20000), -1);
}
TEST(TimerWheel, HonoursADeadlineThatWasMoved) {
  Timers timers;
  Fired later, sooner, never;
  const std::int64_t now = now_ms();
  timers.set(later, now + 100);
  timers.set(later, now + 5000);
  timers.set(sooner, now + 5000);
  timers.set(sooner, now + 100);
  timers.set(never, now + 100);
  timers.clear(never);
  timers.advance(now + 1000);
  EXPECT_EQ(later.count, 0);
  EXPECT_EQ(sooner.count, 1);
  timers.advance(now + 5200);
  EXPECT_EQ(later.count, 1);
  EXPECT_EQ(never.count, 0);
}
TEST(TimerWheel, HoldsDeadlinesBeyondItsSize) {
  Timers timers;
  Fired far;
  const std::int64_t now = now_ms();
  timers.set(far, now + 600000);
  for (std::int64_t at = now; at < now + 599000; at += 5000) timers.advance(at);
  EXPECT_EQ(far.count, 0);
  timers.advance(now + 599000);
  EXPECT_EQ(far.count, 0);
  timers.advance(now + 600200);
  EXPECT_EQ(far.count, 1);
}
TEST(TimerWheel, TellsHowLongToWait) {
  Timers timers;
  Fired a;
  const std::int64_t now = now_ms();
  EXPECT_EQ(timers.until_next(now), -1);
  timers.set(a, now + 1000);
  const std::int64_t wait = timers.until_next(now);
  EXPECT_GE(wait, 1000);
  EXPECT_LE(wait, 1064);
}

Match find(const RouteTable& table, Method method, std::string_view path) {
  std::vector<std::string> segments;
  EXPECT_TRUE(split_path(path, segments));
  return table.find(method, segments);
}
TEST(Routes, PreferStaticPartsThenNamesThenTheRest) {
  RouteTable table;
  EXPECT_EQ(table.add(kGet, "/todos/new", false, {1, 1}), "");
  EXPECT_EQ(table.add(kGet, "/todos/:id", false, {1, 2}), "");
  EXPECT_EQ(table.add(kGet, "/*rest", false, {1, 3}), "");
  EXPECT_EQ(table.add(kGet, "/todos/:id/edit", false, {1, 4}), "");
  EXPECT_EQ(table.add(kGet, "/", true, {1, 5}), "");
  EXPECT_EQ(find(table, kGet, "/todos/new").target->function.function, 1u);
  EXPECT_EQ(find(table, kGet, "/todos/7").target->function.function, 2u);
  EXPECT_EQ(find(table, kGet, "/todos/7").values, std::vector<std::string>{"7"});
  EXPECT_EQ(find(table, kGet, "/todos/new/edit").target->function.function, 4u);
  EXPECT_EQ(find(table, kGet, "/todos/7/x/y").values, std::vector<std::string>{"todos/7/x/y"});
  EXPECT_EQ(find(table, kGet, "/").target->function.function, 5u);
}
TEST(Routes, GoBackToANameWhenAStaticPartLeadsNowhere) {
  RouteTable table;
  table.add(kPost, "/a/b", false, {1, 1});
  table.add(kGet, "/:x/b", false, {1, 2});
  EXPECT_EQ(find(table, kGet, "/a/b").target->function.function, 2u);
  EXPECT_EQ(find(table, kPost, "/a/b").target->function.function, 1u);
}
TEST(Routes, TellTheMethodsOfAPath) {
  RouteTable table;
  table.add(kGet, "/a", false, {1, 1});
  table.add(kDelete, "/a", false, {1, 2});
  EXPECT_EQ(find(table, kPost, "/a").allow, "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(find(table, kPost, "/b").allow, "");
  EXPECT_NE(find(table, kHead, "/a").target, nullptr);
}
TEST(Routes, ReadPagePaths) {
  RouteTable table;
  EXPECT_EQ(table.add(kGet, "/blog/[id]", true, {1, 1}), "");
  EXPECT_EQ(table.add(kGet, "/docs/[...rest]", true, {1, 2}), "");
  const Match match = find(table, kGet, "/blog/3");
  EXPECT_EQ(match.target->pattern, "/blog/[id]");
  EXPECT_EQ(match.target->names, std::vector<std::string>{"id"});
  EXPECT_EQ(find(table, kGet, "/docs/a/b").values, std::vector<std::string>{"a/b"});
}
TEST(Routes, RefuseReservedTwiceDeclaredAndImpossiblePaths) {
  RouteTable table;
  EXPECT_EQ(table.add(kGet, "/_ws", false, {1, 1}),
            "paths that begin with '/_' belong to FLIN; take another than '/_ws'");
  EXPECT_EQ(table.add(kGet, "a", false, {1, 1}), "the path 'a' does not begin with '/'");
  EXPECT_EQ(table.add(kGet, "/*a/b", false, {1, 1}), "'*a' has to be the last part of '/*a/b'");
  EXPECT_EQ(table.add(kGet, "/x", false, {1, 1}), "");
  EXPECT_EQ(table.add(kGet, "/x", false, {1, 1}), "GET /x is declared twice");
}

struct Taken final : ITextSink {
  void text(Text t) noexcept override { value = std::string(t); }
  std::string value;
};
class FailingHost final : public IHost {
 public:
  void log(std::int32_t, Text) noexcept override {}
  Text setting(Text) noexcept override { return {}; }
  void* service(Text, Text) noexcept override { return nullptr; }
  Status on(Text, std::int32_t, EventFn) noexcept override { return Status(); }
  Status fail(std::uint32_t code, Text message) noexcept override {
    return test::make_status(code, message);
  }
  void post(std::uint32_t, LoopFn, void*, DropFn) noexcept override {}
  void complete(std::uint64_t, CompleteFn, void*, DropFn) noexcept override {}
  Status emit(Text, const void*) noexcept override { return {}; }
};

TEST(Sealing, OpensWhatItSealedForTheSamePurposeOnly) {
  ::setenv("FLIN_SECRET", "a secret for tests, long enough", 1);
  FailingHost host;
  Sealer sealer;
  sealer.attach(host);
  Taken sealed, again, plain;
  EXPECT_TRUE(sealer.seal("page", "hello", sealed).ok());
  EXPECT_TRUE(sealer.seal("page", "hello", again).ok());
  EXPECT_NE(sealed.value, again.value);
  EXPECT_TRUE(sealer.open("page", Text(std::string_view(sealed.value)), plain).ok());
  EXPECT_EQ(plain.value, "hello");
  EXPECT_EQ(sealer.open("session", Text(std::string_view(sealed.value)), plain).code(),
            code('R', 403));
  for (std::size_t i = 0; i < sealed.value.size(); ++i) {
    std::string bent = sealed.value;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(sealer.open("page", Text(std::string_view(bent)), plain).code(), code('R', 403));
  }
  EXPECT_EQ(sealer.open("page", "", plain).message(), "the token was not made here");
}
TEST(Sealing, SignsBrowserIds) {
  ::setenv("FLIN_SECRET", "a secret for tests, long enough", 1);
  FailingHost host;
  Sealer sealer;
  sealer.attach(host);
  const std::string sid = sealer.make_sid();
  EXPECT_EQ(sid.find('.'), 22u);
  EXPECT_TRUE(sealer.check_sid(sid));
  EXPECT_NE(sealer.make_sid(), sid);
  std::string bent = sid;
  bent[3] = bent[3] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(sealer.check_sid(bent));
  EXPECT_FALSE(sealer.check_sid(sid.substr(0, 22)));
  EXPECT_FALSE(sealer.check_sid(""));
}
TEST(Secret, IsMadeOnceAndPrivate) {
  ::unsetenv("FLIN_SECRET");
  const test::TempFolder folder;
  Secret first, second;
  EXPECT_EQ(first.load(folder.path()), "");
  EXPECT_EQ(second.load(folder.path()), "");
  Secret::Key a, b;
  EXPECT_TRUE(first.derive("x", a) && second.derive("x", b));
  EXPECT_EQ(a, b);
  struct stat info {};
  ASSERT_EQ(::stat((folder.path() + "/.flin/secret").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(info.st_size, 32);
}
TEST(Secret, SaysWhatIsWrongWithOne) {
  ::setenv("FLIN_SECRET", "short", 1);
  Secret secret;
  EXPECT_EQ(secret.load("/nowhere"),
            "FLIN_SECRET has fewer than 16 characters; take at least 32 random ones");
  ::unsetenv("FLIN_SECRET");
  EXPECT_EQ(secret.load("/nowhere"), "/nowhere/.flin: No such file or directory");
}
TEST(Secret, DerivesByHkdfSha256) {
  // RFC 5869 test case 3: 22 times 0x0b, no salt, no info.
  const std::string input(22, '\x0b');
  ::setenv("FLIN_SECRET", input.c_str(), 1);
  Secret secret;
  ASSERT_EQ(secret.load(""), "");
  Secret::Key key;
  ASSERT_TRUE(secret.derive("", key));
  const unsigned char expected[] = {0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f,
                                    0x71, 0x5f, 0x80, 0x2a, 0x06, 0x3c, 0x5a, 0x31,
                                    0xb8, 0xa1, 0x1f, 0x5c, 0x5e, 0xe1, 0x87, 0x9e,
                                    0xc3, 0x45, 0x4e, 0x5f, 0x3c, 0x73, 0x8d, 0x2d};
  EXPECT_TRUE(std::equal(key.begin(), key.end(), expected));
}

TEST(Values, AreWrittenAsJson) {
  test::FakeCall call;
  const FieldRow fields[] = {{"title", "text", Kind::kText, 0, 0, {}, {}},
                             {"secret", "text", Kind::kText, 0, kFieldHidden, {}, {}},
                             {"owner", "Todo?", Kind::kRecord, 0, 0, {}, {}}};
  const EntityRow entities[] = {{"Todo", fields, {}}};
  const Value inner = call.entity(0, 2, {call.text("b"), call.text("s"), call.none()});
  const Value value =
      call.map({call.text("list"),
                call.list({call.integer(1), call.number(0.5), call.none(), call.boolean(true)}),
                call.integer(7), call.of_kind(Kind::kEnum, "\"Done\""), call.text("move"),
                call.of_kind(Kind::kEnum, "[\"Move\",3]", {call.integer(3)}), call.text("todo"),
                call.entity(0, 1, {call.text("a"), call.text("s"), inner})});
  std::string out;
  EXPECT_TRUE(append_json(call, entities, value, out).ok());
  EXPECT_EQ(
      out,
      R"({"list":[1,0.5,null,true],"7":"Done","move":{"Move":[3]},"todo":{"id":1,"title":"a","owner":2}})");
  const Status status = append_json(call, entities, call.function(1), out);
  EXPECT_EQ(status.code(), code('R', 14));
}
TEST(Values, AreTakenOutOfTheirTags) {
  test::FakeCall call;
  std::string out;
  EXPECT_TRUE(
      append_markup(call, call.of_kind(Kind::kView, R"({"$t":"view","v":"<b>\"x\"</b>"})"), out)
          .ok());
  EXPECT_TRUE(append_markup(call, call.of_kind(Kind::kView, R"("<i>y</i>")"), out).ok());
  EXPECT_EQ(out, "<b>\"x\"</b><i>y</i>");
  out.clear();
  EXPECT_TRUE(
      append_json(call, {},
                  call.list({call.of_kind(Kind::kEnum, R"({"$t":"State","v":"Done"})"),
                             call.of_kind(Kind::kEnum, R"({"$t":"State","v":["Move",3]})",
                                          {call.integer(3)}),
                             call.of_kind(Kind::kFile, R"({"$t":"file","v":{"name":"a"}})")}),
                  out)
          .ok());
  EXPECT_EQ(out, R"(["Done",{"Move":[3]},{"name":"a"}])");
}
TEST(Values, AreReadFromJson) {
  test::FakeCall call;
  Value value{};
  ASSERT_TRUE(parse_json(call, R"( {"a":[1,-2.5,true,null,"\u00e9"],"b":{}} )", value).ok());
  std::string out;
  EXPECT_TRUE(append_json(call, {}, value, out).ok());
  EXPECT_EQ(out, "{\"a\":[1,-2.5,true,null,\"\xc3\xa9\"],\"b\":{}}");
  for (const char* bad : {"", "{", "[1,]", "{\"a\"}", "01", "\"\xff\"", "1 2", "nul"}) {
    EXPECT_EQ(parse_json(call, bad, value).code(), code('R', 404)) << bad;
  }
  EXPECT_TRUE(parse_json(call, std::string(64, '[') + std::string(64, ']'), value).ok());
  EXPECT_EQ(parse_json(call, std::string(65, '[') + std::string(65, ']'), value).message(),
            "body is malformed: nested deeper than 64");
}
TEST(AnswerHeads, CannotBeSplitByAHeaderOfTheProgram) {
  Answer answer;
  answer.add_header("X-A", "b\r\nSet-Cookie: c");
  answer.add_header("X\r\n", "d");
  EXPECT_EQ(answer.headers, "X-A: bSet-Cookie: c\r\n");
}

class Sessions : public testing::Test {
 protected:
  Sessions() {
    rows[0].name = "User";
    rows[1].name = "Todo";
    call.put(session, "n", call.number(-0.5));
    call.put(session, "i", call.integer(-9007199254740993));
    call.put(session, "b", call.boolean(true));
    call.put(session, "t", call.text("\xc3\xa9 \"\n"));
    call.put(session, "gone", call.none());
  }
  List<EntityRow> entities() { return {rows.data(), rows.size()}; }
  std::string written() {
    std::string text;
    const Status status = write_session(call, entities(), session, text);
    return status.ok() ? text : std::string(status.message());
  }
  std::vector<EntityRow> rows = std::vector<EntityRow>(2);
  test::FakeCall call;
  Value session = call.map({});
};
TEST_F(Sessions, ComeBackAsTheyWere) {
  const std::string text = written();
  const Value read = read_session(call, entities(), text);
  EXPECT_EQ(call.size(read), 4u);
  Plain plain;
  ASSERT_TRUE(call.plain(call.get(read, "n"), plain).ok());
  EXPECT_EQ(plain.n, -0.5);
  ASSERT_TRUE(call.plain(call.get(read, "i"), plain).ok());
  EXPECT_EQ(plain.i, -9007199254740993);
  EXPECT_EQ(call.text_of(call.get(read, "t")), "\xc3\xa9 \"\n");
  EXPECT_EQ(call.kind(call.get(read, "b")), Kind::kBool);
  std::string again;
  ASSERT_TRUE(write_session(call, entities(), read, again).ok());
  EXPECT_EQ(again, text);
}
TEST_F(Sessions, KeepEntitiesByNameAndId) {
  call.put(session, "user", call.entity(0, 7, {call.text("Bo")}));
  const std::string text = written();
  EXPECT_NE(user_of_session(text), "");
  std::swap(rows[0], rows[1]);  // another build numbers them otherwise
  RecordRef record;
  const Value read = read_session(call, entities(), text);
  ASSERT_TRUE(call.record(call.get(read, "user"), record).ok());
  EXPECT_EQ(record.type, 1u);
  EXPECT_EQ(record.id, 7u);
  EXPECT_EQ(record.version, 0u);  // to be read from the store when it is used
  rows.pop_back();
  EXPECT_EQ(call.size(read_session(call, entities(), text)), 4u);  // the type is gone, so is it
}
TEST_F(Sessions, RefuseWhatCannotBeKept) {
  call.put(session, "f", call.function(1));
  EXPECT_EQ(written(), "cannot cross: session.f is a function, view or agent");
  call.put(session, "f", call.entity(0, 0, {call.text("Bo")}));
  EXPECT_EQ(written(), "cannot cross: the session holds an entity that is not saved");
}
TEST_F(Sessions, TellWhetherTheUserIsTheSame) {
  const std::string nobody = written();
  call.put(session, "user", call.entity(0, 7, {call.text("Bo")}));
  const std::string seven = written();
  call.put(session, "n", call.number(1));
  EXPECT_EQ(user_of_session(written()), user_of_session(seven));
  call.put(session, "user", call.entity(0, 8, {call.text("Al")}));
  EXPECT_NE(user_of_session(written()), user_of_session(seven));
  EXPECT_EQ(user_of_session(nobody), "");
  EXPECT_EQ(user_of_session(""), "");
}
TEST_F(Sessions, AreSealedForAYear) {
  ::setenv("FLIN_SECRET", "a secret for tests, long enough", 1);
  test::FakeHost host;
  Sealer sealer;
  const std::string sealed = seal_session(sealer, "text", 1000);
  EXPECT_EQ(open_session(sealer, sealed, 1000 + kSessionSeconds * 1000 - 1), "text");
  EXPECT_EQ(open_session(sealer, sealed, 1000 + kSessionSeconds * 1000), "");
}
TEST(OpenSessions, HoldWhatChangedWhileASocketIsOpen) {
  OpenSessions sessions;
  std::string text;
  sessions.changed("a", "0");
  sessions.enter("a");
  EXPECT_FALSE(sessions.find("a", text));
  sessions.changed("a", "1");
  sessions.enter("a");
  EXPECT_TRUE(sessions.find("a", text));
  EXPECT_EQ(text, "1");
  sessions.leave("a");
  EXPECT_TRUE(sessions.find("a", text));
  sessions.leave("a");
  EXPECT_FALSE(sessions.find("a", text));
}

}  // namespace
}  // namespace flin::http
