#include "stored_body.h"

#include "conditional.h"
#include "secret.h"

#include <openssl/sha.h>

namespace flin::http {

std::string content_hash(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return base64url({reinterpret_cast<const char*>(digest), 16});
}

std::string etag_of(std::string_view hash, Coding coding) {
  std::string tag = "\"" + std::string(hash);
  if (coding != Coding::kIdentity) tag.append(".").append(name_of(coding));
  return tag + "\"";
}

void StoredBody::fill(std::string plain, Compressor& compressor) {
  hash = content_hash(plain);
  body.plain = std::make_shared<const std::string>(std::move(plain));
  if (is_compressible(type)) body.pack(compressor);
}

std::size_t StoredBody::bytes() const {
  std::size_t sum = sizeof *this + body.plain->size();
  if (body.gzip) sum += body.gzip->size();
  if (body.brotli) sum += body.brotli->size();
  return sum;
}

void answer_not_modified(Answer& out) {
  out.status = 304;
  out.type.clear();
}

void answer_failed_precondition(Answer& out) {
  out.set_error(412, "the condition of the request does not hold");
}

void answer_impossible_range(std::uint64_t size, Answer& out) {
  out.status = 416;
  out.type.clear();
  out.file.reset();
  out.size = 0;
  out.add_header("Content-Range", "bytes */" + std::to_string(size));
}

void add_content_range(std::uint64_t from, std::uint64_t count, std::uint64_t size, Answer& out) {
  out.status = 206;
  out.add_header("Content-Range", "bytes " + std::to_string(from) + "-" +
                                      std::to_string(from + count - 1) + "/" +
                                      std::to_string(size));
}

void answer_stored(const StoredBody& stored, const RequestHead& head, bool reads, Answer& out) {
  const bool part_wanted = !head.header("range").empty();
  const Coding coding =
      part_wanted ? Coding::kIdentity : stored.body.choose(head.header("accept-encoding"));
  const std::string etag = etag_of(stored.hash, coding);
  const Validators current{etag, stored.modified};
  out.add_header("ETag", etag);
  out.add_header("Cache-Control", stored.cache_control);
  if (stored.modified >= 0) out.add_header("Last-Modified", http_date(stored.modified));
  if (stored.body.gzip || stored.body.brotli) out.add_header("Vary", "Accept-Encoding");
  const Precondition condition = check_preconditions(head, reads, current);
  if (condition == Precondition::kNotModified) return answer_not_modified(out);
  if (condition == Precondition::kFailed) return answer_failed_precondition(out);
  out.status = 200;
  out.type = stored.type;
  out.add_header("Accept-Ranges", "bytes");
  if (coding != Coding::kIdentity) out.add_header("Content-Encoding", name_of(coding));
  const std::string& plain = *stored.body.plain;
  ByteRange range;
  switch (read_range(head, current, plain.size(), range)) {
    case RangeAnswer::kImpossible: return answer_impossible_range(plain.size(), out);
    case RangeAnswer::kPart:
      add_content_range(range.from, range.count, plain.size(), out);
      out.body = plain.substr(range.from, range.count);
      return;
    case RangeAnswer::kWhole: out.shared = stored.body.in(coding);
  }
}

}  // namespace flin::http
