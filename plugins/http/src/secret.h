// The program's secret and what is made with it: the ISealer of W 4.7 and the signature of the
// cookie flin_sid (W 1).
#pragma once

#include "flin/sealer.h"

#include <array>
#include <mutex>
#include <string>
#include <string_view>

namespace flin::http {

class Secret {
 public:
  static constexpr std::size_t kKeySize = 32;
  using Key = std::array<unsigned char, kKeySize>;

  // FLIN_SECRET if it is set, else the file `.flin/secret` in `directory`, made with 32 random
  // bytes and mode 0600 when it is not there. Gives "" or what went wrong.
  std::string load(const std::string& directory);
  bool loaded() const { return !bytes_.empty(); }
  // HKDF-SHA-256 (RFC 5869) without salt, `purpose` as info. [any-thread] after load()
  bool derive(std::string_view purpose, Key& out) const;

 private:
  std::string bytes_;
};

// Loads the secret at its first use, so that a program that seals nothing leaves no file behind.
class Sealer final : public ISealer {
 public:
  void attach(IHost& host) { host_ = &host; }
  void set_directory(std::string directory);

  Status seal(Text purpose, Text plain, ITextSink& out) noexcept override;
  Status open(Text purpose, Text sealed, ITextSink& out) noexcept override;

  // A new value for flin_sid: 128 random bits, a dot and their signature, both base64url. "" when
  // the secret cannot be had. [any-thread]
  std::string make_sid();
  bool check_sid(std::string_view sid);  // [any-thread]

 private:
  bool key_for(std::string_view purpose, Secret::Key& key, std::string& why);
  bool sign(std::string_view id, std::string& signature);

  IHost* host_ = nullptr;
  std::mutex mutex_;  // guards secret_ and directory_ until loaded, and the keys
  std::string directory_;
  Secret secret_;
  std::string last_purpose_;  // tokens are nearly always of one purpose
  Secret::Key last_key_{}, sid_key_{};
  bool sid_key_known_ = false;
};

std::string base64url(std::string_view bytes);
bool from_base64url(std::string_view text,
                    std::string& bytes);  // strict: no padding, no stray bits

}  // namespace flin::http
