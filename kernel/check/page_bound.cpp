// Page-bound functions (L 1.5): they use variables of their page, themselves or by what they call,
// and are visible to its file only.
#include "check/resolver.h"

namespace flin::check {
using namespace syntax;

// Marks functions that use variables of their frame, also through what they call.
void Resolver::bind_functions() {
  std::unordered_map<Function*, std::vector<Function*>> users;
  std::vector<Function*> work;
  for (Function* f : p_.functions) {
    FunctionFacts& facts = t_.facts[f];
    for (Function* used : facts.uses)
      if (t_.facts[used].frame == facts.frame) users[used].push_back(f);
    if (facts.reads_frame) work.push_back(f);
  }
  while (!work.empty()) {
    Function* f = work.back();
    work.pop_back();
    if (f->page_bound) continue;
    f->page_bound = true;
    for (Function* user : users[f])
      if (!user->page_bound) work.push_back(user);
  }
}

void Resolver::check_page_bound() {
  for (const FunctionUse& use : uses_) {
    Frame* home = t_.facts[use.function].frame;
    if (!use.function->page_bound || home == use.frame || home->unit->kind == UnitKind::kScript)
      continue;
    std::string where = home->unit->page != nullptr ? home->unit->page->path : "";
    if (home->unit->component != nullptr) where = std::string(home->unit->component->name);
    Report& r = t_.reports.add(Code::E0008, use.span, {use.function->declaration->name.text, where},
                               "not visible here");
    r.others.push_back({use.function->declaration->name.span, "uses variables of its page"});
  }
  for (const auto& [text, all] : t_.functions) check_twice(all);
}

void Resolver::check_twice(const std::vector<Function*>& all) {
  Function* first = nullptr;
  for (Function* f : all) {
    if (f->page_bound) continue;
    bool other_file =
        first != nullptr && first->declaration->name.span.file != f->declaration->name.span.file;
    if (other_file || (first != nullptr && t_.facts[f].frame == nullptr)) {
      Report& r = t_.reports.add(Code::E0004, f->declaration->name.span,
                                 {f->declaration->name.text}, "declared again here");
      r.others.push_back({first->declaration->name.span, "first declared here"});
    }
    if (first == nullptr) first = f;
  }
  for (Function* f : all)
    if (f->page_bound && first != nullptr &&
        first->declaration->name.span.file != f->declaration->name.span.file)
      t_.reports.add(Code::W0012, f->declaration->name.span, {f->declaration->name.text},
                     "belongs to this page only");
}

}  // namespace flin::check
