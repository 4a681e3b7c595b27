#include "files.h"

#include "flin/http/utf8.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace flin::async {
namespace {

namespace fs = std::filesystem;

Failure argument(const std::string& path, const std::string& why) {
  return {code('R', 14), "invalid argument: '" + path + "' " + why};
}
Failure file_error(const std::string& path, const std::string& why) {
  return {code('R', 205), "file error: " + path + ": " + why};
}
Failure system_error(const std::string& path, int number) {
  return file_error(path, std::strerror(number));
}

}  // namespace

Failure Files::place_of(const std::string& path, std::string& out) const {
  if (path.find('\0') != std::string::npos) return argument(path, "holds a NUL");
  std::error_code error;
  const fs::path base = fs::canonical(folder_, error);
  if (error) return file_error(folder_, error.message());
  // Links are followed before it is judged, so none leads out.
  const fs::path full = fs::weakly_canonical(base / path, error);
  if (error) return file_error(path, error.message());
  const auto [in_base, in_full] = std::mismatch(base.begin(), base.end(), full.begin(), full.end());
  if (in_base != base.end()) return argument(path, "is outside the folder of the program");
  if (in_full != full.end() && *in_full == ".flin") return argument(path, "belongs to FLIN");
  out = full.string();
  return {};
}

Failure Files::read(const std::string& path, std::string& text) const {
  std::string place;
  if (Failure failure = place_of(path, place); failure.code != 0) return failure;
  std::error_code error;
  if (fs::is_directory(place, error)) return file_error(path, "is a folder");
  errno = 0;
  std::ifstream in(place, std::ios::binary);
  if (!in) return system_error(path, errno);
  const std::uintmax_t size = fs::file_size(place, error);
  if (!error && size > most_bytes_)
    return file_error(path, "is larger than " + std::to_string(most_bytes_) +
                                " bytes (setting async.file_bytes)");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  text = bytes.str();
  if (!http::is_utf8(text)) return file_error(path, "is no text in UTF-8");
  return {};
}

Failure Files::write(const std::string& path, const std::string& text) const {
  static std::atomic<std::uint64_t> last{0};
  std::string place;
  if (Failure failure = place_of(path, place); failure.code != 0) return failure;
  std::error_code error;
  if (fs::is_directory(place, error)) return file_error(path, "is a folder");
  const std::string beside = place + ".flin-" + std::to_string(++last);
  {
    errno = 0;
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) {
      const int number = errno;
      fs::remove(beside, error);
      return system_error(path, number);
    }
  }
  fs::rename(beside, place, error);
  if (!error) return {};
  const std::string why = error.message();
  fs::remove(beside, error);
  return file_error(path, why);
}

Failure Files::append(const std::string& path, const std::string& text) const {
  std::string place;
  if (Failure failure = place_of(path, place); failure.code != 0) return failure;
  errno = 0;
  std::ofstream out(place, std::ios::binary | std::ios::app);
  out << text;
  out.close();
  return out ? Failure{} : system_error(path, errno);
}

Failure Files::remove(const std::string& path) const {
  std::string place;
  if (Failure failure = place_of(path, place); failure.code != 0) return failure;
  std::error_code error;
  if (fs::is_directory(place, error)) return file_error(path, "is a folder");
  fs::remove(place, error);
  return error ? file_error(path, error.message()) : Failure{};
}

Failure Files::exists(const std::string& path, bool& out) const {
  std::string place;
  if (Failure failure = place_of(path, place); failure.code != 0) return failure;
  std::error_code error;
  out = fs::exists(place, error);
  return {};
}

Failure Files::list(const std::string& path, std::vector<std::string>& names) const {
  std::string place;
  if (Failure failure = place_of(path, place); failure.code != 0) return failure;
  std::error_code error;
  fs::directory_iterator it(place, error);
  if (error) return file_error(path, error.message());
  for (const fs::directory_iterator end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name != ".flin" && http::is_utf8(name)) names.push_back(name);
  }
  if (error) return file_error(path, error.message());
  std::sort(names.begin(), names.end());
  return {};
}

}  // namespace flin::async
