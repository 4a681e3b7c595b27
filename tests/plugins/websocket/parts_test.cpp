// Frames, handshake, messages and entities of the ws plugin, as tables.
#include "../../../plugins/websocket/src/entities.h"
#include "../../../plugins/websocket/src/frames.h"
#include "../../../plugins/websocket/src/handshake.h"
#include "../../../plugins/websocket/src/messages.h"
#include "client_frames.h"
#include "frame_mutations.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace flin::ws {
namespace {

struct Seen final : FrameHandler {
  bool text(std::string_view message) override {
    all.append("text:").append(message).append(";");
    return true;
  }
  bool control(Opcode opcode, std::string_view payload) override {
    all.append(std::to_string(opcode)).append(":").append(payload).append(";");
    return true;
  }
  std::string all;
};

struct FrameCase {
  const char* name;
  std::string bytes;
  std::uint16_t error;
  std::string seen;
};
std::string piece(std::string_view payload, bool final, std::uint8_t opcode) {
  return client_frame(payload, {opcode, final, true, 0});
}
std::string closing(std::uint16_t code, std::string_view reason = "") {
  return client_frame(close_payload(code, reason), {kCloseFrame, true, true, 0});
}

const FrameCase kFrames[] = {
    {"Text", client_frame("hello"), 0, "text:hello;"},
    {"EmptyText", client_frame(""), 0, "text:;"},
    {"TwoTexts", client_frame("a") + client_frame("b"), 0, "text:a;text:b;"},
    {"LengthOfTwoBytes", client_frame(std::string(126, 'a')), 0,
     "text:" + std::string(126, 'a') + ";"},
    {"Fragments", piece("a", false, 1) + piece("", false, 0) + piece("b", true, 0), 0, "text:ab;"},
    {"PingBetweenFragments", piece("a", false, 1) + piece("p", true, kPing) + piece("b", true, 0),
     0, "9:p;text:ab;"},
    {"CodePointAcrossFragments", piece("\xc3", false, 1) + piece("\xa9", true, 0), 0,
     "text:\xc3\xa9;"},
    {"Pong", piece("", true, kPong), 0, "10:;"},
    {"CloseWithoutCode", piece("", true, kCloseFrame), 0, "8:;"},
    {"Close", closing(1000, "bye"), 0,
     "8:\x03\xe8"
     "bye;"},
    {"CloseOfTheProgram", closing(4999), 0, "8:\x13\x87;"},
    {"AtTheLimit", client_frame(std::string(1000, 'a')), 0, "text:" + std::string(1000, 'a') + ";"},
    {"AboveTheLimit", client_frame(std::string(1001, 'a')), 1009, ""},
    {"FragmentsAboveTheLimit",
     piece(std::string(600, 'a'), false, 1) + piece(std::string(401, 'a'), true, 0), 1009, ""},
    {"FourFragments",
     piece("a", false, 1) + piece("b", false, 0) + piece("c", false, 0) + piece("d", true, 0), 0,
     "text:abcd;"},
    {"FiveFragments",
     piece("a", false, 1) + piece("b", false, 0) + piece("c", false, 0) + piece("d", false, 0) +
         piece("e", true, 0),
     1009, ""},
    {"Unmasked", client_frame("a", {1, true, false, 0}), 1002, ""},
    {"UnmaskedPing", client_frame("a", {kPing, true, false, 0}), 1002, ""},
    {"ReservedBit", client_frame("a", {1, true, true, 0x40}), 1002, ""},
    {"UnknownOpcode", client_frame("a", {3, true, true, 0}), 1002, ""},
    {"UnknownControlOpcode", client_frame("a", {11, true, true, 0}), 1002, ""},
    {"Binary", client_frame("a", {2, true, true, 0}), 1003, ""},
    {"LongPing", client_frame(std::string(126, 'a'), {kPing, true, true, 0}), 1002, ""},
    {"PingInPieces", client_frame("a", {kPing, false, true, 0}), 1002, ""},
    {"ContinuationOfNothing", piece("a", true, 0), 1002, ""},
    {"TextInsideAMessage", piece("a", false, 1) + piece("b", true, 1), 1002, ""},
    {"HalfACloseCode", client_frame("a", {kCloseFrame, true, true, 0}), 1002, ""},
    {"CloseCode1005", closing(1005), 1002, ""},
    {"CloseCode999", closing(999), 1002, ""},
    {"CloseReasonNotUtf8", closing(1000, "\xff"), 1007, ""},
    {"NotUtf8", client_frame("\xff"), 1007, ""},
    {"Surrogate", client_frame("\xed\xa0\x80"), 1007, ""},
    {"CutCodePoint", client_frame("\xc3"), 1007, ""},
    {"CutCodePointAtTheLastFragment", piece("\xc3", false, 1) + piece("", true, 0), 1007, ""},
    {"LengthNotShortest",
     std::string("\x81\xfe\x00\x01\x00\x00\x00\x00"
                 "a",
                 9),
     1002, ""},
    {"LengthWithHighBit",
     std::string("\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 14), 1002, ""},
};
class Frames : public testing::TestWithParam<FrameCase> {};
TEST_P(Frames, AreReadWholeAndByteByByte) {
  for (const std::size_t step : {std::size_t{1} << 20, std::size_t{1}}) {
    std::string bytes = GetParam().bytes;
    Seen seen;
    FrameReader reader({1000, 4});
    FrameError error;
    for (std::size_t at = 0; at < bytes.size() && !error.code; at += step) {
      error = reader.feed(bytes.data() + at, std::min(step, bytes.size() - at), seen);
    }
    EXPECT_EQ(error.code, GetParam().error) << error.reason;
    EXPECT_EQ(seen.all, GetParam().seen);
  }
}
INSTANTIATE_TEST_SUITE_P(Table, Frames, testing::ValuesIn(kFrames),
                         [](const auto& info) { return info.param.name; });

TEST(Frames, TellBadUtf8BeforeTheMessageIsWhole) {
  std::string bytes = client_frame("a\xff" + std::string(100, 'b'));
  Seen seen;
  FrameReader reader({1000, 4});
  EXPECT_EQ(reader.feed(bytes.data(), 10, seen).code, 1007);
}
TEST(Frames, KeepTheirPromisesForMutatedBytes) {
  std::mt19937 random(20260131);
  const std::string seeds[] = {
      client_frame("hello") + client_frame("w\xc3\xa9rld"),
      piece("a", false, 1) + piece("p", true, kPing) + piece("b", true, 0) + closing(1000),
      client_frame(std::string(200, 'x')) + piece("", true, kPong)};
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = seeds[random() % 3];
    for (unsigned i = random() % 4 + 1; i > 0; --i) {
      const std::size_t at = random() % bytes.size();
      if (random() % 3)
        bytes[at] = static_cast<char>(random());
      else
        bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 20));
    }
    check_any_frames(bytes);
  }
}
TEST(Frames, AreWrittenWithTheShortestLength) {
  for (const auto& [size, head] :
       {std::pair<std::size_t, std::size_t>{125, 2}, {126, 4}, {65535, 4}, {65536, 10}}) {
    EXPECT_EQ(make_frame(kTextFrame, std::string(size, 'a')).size(), size + head);
  }
  EXPECT_EQ(close_payload(1000, std::string(122, 'a') + "\xc3\xa9").size(), 124u);
}

TEST(Handshake, AnswersTheKeyOfTheRfc) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

struct HandshakeCase {
  const char* name;
  std::vector<Pair> headers;
  std::uint32_t status;
};
const Pair kHost{"host", "a:1"}, kKey{"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="},
    kVersion{"sec-websocket-version", "13"}, kCookie{"cookie", "b=c"};
const HandshakeCase kHandshakes[] = {
    {"Plain", {kHost, kKey, kVersion}, 0},
    {"SameOrigin", {kHost, kKey, kVersion, kCookie, {"origin", "http://A:1"}}, 0},
    {"SameOriginBehindTls", {kHost, kKey, kVersion, kCookie, {"origin", "https://a:1"}}, 0},
    {"ListedOrigin", {kHost, kKey, kVersion, kCookie, {"origin", "https://friend.example"}}, 0},
    {"ForeignOrigin", {kHost, kKey, kVersion, {"origin", "http://b"}}, 403},
    {"OtherPort", {kHost, kKey, kVersion, {"origin", "http://a:2"}}, 403},
    {"NullOrigin", {kHost, kKey, kVersion, {"origin", "null"}}, 403},
    {"NoOriginWithCookies", {kHost, kKey, kVersion, kCookie}, 403},
    {"NoVersion", {kHost, kKey}, 426},
    {"OldVersion", {kHost, kKey, {"sec-websocket-version", "8"}}, 426},
    {"NoKey", {kHost, kVersion}, 400},
    {"ShortKey", {kHost, kVersion, {"sec-websocket-key", "YWJj"}}, 400},
    {"TwoKeys", {kHost, kKey, kKey, kVersion}, 400},
    {"TwoVersions", {kHost, kKey, kVersion, {"sec-websocket-version", "8"}}, 400},
    {"TwoOrigins", {kHost, kKey, kVersion, {"origin", "http://a:1"}, {"origin", "http://b"}}, 400},
    {"Protocols", {kHost, kKey, kVersion, {"sec-websocket-protocol", "chat, v2.chat"}}, 0},
    {"ProtocolTwice", {kHost, kKey, kVersion, {"sec-websocket-protocol", "chat, chat"}}, 400},
    {"NoProtocol", {kHost, kKey, kVersion, {"sec-websocket-protocol", ""}}, 400},
    {"OddProtocol", {kHost, kKey, kVersion, {"sec-websocket-protocol", "a b"}}, 400},
    {"Extensions", {kHost, kKey, kVersion, {"sec-websocket-extensions", "x-other; a=1, y"}}, 0},
    {"OddExtensions", {kHost, kKey, kVersion, {"sec-websocket-extensions", "a;"}}, 400},
    {"OddKey", {kHost, kVersion, {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZ?=="}}, 400},
};
class Handshakes : public testing::TestWithParam<HandshakeCase> {};
TEST_P(Handshakes, AreAcceptedOrRefused) {
  http::Handover handover{};
  handover.method = "GET";
  handover.headers = {GetParam().headers.data(), GetParam().headers.size()};
  Text reason;
  Compression compression;
  EXPECT_EQ(
      check_handshake(handover, "https://x.example, https://friend.example", compression, reason),
      GetParam().status);
  EXPECT_EQ(reason.size > 0, GetParam().status != 0);
}
INSTANTIATE_TEST_SUITE_P(Table, Handshakes, testing::ValuesIn(kHandshakes),
                         [](const auto& info) { return info.param.name; });

struct EventOriginCase {
  const char* name;
  std::vector<Pair> headers;
  std::uint32_t status;
  const char* allowed;
};
const EventOriginCase kEventOrigins[] = {
    {"Plain", {kHost}, 0, ""},
    {"OwnPage", {kHost, kCookie, {"sec-fetch-site", "same-origin"}}, 0, ""},
    {"AddressBar", {kHost, kCookie, {"sec-fetch-site", "none"}}, 0, ""},
    {"OldBrowser", {kHost, kCookie}, 0, ""},
    {"OwnOrigin", {kHost, {"origin", "http://a:1"}}, 0, ""},
    {"Foreign", {kHost, {"origin", "http://b"}}, 403, ""},
    {"Null", {kHost, {"origin", "null"}}, 403, ""},
    {"ForeignWithoutOrigin", {kHost, {"sec-fetch-site", "cross-site"}}, 403, ""},
    {"SisterSite", {kHost, {"sec-fetch-site", "same-site"}}, 403, ""},
    {"Listed", {kHost, {"origin", "https://friend.example"}}, 0, "https://friend.example"},
};
class EventOrigins : public testing::TestWithParam<EventOriginCase> {};
TEST_P(EventOrigins, AreAcceptedOrRefused) {
  const List<Pair> headers = {GetParam().headers.data(), GetParam().headers.size()};
  std::string_view allowed;
  Text reason;
  EXPECT_EQ(check_event_origin(headers, "https://friend.example", allowed, reason),
            GetParam().status);
  EXPECT_EQ(allowed, GetParam().allowed);
}
INSTANTIATE_TEST_SUITE_P(Table, EventOrigins, testing::ValuesIn(kEventOrigins),
                         [](const auto& info) { return info.param.name; });

TEST(Messages, AreReadByTheirTopMembers) {
  Message message;
  EXPECT_EQ(
      read_message(
          R"({"x":{"action":"a","type":7},"action":"subscribe","type":"T\u00e9","since":41,"y":[1]})",
          64, message),
      "");
  EXPECT_EQ(message.action, "subscribe");
  EXPECT_EQ(message.type, "T\xc3\xa9");
  EXPECT_TRUE(message.has_since);
  EXPECT_EQ(message.since, 41u);
}
TEST(Messages, AreRefusedInASentence) {
  Message message;
  for (const char* bad : {"", "[]", "7", "\"a\"", "{", "{}x", "{\"action\":\"a\",}", "nul"}) {
    EXPECT_EQ(read_message(bad, 64, message), "A message is a JSON object.") << bad;
  }
  EXPECT_EQ(read_message("{}", 64, message), "A message has an 'action'.");
  EXPECT_EQ(read_message(R"({"action":7})", 64, message), "'action' of a message is a text.");
  EXPECT_EQ(read_message(R"({"action":["a"]})", 64, message), "'action' of a message is a text.");
  EXPECT_EQ(read_message(R"({"action":"a","type":null})", 64, message),
            "'type' of a message is a text.");
  for (const char* since : {"-1", "1.5", "\"1\"", "{}", "1e3"}) {
    EXPECT_EQ(read_message("{\"action\":\"a\",\"since\":" + std::string(since) + "}", 64, message),
              "'since' of a message is a whole number.")
        << since;
  }
  const auto nested = [](int depth) {
    return "{\"action\":\"a\",\"x\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_EQ(read_message(nested(63), 64, message), "");
  EXPECT_EQ(read_message(nested(64), 64, message), "A message is nested too deeply.");
  EXPECT_EQ(read_message(nested(200000), 64, message), "A message is nested too deeply.");
}

const FieldRow kFields[] = {{"title", "text", Kind::kText, 0, 0, {}, {}},
                            {"secret", "text", Kind::kText, 0, kFieldHidden, {}, {}},
                            {"due", "time?", Kind::kTime, 0, 0, {}, {}},
                            {"tags", "[text: [time]]", Kind::kMap, 0, 0, {}, {}},
                            {"state", "State", Kind::kEnum, 0, 0, {}, {}},
                            {"price", "[money]", Kind::kList, 0, 0, {}, {}},
                            {"any", "any", Kind::kMap, 0, 0, {}, {}}};
const EntityRow kTodo{"Todo", kFields, {}};
Plain of(Kind kind, const char* text) {
  Plain plain;
  plain.kind = kind;
  plain.text = text;
  return plain;
}
TEST(Entities, AreWrittenAsJsonOut) {
  const Plain fields[] = {
      of(Kind::kText, "a"),
      of(Kind::kText, "s"),
      Plain(),
      of(Kind::kMap, R"([["k",[0]]])"),
      of(Kind::kEnum, R"(["Move",3])"),
      of(Kind::kList, R"([[1250,"EUR"]])"),
      of(Kind::kMap, R"({"$t":"map","v":[["a",{"$t":"time","v":0}],[1,{"$n":"NaN"}]]})"),
      Plain(),
      Plain(),
      Plain()};
  const Row row{7, 1, fields};
  const store::Change change{0, store::kCreate, 7, 0, {}};
  EXPECT_EQ(
      change_message(kTodo, 58, change, nullptr, &row),
      R"({"type":"entity_change","entity_type":"Todo","change":"create","entity":{"id":7,"title":"a","due":null,"tags":{"k":["1970-01-01T00:00:00.000Z"]},)"
      R"("state":{"Move":[3]},"price":[{"amount":"12.50","currency":"EUR"}],"any":{"a":"1970-01-01T00:00:00.000Z","1":null}},"seq":58})");
}
TEST(Entities, ChangeAsTheReaderSeesIt) {
  Plain deleted;
  deleted.kind = Kind::kTime;
  Plain fields[10], gone[10];
  gone[9] = deleted;
  const Row live{7, 1, fields}, dead{7, 2, gone};
  const store::Change change{0, store::kUpdate, 7, 0, {}};
  const auto kind = [&](const Row* before, const Row* after) {
    const std::string message = change_message(kTodo, 1, change, before, after);
    const std::size_t at = message.find("\"change\":\"");
    return at == std::string::npos ? std::string() : message.substr(at + 10, 6);
  };
  EXPECT_EQ(kind(nullptr, &live), "create");
  EXPECT_EQ(kind(&live, &live), "update");
  EXPECT_EQ(kind(&live, &dead), "delete");
  EXPECT_EQ(kind(&dead, &live), "create");
  EXPECT_EQ(kind(&live, nullptr), "delete");
  EXPECT_EQ(kind(&dead, nullptr), "");
  EXPECT_EQ(
      change_message(kTodo, 59, change, &live, &dead),
      R"({"type":"entity_change","entity_type":"Todo","change":"delete","entity":{"id":7},"seq":59})");
}
TEST(Entities, SuggestTheNearestName) {
  const EntityRow entities[] = {{"Todo", {}, {}}, {"User", {}, {}}};
  EXPECT_EQ(unknown_type(entities, "Tod"), "There is no entity 'Tod'. Did you mean 'Todo'?");
  EXPECT_EQ(unknown_type(entities, "todo"), "There is no entity 'todo'. Did you mean 'Todo'?");
  EXPECT_EQ(unknown_type(entities, "Invoice"), "There is no entity 'Invoice'.");
  EXPECT_EQ(find_type(entities, "User"), 1u);
}

}  // namespace
}  // namespace flin::ws
