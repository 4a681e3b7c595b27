// Bytes that many frames share, counted (IBytes of the SDK). A fragment of a live value is
// serialised once and goes to every page that shows it. [any-thread]
#pragma once

#include "flin/pages.h"

#include <atomic>
#include <string>
#include <utility>

namespace flin::pages {

class SharedBytes final : public IBytes {
 public:
  explicit SharedBytes(std::string bytes) : bytes_(std::move(bytes)) {}

  Text text() noexcept override { return std::string_view(bytes_); }
  void retain() noexcept override { count_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept override {
    if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

 private:
  ~SharedBytes() = default;
  const std::string bytes_;
  std::atomic<std::uint32_t> count_{1};
};

// Holds one count of some bytes.
class BytesRef {
 public:
  BytesRef() = default;
  explicit BytesRef(std::string bytes) : bytes_(new SharedBytes(std::move(bytes))) {}
  BytesRef(const BytesRef& other) : bytes_(other.bytes_) {
    if (bytes_ != nullptr) bytes_->retain();
  }
  BytesRef(BytesRef&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  BytesRef& operator=(BytesRef other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~BytesRef() {
    if (bytes_ != nullptr) bytes_->release();
  }

  IBytes* get() const { return bytes_; }
  std::string_view text() const {
    return bytes_ != nullptr ? std::string_view(bytes_->text()) : std::string_view();
  }
  explicit operator bool() const { return bytes_ != nullptr; }

 private:
  SharedBytes* bytes_ = nullptr;
};

}  // namespace flin::pages
