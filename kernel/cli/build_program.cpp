#include "cli/build_program.h"

#include "browser/browser.h"
#include "cli/browser_runtime.h"
#include "compile/compile.h"
#include "syntax/parser.h"
#include "syntax/utf8.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace flin::cli {

namespace {

constexpr std::uintmax_t kMaxFileBytes = 16u << 20;  // L 1.1

Result<std::string> read_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return Error{0, "no such file: " + path};
  if (std::filesystem::is_directory(status))
    return Error{0, path + " is a directory; this version of flin runs one file: flin " + path +
                        "/app.flin"};
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > kMaxFileBytes) return Error{0, path + " is larger than 16 MiB"};
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{0, "cannot read " + path + ": " + std::strerror(errno)};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Result<BuiltProgram> build_program(const std::string& path, const check::Bindings& bindings,
                                   BuildFor purpose) {
  Result<std::string> text = read_file(path);
  if (!text.ok()) return std::move(text).error();
  BuiltProgram built;
  built.sources = std::make_unique<syntax::Sources>();
  built.arena = std::make_unique<Arena>();
  syntax::Diagnostics diagnostics;
  std::size_t bad = 0;
  const bool is_text = syntax::is_utf8(text.value(), bad);
  // The bytes in front of the bad one are shown; nothing behind it is looked at.
  const std::uint32_t file =
      built.sources->add(path, is_text ? std::move(text).value() : text.value().substr(0, bad));
  if (!is_text) {
    const auto at = static_cast<std::uint32_t>(bad);
    diagnostics.report(syntax::Code::E0109, {file, at, at}, {});
  } else {
    syntax::File* tree = syntax::parse(*built.sources, file, *built.arena, diagnostics);
    const std::string name = std::filesystem::path(path).stem().string();
    built.checked = check::check({tree}, *built.sources, name, bindings, diagnostics);
  }
  built.diagnostics = diagnostics.render(*built.sources);
  built.ok = !diagnostics.has_errors();
  if (!built.ok) return built;
  built.chunk =
      compile::compile(*built.checked, *built.sources, bindings, purpose == BuildFor::kTests);
  browser::add_assets(*built.checked, browser_runtime(), *built.chunk,
                      purpose == BuildFor::kDevelopment);
  return built;
}

}  // namespace flin::cli
