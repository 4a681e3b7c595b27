// A sealer for tests: hex of the purpose's length and the text, so that tampering shows.
#pragma once

#include "flin/sealer.h"
#include "runtime/status.h"

#include <string>

namespace flin::pages {

class FakeSealer final : public ISealer {
 public:
  virtual ~FakeSealer() = default;
  Status seal(Text purpose, Text plain, ITextSink& out) noexcept override {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string sealed = std::string(std::string_view(purpose).substr(0, 4)) + "-";
    for (const unsigned char c : std::string_view(plain)) {
      sealed += kHex[c >> 4];
      sealed += kHex[c & 15];
    }
    out.text(std::string_view(sealed));
    return {};
  }
  Status open(Text purpose, Text sealed, ITextSink& out) noexcept override {
    const std::string_view text = sealed;
    const std::string head = std::string(std::string_view(purpose).substr(0, 4)) + "-";
    if (!text.starts_with(head)) return make_status(code('R', 403), "not sealed here");
    std::string plain;
    for (std::size_t i = head.size(); i + 1 < text.size(); i += 2)
      plain += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
    out.text(std::string_view(plain));
    return {};
  }
};

}  // namespace flin::pages
