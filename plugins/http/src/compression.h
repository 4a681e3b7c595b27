// Content codings (RFC 9110 8.4, 12.5.3): which one a client wants, and packing bodies. zlib packs
// gzip (RFC 1952), libbrotli packs brotli (RFC 7932).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace flin::http {

enum class Coding : std::uint8_t { kIdentity, kGzip, kBrotli };

// "gzip", "br"; "" for identity.
std::string_view name_of(Coding coding);

// The coding with the highest weight in an Accept-Encoding value among those that are there; of
// equal ones brotli before gzip before none. Weights of 0 refuse, `*` stands for what is not named,
// what is not understood is passed over. Identity is always there: it is what remains.
Coding choose_coding(std::string_view accept, bool has_gzip, bool has_brotli);

// Text, JSON, scripts, SVG and the like; what is packed already (images, fonts, video) is not.
bool is_compressible(std::string_view content_type);

// Packs one body after another with one zlib state. [loop-thread]
class Compressor {
 public:
  Compressor();
  ~Compressor();
  // Appends to `out`. False when memory is short; then `out` is as before. `level` 1 to 9.
  bool gzip(std::string_view plain, int level, std::string& out);
  // `quality` 0 to 11.
  static bool brotli(std::string_view plain, int quality, std::string& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One body in all codings that make it smaller; those that do not are null.
struct PackedBody {
  std::shared_ptr<const std::string> plain, gzip, brotli;
  void pack(Compressor& compressor);  // makes the two of `plain`
  Coding choose(std::string_view accept) const {
    return choose_coding(accept, gzip != nullptr, brotli != nullptr);
  }
  const std::shared_ptr<const std::string>& in(Coding coding) const {
    return coding == Coding::kGzip ? gzip : coding == Coding::kBrotli ? brotli : plain;
  }
};

}  // namespace flin::http
