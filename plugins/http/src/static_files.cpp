#include "static_files.h"

#include "conditional.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace flin::http {
namespace {

constexpr std::size_t kSmallFile = 256 * 1024;
constexpr std::size_t kCacheBytes = 32 * 1024 * 1024;  // per loop; then it starts anew
constexpr std::string_view kCacheControl = "public, no-cache";

struct TypeRow {
  std::string_view ending, type;
};
constexpr TypeRow kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".pdf", "application/pdf"},
    {".mp4", "video/mp4"},
    {".webm", "video/webm"},
    {".mp3", "audio/mpeg"},
    {".wasm", "application/wasm"},
};

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : std::string();
}

bool is_plain_name(std::string_view segment) {
  if (segment.empty() || segment == ".." || segment == ".") return false;
  if (segment.front() == '.' && segment != ".well-known") return false;
  return segment.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

// Of a file that is too large to hash at each change: size and time of change. Within two seconds
// of the change another one could have the same time, so until then it is weak (RFC 9110 8.8.2.2).
std::string large_etag(const struct stat& info) {
  const auto size = static_cast<unsigned long long>(info.st_size);
  const auto ns = static_cast<unsigned long long>(info.st_mtim.tv_sec) * 1000000000u +
                  static_cast<unsigned long long>(info.st_mtim.tv_nsec);
  const bool weak = std::time(nullptr) - info.st_mtim.tv_sec < 2;
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%s\"%llx-%llx\"", weak ? "W/" : "", size, ns);
  return buffer;
}

bool read_all(int handle, std::size_t size, std::string& out) {
  out.resize(size);
  std::size_t at = 0;
  while (at < size) {
    const ssize_t got = ::pread(handle, out.data() + at, size - at, static_cast<off_t>(at));
    if (got <= 0) return false;
    at += static_cast<std::size_t>(got);
  }
  return true;
}

void answer_large(File file, const struct stat& info, const StaticFiles::Request& request,
                  std::string_view type, Answer& out) {
  const auto size = static_cast<std::uint64_t>(info.st_size);
  const std::string etag = large_etag(info);
  const Validators current{etag, info.st_mtim.tv_sec};
  out.add_header("ETag", etag);
  out.add_header("Cache-Control", kCacheControl);
  out.add_header("Last-Modified", http_date(current.modified));
  const Precondition condition = check_preconditions(request.head, request.reads, current);
  if (condition == Precondition::kNotModified) return answer_not_modified(out);
  if (condition == Precondition::kFailed) return answer_failed_precondition(out);
  out.status = 200;
  out.type = type;
  out.add_header("Accept-Ranges", "bytes");
  out.file = std::move(file);
  out.size = size;
  ByteRange range;
  const RangeAnswer answer = read_range(request.head, current, size, range);
  if (answer == RangeAnswer::kImpossible) return answer_impossible_range(size, out);
  if (answer == RangeAnswer::kWhole) return;
  add_content_range(range.from, range.count, size, out);
  out.offset = range.from;
  out.size = range.count;
}

}  // namespace

std::shared_ptr<const StoredBody> FileCache::get(const std::string& path, int handle,
                                                 const struct stat& info, std::string_view type,
                                                 Compressor& compressor) {
  if (const auto found = entries_.find(path); found != entries_.end()) {
    const Entry& entry = found->second;
    if (entry.inode == info.st_ino && entry.size == info.st_size &&
        entry.modified.tv_sec == info.st_mtim.tv_sec &&
        entry.modified.tv_nsec == info.st_mtim.tv_nsec)
      return entry.body;
    bytes_ -= entry.body->bytes();
    entries_.erase(found);
  }
  auto body = std::make_shared<StoredBody>();
  std::string plain;
  if (!read_all(handle, static_cast<std::size_t>(info.st_size), plain)) return nullptr;
  body->type = type;
  body->cache_control = kCacheControl;
  body->modified = info.st_mtim.tv_sec;
  body->fill(std::move(plain), compressor);
  if (bytes_ + body->bytes() > kCacheBytes) clear();
  // Within the same tick of the clock a file can change without a trace: not kept yet.
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec - info.st_mtim.tv_sec < 2) return body;
  bytes_ += body->bytes();
  entries_.emplace(path, Entry{info.st_ino, info.st_size, info.st_mtim, body});
  return body;
}

void FileCache::clear() {
  entries_.clear();
  bytes_ = 0;
}

void StaticFiles::set_folder(const std::string& folder) { root_ = real_path(folder); }

std::string_view StaticFiles::type_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot != std::string_view::npos) {
    for (const TypeRow& row : kTypes) {
      if (equals_ignoring_case(path.substr(dot), row.ending)) return row.type;
    }
  }
  return "application/octet-stream";
}

// The path is made of checked names and then resolved: what it resolves to has to lie under the
// root, and is opened without following anything more.
bool StaticFiles::open(const std::vector<std::string>& segments, std::string& path,
                       File& file) const {
  if (root_.empty() || root_ == "/") return false;
  path = root_;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool folder = i + 1 == segments.size() && segments[i].empty();
    if (!folder && !is_plain_name(segments[i])) return false;
    path.append("/").append(folder ? "index.html" : segments[i]);
  }
  path = real_path(path);
  if (path.compare(0, root_.size() + 1, root_ + "/") != 0) return false;
  file = File(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return static_cast<bool>(file);
}

bool StaticFiles::answer(const Request& request, FileCache& cache, Compressor& compressor,
                         Answer& out) const {
  std::string path;
  File file;
  if (!open(request.segments, path, file)) return false;
  struct stat info {};
  if (::fstat(file.handle(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  const std::string_view type = type_of(path);
  if (static_cast<std::uint64_t>(info.st_size) > kSmallFile) {
    answer_large(std::move(file), info, request, type, out);
    return true;
  }
  const auto stored = cache.get(path, file.handle(), info, type, compressor);
  if (!stored) return false;
  answer_stored(*stored, request.head, request.reads, out);
  return true;
}

}  // namespace flin::http
