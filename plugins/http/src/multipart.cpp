#include "multipart.h"

#include "parser.h"

#include "flin/http/utf8.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace flin::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes `; name=value` off the front of `text`; the value may be a quoted string, whose pairs of
// backslash and quote or backslash are resolved. False at the end, or when it is no parameter
// (`text` is not empty then).
bool next_parameter(std::string_view& text, std::string& name, std::string& value) {
  text = trim(text);
  if (text.empty() || text.front() != ';') return false;
  std::string_view rest = trim(text.substr(1));
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  name = trim(rest.substr(0, equals));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  rest.remove_prefix(equals + 1);
  value.clear();
  if (rest.empty() || rest.front() != '"') {
    const std::size_t end = rest.find(';');
    value = trim(rest.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    return true;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      text = rest.substr(i + 1);
      return true;
    }
    const bool pair =
        rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    value.push_back(pair ? rest[++i] : rest[i]);
  }
  return false;
}

// Browsers write `"`, CR and LF of names as %22, %0D and %0A (WHATWG HTML 4.10.22.7), and nothing
// else.
std::string decode_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view escape = text.substr(i, 3);
    const char c = escape == "%22" ? '"' : escape == "%0D" ? '\r' : escape == "%0A" ? '\n' : '\0';
    out.push_back(c ? c : text[i]);
    if (c) i += 2;
  }
  return out;
}

// Of "C:\a\b.txt" and "../b.txt" the last part: the rest is the client's business.
std::string without_folders(const std::string& name) {
  const std::size_t slash = name.find_last_of("/\\");
  std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
  return last == "." || last == ".." ? std::string() : last;
}

bool is_boundary(std::string_view text) {
  constexpr std::string_view kMarks = "'()+_,-./:=? ";
  if (text.empty() || text.size() > 70 || text.back() == ' ') return false;
  for (const char c : text) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alnum && (c == '\0' || kMarks.find(c) == std::string_view::npos)) return false;
  }
  return true;
}

}  // namespace

// ---- UploadedFile

UploadedFile::UploadedFile(UploadedFile&& other) noexcept
    : part(std::move(other.part)),
      name(std::move(other.name)),
      type(std::move(other.type)),
      size(other.size),
      path_(std::move(other.path_)),
      handle_(other.handle_) {
  other.path_.clear();
  other.handle_ = -1;
}

UploadedFile::~UploadedFile() {
  close();
  if (!path_.empty()) ::unlink(path_.c_str());
}

std::string UploadedFile::open(const std::string& folder) {
  std::string path = folder + "/flin_upload_XXXXXX";
  handle_ = ::mkostemp(path.data(), O_CLOEXEC);
  if (handle_ < 0) return "no temporary file can be made in " + folder;
  path_ = std::move(path);
  return {};
}

bool UploadedFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(handle_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
    size += static_cast<std::uint64_t>(count);
  }
  return true;
}

void UploadedFile::close() {
  if (handle_ >= 0) ::close(handle_);
  handle_ = -1;
}

// ---- MultipartReader

std::string multipart_boundary(std::string_view content_type) {
  const std::size_t mark = content_type.find(';');
  if (mark == std::string_view::npos) return {};
  std::string_view rest = content_type.substr(mark);
  std::string name, value, found;
  while (next_parameter(rest, name, value)) {
    if (name != "boundary") continue;
    if (!found.empty()) return {};
    found = value;
  }
  return trim(rest).empty() && is_boundary(found) ? found : std::string();
}

MultipartReader::MultipartReader(std::string boundary, UploadLimits limits, FormData& out)
    : delimiter_("\r\n--" + boundary),
      limits_(std::move(limits)),
      out_(out),
      carry_(kLineEnd) {}  // the first delimiter needs no line end before it

bool MultipartReader::refuse(int status, std::string reason) {
  status_ = status;
  reason_ = std::move(reason);
  out_.clear();
  return false;
}

bool MultipartReader::feed(std::string_view bytes) {
  if (status_) return false;
  carry_.append(bytes);
  rest_ = carry_;
  for (bool more = true; more;) {
    more = false;
    if (!step(more)) return false;
  }
  carry_.erase(0, carry_.size() - rest_.size());
  return true;
}

bool MultipartReader::finish() {
  if (status_) return false;
  if (place_ != Place::kDone) return refuse(400, "the form ends in the middle of a part");
  return true;
}

bool MultipartReader::step(bool& more) {
  switch (place_) {
    case Place::kPreamble: return take_preamble(more);
    case Place::kDelimiter: return take_delimiter(more);
    case Place::kHead: return take_head(more);
    case Place::kField:
    case Place::kFile:
    case Place::kIgnored: return take_data(more);
    case Place::kDone: rest_ = {}; return true;  // an epilogue says nothing
  }
  return true;
}

bool MultipartReader::take_preamble(bool& more) {
  const std::size_t at = rest_.find(delimiter_);
  if (at == std::string_view::npos) {
    if (rest_.size() > delimiter_.size()) rest_.remove_prefix(rest_.size() - delimiter_.size());
    return true;
  }
  rest_.remove_prefix(at + delimiter_.size());
  place_ = Place::kDelimiter;
  more = true;
  return true;
}

// Behind a boundary: "--" for the end, or blanks and a line end.
bool MultipartReader::take_delimiter(bool& more) {
  if (rest_.size() < 2) return true;
  if (rest_.substr(0, 2) == "--") {
    place_ = Place::kDone;
    more = true;
    return true;
  }
  const std::size_t end = rest_.find(kLineEnd);
  std::string_view padding = rest_.substr(0, end);
  if (end == std::string_view::npos && padding.back() == '\r') padding.remove_suffix(1);
  if (padding.size() > limits_.part_head ||
      padding.find_first_not_of(" \t") != std::string_view::npos)
    return refuse(400, "the form has something behind a boundary");
  if (end == std::string_view::npos) return true;
  rest_.remove_prefix(end + 2);
  part_.clear();
  name_.clear();
  type_.clear();
  has_disposition_ = has_file_ = false;
  head_bytes_ = 0;
  if (++parts_ > limits_.parts) return refuse(413, "the form has too many parts");
  place_ = Place::kHead;
  more = true;
  return true;
}

bool MultipartReader::take_head(bool& more) {
  const std::size_t end = rest_.find(kLineEnd);
  const bool half_end = end == std::string_view::npos && !rest_.empty() && rest_.back() == '\r';
  const std::size_t line_size =
      end == std::string_view::npos ? rest_.size() - (half_end ? 1 : 0) : end;
  if (head_bytes_ + line_size > limits_.part_head)
    return refuse(413, "the headers of a part of the form are too large");
  if (end == std::string_view::npos) return true;
  const std::string_view line = rest_.substr(0, end);
  more = true;
  head_bytes_ += end + 2;
  if (!line.empty()) {
    rest_.remove_prefix(end + 2);
    return read_part_header(line);
  }
  // The line end stays: when the part is empty it is the delimiter's (RFC 2046 5.1.1).
  rest_.remove_prefix(end);
  line_end_left_ = true;
  return begin_part();
}

bool MultipartReader::read_part_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return refuse(400, "a header in the form has no name");
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F)
      return refuse(400, "a header in the form has a forbidden character");
  }
  const std::string_view name = line.substr(0, colon), value = trim(line.substr(colon + 1));
  if (equals_ignoring_case(name, "content-disposition")) return read_disposition(value);
  if (equals_ignoring_case(name, "content-type")) type_ = to_utf8(value);
  if (equals_ignoring_case(name, "content-transfer-encoding") &&
      !equals_ignoring_case(value, "binary") && !equals_ignoring_case(value, "8bit") &&
      !equals_ignoring_case(value, "7bit"))
    return refuse(400, "a part of the form is encoded in a way that is not used any more");
  return true;
}

// form-data; name="x"; filename="y" (RFC 7578 4.2; filename* is not allowed there and not read).
bool MultipartReader::read_disposition(std::string_view value) {
  if (has_disposition_) return refuse(400, "a part of the form has two names");
  has_disposition_ = true;
  const std::size_t mark = value.find(';');
  if (!equals_ignoring_case(trim(value.substr(0, mark)), "form-data") ||
      mark == std::string_view::npos)
    return refuse(400, "a part of the form is no form-data");
  std::string_view rest = value.substr(mark);
  std::string key, text;
  bool named = false;
  while (next_parameter(rest, key, text)) {
    if (key == "name") {
      if (named) return refuse(400, "a part of the form has two names");
      named = true;
      part_ = decode_name(text);
    } else if (key == "filename") {
      if (has_file_) return refuse(400, "a file of the form has two names");
      has_file_ = true;
      name_ = without_folders(decode_name(text));
    }
  }
  if (!trim(rest).empty() || !named)
    return refuse(400, "a part of the form has no name that can be read");
  if (!is_utf8(part_) || !is_utf8(name_)) return refuse(400, "a name in the form is not UTF-8");
  return true;
}

bool MultipartReader::begin_part() {
  if (!has_disposition_) return refuse(400, "a part of the form has no name");
  field_bytes_ += part_.size() + name_.size();
  if (field_bytes_ > limits_.fields) return refuse(413, "the fields of the form are too large");
  if (!has_file_) {
    out_.fields.emplace_back(part_, std::string());
    place_ = Place::kField;
    return true;
  }
  if (name_.empty()) {  // an input for files in which none was chosen
    place_ = Place::kIgnored;
    return true;
  }
  out_.files.emplace_back();
  UploadedFile& file = out_.files.back();
  file.part = part_;
  file.name = name_;
  file.type = type_.empty() ? "application/octet-stream" : type_;
  if (std::string why = file.open(limits_.folder); !why.empty()) return refuse(500, std::move(why));
  place_ = Place::kFile;
  return true;
}

bool MultipartReader::data(std::string_view bytes) {
  if (bytes.empty() || place_ == Place::kIgnored) return true;
  if (place_ == Place::kFile) {
    return out_.files.back().write(bytes) ||
           refuse(500, "a temporary file cannot be written in " + limits_.folder);
  }
  field_bytes_ += bytes.size();
  if (field_bytes_ > limits_.fields) return refuse(413, "the fields of the form are too large");
  out_.fields.back().second.append(bytes);
  return true;
}

bool MultipartReader::take_data(bool& more) {
  const std::size_t lead = line_end_left_ ? kLineEnd.size() : 0;
  const std::size_t at = rest_.find(delimiter_);
  if (at == std::string_view::npos) {
    const std::size_t kept = delimiter_.size() - 1;  // may be the beginning of a delimiter
    if (rest_.size() <= lead + kept) return true;
    const std::string_view bytes = rest_.substr(lead, rest_.size() - lead - kept);
    rest_.remove_prefix(lead + bytes.size());
    line_end_left_ = false;
    return data(bytes);
  }
  if (at >= lead && !data(rest_.substr(lead, at - lead))) return false;
  rest_.remove_prefix(at + delimiter_.size());
  more = true;
  return end_part();
}

bool MultipartReader::end_part() {
  if (place_ == Place::kFile) out_.files.back().close();
  if (place_ == Place::kField && !is_utf8(out_.fields.back().second))
    return refuse(400, "a field of the form is not UTF-8");
  place_ = Place::kDelimiter;
  return true;
}

}  // namespace flin::http
