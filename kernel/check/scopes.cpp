// Scopes of `<style scoped>` (L 10.11): what marks the elements of a page or component, so that its
// rules reach them alone.
#include "check/scopes.h"

namespace flin::check {
using namespace syntax;

namespace {

// FNV-1a (Fowler, Noll, Vo), 32 bits as 8 hex digits: stable between builds, and no secret.
std::string hash_of(std::string_view owner, std::string_view css) {
  std::uint32_t hash = 2166136261u;
  const auto feed = [&](std::string_view text) {
    for (const unsigned char c : text) hash = (hash ^ c) * 16777619u;
  };
  feed(owner);
  feed(css);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) out += kHex[(hash >> shift) & 15];
  return out;
}

std::string scope_of(std::string_view owner, const std::vector<Stmt*>& statements) {
  std::string css;
  for (const Stmt* s : statements)
    if (s->kind == StmtKind::kStyle && as<StyleStmt>(*s).scoped) css += as<StyleStmt>(*s).css;
  return css.empty() ? std::string() : hash_of(owner, css);
}

}  // namespace

void find_scopes(CheckedProgram& program) {
  for (Component* component : program.components)
    if (component->declaration != nullptr && component->declaration->body != nullptr)
      component->scope = scope_of(component->name, component->declaration->body->statements);
  for (Page* page : program.pages)
    for (const File* file : program.files)
      if (file->number == page->file) page->scope = scope_of(page->path, file->statements);
}

}  // namespace flin::check
