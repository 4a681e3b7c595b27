// RFC 9112 and the parts of RFC 9110 that a server has to keep, as one table over raw sockets: what
// is sent, what comes back, and whether the connection stays. The README of plugins/http says which
// rows show which rule.
#include "fakes/net_fakes.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

namespace flin::http {
namespace {

using test::Client;
using test::FakeCall;
using test::FakeHost;

std::string get(const std::string& target, const std::string& headers = "",
                const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}
// A request to /echo, which answers with the text it got.
std::string post(const std::string& headers, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n" + headers + "\r\n" + body;
}
std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}
std::string host(const std::string& lines) { return "GET /hello HTTP/1.1\r\n" + lines + "\r\n"; }
std::string old(const std::string& headers) { return "GET /hello HTTP/1.0\r\n" + headers + "\r\n"; }
std::string bytes(std::string text, char replaced, char by) {
  for (char& c : text) {
    if (c == replaced) c = by;
  }
  return text;
}
std::string many(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "X" + std::to_string(i) + ": y\r\n";
  return out;
}

struct Rule {
  const char* section;  // 9112 unless it says otherwise
  const char* name;
  std::string send;
  const char* expect;     // statuses in order ("h": to HEAD), then "open" or "close"
  std::string has = "";   // must stand in the last answer; "!x": must not
  std::string then = "";  // sent once the first answer is there
};

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

const std::string kHello = get("/hello");
const std::string kFile = "GET /a.txt HTTP/1.1\r\nHost: a\r\n";

const Rule kRules[] = {
    // ---- Message format
    {"2.2", "AnEmptyLineBeforeARequestIsPassedOver", "\r\n" + kHello, "200 open"},
    {"2.2", "OneBetweenPipelinedRequestsToo", kHello + "\r\n" + kHello, "200 200 open"},
    {"2.2", "TwoAreNot", "\r\n\r\n" + kHello, "400 close"},
    {"2.2", "ABareLineFeedEndsNoRequestLine", "GET /hello HTTP/1.1\nHost: a\r\n\r\n", "400 close"},
    {"2.2", "ABareLineFeedEndsNoHeader", host("Host: a\nX: b\r\n"), "400 close"},
    {"2.2", "ABareLineFeedEndsNoHead", "GET /hello HTTP/1.1\r\nHost: a\r\n\n", "400 close"},
    {"2.2", "ABareReturnIsNoLineEnd", host("Host: a\rX: b\r\n"), "400 close"},
    {"2.2", "BlanksBeforeTheFirstHeaderAreRefused", "GET /hello HTTP/1.1\r\n Host: a\r\n\r\n",
     "400 close"},
    {"2.2", "ATabBeforeTheFirstHeaderToo", "GET /hello HTTP/1.1\r\n\tHost: a\r\n\r\n", "400 close"},
    {"2.3", "TheVersionIsWrittenInUpperCase", "GET /hello http/1.1\r\nHost: a\r\n\r\n",
     "400 close"},
    {"2.3", "TheVersionHasOneDigitEach", "GET /hello HTTP/1.10\r\nHost: a\r\n\r\n", "400 close"},
    {"2.3", "AHigherMinorVersionIsReadAs11", "GET /hello HTTP/1.9\r\nHost: a\r\n\r\n", "200 open"},
    {"9110 15.6.6", "AnotherMajorVersionIs505", "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n",
     "505 close"},
    {"9110 15.6.6", "SoIsThePrefaceOfHttp2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 close"},
    {"9110 15.6.6", "AndHttp09", "GET /hello HTTP/0.9\r\n\r\n", "505 close"},
    // ---- Request line
    {"3", "ALineWithoutVersionIsRefused", "GET /hello\r\n\r\n", "400 close"},
    {"3", "ALineOfOneWordIsRefused", "GET\r\n\r\n", "400 close"},
    {"3", "ALineThatBeginsWithABlankIsRefused", " GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
     "400 close"},
    {"3", "TwoBlanksAreRefused", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n", "400 close"},
    {"3", "TabsDoNotSeparate", "GET\t/hello\tHTTP/1.1\r\nHost: a\r\n\r\n", "400 close"},
    {"3", "ABlankBehindTheVersionIsRefused", "GET /hello HTTP/1.1 \r\nHost: a\r\n\r\n",
     "400 close"},
    {"3", "ABlankInTheTargetIsRefused", "GET /he llo HTTP/1.1\r\nHost: a\r\n\r\n", "400 close"},
    {"3", "ATargetOfTheLimitIsRead", get("/" + std::string(255, 'a')), "404 open"},
    {"3", "OneByteMoreIs414", get("/" + std::string(256, 'a')), "414 close"},
    {"3", "AnEndlessTargetIs414", "GET /" + std::string(9000, 'a'), "414 close"},
    {"3.1", "AMethodIsAToken", get("/hello", "", "G(T"), "400 close"},
    {"3.1", "MethodsAreCaseSensitive", get("/hello", "", "get"), "501 open"},
    {"3.1", "AnUnknownMethodIs501", get("/hello", "", "BREW"), "501 open"},
    {"3.1", "AMethodWithoutEndIsRefused", get("/hello", "", std::string(40, 'A')), "400 close"},
    {"9110 9.3.8", "TraceIsNotDone", get("/hello", "", "TRACE"), "501 open"},
    // ---- Host
    {"3.2", "Http11NeedsAHost", host(""), "400 close"},
    {"3.2", "TwoHostsAreRefused", host("Host: a\r\nHost: b\r\n"), "400 close"},
    {"3.2", "TwoEqualHostsToo", host("Host: a\r\nhost: a\r\n"), "400 close"},
    {"3.2", "AnEmptyHostIsRefused", host("Host:\r\n"), "400 close"},
    {"3.2", "AHostMayHaveAPort", host("Host: a.example:8080\r\n"), "200 open"},
    {"3.2", "APortIsANumber", host("Host: a:b\r\n"), "400 close"},
    {"3.2", "APortHasFiveDigitsAtMost", host("Host: a:123456\r\n"), "400 close"},
    {"3.2", "AnEmptyPortIsAllowed", host("Host: a:\r\n"), "200 open"},
    {"3.2", "APortAloneIsNoHost", host("Host: :80\r\n"), "400 close"},
    {"3.2", "AnIpv6HostStandsInBrackets", host("Host: [2001:db8::1]:80\r\n"), "200 open"},
    {"3.2", "BracketsHaveToClose", host("Host: [::1\r\n"), "400 close"},
    {"3.2", "BracketsHoldAnAddress", host("Host: [a b]\r\n"), "400 close"},
    {"3.2", "AHostHasNoUser", host("Host: me@a\r\n"), "400 close"},
    {"3.2", "AHostHasNoPath", host("Host: a/b\r\n"), "400 close"},
    {"3.2", "AHostIsNoList", host("Host: a, b\r\n"), "400 close"},
    {"3.2", "Http10NeedsNone", old(""), "200 close"},
    // ---- Forms of the target
    {"3.2.1", "OriginFormWithQuery", get("/q?a=1&b=%C3%A9"), "200 open",
     "{\"a\":\"1\",\"b\":\"\xc3\xa9\"}"},
    {"3.2.1", "AnEmptyQueryIsOne", get("/q?"), "200 open", "{}"},
    {"3.2.1", "OriginFormBeginsWithASlash", get("hello"), "400 close"},
    {"3.2.1", "ATargetHasNoFragment", get("/hello#a"), "400 close"},
    {"3.2.2", "AbsoluteFormIsRead", get("http://b/hello"), "200 open"},
    {"3.2.2", "ItsHostWinsOverTheHeader", get("http://b:1/host"), "200 open", "\"b:1\""},
    {"3.2.2", "ItNeedsAHostHeaderAllTheSame", "GET http://b/hello HTTP/1.1\r\n\r\n", "400 close"},
    {"3.2.2", "ItsSchemeIsCaseInsensitive", get("HTTP://b/hello"), "200 open"},
    {"3.2.2", "ForeignSchemesAreRefused", get("ftp://b/hello"), "400 close"},
    {"9110 4.2.1", "AnEmptyHostInIt", get("http:///hello"), "400 close"},
    {"9110 4.2.4", "AUserInIt", get("http://me@b/hello"), "400 close"},
    {"3.2.2", "WithoutPathItIsTheRoot", get("http://b"), "200 open"},
    {"3.2.3", "ConnectIsNotDone", get("b:443", "", "CONNECT"), "501 close"},
    {"3.2.3", "ConnectToAPathIsRefused", get("/hello", "", "CONNECT"), "400 close"},
    {"3.2.3", "AuthorityFormIsForConnectAlone", get("b:443"), "400 close"},
    {"3.2.4", "AsteriskFormAsksAboutTheServer", get("*", "", "OPTIONS"), "204 open",
     "allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
    {"3.2.4", "SoDoesAnAbsoluteFormWithoutPath", get("http://b", "", "OPTIONS"), "204 open",
     "allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"},
    {"3.2.4", "AsteriskFormIsForOptionsAlone", get("*"), "400 close"},
    // ---- Percent-encoding and dot segments
    {"3986 2.1", "PathsAreDecoded", get("/p/a%20b"), "200 open", "{\"x\":\"a b\"}"},
    {"3986 2.2", "AnEncodedSlashIsData", get("/p/a%2Fb"), "200 open", "{\"x\":\"a/b\"}"},
    {"3986 2.1", "HalfAnEscapeIsRefused", get("/p/%4"), "400 open"},
    {"3986 2.1", "AnEscapeOfNoHexIsRefused", get("/p/%zz"), "400 open"},
    {"3986 2.1", "AnEncodedNulIsRefused", get("/p/%00"), "400 open"},
    {"3629", "AnEncodedByteThatIsNoUtf8IsRefused", get("/p/%ff"), "400 open"},
    {"3629", "SoIsAnOverlongSlash", get("/p/%c0%af"), "400 open"},
    {"3986 3.3", "RawBytesAboveAsciiAreRefused", get("/p/\xc3\xa9"), "400 close"},
    {"3986 5.2.4", "DotSegmentsAreRefused", get("/p/../hello"), "400 open"},
    {"3986 5.2.4", "EncodedOnesToo", get("/p/%2e%2E/hello"), "400 open"},
    {"3986 5.2.4", "ASingleDotToo", get("/./hello"), "400 open"},
    {"3986 5.2.4", "DotsInANameAreFine", get("/p/..."), "200 open", "{\"x\":\"...\"}"},
    {"3986 5.2.4", "InTheRestOfAPathToo", get("/rest/a/%2e%2e/b"), "400 open"},
    {"3986 3.3", "EmptySegmentsAreKept", get("/rest/a//b"), "200 open", "{\"r\":\"a//b\"}"},
    // ---- Header syntax
    {"5", "AHeaderNeedsAColon", get("/hello", "X\r\n"), "400 close"},
    {"5", "ANameIsNotEmpty", get("/hello", ": a\r\n"), "400 close"},
    {"5.1", "NoBlankBeforeTheColon", get("/hello", "X : a\r\n"), "400 close"},
    {"5.1", "NoTabBeforeTheColon", get("/hello", "X\t: a\r\n"), "400 close"},
    {"5.1", "BlanksAroundAValueGo", get("/x", "X: \t a b\t \r\n"), "200 open", "\"a b\""},
    {"5.1", "AValueMayBeEmpty", get("/x", "X:\r\n"), "200 open", "\"\""},
    {"9110 5.1", "NamesAreCaseInsensitive", get("/x", "x: 1\r\n"), "200 open", "\"1\""},
    {"9110 5.1", "NamesAreTokens", get("/hello", "X(Y): a\r\n"), "400 close"},
    {"9110 5.1", "NamesAreAscii", get("/hello", "\xc3\xa9: a\r\n"), "400 close"},
    {"9110 5.3", "LinesOfOneNameAreJoined", get("/x", "X: 1\r\nY: 0\r\nX: 2\r\n"), "200 open",
     "\"1, 2\""},
    {"9110 5.5", "BytesAboveAsciiAreLetThrough", get("/x", "X: \xe9\r\n"), "200 open",
     "\"\xc3\xa9\""},
    {"9110 5.5", "ANulInAValueIsRefused", bytes(get("/hello", "X: a~b\r\n"), '~', '\0'),
     "400 close"},
    {"9110 5.5", "AControlInAValueIsRefused", get("/hello", "X: a\x01z\r\n"), "400 close"},
    {"9110 5.5", "DelInAValueIsRefused", get("/hello", "X: a\x7fz\r\n"), "400 close"},
    {"3", "ANulInTheTargetIsRefused", bytes(get("/he~llo"), '~', '\0'), "400 close"},
    {"3", "AControlInTheTargetIsRefused", get("/he\x1fllo"), "400 close"},
    {"5.2", "FoldedLinesAreRefused", get("/hello", "X: a\r\n b\r\n"), "400 close"},
    {"5.2", "FoldedByATabToo", get("/hello", "X: a\r\n\tb\r\n"), "400 close"},
    {"5.2", "ALineOfBlanksToo", get("/hello", "X: a\r\n  \r\n"), "400 close"},
    {"6585 5", "AsManyHeadersAsTheLimitAreRead", get("/hello", many(19)), "200 open"},
    {"6585 5", "OneMoreIs431", get("/hello", many(20)), "431 close"},
    {"6585 5", "HeadersAboveTheirBytesAre431", get("/hello", "X: " + std::string(2000, 'a')),
     "431 close"},
    {"6585 5", "AHeaderWithoutEndIs431", "GET /hello HTTP/1.1\r\nX: " + std::string(1 << 20, 'a'),
     "431 close"},
    // ---- Length of the body
    {"6.2", "ContentLengthSaysHowMuchComes", post("Content-Length: 3\r\n", "abc") + kHello,
     "200 200 open"},
    {"6.2", "ZeroIsALength", post("Content-Length: 0\r\n", ""), "200 open"},
    {"6.3", "WithoutALengthThereIsNoBody", post("", ""), "200 open"},
    {"6.2", "AGetMayHaveABody", get("/hello", "Content-Length: 3\r\n") + "abc" + kHello,
     "200 200 open"},
    {"6.3", "TwoLengthsAreRefused", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"),
     "400 close"},
    {"6.3", "TwoEqualLengthsToo", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
     "400 close"},
    {"6.3", "AListOfLengthsToo", post("Content-Length: 3, 3\r\n", "abc"), "400 close"},
    {"6.2", "ALengthHasNoSign", post("Content-Length: +3\r\n", "abc"), "400 close"},
    {"6.2", "ALengthIsNotNegative", post("Content-Length: -1\r\n", ""), "400 close"},
    {"6.2", "ALengthIsDecimal", post("Content-Length: 0x3\r\n", "abc"), "400 close"},
    {"6.2", "ALengthHasNoFraction", post("Content-Length: 3.0\r\n", "abc"), "400 close"},
    {"6.2", "ALengthHasNoBlankInside", post("Content-Length: 1 2\r\n", "abc"), "400 close"},
    {"6.2", "ALengthIsNotEmpty", post("Content-Length:\r\n", ""), "400 close"},
    {"6.2", "ALengthThatOverflowsIsRefused",
     post("Content-Length: 18446744073709551619\r\n", "abc"), "400 close"},
    {"9110 15.5.14", "ABodyAboveTheLimitIs413", post("Content-Length: 101\r\n", ""), "413 close"},
    {"9110 15.5.14", "AChunkedOneToo", chunked("65\r\n" + std::string(101, 'a')), "413 close"},
    {"9110 15.5.14", "OneOfTheLimitIsRead", post("Content-Length: 100\r\n", std::string(100, 'a')),
     "200 open"},
    // ---- Transfer codings
    {"6.1", "LengthAndCodingExcludeEachOther",
     post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400 close"},
    {"6.1", "InEitherOrder",
     post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), "400 close"},
    {"6.1", "CodingsAreCaseInsensitive",
     post("Transfer-Encoding: CHUNKED\r\n", "1\r\na\r\n0\r\n\r\n"), "200 open"},
    {"6.1", "AnUnknownCodingIs501", post("Transfer-Encoding: gzip, chunked\r\n", ""), "501 close"},
    {"6.3", "ChunkedHasToBeLast", post("Transfer-Encoding: chunked, gzip\r\n", ""), "400 close"},
    {"6.3", "IdentityIsNoCodingAnyMore", post("Transfer-Encoding: identity\r\n", ""), "400 close"},
    {"6.1", "ChunkedIsAppliedOnce", post("Transfer-Encoding: chunked, chunked\r\n", ""),
     "400 close"},
    {"6.1", "TwoHeadersAreRefused",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""), "400 close"},
    {"6.1", "AnEmptyCodingIsRefused", post("Transfer-Encoding:\r\n", ""), "400 close"},
    {"6.1", "AnOddlySpelledOneIsRefused", post("Transfer-Encoding: xchunked\r\n", ""), "400 close"},
    {"6.1", "AVerticalTabHidesNothing",
     post("Transfer-Encoding: \x0b"
          "chunked\r\n",
          ""),
     "400 close"},
    {"6.1", "Http10HasNone", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "400 close"},
    // ---- Chunks
    {"7.1", "ChunksAreJoined", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "200 open",
     "\"abcde\""},
    {"7.1", "SizesAreHexInEitherCase", chunked("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
     "200 open"},
    {"7.1", "LeadingZeroesAreFine", chunked("0003\r\nabc\r\n000\r\n\r\n"), "200 open", "\"abc\""},
    {"7.1", "ASizeThatOverflowsIsRefused", chunked("10000000000000003\r\nabc\r\n0\r\n\r\n"),
     "400 close"},
    {"7.1", "ASizeHasNoSign", chunked("+3\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1", "ASizeHasNoPrefix", chunked("0x3\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1", "ASizeIsNotEmpty", chunked("\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1", "ASizeLineEndsInReturnAndFeed", chunked("3\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1", "DataIsAsLongAsItsSize", chunked("3\r\nabcd\r\n0\r\n\r\n"), "400 close"},
    {"7.1", "DataEndsInReturnAndFeed", chunked("3\r\nabc\n0\r\n\r\n"), "400 close"},
    {"7.1.1", "ExtensionsAreReadAndForgotten",
     chunked("3;a;b=c;d=\"e\\\"f\"\r\nabc\r\n0;x\r\n\r\n"), "200 open", "\"abc\""},
    {"7.1.1", "BlanksAroundTheirMarksAreFine", chunked("3 ; a = b\r\nabc\r\n0\r\n\r\n"),
     "200 open"},
    {"7.1.1", "ABlankAloneIsNot", chunked("3 \r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1.1", "AnExtensionHasAName", chunked("3;\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1.1", "AndAValueBehindItsSign", chunked("3;a=\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1.1", "ALineFeedInsideIsRefused", chunked("3;a\nb\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1.1", "AQuoteHasToClose", chunked("3;a=\"b\r\nabc\r\n0\r\n\r\n"), "400 close"},
    {"7.1.1", "AnEndlessExtensionIsRefused", chunked("3;" + std::string(5000, 'a')), "400 close"},
    {"7.1.2", "TrailersAreReadAndForgotten",
     chunked("1\r\na\r\n0\r\nX: y\r\nContent-Length: 9\r\n\r\n") + kHello, "200 200 open"},
    {"7.1.2", "ATrailerNeedsAColon", chunked("0\r\nX\r\n\r\n"), "400 close"},
    {"7.1.2", "ATrailerHasNoBlankBeforeIt", chunked("0\r\nX : y\r\n\r\n"), "400 close"},
    {"7.1.2", "FoldedTrailersAreRefused", chunked("0\r\nX: y\r\n z\r\n\r\n"), "400 close"},
    {"7.1.2", "EndlessTrailersAreRefused", chunked("0\r\nX: " + std::string(5000, 'a')),
     "400 close"},
    // ---- Connections and pipelines
    {"9.3", "Http11Stays", kHello, "200 open", "!connection:"},
    {"9.3", "CloseIsObeyed", get("/hello", "Connection: close\r\n"), "200 close",
     "connection: close"},
    {"9.3", "CloseAmongOtherTokensToo", get("/hello", "Connection: x, Close\r\n"), "200 close"},
    {"9.3", "CloseInASecondLineToo", get("/hello", "Connection: x\r\nConnection: close\r\n"),
     "200 close"},
    {"9.3", "CloseWinsOverKeepAlive", get("/hello", "Connection: keep-alive, close\r\n"),
     "200 close"},
    {"9.3", "Http10Closes", old(""), "200 close", "connection: close"},
    {"9.3", "Http10StaysWhenAsked", old("Connection: Keep-Alive\r\n"), "200 open",
     "connection: keep-alive"},
    {"9.3.2", "AnswersComeInTheOrderOfTheRequests", get("/p/1") + get("/p/2") + get("/p/3"),
     "200 200 200 open", "{\"x\":\"3\"}"},
    {"9.3.2", "ARefusalWithSaneFramingLetsThePipelineGoOn",
     kHello + get("/gone") + get("/hello", "", "DELETE") + kHello, "200 404 405 200 open"},
    {"9.3.2", "NothingRunsBehindAFramingError",
     kHello + post("Content-Length: 1\r\nContent-Length: 2\r\n", "") + kHello, "200 400 close"},
    {"9.3.2", "NothingRunsBehindABadChunk", kHello + chunked("z\r\n") + kHello, "200 400 close"},
    {"9.6", "NothingRunsBehindClose", get("/hello", "Connection: close\r\n") + kHello, "200 close"},
    // ---- Methods
    {"9110 9.3.2", "HeadIsGetWithoutABody", get("/hello", "", "HEAD") + kHello, "200h 200 open"},
    {"9110 8.6", "HeadTellsTheLength", get("/hello", "", "HEAD"), "200h open",
     "content-length: 17"},
    {"9110 9.3.2", "ARefusedHeadHasNoBodyEither", get("/gone", "", "HEAD") + kHello,
     "404h 200 open"},
    {"9110 9.3.7", "OptionsTellsWhatAPathAllows", get("/echo", "", "OPTIONS"), "204 open",
     "allow: POST, DELETE, OPTIONS"},
    {"9110 9.3.7", "OptionsOfNothingIs404", get("/gone", "", "OPTIONS"), "404 open"},
    {"9110 15.5.6", "AnotherMethodIs405WithAllow", get("/hello", "", "PUT"), "405 open",
     "allow: GET, HEAD, OPTIONS"},
    {"9110 15.5.6", "ForFilesToo", get("/a.txt", "", "DELETE"), "405 open",
     "allow: GET, HEAD, OPTIONS"},
    {"9110 8.6", "NoContentHasNoLength", get("/echo", "", "DELETE"), "204 open", "!content-length"},
    {"9110 6.6.1", "EveryAnswerIsDated", kHello, "200 open", "date: "},
    // ---- Expectations
    {"9110 10.1.1", "ContinueIsSaidBeforeTheBody",
     post("Expect: 100-continue\r\nContent-Length: 2\r\n", ""), "100 200 open", "\"ab\"", "ab"},
    {"9110 10.1.1", "ExpectationsAreCaseInsensitive",
     post("Expect: 100-Continue\r\nContent-Length: 2\r\n", ""), "100 200 open", "\"ab\"", "ab"},
    {"9110 10.1.1", "BeforeChunksToo",
     post("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", ""), "100 200 open", "\"ab\"",
     "2\r\nab\r\n0\r\n\r\n"},
    {"9110 10.1.1", "NotWhenTheBodyIsThereAlready",
     post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ab"), "200 open", "\"ab\""},
    {"9110 10.1.1", "NotWithoutABody", get("/hello", "Expect: 100-continue\r\n"), "200 open"},
    {"9110 10.1.1", "NotToHttp10",
     "POST /echo HTTP/1.0\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: "
     "2\r\n\r\nab",
     "200 close"},
    {"9110 10.1.1", "ABodyThatIsTooLargeIsRefusedInstead",
     post("Expect: 100-continue\r\nContent-Length: 101\r\n", ""), "413 close"},
    {"9110 15.5.18", "AnotherExpectationIs417", get("/hello", "Expect: tea\r\n"), "417 close"},
    // ---- Conditions
    {"9110 13.1.2", "AKnownTagIsNotModified", kFile + "If-None-Match: TAG\r\n\r\n", "304 open",
     "etag: TAG"},
    {"9110 13.1.2", "OneOfSeveralToo", kFile + "If-None-Match: \"x,y\", W/TAG\r\n\r\n", "304 open"},
    {"9110 13.1.2", "SoIsAny", kFile + "If-None-Match: *\r\n\r\n", "304 open"},
    {"9110 13.1.2", "AnotherTagIs200", kFile + "If-None-Match: \"x\"\r\n\r\n", "200 open"},
    {"9110 15.4.5", "NotModifiedHasNoBody", kFile + "If-None-Match: *\r\n\r\n" + kHello,
     "304 200 open"},
    {"9110 13.1.3", "ADateNotOlderIsNotModified", kFile + "If-Modified-Since: DATE\r\n\r\n",
     "304 open"},
    {"9110 13.1.3", "AnOlderDateIs200",
     kFile + "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n", "200 open"},
    {"9110 5.6.7", "ObsoleteDatesAreRead",
     kFile + "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\r\n\r\n", "200 open"},
    {"9110 13.1.3", "AnInvalidDateIsPassedOver", kFile + "If-Modified-Since: today\r\n\r\n",
     "200 open"},
    {"9110 13.2.2", "ATagWinsOverADate",
     kFile + "If-None-Match: \"x\"\r\nIf-Modified-Since: DATE\r\n\r\n", "200 open"},
    {"9110 13.1.1", "IfMatchLetsTheTagThrough", kFile + "If-Match: TAG\r\n\r\n", "200 open"},
    {"9110 13.1.1", "IfMatchOfAnotherIs412", kFile + "If-Match: \"x\"\r\n\r\n", "412 open"},
    {"9110 13.1.1", "IfMatchComparesStrongly", kFile + "If-Match: W/TAG\r\n\r\n", "412 open"},
    {"9110 13.1.4", "IfUnmodifiedSinceAnOlderDateIs412",
     kFile + "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n", "412 open"},
    // ---- Ranges
    {"9110 14.2", "ARangeIs206", kFile + "Range: bytes=1-3\r\n\r\n", "206 open", "ell"},
    {"9110 14.4", "ItSaysWhich", kFile + "Range: bytes=1-3\r\n\r\n", "206 open",
     "content-range: bytes 1-3/5"},
    {"9110 14.1.2", "WithoutAnEnd", kFile + "Range: bytes=3-\r\n\r\n", "206 open", "lo"},
    {"9110 14.1.2", "FromTheEnd", kFile + "Range: bytes=-2\r\n\r\n", "206 open", "lo"},
    {"9110 14.1.2", "ALargerEndIsTheLastByte", kFile + "Range: bytes=3-99\r\n\r\n", "206 open",
     "content-range: bytes 3-4/5"},
    {"9110 14.1", "UnitsAreCaseInsensitive", kFile + "Range: Bytes=1-1\r\n\r\n", "206 open"},
    {"9110 15.5.17", "BeyondTheEndIs416", kFile + "Range: bytes=5-\r\n\r\n", "416 open",
     "content-range: bytes */5"},
    {"9110 15.5.17", "ASuffixOfNothingIs416", kFile + "Range: bytes=-0\r\n\r\n", "416 open"},
    {"9110 14.2", "RangesThatTouchAreOne", kFile + "Range: bytes=0-1,2-3\r\n\r\n", "206 open",
     "content-range: bytes 0-3/5"},
    {"9110 14.2", "SeveralGetTheWhole", kFile + "Range: bytes=0-0,3-3\r\n\r\n", "200 open"},
    {"9110 14.2", "WhatIsNotUnderstoodToo", kFile + "Range: bytes=3-1\r\n\r\n", "200 open"},
    {"9110 14.2", "OtherUnitsToo", kFile + "Range: lines=1-2\r\n\r\n", "200 open"},
    {"9110 14.2", "RangesAreForGetAlone",
     "HEAD /a.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=1-3\r\n\r\n", "200h open"},
    {"9110 13.1.5", "IfRangeWithTheTag", kFile + "Range: bytes=1-3\r\nIf-Range: TAG\r\n\r\n",
     "206 open"},
    {"9110 13.1.5", "IfRangeWithAnother", kFile + "Range: bytes=1-3\r\nIf-Range: \"x\"\r\n\r\n",
     "200 open"},
    {"9110 13.1.5", "IfRangeWithAWeakTag", kFile + "Range: bytes=1-3\r\nIf-Range: W/TAG\r\n\r\n",
     "200 open"},
    {"9110 13.1.5", "IfRangeWithItsDate", kFile + "Range: bytes=1-3\r\nIf-Range: DATE\r\n\r\n",
     "206 open"},
    {"9110 14.3", "WhatCanBeAskedForIsSaid", kFile + "\r\n", "200 open", "accept-ranges: bytes"},
    // ---- Content codings
    {"9110 12.5.3", "NothingAskedIsPlain", get("/_flin/page/1.js"), "200 open",
     "!content-encoding"},
    {"9110 12.5.3", "GzipIsGiven", get("/_flin/page/1.js", "Accept-Encoding: gzip\r\n"), "200 open",
     "content-encoding: gzip"},
    {"9110 12.5.3", "BrotliIsPreferred",
     get("/_flin/page/1.js", "Accept-Encoding: gzip, deflate, br\r\n"), "200 open",
     "content-encoding: br"},
    {"9110 12.4.2", "WeightsDecide",
     get("/_flin/page/1.js", "Accept-Encoding: gzip;q=0.9, br;q=0.5\r\n"), "200 open",
     "content-encoding: gzip"},
    {"9110 12.4.2", "AWeightOfZeroRefuses",
     get("/_flin/page/1.js", "Accept-Encoding: gzip;q=0, br;q=0.000\r\n"), "200 open",
     "!content-encoding"},
    {"9110 12.5.3", "AStarStandsForTheRest",
     get("/_flin/page/1.js", "Accept-Encoding: br;q=0, *\r\n"), "200 open",
     "content-encoding: gzip"},
    {"9110 12.5.3", "IdentityMayBePreferred",
     get("/_flin/page/1.js", "Accept-Encoding: identity, gzip;q=0.5\r\n"), "200 open",
     "!content-encoding"},
    {"9110 12.5.5", "VaryIsSaid", get("/_flin/page/1.js"), "200 open", "vary: Accept-Encoding"},
    {"9111 5.2.2", "AssetsMayBeKeptForEver", get("/_flin/page/1.js"), "200 open",
     "cache-control: public, max-age=31536000, immutable"},
    {"9111 5.2.2", "FilesAreAskedForAgain", kFile + "\r\n", "200 open",
     "cache-control: public, no-cache"},
    {"9111 5.2.2", "PagesArePrivate", get("/"), "200 open", "cache-control: private, no-cache"},
};

// One server for the whole table: every row opens a connection of its own.
class Rfc : public testing::TestWithParam<Rule> {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<test::TempFolder>();
    folder_->write("public/a.txt", "hello");
    host_ = std::make_unique<FakeHost>();
    for (const auto& [key, value] : {std::pair{"http.uri_bytes", "256"},
                                     {"http.header_bytes", "1024"},
                                     {"http.header_count", "20"},
                                     {"http.body_bytes", "100"}})
      host_->set(key, value);
    route("GET", "/hello", [](FakeCall& call, IContext&, Value& result) {
      result = call.map({call.text("hello"), call.text("world")});
      return Status();
    });
    route("POST", "/echo", gives(kContextBody, ""));
    route("DELETE", "/echo", [](FakeCall&, IContext&, Value&) { return Status(); });
    route("GET", "/p/:x", gives(kContextParams, ""));
    route("GET", "/rest/*r", gives(kContextParams, ""));
    route("GET", "/q", gives(kContextQuery, ""));
    route("GET", "/x", gives(kContextHeaders, "x"));
    route("GET", "/host", gives(kContextRequest, "host"));
    host_->page_decls = {{"/", 100}};
    host_->program.assets["/_flin/page/1.js"] = std::string(3000, 'a');
    host_->program.folder = folder_->path();
    host_->load("http");
    ASSERT_TRUE(host_->start().ok());
    port_ = host_->port();
    Client client(port_);
    client.send(kFile + "\r\n");
    const Client::Response file = client.response();
    tag_ = file.headers.at("etag");
    date_ = file.headers.at("last-modified");
  }
  static void TearDownTestSuite() {
    host_.reset();
    folder_.reset();
  }
  static void route(const char* method, const char* path, test::Route fn) {
    const auto id = static_cast<std::uint32_t>(host_->agents.routes.size() + 1);
    host_->agents.routes[id] = std::move(fn);
    host_->route_decls.push_back({method, path, id});
  }
  static test::Route gives(std::uint32_t what, const char* key) {
    return [what, key](FakeCall& call, IContext& context, Value& result) {
      Status status = context.load(call, what, result);
      if (status.ok() && *key) result = call.get(result, key);
      if (status.ok() && what == kContextBody && call.kind(result) == Kind::kNone)
        result = call.text("");
      return status;
    };
  }
  static std::string filled(std::string text) {
    for (const auto& [mark, value] : {std::pair{"TAG", tag_}, {"DATE", date_}}) {
      for (std::size_t at; (at = text.find(mark)) != std::string::npos;)
        text.replace(at, std::string_view(mark).size(), value);
    }
    return text;
  }
  static std::string all_of(const Client::Response& response) {
    std::string text;
    for (const auto& [name, value] : response.headers) text += name + ": " + value + "\n";
    return text + "\n" + response.body;
  }

  static std::unique_ptr<test::TempFolder> folder_;
  static std::unique_ptr<FakeHost> host_;
  static std::uint16_t port_;
  static std::string tag_, date_;
};
std::unique_ptr<test::TempFolder> Rfc::folder_;
std::unique_ptr<FakeHost> Rfc::host_;
std::uint16_t Rfc::port_ = 0;
std::string Rfc::tag_, Rfc::date_;

TEST_P(Rfc, IsKept) {
  const Rule& rule = GetParam();
  SCOPED_TRACE(std::string("RFC ") + rule.section);
  Client client(port_);
  client.send(filled(rule.send));
  std::istringstream words(rule.expect);
  Client::Response last;
  bool first = true;
  for (std::string word; words >> word; first = false) {
    if (word == "close") {
      EXPECT_TRUE(client.at_end());
    } else if (word == "open") {
      client.send(kHello);
      EXPECT_EQ(client.response().status, 200) << "the connection ended";
    } else {
      const Client::Response answer = client.response(word.back() == 'h');
      ASSERT_EQ(answer.status, std::stoi(word)) << answer.body;
      last = answer;
      if (first && !rule.then.empty()) client.send(rule.then);
    }
  }
  if (rule.has.empty()) return;
  const std::string text = all_of(last), part = filled(rule.has);
  if (part[0] == '!')
    EXPECT_EQ(text.find(part.substr(1)), std::string::npos) << text;
  else
    EXPECT_NE(text.find(part), std::string::npos) << text;
}
INSTANTIATE_TEST_SUITE_P(Table, Rfc, testing::ValuesIn(kRules),
                         [](const auto& info) { return std::string(info.param.name); });

// However the bytes come, they mean the same. Left out are rows about what comes in one packet.
class RfcByteByByte : public Rfc {
 protected:
  void keep(const Rule& rule) {
    SCOPED_TRACE(rule.name);
    Client client(port_);
    client.send_slowly(filled(rule.send));
    std::istringstream words(rule.expect);
    for (std::string word; words >> word;) {
      if (word == "close" || word == "open") break;
      ASSERT_EQ(client.response(word.back() == 'h').status, std::stoi(word));
    }
  }
};
TEST_P(RfcByteByByte, AllRulesAreKept) {
  for (const Rule& rule : kRules) {
    if (rule.send.size() < 2000 && rule.send.find("Expect: 100") == std::string::npos &&
        rule.then.empty())
      keep(rule);
  }
}
INSTANTIATE_TEST_SUITE_P(Table, RfcByteByByte, testing::Values(kRules[0]),
                         [](const auto&) { return "Whole"; });

}  // namespace
}  // namespace flin::http
