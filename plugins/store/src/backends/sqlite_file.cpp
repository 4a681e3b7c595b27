#include "sqlite_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace flin::store {
namespace {

Fault unwritable(const std::string& what, const std::string& why) {
  return {kUnavailable, "the store cannot write " + what + ": " + why +
                            "; let this user write there, or take another place with "
                            "--store=sqlite:PATH or --store=memory"};
}

// Process id in the lock file, for the message.
std::string holder(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  std::string out;
  for (ssize_t at = 0; at < size && text[static_cast<std::size_t>(at)] >= '0' &&
                       text[static_cast<std::size_t>(at)] <= '9';
       ++at)
    out += text[static_cast<std::size_t>(at)];
  return out.empty() ? "another flin" : "another flin (process " + out + ")";
}

// The holder before us removes its file at the end: then this lock is on a file nobody else sees.
bool is_the_file(int descriptor, const std::string& path) {
  struct stat ours {
  }, named{};
  return fstat(descriptor, &ours) == 0 && stat(path.c_str(), &named) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

// Makes the folder and those above it, in a way that a power failure does not undo: each new name
// is on the disk before anything is kept below it.
void make_folder(const std::filesystem::path& folder, std::error_code& error) {
  if (folder.empty() || std::filesystem::exists(folder, error)) {
    if (!error && !folder.empty() && !std::filesystem::is_directory(folder))
      error = std::make_error_code(std::errc::not_a_directory);
    return;
  }
  if (error) return;
  make_folder(folder.parent_path(), error);
  if (error) return;
  std::filesystem::create_directory(folder, error);
  const int above = open(folder.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (above < 0) return;
  fsync(above);
  close(above);
}

}  // namespace

MaybeFault FileLock::take(const std::string& database) {
  const std::filesystem::path folder = std::filesystem::path(database).parent_path();
  std::error_code error;
  make_folder(folder, error);
  if (error) return unwritable("the folder " + folder.string(), error.message());
  // One lock for one file, by whatever name it is reached.
  const std::filesystem::path file = std::filesystem::weakly_canonical(database, error);
  path_ = (error ? database : file.string()) + ".lock";
  do {
    release();
    descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) return unwritable(path_, std::strerror(errno));
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      Fault fault{kUnavailable, "the database " + database + " is in use by " +
                                    holder(descriptor_) +
                                    "; stop it, or take another file with --store=sqlite:PATH"};
      close(descriptor_);
      descriptor_ = -1;
      return fault;
    }
  } while (!is_the_file(descriptor_, path_));
  const std::string id = std::to_string(getpid()) + "\n";
  // The number is for messages alone: on a full disk the lock holds without it.
  [[maybe_unused]] const ssize_t written = pwrite(descriptor_, id.data(), id.size(), 0);
  return {};
}

void FileLock::release() {
  if (descriptor_ < 0) return;
  if (is_the_file(descriptor_, path_)) unlink(path_.c_str());
  close(descriptor_);
  descriptor_ = -1;
}

bool is_file_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::uintmax_t file_size(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace flin::store
