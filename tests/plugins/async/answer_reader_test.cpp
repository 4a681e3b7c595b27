// Answers as they come: whole, in pieces, cut off, too large, wrong.
#include "answer_reader.h"

#include "flin/plugin.h"

#include <gtest/gtest.h>

namespace flin::async::tests {
namespace {

class Pieces final : public ByteSource {
 public:
  Pieces(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {}
  std::string_view more() override {
    const std::string_view piece = std::string_view(text_).substr(at_, size_);
    at_ += piece.size();
    return piece;
  }

 private:
  const std::string text_;
  const std::size_t size_;
  std::size_t at_ = 0;
};

OutboundFailure read(const std::string& text, OutboundAnswer& answer, std::size_t piece = 4096,
                     std::size_t most = 1000, std::string_view method = "GET") {
  Pieces source(text, piece);
  return AnswerReader(source, most).read(method, answer);
}

TEST(AnswerReader, ReadsEveryFramingInPiecesOfAnySize) {
  const char* const whole[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhellomore",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: "
      "b\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: r\r\n\r\n",
      "HTTP/1.0 200 OK\r\nX-A: b\r\n\r\nhello",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello"};
  for (const char* text : whole) {
    for (std::size_t piece = 1; piece < 20; ++piece) {
      OutboundAnswer answer;
      const OutboundFailure failure = read(text, answer, piece);
      EXPECT_EQ(failure.code, 0u) << failure.message << "\n" << text;
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.body, "hello") << text;
      EXPECT_NE(std::find(answer.headers.begin(), answer.headers.end(), HeaderField("x-a", "b")),
                answer.headers.end());
    }
  }
}

TEST(AnswerReader, KnowsWhichAnswersHaveNoBody) {
  OutboundAnswer answer;
  EXPECT_EQ(read("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", answer).code, 0u);
  EXPECT_EQ(read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", answer).code, 0u);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", answer, 99, 999, "HEAD").code, 0u);
}

TEST(AnswerReader, TellsHalfAnAnswerAndAWrongOneFromAWholeOne) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "the connection ended before an answer came"},
      {"SSH-2.0-x\r\n", "the answer is no HTTP/1.1"},
      {"HTTP/1.1 abc\r\n\r\n", "the answer is no HTTP/1.1"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n", "the head of the answer is too large or was cut off"},
      {"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "the head of the answer is too large or was cut off"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
       "the connection ended before the answer was whole"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
       "the answer has the bad Content-Length '-1'"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
       "the connection ended before the answer was whole"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
       "the connection ended before the answer was whole"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
       "the answer has a bad chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
       "the answer has a bad chunk"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\n",
       "the answer has the unknown transfer coding 'br'"},
  };
  for (const auto& [text, why] : rows) {
    OutboundAnswer answer;
    const OutboundFailure failure = read(text, answer, 3);
    EXPECT_EQ(failure.code, code('R', 202)) << text;
    EXPECT_EQ(failure.message, std::string("network failed: ") + why) << text;
    EXPECT_TRUE(failure.may_help_again);
  }
}

TEST(AnswerReader, StopsAtItsLimitWhateverTheFraming) {
  const std::string big(1001, 'x');
  for (const std::string& text :
       {"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + big,
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n" + big,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + big,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + big,
        "HTTP/1.1 200 OK\r\n\r\n" + big}) {
    OutboundAnswer answer;
    const OutboundFailure failure = read(text, answer, 100);
    EXPECT_EQ(failure.message,
              "network failed: the answer is larger than 1000 bytes (setting async.answer_bytes)");
    EXPECT_FALSE(failure.may_help_again);
  }
  OutboundAnswer answer;
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\n" + big.substr(1), answer, 100).code, 0u);
}

TEST(AnswerReader, DoesNotReadAHeadWithoutEnd) {
  OutboundAnswer answer;
  EXPECT_NE(read("HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'x'), answer).code, 0u);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) many += "A: b\r\n";
  EXPECT_NE(read(many + "\r\n", answer).code, 0u);
}

}  // namespace
}  // namespace flin::async::tests
