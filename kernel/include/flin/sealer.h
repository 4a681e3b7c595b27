// AES-256-GCM with the program's secret, offered to the host by a plugin (A 14, W 4.7). The key is
// derived by HKDF-SHA-256 (RFC 5869) from the secret with `purpose` as info.
#pragma once

#include "flin/plugin.h"
#include "flin/text_sink.h"

namespace flin {

class ISealer {
 public:
  static constexpr Text kId = "flin.host.ISealer/1";
  virtual Status seal(
      Text purpose, Text plain,
      ITextSink& out) noexcept = 0;  // [any-thread] base64url of nonce, ciphertext, tag
  virtual Status open(
      Text purpose, Text sealed,
      ITextSink& out) noexcept = 0;  // [any-thread] R0403 when it was not sealed here

 protected:
  ~ISealer() = default;
};

}  // namespace flin
