// Reads an HTTP/1.1 answer (RFC 9112 4, 6, 7) from a stream of bytes: framed strictly, so
// that half an answer is told from a whole one.
#pragma once

#include "outbound.h"

#include <string>
#include <string_view>

namespace flin::async {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Some bytes; "" at the end. May throw Poco::Exception.
  virtual std::string_view more() = 0;
};

class AnswerReader {
 public:
  AnswerReader(ByteSource& source, std::size_t most) : source_(source), most_(most) {}
  // The final answer to a request of that method; 1xx ones are passed over. R0202.
  OutboundFailure read(std::string_view method, OutboundAnswer& answer);

 private:
  bool fill();  // false: the source has ended
  bool line(std::string& out);
  bool read_head(OutboundAnswer& answer, std::string& why);
  bool read_body(std::string_view method, OutboundAnswer& answer, std::string& why);
  bool take(std::uint64_t count, std::string& body, std::string& why);
  bool read_chunks(std::string& body, std::string& why);
  bool has_room(std::uint64_t more, const std::string& body, std::string& why);

  ByteSource& source_;
  const std::size_t most_;
  std::string buffer_;
  std::size_t at_ = 0;  // of buffer_
  bool is_too_large_ = false;
};

}  // namespace flin::async
