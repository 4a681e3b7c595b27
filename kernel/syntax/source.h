// Source files of one program and places in them.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::syntax {

// A range of bytes of one file.
struct Span {
  std::uint32_t file = 0, begin = 0, end = 0;
};

// Line and column from 1; columns count code points (L, conventions).
struct Position {
  std::uint32_t line = 1, column = 1;
};

class Source {
 public:
  Source(std::string path, std::string text);

  std::string_view path() const { return path_; }  // as messages show it
  std::string_view text() const { return text_; }
  Position position(std::uint32_t offset) const;
  std::string_view line(std::uint32_t number) const;  // from 1, without its end

 private:
  std::string path_, text_;
  std::vector<std::uint32_t> line_starts_;
};

// The files of a program by number; addresses of sources and their texts stay valid.
class Sources {
 public:
  std::uint32_t add(std::string path, std::string text);
  const Source& at(std::uint32_t file) const { return *files_[file]; }
  std::size_t size() const { return files_.size(); }
  std::string_view text(const Span& span) const;

 private:
  std::vector<std::unique_ptr<Source>> files_;
};

}  // namespace flin::syntax
