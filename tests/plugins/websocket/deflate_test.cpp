// permessage-deflate (RFC 7692) without sockets: what is agreed, compressed and inflated.
#include "../../../plugins/websocket/src/deflate.h"
#include "../../../plugins/websocket/src/extensions.h"
#include "../../../plugins/websocket/src/frames.h"
#include "../../../plugins/websocket/src/shared_message.h"
#include "client_frames.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flin::ws {
namespace {

constexpr const char* kPlain =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
std::string windowed(int bits) {
  return std::string(kPlain) + "; server_max_window_bits=" + std::to_string(bits);
}

struct OfferCase {
  const char* name;
  std::vector<const char*> headers;
  std::string answer;  // "malformed" when the handshake fails
};
const OfferCase kOffers[] = {
    {"None", {}, ""},
    {"Plain", {"permessage-deflate"}, kPlain},
    {"Browser", {"permessage-deflate; client_max_window_bits"}, kPlain},
    {"AllParameters",
     {"permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
      "server_max_window_bits=10; client_max_window_bits=9"},
     windowed(10)},
    {"QuotedValue", {"permessage-deflate; server_max_window_bits=\"12\""}, windowed(12)},
    {"EscapedValue", {"permessage-deflate; server_max_window_bits=\"1\\2\""}, windowed(12)},
    {"WidestWindow", {"permessage-deflate; server_max_window_bits=15"}, windowed(15)},
    {"NarrowestWindow", {"permessage-deflate; server_max_window_bits=9"}, windowed(9)},
    {"WindowThatZlibHasNot", {"permessage-deflate; server_max_window_bits=8"}, ""},
    {"WindowTooNarrow", {"permessage-deflate; server_max_window_bits=7"}, ""},
    {"WindowTooWide", {"permessage-deflate; server_max_window_bits=16"}, ""},
    {"WindowWithLeadingZero", {"permessage-deflate; server_max_window_bits=09"}, ""},
    {"WindowWithoutValue", {"permessage-deflate; server_max_window_bits"}, ""},
    {"ClientWindowTooWide", {"permessage-deflate; client_max_window_bits=16"}, ""},
    {"ClientWindowNoNumber", {"permessage-deflate; client_max_window_bits=x"}, ""},
    {"ServerTakeoverWithValue", {"permessage-deflate; server_no_context_takeover=1"}, ""},
    {"ClientTakeoverWithValue", {"permessage-deflate; client_no_context_takeover=1"}, ""},
    {"UnknownParameter", {"permessage-deflate; foo"}, ""},
    {"ParameterTwice",
     {"permessage-deflate; client_max_window_bits; client_max_window_bits=10"},
     ""},
    {"FallsBack",
     {"permessage-deflate; server_max_window_bits=8, permessage-deflate; client_max_window_bits"},
     kPlain},
    {"TakesTheFirst",
     {"permessage-deflate; server_max_window_bits=10, permessage-deflate"},
     windowed(10)},
    {"OtherExtensions", {"x-webkit-foo, permessage-bzip2; a=1, permessage-deflate"}, kPlain},
    {"SeveralHeaders", {"x-webkit-foo", "permessage-deflate"}, kPlain},
    {"EmptyItems", {" , permessage-deflate , "}, kPlain},
    {"NoBlanks", {"permessage-deflate;client_max_window_bits"}, kPlain},
    {"CaseMatters", {"Permessage-Deflate"}, ""},
    {"Empty", {""}, "malformed"},
    {"OnlyCommas", {", ,"}, "malformed"},
    {"NoParameter", {"permessage-deflate;"}, "malformed"},
    {"NoName", {"; a=1"}, "malformed"},
    {"NoValue", {"permessage-deflate; a="}, "malformed"},
    {"TwoWords", {"permessage-deflate foo"}, "malformed"},
    {"OpenQuote", {"permessage-deflate; a=\"1"}, "malformed"},
    {"QuotedBlank", {"permessage-deflate; a=\"1 2\""}, "malformed"},
    {"EmptyQuotes", {"permessage-deflate; a=\"\""}, "malformed"},
    {"MalformedBehindAGoodOne", {"permessage-deflate, @"}, "malformed"},
    {"MalformedInTheSecondHeader", {"permessage-deflate", "a b"}, "malformed"},
};
class Offers : public testing::TestWithParam<OfferCase> {};
TEST_P(Offers, AreMetDeclinedOrMalformed) {
  std::vector<Pair> headers{{"host", "a"}};
  for (const char* value : GetParam().headers)
    headers.push_back({"sec-websocket-extensions", value});
  Compression compression;
  const bool is_well_formed = negotiate({headers.data(), headers.size()}, compression);
  EXPECT_EQ(is_well_formed ? extensions_answer(compression) : "malformed", GetParam().answer);
}
INSTANTIATE_TEST_SUITE_P(Table, Offers, testing::ValuesIn(kOffers),
                         [](const auto& info) { return info.param.name; });

std::string bytes(std::initializer_list<int> list) {
  std::string out;
  for (const int byte : list) out.push_back(static_cast<char>(byte));
  return out;
}

// The payloads of RFC 7692 7.2.3, and others that are as right.
struct PayloadCase {
  const char* name;
  std::string payload, message;
};
const PayloadCase kPayloads[] = {
    {"OneBlock", bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}), "Hello"},
    {"StoredBlock", bytes({0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00}),
     "Hello"},
    {"FinalBlock", bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00}), "Hello"},
    {"TwoBlocks",
     bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00}),
     "Hello"},
    {"EmptyBlock", bytes({0x00}), ""},
    {"EmptyFixedBlock", bytes({0x02, 0x00}), ""},
};
class Payloads : public testing::TestWithParam<PayloadCase> {};
TEST_P(Payloads, AreInflated) {
  Inflater inflater;
  for (int round = 0; round < 2; ++round) {  // the stream serves the next message as well
    std::string out;
    EXPECT_EQ(inflater.inflate(GetParam().payload, 100, out), Inflater::Outcome::kDone);
    EXPECT_EQ(out, GetParam().message);
  }
}
INSTANTIATE_TEST_SUITE_P(Table, Payloads, testing::ValuesIn(kPayloads),
                         [](const auto& info) { return info.param.name; });

TEST(Inflater, RefusesWhatIsNoDeflateOrCut) {
  Inflater inflater;
  const std::string whole = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  std::string out;
  EXPECT_EQ(inflater.inflate(bytes({0xff, 0xff, 0xff}), 100, out), Inflater::Outcome::kBad);
  EXPECT_EQ(inflater.inflate(whole.substr(0, 4), 100, out), Inflater::Outcome::kBad);
  out.clear();
  EXPECT_EQ(inflater.inflate(whole, 100, out), Inflater::Outcome::kDone);
  EXPECT_EQ(out, "Hello");
}
TEST(Inflater, NeedsNothingOfTheMessageBefore) {
  // The second "Hello" of RFC 7692 7.2.3.2 refers to the first, which is no context here.
  Inflater inflater;
  std::string out;
  EXPECT_EQ(inflater.inflate(bytes({0xf2, 0x00, 0x11, 0x00, 0x00}), 100, out),
            Inflater::Outcome::kBad);
}
TEST(Inflater, StopsABombAtItsLimit) {
  Deflater deflater(15);
  std::string bomb;
  ASSERT_TRUE(deflater.deflate({std::string(64 << 20, ' ')}, bomb));
  EXPECT_LT(bomb.size(), 100000u);
  Inflater inflater;
  std::string out;
  EXPECT_EQ(inflater.inflate(bomb, 1000000, out), Inflater::Outcome::kTooLarge);
  EXPECT_LT(out.size(), 1100000u);
}
TEST(Inflater, TakesAMessageAtTheLimit) {
  Deflater deflater(15);
  Inflater inflater;
  std::string packed, out;
  ASSERT_TRUE(deflater.deflate({std::string(1000, 'a')}, packed));
  EXPECT_EQ(inflater.inflate(packed, 1000, out), Inflater::Outcome::kDone);
  EXPECT_EQ(out.size(), 1000u);
  out.clear();
  EXPECT_EQ(inflater.inflate(packed, 999, out), Inflater::Outcome::kTooLarge);
}
TEST(Deflater, GivesWhatInflatesToTheSameWithEveryWindow) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text.append(std::to_string(i * 7919 % 10007)).append(",");
  for (int bits = 9; bits <= 15; ++bits) {
    Deflater deflater(bits);
    Inflater inflater;
    for (int round = 0; round < 2; ++round) {
      std::string packed, out;
      ASSERT_TRUE(deflater.deflate(
          {std::string_view(text).substr(0, 100), "", std::string_view(text).substr(100)}, packed));
      EXPECT_LT(packed.size(), text.size());
      EXPECT_EQ(inflater.inflate(packed, text.size(), out), Inflater::Outcome::kDone);
      EXPECT_EQ(out, text);
    }
  }
}
TEST(SharedMessages, AreWrittenOnceInEachForm) {
  SharedMessage message("{\"a\":\"" + std::string(2000, 'x') + "\"}", 58);
  Deflater deflater(15);
  EXPECT_EQ(message.frame()->substr(4), "{\"a\":\"" + std::string(2000, 'x') + "\"}");
  const SharedBytes packed = message.packed_frame(15, deflater);
  EXPECT_LT(packed->size(), 100u);
  EXPECT_EQ(static_cast<unsigned char>((*packed)[0]), 0xC1);
  EXPECT_EQ(message.packed_frame(15, deflater), packed);
  EXPECT_EQ(message.event(), message.event());
  EXPECT_EQ(*message.event(), "id: 58\ndata: {\"a\":\"" + std::string(2000, 'x') + "\"}\n\n");
}
TEST(SharedMessages, StayPlainWhereCompressionGainsNothing) {
  SharedMessage message("{}", 0);
  Deflater deflater(15);
  EXPECT_EQ(message.packed_frame(15, deflater), message.frame());
}
TEST(SharedMessages, OfSeveralLinesAreOneEvent) {
  SharedMessage message("{\n\"a\":1\r}");
  EXPECT_EQ(*message.event(), "data: {\ndata: \"a\":1\ndata: }\n\n");
}

// ---- In frames (RFC 7692 6)

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
std::string packed(std::string_view text) {
  Deflater deflater(15);
  std::string out;
  EXPECT_TRUE(deflater.deflate({text}, out));
  return out;
}
std::string piece(std::string_view payload, std::uint8_t opcode, bool final, bool bit) {
  return client_frame(payload, {opcode, final, true, static_cast<std::uint8_t>(bit ? 0x40 : 0)});
}
struct PackedCase {
  const char* name;
  std::string bytes;
  std::uint16_t error;
  std::string seen;
};
const std::string kHello = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
const PackedCase kPacked[] = {
    {"Whole", piece(kHello, 1, true, true), 0, "text:Hello;"},
    {"PlainOnesToo", piece("a", 1, true, false) + piece(kHello, 1, true, true), 0,
     "text:a;text:Hello;"},
    {"Fragments",
     piece(kHello.substr(0, 3), 1, false, true) + piece(kHello.substr(3), 0, true, false), 0,
     "text:Hello;"},
    {"EmptyFragments",
     piece("", 1, false, true) + piece(kHello, 0, false, false) + piece("", 0, true, false), 0,
     "text:Hello;"},
    {"PingBetweenFragments",
     piece(kHello.substr(0, 3), 1, false, true) + piece("p", 9, true, false) +
         piece(kHello.substr(3), 0, true, false),
     0, "9:p;text:Hello;"},
    {"BitOnAContinuation",
     piece(kHello.substr(0, 3), 1, false, true) + piece(kHello.substr(3), 0, true, true), 1002, ""},
    {"BitOnAContinuationOfAPlainMessage", piece("a", 1, false, false) + piece("b", 0, true, true),
     1002, ""},
    {"BitOnAPing", piece("", 9, true, true), 1002, ""},
    {"BitOnAClose", piece("", 8, true, true), 1002, ""},
    {"SecondReservedBit", client_frame(kHello, {1, true, true, 0x60}), 1002, ""},
    {"ThirdReservedBit", client_frame("a", {1, true, true, 0x10}), 1002, ""},
    {"Binary", piece(kHello, 2, true, true), 1003, ""},
    {"NoDeflate", piece("\xff\xff\xff", 1, true, true), 1007, ""},
    {"Cut", piece(kHello.substr(0, 4), 1, true, true), 1007, ""},
    {"NotUtf8", piece(packed("a\xff"), 1, true, true), 1007, ""},
    {"CutCodePoint", piece(packed("a\xc3"), 1, true, true), 1007, ""},
    {"AtTheLimit", piece(packed(std::string(1000, 'a')), 1, true, true), 0,
     "text:" + std::string(1000, 'a') + ";"},
    {"AboveTheLimit", piece(packed(std::string(1001, 'a')), 1, true, true), 1009, ""},
    {"PayloadAboveTheLimit", piece(std::string(2000, 'a'), 1, true, true), 1009, ""},
    {"TooManyFragments",
     piece("", 1, false, true) + piece("", 0, false, false) + piece("", 0, false, false) +
         piece("", 0, false, false) + piece("", 0, false, false),
     1009, ""},
};
class PackedFrames : public testing::TestWithParam<PackedCase> {};
TEST_P(PackedFrames, AreReadWholeAndByteByByte) {
  for (const std::size_t step : {std::size_t{1} << 20, std::size_t{1}}) {
    std::string all = GetParam().bytes;
    Seen seen;
    Inflater inflater;
    FrameReader reader({1000, 4}, &inflater);
    FrameError error;
    for (std::size_t at = 0; at < all.size() && !error.code; at += step)
      error = reader.feed(all.data() + at, std::min(step, all.size() - at), seen);
    EXPECT_EQ(error.code, GetParam().error) << error.reason;
    EXPECT_EQ(seen.all, GetParam().seen);
  }
}
INSTANTIATE_TEST_SUITE_P(Table, PackedFrames, testing::ValuesIn(kPacked),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace flin::ws
