// A body that is kept and answered again and again, with its validators: assets of the program and
// small static files. How it is answered follows RFC 9110 8.8, 12, 13, 14.
#pragma once

#include "answer.h"
#include "compression.h"
#include "parser.h"

#include <cstdint>
#include <string>

namespace flin::http {

struct StoredBody {
  PackedBody body;
  std::string type;            // Content-Type
  std::string hash;            // of the plain bytes, in base64url: strong tags are made of it
  std::string cache_control;   // of the answer
  std::int64_t modified = -1;  // seconds since 1970; -1: not told

  // Takes the bytes over: hashes them and, when the type is worth it, packs them.
  void fill(std::string plain, Compressor& compressor);
  std::size_t bytes() const;  // of memory, all codings
};

// 200, 206, 304, 412 or 416, with ETag, Vary, Accept-Ranges and Last-Modified. A request for a
// range is about the plain bytes, whatever else it accepts. `reads`: GET or HEAD.
void answer_stored(const StoredBody& stored, const RequestHead& head, bool reads, Answer& out);

// "<hash>" or, in a coding, "<hash>.gzip": each coding is a representation of its own (RFC 9110
// 8.8.3.3).
std::string etag_of(std::string_view hash, Coding coding);

// First 128 bits of SHA-256 in base64url.
std::string content_hash(std::string_view bytes);

// The two answers that conditions lead to, on top of the headers that `out` has already.
void answer_not_modified(Answer& out);
void answer_failed_precondition(Answer& out);
void answer_impossible_range(std::uint64_t size, Answer& out);
void add_content_range(std::uint64_t from, std::uint64_t count, std::uint64_t size, Answer& out);

}  // namespace flin::http
