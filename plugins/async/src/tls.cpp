#include "tls.h"

#include <dlfcn.h>

#include <mutex>

namespace flin::async {
namespace {

// Beside the library this function is in; beside the plugin.
std::string library_path() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&library_path), &info) == 0) return {};
  const std::string own = info.dli_fname;
  return own.substr(0, own.rfind('/') + 1) + "async_tls.so";
}

}  // namespace

TlsConnect load_tls(std::string& why) {
  static std::mutex lock;  // guards the two below
  static TlsConnect connect = nullptr;
  const std::lock_guard guard(lock);
  if (connect != nullptr) return connect;
  void* const library = dlopen(library_path().c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol = library ? dlsym(library, "flin_async_tls_connect") : nullptr;
  if (symbol == nullptr) {
    const char* const error = dlerror();
    why = "TLS is not available: " + std::string(error != nullptr ? error : "no symbol");
    return nullptr;
  }
  connect = reinterpret_cast<TlsConnect>(symbol);
  return connect;
}

}  // namespace flin::async
