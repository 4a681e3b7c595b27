// What changes outside the kernel (A 14). A source is a number; ICall::depend ties the computation
// that runs to it. Sources never carry data: the graph runs the live value again, which asks again.
#pragma once

#include "flin/plugin.h"

namespace flin {

class ISources {
 public:
  static constexpr Text kId = "flin.host.ISources/1";
  virtual std::uint64_t create() noexcept = 0;  // [any-thread]
  // [any-thread] Rising seq, one call per commit, also with no source; before the first one call
  // with the newest number there is, so that pages from before a restart are told what they missed.
  // The live hub recomputes what depends on them and diffs by key.
  virtual void touch(std::uint64_t seq, List<std::uint64_t> sources) noexcept = 0;
  virtual void release(std::uint64_t source) noexcept = 0;  // [any-thread]

 protected:
  ~ISources() = default;
};

}  // namespace flin
