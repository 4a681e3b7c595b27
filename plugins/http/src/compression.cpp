#include "compression.h"

#include "parser.h"

#include <brotli/encode.h>
#include <zlib.h>

namespace flin::http {
namespace {

constexpr int kGzipWindow = 15 + 16;       // 32 KiB window; 16 asks zlib for a gzip frame
constexpr std::size_t kSmall = 64 * 1024;  // up to here packing hard costs a few ms at most
constexpr int kHard = 9, kQuick = 5;

// Weight in thousandths of "gzip;q=0.8"; 1000 without one, -1 when it is no weight (RFC 9110
// 12.4.2).
int weight_of(std::string_view parameters) {
  const auto trim = [](std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    return from == std::string_view::npos
               ? std::string_view()
               : text.substr(from, text.find_last_not_of(" \t") - from + 1);
  };
  parameters = trim(parameters);
  if (parameters.empty()) return 1000;
  if (parameters.size() < 3 || (parameters[0] != 'q' && parameters[0] != 'Q') ||
      parameters[1] != '=')
    return -1;
  const std::string_view digits = parameters.substr(2);
  if (digits.size() > 5 || (digits[0] != '0' && digits[0] != '1')) return -1;
  if (digits.size() > 1 && digits[1] != '.') return -1;
  int weight = digits[0] == '1' ? 1000 : 0, unit = 100;
  for (std::size_t i = 2; i < digits.size(); ++i, unit /= 10) {
    if (digits[i] < '0' || digits[i] > '9') return -1;
    weight += (digits[i] - '0') * unit;
  }
  return weight > 1000 ? -1 : weight;
}

}  // namespace

std::string_view name_of(Coding coding) {
  return coding == Coding::kGzip ? "gzip" : coding == Coding::kBrotli ? "br" : "";
}

Coding choose_coding(std::string_view accept, bool has_gzip, bool has_brotli) {
  constexpr int kUnnamed = -1;
  int brotli = kUnnamed, gzip = kUnnamed, identity = kUnnamed, others = kUnnamed;
  for_each_token(accept, [&](std::string_view item) {
    const std::size_t mark = item.find(';');
    std::string_view name = item.substr(0, mark);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    const int weight = mark == std::string_view::npos ? 1000 : weight_of(item.substr(mark + 1));
    if (weight < 0) return;
    if (equals_ignoring_case(name, "br")) brotli = weight;
    if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) gzip = weight;
    if (equals_ignoring_case(name, "identity")) identity = weight;
    if (name == "*") others = weight;
  });
  const auto wanted = [&](bool is_there, int weight) {
    return is_there ? (weight == kUnnamed ? others : weight) : 0;
  };
  Coding best = Coding::kIdentity;
  int highest = identity == kUnnamed ? 0 : identity;  // unnamed, it is what remains
  const int gzip_weight = wanted(has_gzip, gzip), brotli_weight = wanted(has_brotli, brotli);
  if (gzip_weight > 0 && gzip_weight >= highest) best = Coding::kGzip, highest = gzip_weight;
  if (brotli_weight > 0 && brotli_weight >= highest) best = Coding::kBrotli;
  return best;
}

bool is_compressible(std::string_view type) {
  type = type.substr(0, type.find(';'));
  if (type.substr(0, 5) == "text/") return true;
  for (const std::string_view known :
       {"application/json", "application/manifest+json", "application/xml", "application/wasm",
        "application/javascript", "image/svg+xml", "image/x-icon", "font/ttf"}) {
    if (type == known) return true;
  }
  const std::size_t plus = type.rfind('+');
  return plus != std::string_view::npos &&
         (type.substr(plus) == "+json" || type.substr(plus) == "+xml");
}

struct Compressor::State {
  z_stream stream{};
  int level = 0;  // 0: not made yet
  ~State() {
    if (level) ::deflateEnd(&stream);
  }
};

Compressor::Compressor() : state_(std::make_unique<State>()) {}
Compressor::~Compressor() = default;

bool Compressor::gzip(std::string_view plain, int level, std::string& out) {
  z_stream& stream = state_->stream;
  if (state_->level == 0) {
    if (::deflateInit2(&stream, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      return false;
  } else {
    ::deflateReset(&stream);
    if (state_->level != level) ::deflateParams(&stream, level, Z_DEFAULT_STRATEGY);
  }
  state_->level = level;
  const std::size_t from = out.size();
  const std::size_t room = ::deflateBound(&stream, static_cast<uLong>(plain.size()));
  out.resize(from + room);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + from);
  stream.avail_out = static_cast<uInt>(room);
  const bool done = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(done ? from + room - stream.avail_out : from);
  return done;
}

bool Compressor::brotli(std::string_view plain, int quality, std::string& out) {
  const std::size_t from = out.size();
  std::size_t room = ::BrotliEncoderMaxCompressedSize(plain.size());
  if (room == 0) return false;
  out.resize(from + room);
  const bool done =
      ::BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, plain.size(),
                              reinterpret_cast<const std::uint8_t*>(plain.data()), &room,
                              reinterpret_cast<std::uint8_t*>(out.data() + from)) == BROTLI_TRUE;
  out.resize(done ? from + room : from);
  return done;
}

void PackedBody::pack(Compressor& compressor) {
  const int effort = plain->size() <= kSmall ? kHard : kQuick;
  const auto keep = [&](bool done, std::string&& packed, std::shared_ptr<const std::string>& out) {
    if (!done || packed.size() >= plain->size()) return;
    packed.shrink_to_fit();
    out = std::make_shared<const std::string>(std::move(packed));
  };
  std::string packed;
  const bool zipped = compressor.gzip(*plain, effort, packed);
  keep(zipped, std::move(packed), gzip);
  packed = std::string();
  const bool brotlied = Compressor::brotli(*plain, effort, packed);
  keep(brotlied, std::move(packed), brotli);
}

}  // namespace flin::http
