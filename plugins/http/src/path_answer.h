// The answer of another plugin at a path of its own (flin/http/paths.h). Belongs to its exchange.
// [loop-thread]
#pragma once

#include "flin/http/paths.h"

namespace flin::http {

class Exchange;

class PathAnswer final : public IPathAnswer {
 public:
  PathAnswer(Exchange& exchange, IPathTaker& taker) : exchange_(exchange), taker_(taker) {}

  void begin(std::uint32_t status, List<Pair> headers, std::int64_t length) noexcept override;
  std::uint64_t write(Text bytes) noexcept override;
  void end() noexcept override;

  void take();       // hands the request to the taker
  void tell_sent();  // nothing waits to be sent any more
  void tell_gone();  // the connection has ended

 private:
  Exchange& exchange_;
  IPathTaker& taker_;
  bool begun_ = false;
  bool chunked_ = false;
  bool waits_ = false;  // for drained()
  bool ended_ = false;
};

}  // namespace flin::http
