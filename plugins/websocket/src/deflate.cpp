#include "deflate.h"

#include <zlib.h>

namespace flin::ws {
namespace {

constexpr std::size_t kChunk = 16 * 1024;
constexpr std::string_view kTail("\x00\x00\xff\xff", 4);  // RFC 7692 7.2.1: left out on the wire
constexpr int kAtBlockBorder = 128;  // of z_stream::data_type, see inflate() in zlib.h

void set_input(z_stream& stream, std::string_view bytes) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

void set_output(z_stream& stream, char* chunk) {
  stream.next_out = reinterpret_cast<Bytef*>(chunk);
  stream.avail_out = kChunk;
}

}  // namespace

Inflater::Inflater() = default;
Inflater::~Inflater() {
  if (stream_) ::inflateEnd(stream_.get());
}

Inflater::Outcome Inflater::inflate(std::string_view packed, std::size_t most, std::string& out) {
  if (!stream_) {
    auto stream = std::make_unique<z_stream>();
    if (::inflateInit2(stream.get(), -MAX_WBITS) != Z_OK) return Outcome::kBad;
    stream_ = std::move(stream);
  }
  ::inflateReset(stream_.get());
  Outcome outcome = run(packed, most, out);
  if (outcome == Outcome::kDone) outcome = run(kTail, most, out);
  if (outcome == Outcome::kDone && !(stream_->data_type & kAtBlockBorder)) return Outcome::kBad;
  return outcome;
}

Inflater::Outcome Inflater::run(std::string_view piece, std::size_t most, std::string& out) {
  z_stream& stream = *stream_;
  char chunk[kChunk];
  set_input(stream, piece);
  do {
    set_output(stream, chunk);
    const int result = ::inflate(&stream, Z_SYNC_FLUSH);
    out.append(chunk, kChunk - stream.avail_out);
    if (out.size() > most) return Outcome::kTooLarge;
    if (result == Z_STREAM_END)  // a block with BFINAL set: more may follow (RFC 7692 7.2.3.4)
      ::inflateReset(&stream);
    else if (result != Z_OK && result != Z_BUF_ERROR)
      return Outcome::kBad;
  } while (stream.avail_in > 0 || stream.avail_out == 0);
  return Outcome::kDone;
}

Deflater::Deflater(int window_bits) : window_bits_(window_bits) {}
Deflater::~Deflater() {
  if (stream_) ::deflateEnd(stream_.get());
}

bool Deflater::deflate(const std::vector<std::string_view>& parts, std::string& out) {
  if (!stream_) {
    auto stream = std::make_unique<z_stream>();
    const int result = ::deflateInit2(stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                      -window_bits_, 8, Z_DEFAULT_STRATEGY);
    if (result != Z_OK) return false;
    stream_ = std::move(stream);
  }
  ::deflateReset(stream_.get());
  const std::size_t before = out.size();
  bool done = true;
  for (std::size_t i = 0; i < parts.size() && done; ++i)
    done = run(parts[i], i + 1 == parts.size() ? Z_SYNC_FLUSH : Z_NO_FLUSH, out);
  if (!done) {
    out.resize(before);
    return false;
  }
  if (std::string_view(out).substr(before).size() >= kTail.size() &&
      std::string_view(out).substr(out.size() - kTail.size()) == kTail)
    out.resize(out.size() - kTail.size());
  return true;
}

bool Deflater::run(std::string_view part, int flush, std::string& out) {
  z_stream& stream = *stream_;
  char chunk[kChunk];
  set_input(stream, part);
  do {
    set_output(stream, chunk);
    const int result = ::deflate(&stream, flush);
    if (result != Z_OK && result != Z_BUF_ERROR) return false;
    out.append(chunk, kChunk - stream.avail_out);
  } while (stream.avail_out == 0);
  return true;
}

}  // namespace flin::ws
