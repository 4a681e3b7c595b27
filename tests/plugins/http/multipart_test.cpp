// The reader of multipart/form-data: what is read how, what is refused, and that it makes no
// difference how the bytes are cut.
#include "../../../plugins/http/src/multipart.h"
#include "fakes/net_fakes.h"
#include "form_mutations.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace flin::http {
namespace {

std::string part(const std::string& disposition, const std::string& data,
                 const std::string& more = "") {
  return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n" + more + "\r\n" + data +
         "\r\n";
}
std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "status reason", or fields and files in a line.
std::string told(const MultipartReader& reader, const FormData& form) {
  if (reader.status()) return std::to_string(reader.status()) + " " + reader.reason();
  std::string out;
  for (const auto& [name, value] : form.fields) out += name + "=" + value + ";";
  for (const UploadedFile& file : form.files)
    out += file.part + ":" + file.name + "(" + file.type + ")" + content(file.path()) + ";";
  return out;
}

struct FormCase {
  const char* name;
  std::string body;
  std::string expected;
};
void PrintTo(const FormCase& row, std::ostream* out) { *out << row.name; }

const FormCase kForms[] = {
    {"Nothing", "--b--\r\n", ""},
    {"OneField", part("name=\"a\"", "1") + "--b--\r\n", "a=1;"},
    {"TwoFields", part("name=\"a\"", "1") + part("name=b", "2") + "--b--", "a=1;b=2;"},
    {"AnEmptyField", part("name=\"a\"", "") + "--b--", "a=;"},
    {"AnEmptyFieldWithoutALineOfItsOwn",
     "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--", "a=;"},
    {"LineEndsInAField", part("name=\"a\"", "1\r\n\r\n2\r\n") + "--b--", "a=1\r\n\r\n2\r\n;"},
    {"NearlyABoundary", part("name=\"a\"", "\r\n--\r\n--c\r\n-b--b") + "--b--",
     "a=\r\n--\r\n--c\r\n-b--b;"},
    {"APreambleAndAnEpilogue",
     "hello\r\nyou\r\n" + part("name=a", "1") + "--b--\r\nmore\r\n--b\r\n", "a=1;"},
    {"BlanksBehindABoundary", "--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--",
     "a=1;"},
    {"AFile",
     part("name=\"f\"; filename=\"a.png\"", "xyz", "Content-Type: image/png\r\n") + "--b--",
     "f:a.png(image/png)xyz;"},
    {"AFileWithoutType", part("name=f; filename=a", "x") + "--b--",
     "f:a(application/octet-stream)x;"},
    {"AnEmptyFile", part("name=f; filename=a", "") + "--b--", "f:a(application/octet-stream);"},
    {"NoFileChosen", part("name=\"f\"; filename=\"\"", "") + part("name=a", "1") + "--b--", "a=1;"},
    {"AFileThatNamesFolders", part("name=f; filename=\"C:\\a\\..\\b.txt\"", "x") + "--b--",
     "f:b.txt(application/octet-stream)x;"},
    {"AFileThatWantsUp", part("name=f; filename=\"../../etc/passwd\"", "x") + "--b--",
     "f:passwd(application/octet-stream)x;"},
    {"AFileNamedUp", part("name=f; filename=\"..\"", "x") + "--b--", ""},
    {"EscapedNames", part("name=\"a%22b%0D%0Ac%41\"", "1") + "--b--", "a\"b\r\nc%41=1;"},
    {"QuotedPairs", part("name=\"a\\\"b\\\\c\"", "1") + "--b--", "a\"b\\c=1;"},
    {"ASemicolonInAName", part("name=\"a; filename=x\"", "1") + "--b--", "a; filename=x=1;"},
    {"NamesInUpperCase", "--b\r\nCONTENT-DISPOSITION: FORM-DATA; NAME=a\r\n\r\n1\r\n--b--", "a=1;"},
    {"ExtendedNamesAreNotRead", part("name=f; filename*=UTF-8''x", "1") + "--b--", "f=1;"},
    {"NoEnd", part("name=a", "1"), "400 the form ends in the middle of a part"},
    {"NoBoundary", "hello", "400 the form ends in the middle of a part"},
    {"BareLineFeeds", "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--",
     "400 the form has something behind a boundary"},
    {"AnotherBoundaryThatBeginsTheSame", "--bc\r\n\r\n1\r\n--b--",
     "400 the form has something behind a boundary"},
    {"NoName", part("filename=a", "1") + "--b--",
     "400 a part of the form has no name that can be read"},
    {"NoDisposition", "--b\r\n\r\n1\r\n--b--", "400 a part of the form has no name"},
    {"AnotherDisposition", "--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--b--",
     "400 a part of the form is no form-data"},
    {"TwoNames", part("name=a; name=b", "1") + "--b--", "400 a part of the form has two names"},
    {"TwoDispositions", part("name=a", "1", "Content-Disposition: form-data; name=b\r\n") + "--b--",
     "400 a part of the form has two names"},
    {"TwoFileNames", part("name=a; filename=b; filename=c", "1") + "--b--",
     "400 a file of the form has two names"},
    {"AQuoteWithoutEnd", part("name=\"a", "1") + "--b--",
     "400 a part of the form has no name that can be read"},
    {"AHeaderWithoutColon", part("name=a", "1", "X\r\n") + "--b--",
     "400 a header in the form has no name"},
    {"AControlInAHeader", part("name=a", "1", "X: \x01\r\n") + "--b--",
     "400 a header in the form has a forbidden character"},
    {"Base64", part("name=a", "MQ==", "Content-Transfer-Encoding: base64\r\n") + "--b--",
     "400 a part of the form is encoded in a way that is not used any more"},
    {"AFieldThatIsNoUtf8", part("name=a", "\xff") + "--b--",
     "400 a field of the form is not UTF-8"},
    {"ANameThatIsNoUtf8", part("name=\"\xff\"", "1") + "--b--",
     "400 a name in the form is not UTF-8"},
    {"TooManyParts",
     part("name=a", "") + part("name=a", "") + part("name=a", "") + part("name=a", "") + "--b--",
     "413 the form has too many parts"},
    {"LargeFields", part("name=a", std::string(64, 'x')) + "--b--",
     "413 the fields of the form are too large"},
    {"LargeNames", part("name=" + std::string(64, 'x'), "") + "--b--",
     "413 the fields of the form are too large"},
    {"LargeHeaders", part("name=a", "", "X: " + std::string(300, 'x') + "\r\n") + "--b--",
     "413 the headers of a part of the form are too large"},
    {"HeadersOfTheLimit", part("name=a", "1", "X: " + std::string(211, 'x') + "\r\n") + "--b--",
     "a=1;"},
    {"AHeaderWithoutEnd", "--b\r\nX: " + std::string(3000, 'x'),
     "413 the headers of a part of the form are too large"},
    {"ALargeFileIsFine", part("name=f; filename=a", std::string(9000, 'x')) + "--b--",
     "f:a(application/octet-stream)" + std::string(9000, 'x') + ";"},
};

class Forms : public testing::TestWithParam<FormCase> {
 protected:
  UploadLimits limits() const {
    UploadLimits limits;
    limits.parts = 3;
    limits.part_head = 256;
    limits.fields = 60;
    limits.folder = folder.path();
    return limits;
  }
  test::TempFolder folder;
};
TEST_P(Forms, AreReadHoweverTheyAreCut) {
  for (const std::size_t step : {GetParam().body.size(), std::size_t{1}, std::size_t{7}}) {
    FormData form;
    MultipartReader reader("b", limits(), form);
    const std::string_view body = GetParam().body;
    for (std::size_t at = 0; at < body.size() && reader.feed(body.substr(at, step)); at += step) {}
    reader.finish();
    EXPECT_EQ(told(reader, form), GetParam().expected) << "in steps of " << step;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "a temporary file is left";
}
INSTANTIATE_TEST_SUITE_P(Table, Forms, testing::ValuesIn(kForms),
                         [](const auto& info) { return info.param.name; });

TEST(Boundary, IsReadAsTheRfcsSay) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("multipart/form-data;charset=x; Boundary=\"a b:c\""), "a b:c");
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'x')),
            std::string(70, 'x'));
  for (const std::string& odd :
       {std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
        std::string("multipart/form-data; boundary=\"\""),
        std::string("multipart/form-data; boundary=\"a"),
        std::string("multipart/form-data; boundary=\"a \""),
        std::string("multipart/form-data; boundary=a\x01z"),
        std::string("multipart/form-data; boundary=a; boundary=b"),
        "multipart/form-data; boundary=" + std::string(71, 'x')})
    EXPECT_EQ(multipart_boundary(odd), "") << odd;
}
TEST(Uploads, AreRefusedWhenThereIsNoFolderForThem) {
  FormData form;
  UploadLimits limits;
  limits.folder = "/nowhere/at/all";
  MultipartReader reader("b", limits, form);
  EXPECT_FALSE(reader.feed(part("name=f; filename=a", "x")));
  EXPECT_EQ(told(reader, form), "500 no temporary file can be made in /nowhere/at/all");
  EXPECT_FALSE(reader.feed("more"));
  EXPECT_FALSE(reader.finish());
}
// The seeds of the fuzz target, changed at random: what it checks holds in every build.
TEST(Uploads, HoldWhatTheyPromiseForAnyBytes) {
  std::mt19937 random(7);
  for (const FormCase& row : kForms) {
    for (int round = 0; round < 50; ++round) {
      std::string bytes = row.body.substr(0, 400);
      for (int i = 0; i < 3 && !bytes.empty(); ++i) {
        const std::size_t at = random() % bytes.size();
        if (random() % 2)
          bytes.insert(at, std::string("\r\n--b\"; =").substr(random() % 8, 1 + random() % 3));
        else
          bytes[at] = static_cast<char>(random());
      }
      check_any_form(bytes);
    }
  }
}

}  // namespace
}  // namespace flin::http
