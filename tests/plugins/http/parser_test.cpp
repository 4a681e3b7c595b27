// The request parser as a table: what is read how, and what is refused with which status.
#include "../../../plugins/http/src/parser.h"
#include "../../../plugins/http/src/chunked.h"

#include <gtest/gtest.h>

#include <string>

namespace flin::http {
namespace {

struct Case {
  const char* name;
  std::string bytes;
  int status;  // 0: a whole head; -1: not complete
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

std::string request(const std::string& headers, const std::string& line = "GET / HTTP/1.1\r\n",
                    bool host = true) {
  return line + (host ? "Host: a\r\n" : "") + headers + "\r\n";
}
std::string many(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "X" + std::to_string(i) + ": y\r\n";
  return out;
}

const Case kCases[] = {
    {"PlainGet", request(""), 0},
    {"NoHeadersInHttp10", "GET / HTTP/1.0\r\n\r\n", 0},
    {"OneEmptyLineBefore", "\r\n" + request(""), 0},
    {"TwoEmptyLinesBefore", "\r\n\r\n" + request(""), 400},
    {"EveryMethodToken", request("", "M-SEARCH / HTTP/1.1\r\n"), 0},
    {"AbsoluteTarget", request("", "GET http://b/c?d HTTP/1.1\r\n"), 0},
    {"AbsoluteTargetWithoutPath", request("", "GET http://b HTTP/1.1\r\n"), 0},
    {"Star", request("", "OPTIONS * HTTP/1.1\r\n"), 0},
    {"QueryOnly", request("", "GET /?a=b?c HTTP/1.1\r\n"), 0},
    {"EmptyValue", request("X:\r\n"), 0},
    {"BlanksAroundValue", request("X: \t y z \t\r\n"), 0},
    {"ObsText", request("X: \xe9\r\n"), 0},
    {"HostWithPort", request("Host: a:80\r\n", "GET / HTTP/1.1\r\n", false), 0},
    {"HostV6", request("Host: [::1]:80\r\n", "GET / HTTP/1.1\r\n", false), 0},
    {"ContentLengthZero", request("Content-Length: 0\r\n"), 0},
    {"Chunked", request("Transfer-Encoding: Chunked\r\n"), 0},
    {"Expect", request("Expect: 100-continue\r\nContent-Length: 1\r\n"), 0},
    {"HeaderNameOfMarks", request("!#$%&'*+-.^_`|~: y\r\n"), 0},
    {"HundredHeaders", request(many(99)), 0},
    {"Nothing", "", -1},
    {"HalfALine", "GET / HT", -1},
    {"LineWithoutEnd", "GET / HTTP/1.1\r\nHost: a\r\n", -1},
    {"OnlyReturnAtTheEnd", "GET / HTTP/1.1\r\nHost: a\r\n\r", -1},
    {"BareLineFeedInRequestLine", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"BareLineFeedInHeader", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400},
    {"BareLineFeedAtTheEnd", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
    {"BareReturnInValue", request("X: a\rb\r\n"), 400},
    {"BareReturnInRequestLine", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NulInValue", request(std::string("X: a\0b\r\n", 8)), 400},
    {"NulInTarget", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29), 400},
    {"DelInValue", request("X: a\x7f\r\n"), 400},
    {"FoldedHeader", request("X: a\r\n b\r\n"), 400},
    {"FoldedByTab", request("X: a\r\n\tb\r\n"), 400},
    {"FoldedFirstHeader", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"SpaceBeforeColon", request("X : a\r\n"), 400},
    {"TabBeforeColon", request("X\t: a\r\n"), 400},
    {"NoColon", request("X\r\n"), 400},
    {"EmptyName", request(": a\r\n"), 400},
    {"QuoteInName", request("\"X\": a\r\n"), 400},
    {"NonAsciiName", request("\xc3\xa9: a\r\n"), 400},
    {"NoMethod", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"LongMethod", std::string(33, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NoTarget", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"TwoSpaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"TabAsSeparator", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"SpaceBehindVersion", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"VersionWithTwoDigits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
    {"NoVersion", "GET /\r\n\r\n", 400},
    {"Http2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"Http09", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
    {"RelativeTarget", request("", "GET a HTTP/1.1\r\n"), 400},
    {"StarForGet", request("", "GET * HTTP/1.1\r\n"), 400},
    {"FragmentInTarget", request("", "GET /#a HTTP/1.1\r\n"), 400},
    {"NonAsciiTarget", request("", "GET /\xc3\xa9 HTTP/1.1\r\n"), 400},
    {"ForeignScheme", request("", "GET ftp://a/ HTTP/1.1\r\n"), 400},
    {"ConnectTarget", request("", "CONNECT a:80 HTTP/1.1\r\n"), 501},
    {"NoHost", request("", "GET / HTTP/1.1\r\n", false), 400},
    {"TwoHosts", request("Host: a\r\n"), 400},
    {"EmptyHost", request("Host:\r\n", "GET / HTTP/1.1\r\n", false), 400},
    {"HostWithSlash", request("Host: a/b\r\n", "GET / HTTP/1.1\r\n", false), 400},
    {"HostWithComma", request("Host: a b\r\n", "GET / HTTP/1.1\r\n", false), 400},
    {"TwoContentLengths", request("Content-Length: 1\r\nContent-Length: 1\r\n"), 400},
    {"TwoDifferentContentLengths", request("Content-Length: 1\r\ncontent-length: 2\r\n"), 400},
    {"ContentLengthList", request("Content-Length: 1, 1\r\n"), 400},
    {"ContentLengthPlus", request("Content-Length: +1\r\n"), 400},
    {"ContentLengthNegative", request("Content-Length: -1\r\n"), 400},
    {"ContentLengthHex", request("Content-Length: 0x1\r\n"), 400},
    {"ContentLengthEmpty", request("Content-Length:\r\n"), 400},
    {"ContentLengthTooLong", request("Content-Length: 99999999999999999999\r\n"), 400},
    {"LengthAndEncoding", request("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"EncodingAndLength", request("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"), 400},
    {"TwoEncodings", request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"EncodingInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"GzipEncoding", request("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {"IdentityEncoding", request("Transfer-Encoding: identity\r\n"), 400},
    {"OddlySpelledEncoding", request("Transfer-Encoding: xchunked\r\n"), 400},
    {"OtherExpectation", request("Expect: tea\r\n"), 417},
    {"LongTarget", request("", "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\n"), 414},
    {"LongTargetWithoutEnd", "GET /" + std::string(9000, 'a'), 414},
    {"HundredAndOneHeaders", request(many(100)), 431},
    {"LargeHeaders", request("X: " + std::string(33000, 'a') + "\r\n"), 431},
    {"TenMegabytesOfHeaderWithoutEnd", "GET / HTTP/1.1\r\nX: " + std::string(10 << 20, 'a'), 431},
};

class HeadCases : public testing::TestWithParam<Case> {};

TEST_P(HeadCases, IsReadOrRefusedAsTheTableSays) {
  RequestHead head;
  const HeadResult result = parse_head(GetParam().bytes, {}, head);
  if (GetParam().status > 0) {
    EXPECT_EQ(result.status, GetParam().status) << result.reason;
    EXPECT_STRNE(result.reason, "");
  } else {
    EXPECT_EQ(result.status, 0) << result.reason;
    EXPECT_EQ(result.size, GetParam().status == 0 ? GetParam().bytes.size() : 0);
  }
}
INSTANTIATE_TEST_SUITE_P(Table, HeadCases, testing::ValuesIn(kCases),
                         [](const auto& info) { return info.param.name; });

RequestHead parsed(const std::string& bytes) {
  RequestHead head;
  EXPECT_GT(parse_head(bytes, {}, head).size, 0u);
  return head;
}

TEST(Head, SplitsTargetAndHeaders) {
  const std::string bytes = request("X-One:  a b \r\n", "PUT /p/q?x=1&y HTTP/1.1\r\n");
  const RequestHead head = parsed(bytes);
  EXPECT_EQ(head.method, "PUT");
  EXPECT_EQ(head.path, "/p/q");
  EXPECT_EQ(head.query, "x=1&y");
  EXPECT_EQ(head.host, "a");
  EXPECT_EQ(head.header("x-one"), "a b");
}
TEST(Head, TakesTheHostOfAnAbsoluteTarget) {
  const std::string bytes = request("", "GET http://b:1/c HTTP/1.1\r\n");
  const RequestHead head = parsed(bytes);
  EXPECT_EQ(head.host, "b:1");
  EXPECT_EQ(head.path, "/c");
}
TEST(Head, KnowsWhetherTheConnectionStays) {
  EXPECT_TRUE(parsed(request("")).keep_alive);
  EXPECT_FALSE(parsed(request("Connection: x, Close\r\n")).keep_alive);
  EXPECT_FALSE(parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parsed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}
TEST(Head, NeedsBothHeadersForAnUpgrade) {
  EXPECT_TRUE(parsed(request("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n")).upgrade);
  EXPECT_FALSE(parsed(request("Upgrade: websocket\r\n")).upgrade);
  EXPECT_FALSE(parsed(request("Connection: Upgrade\r\n")).upgrade);
}
TEST(Head, PointsIntoACopyAfterRebase) {
  const std::string bytes = request("X: y\r\n", "GET http://b?q HTTP/1.1\r\n"), copy = bytes;
  RequestHead head = parsed(bytes);
  head.rebase(bytes.data(), copy.data());
  EXPECT_EQ(head.path, "/");
  EXPECT_EQ(head.query.data() - copy.data(), 13);
  EXPECT_EQ(head.header("x").data(), copy.data() + copy.find('y'));
}
TEST(Head, IsTheSameHoweverItIsCut) {
  const std::string bytes = request("X: y\r\nContent-Length: 5\r\n", "POST /a HTTP/1.1\r\n");
  RequestHead head;
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    const HeadResult result = parse_head(std::string_view(bytes).substr(0, cut), {}, head);
    ASSERT_EQ(result.size, 0u);
    ASSERT_EQ(result.status, 0);
  }
}

struct ChunkCase {
  const char* name;
  std::string bytes;
  ChunkedDecoder::State state;
  std::string body;
};
void PrintTo(const ChunkCase& row, std::ostream* out) { *out << row.name; }
const ChunkCase kChunks[] = {
    {"Empty", "0\r\n\r\n", ChunkedDecoder::kDone, ""},
    {"TwoChunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", ChunkedDecoder::kDone, "abcde"},
    {"UpperAndLowerHex", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", ChunkedDecoder::kDone,
     "01234567890123456789"},
    {"Extension", "1;a=b;c\r\nx\r\n0\r\n\r\n", ChunkedDecoder::kDone, "x"},
    {"Trailers", "1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n", ChunkedDecoder::kDone, "x"},
    {"Unfinished", "5\r\nab", ChunkedDecoder::kMore, "ab"},
    {"NoSize", "\r\n", ChunkedDecoder::kBad, ""},
    {"SizeOfLetters", "zz\r\n", ChunkedDecoder::kBad, ""},
    {"NegativeSize", "-1\r\n", ChunkedDecoder::kBad, ""},
    {"PrefixedSize", "0x1\r\nx\r\n", ChunkedDecoder::kBad, ""},
    {"BlankBehindSize", "1 \r\nx\r\n", ChunkedDecoder::kBad, ""},
    {"BareLineFeed", "1\nx\r\n", ChunkedDecoder::kBad, ""},
    {"LineFeedInExtension", "1;a\nb\r\nx\r\n", ChunkedDecoder::kBad, ""},
    {"DataTooLong", "1\r\nxy\r\n", ChunkedDecoder::kBad, "x"},
    {"DataWithoutReturn", "1\r\nx\n0\r\n\r\n", ChunkedDecoder::kBad, "x"},
    {"HugeSize", "FFFFFFFFFFFFFFFFF\r\n", ChunkedDecoder::kBad, ""},
    {"SizeBeyondTheLimit", "7FFFFFFF\r\nx", ChunkedDecoder::kTooLarge, ""},
    {"SumBeyondTheLimit", "3C\r\n" + std::string(60, 'a') + "\r\n5\r\nabcde\r\n",
     ChunkedDecoder::kTooLarge, std::string(60, 'a')},
    {"LongExtension", "1;" + std::string(5000, 'a'), ChunkedDecoder::kBad, ""},
    {"LongTrailers", "0\r\nA: " + std::string(5000, 'a'), ChunkedDecoder::kBad, ""},
    {"FoldedTrailer", "0\r\nA: b\r\n c\r\n\r\n", ChunkedDecoder::kBad, ""},
};
class ChunkCases : public testing::TestWithParam<ChunkCase> {};
TEST_P(ChunkCases, AreDecodedWholeAndByteByByte) {
  const ChunkCase& row = GetParam();
  ChunkedDecoder whole, single;
  std::string body, slowly;
  std::size_t used = 0;
  EXPECT_EQ(whole.feed(row.bytes, 64, body, used), row.state);
  EXPECT_EQ(body, row.body);
  ChunkedDecoder::State state = ChunkedDecoder::kMore;
  for (std::size_t i = 0; i < row.bytes.size() && state == ChunkedDecoder::kMore; ++i) {
    state = single.feed(std::string_view(row.bytes).substr(i, 1), 64, slowly, used);
  }
  EXPECT_EQ(state, row.state);
  EXPECT_EQ(slowly, row.body);
}
INSTANTIATE_TEST_SUITE_P(Table, ChunkCases, testing::ValuesIn(kChunks),
                         [](const auto& info) { return info.param.name; });

TEST(Chunked, LeavesTheNextRequestAlone) {
  ChunkedDecoder decoder;
  std::string body;
  std::size_t used = 0;
  const std::string bytes = "1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\n";
  EXPECT_EQ(decoder.feed(bytes, 64, body, used), ChunkedDecoder::kDone);
  EXPECT_EQ(bytes.substr(used), "GET / HTTP/1.1\r\n");
}

}  // namespace
}  // namespace flin::http
