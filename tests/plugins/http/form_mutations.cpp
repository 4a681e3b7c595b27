#include "form_mutations.h"

#include "../../../plugins/http/src/multipart.h"

#include <cstdlib>

namespace flin::http {
namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

UploadLimits small_limits() {
  UploadLimits limits;
  limits.parts = 4;
  limits.part_head = 256;
  limits.fields = 128;
  limits.folder = "/dev/shm";
  return limits;
}

void read(std::string_view bytes, std::size_t step, MultipartReader& reader) {
  for (std::size_t at = 0; at < bytes.size() && reader.feed(bytes.substr(at, step)); at += step) {}
  reader.finish();
}

}  // namespace

void check_any_form(std::string_view bytes) {
  FormData whole_form, cut_form;
  MultipartReader whole("b", small_limits(), whole_form), cut("b", small_limits(), cut_form);
  read(bytes, bytes.size() + 1, whole);
  read(bytes, 3, cut);
  demand((whole.status() == 0) == (cut.status() == 0));
  demand(whole_form.fields == cut_form.fields && whole_form.files.size() == cut_form.files.size());
  demand(whole_form.fields.size() + whole_form.files.size() <= 4);
  std::size_t sum = 0;
  for (const auto& [name, value] : whole_form.fields) sum += name.size() + value.size();
  demand(sum <= 128);
  for (std::size_t i = 0; i < whole_form.files.size(); ++i) {
    const UploadedFile &a = whole_form.files[i], &b = cut_form.files[i];
    demand(a.part == b.part && a.name == b.name && a.type == b.type && a.size == b.size);
    demand(!a.name.empty() && a.name.find_first_of("/\\") == std::string::npos && a.name != "..");
  }
}

}  // namespace flin::http
