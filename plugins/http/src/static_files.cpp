#include "static_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace flin::http {
namespace {

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

std::string etag_of(const struct stat& info) {
  const auto size = static_cast<unsigned long long>(info.st_size);
  const auto ns = static_cast<unsigned long long>(info.st_mtim.tv_sec) * 1000000000u +
                  static_cast<unsigned long long>(info.st_mtim.tv_nsec);
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "\"%llx-%llx\"", size, ns);
  return buffer;
}

bool names_etag(std::string_view list, std::string_view etag) {
  bool found = list == "*";
  for_each_token(list, [&](std::string_view item) {
    if (item.substr(0, 2) == "W/") item.remove_prefix(2);
    found = found || item == etag;
  });
  return found;
}

bool read_u64(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

enum class Range { kWhole, kPart, kImpossible };
// One range of bytes; several, or anything not understood, give the whole file (RFC 9110 14.2).
Range read_range(std::string_view value, std::uint64_t size, std::uint64_t& from,
                 std::uint64_t& count) {
  if (value.substr(0, 6) != "bytes=" || value.find(',') != std::string_view::npos)
    return Range::kWhole;
  value.remove_prefix(6);
  const std::size_t dash = value.find('-');
  if (dash == std::string_view::npos) return Range::kWhole;
  const std::string_view first = value.substr(0, dash), last = value.substr(dash + 1);
  std::uint64_t end = size ? size - 1 : 0;
  if (first.empty()) {
    if (!read_u64(last, count)) return Range::kWhole;
    if (count == 0 || size == 0) return Range::kImpossible;
    from = count >= size ? 0 : size - count;
  } else {
    if (!read_u64(first, from)) return Range::kWhole;
    std::uint64_t given = end;
    if (!last.empty() && (!read_u64(last, given) || given < from)) return Range::kWhole;
    if (from >= size) return Range::kImpossible;
    if (given < end) end = given;
  }
  count = end - from + 1;
  return Range::kPart;
}

void answer_range(Range range, std::uint64_t size, std::uint64_t from, std::uint64_t count,
                  Answer& out) {
  if (range == Range::kWhole) return;
  if (range == Range::kImpossible) {
    out.status = 416;
    out.type.clear();
    out.size = 0;
    out.file.reset();
    out.add_header("Content-Range", "bytes */" + std::to_string(size));
    return;
  }
  out.status = 206;
  out.offset = from;
  out.size = count;
  out.add_header("Content-Range", "bytes " + std::to_string(from) + "-" +
                                      std::to_string(from + count - 1) + "/" +
                                      std::to_string(size));
}

}  // namespace

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

bool StaticFiles::answer(const std::vector<std::string>& segments, const RequestHead& head,
                         Answer& out) const {
  std::string path;
  File file;
  if (!open(segments, path, file)) return false;
  struct stat info {};
  if (::fstat(file.handle(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  const auto size = static_cast<std::uint64_t>(info.st_size);
  const std::string etag = etag_of(info);
  out.add_header("ETag", etag);
  out.add_header("Cache-Control", "public, no-cache");
  out.add_header("Accept-Ranges", "bytes");
  if (const std::string_view known = head.header("if-none-match");
      !known.empty() && names_etag(known, etag)) {
    out.status = 304;
    return true;
  }
  out.status = 200;
  out.type = type_of(path);
  out.file = std::move(file);
  out.size = size;
  const std::string_view range = head.header("range"), condition = head.header("if-range");
  if (!range.empty() && (condition.empty() || condition == etag)) {
    std::uint64_t from = 0, count = 0;
    const Range kind = read_range(range, size, from, count);
    answer_range(kind, size, from, count, out);
  }
  return true;
}

}  // namespace flin::http
