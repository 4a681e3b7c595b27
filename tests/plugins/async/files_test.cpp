// Files below the program's folder, and paths that would lead out of it.
#include "files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace flin::async::tests {
namespace {

namespace fs = std::filesystem;

std::string fresh_folder() {
  std::string name = (fs::temp_directory_path() / "flin-files-XXXXXX").string();
  return mkdtemp(name.data());
}

class FilesTest : public ::testing::Test {
 protected:
  FilesTest() {
    fs::create_directories(root + "/app/.flin");
    std::ofstream(root + "/outside.txt") << "secret";
    std::ofstream(root + "/app/.flin/secret") << "secret";
  }
  ~FilesTest() override { fs::remove_all(root); }
  const std::string root = fresh_folder();
  Files files{root + "/app", 100};
  std::string text;
};

TEST_F(FilesTest, AreWrittenReadAddedToListedAndRemoved) {
  bool found = true;
  EXPECT_EQ(files.exists("a.txt", found).code, 0u);
  EXPECT_FALSE(found);
  EXPECT_EQ(files.write("a.txt", "one").code, 0u);
  EXPECT_EQ(files.append("a.txt", "+two").code, 0u);
  EXPECT_EQ(files.append("b.txt", "new").code, 0u);
  EXPECT_EQ(files.read("./x/../a.txt", text).code, 0u);
  EXPECT_EQ(text, "one+two");
  EXPECT_EQ(files.write("a.txt", "three").code, 0u);
  EXPECT_EQ(files.read(root + "/app/a.txt", text).code, 0u);  // absolute, and inside
  EXPECT_EQ(text, "three");
  std::vector<std::string> names;
  EXPECT_EQ(files.list(".", names).code, 0u);
  EXPECT_EQ(names, (std::vector<std::string>{"a.txt", "b.txt"}));
  EXPECT_EQ(files.remove("a.txt").code, 0u);
  EXPECT_EQ(files.remove("a.txt").code, 0u);
  EXPECT_EQ(files.exists("a.txt", found).code, 0u);
  EXPECT_FALSE(found);
}

TEST_F(FilesTest, NeverLeaveTheFolder) {
  fs::create_symlink(root + "/outside.txt", root + "/app/link.txt");
  fs::create_directory_symlink(root, root + "/app/up");
  for (const char* path : {"../outside.txt", "/etc/passwd", "x/../../outside.txt", "link.txt",
                           "up/outside.txt", "up/new.txt", ".."}) {
    const std::string message =
        std::string("invalid argument: '") + path + "' is outside the folder of the program";
    EXPECT_EQ(files.read(path, text).message, message);
    EXPECT_EQ(files.write(path, "x").message, message);
    EXPECT_EQ(files.append(path, "x").message, message);
    EXPECT_EQ(files.remove(path).message, message);
    bool found;
    EXPECT_EQ(files.exists(path, found).code, code('R', 14));
  }
  EXPECT_EQ(files.read(std::string("a\0b", 3), text).code, code('R', 14));
  fs::create_directories(root + "/app-too");  // begins with the same letters
  EXPECT_EQ(files.write("../app-too/x", "x").code, code('R', 14));
}

TEST_F(FilesTest, LeaveWhatIsFlinsOwnAlone) {
  for (const char* path : {".flin/secret", ".flin", "./.flin/../.flin/secret"}) {
    EXPECT_EQ(files.read(path, text).message,
              std::string("invalid argument: '") + path + "' belongs to FLIN");
  }
}

TEST_F(FilesTest, SayWhatTheSystemSays) {
  EXPECT_EQ(files.read("no.txt", text).message, "file error: no.txt: No such file or directory");
  EXPECT_EQ(files.read("no.txt", text).code, code('R', 205));
  EXPECT_EQ(files.write("no/such/folder.txt", "x").message,
            "file error: no/such/folder.txt: No such file or directory");
  std::vector<std::string> names;
  EXPECT_EQ(files.list("no", names).message, "file error: no: No such file or directory");
  fs::create_directories(root + "/app/folder");
  EXPECT_EQ(files.read("folder", text).message, "file error: folder: is a folder");
  EXPECT_EQ(files.write("folder", "x").message, "file error: folder: is a folder");
  EXPECT_EQ(files.remove("folder").message, "file error: folder: is a folder");
  std::ofstream(root + "/app/big") << std::string(101, 'x');
  EXPECT_EQ(files.read("big", text).message,
            "file error: big: is larger than 100 bytes (setting async.file_bytes)");
  std::ofstream(root + "/app/raw") << "\xff\xfe";
  EXPECT_EQ(files.read("raw", text).message, "file error: raw: is no text in UTF-8");
}

}  // namespace
}  // namespace flin::async::tests
