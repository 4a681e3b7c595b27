#include "cli/plugin_check.h"

#include "cli/generated_calls.h"
#include "cli/kernel.h"
#include "cli/manifest_check.h"
#include "host/entry_check.h"
#include "host/plugin_library.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

namespace flin::cli {

namespace fs = std::filesystem;

namespace {

// How parent and child find each other: the number of the file that holds Doing.
constexpr const char* kChildVariable = "FLIN_PLUGIN_CHECK_FD";
constexpr unsigned kSecondsPerStep = 20;  // one call, or one step of the plugin's life
constexpr int kAsanStatus = 99;

// What the child is doing, in memory that outlives it.
struct Doing {
  char what[8192];
};

struct Request {
  std::string file, id;
  std::uint64_t seed = 0;
  int calls = 200;
  Options options;  // for the child's kernel
};

int usage(const std::string& message) {
  std::fprintf(stderr, "flin: %s\n", message.c_str());
  return 2;
}

void good(const std::string& line) { std::printf("  ok    %s\n", line.c_str()); }
void bad(const std::string& line) { std::printf("  bad   %s\n", line.c_str()); }

bool take_number(Options& options, const std::string& name, std::uint64_t& out, bool& is_number) {
  bool found = false;
  std::erase_if(options.settings, [&](const Argument& argument) {
    if (argument.name != name) return false;
    found = true;
    const std::string text = argument.value.value_or("");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    is_number = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return true;
  });
  return found;
}

// "flin_words.so" is plugin "words".
std::string id_of(const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  if (!name.starts_with("flin_") || !name.ends_with(".so")) return "";
  const std::string id = name.substr(5, name.size() - 8);
  return is_plugin_id(id) ? id : "";
}

// ---- The child ----

class Child final : public Watcher {
 public:
  Child(const Request& request, Doing& doing) : request_(request), doing_(doing) {}

  void begins(const std::string& what) override {
    const std::size_t size = std::min(what.size(), sizeof doing_.what - 1);
    std::memcpy(doing_.what, what.data(), size);
    doing_.what[size] = '\0';
    alarm(kSecondsPerStep);
  }

  int run() {
    if (!judge()) return 1;
    live();
    begins("");
    return faults_ == 0 ? 0 : 1;
  }

 private:
  void fault(const std::string& line) {
    bad(line);
    ++faults_;
  }
  bool passed(const Result<void>& result, const std::string& what) {
    if (result.ok())
      good(what);
    else
      fault(told(result.error()));
    return result.ok();
  }

  bool judge() {
    begins("loading the library");
    auto library = PluginLibrary::open(request_.file);
    if (!library.ok()) return fault(told(library.error())), false;
    library_ = std::move(library).value();
    auto manifest = check_entry(library_->entry(), request_.file, request_.id);
    if (!manifest.ok()) return fault(told(manifest.error())), false;
    manifest_ = manifest.value();
    good("symbol, ABI " + std::to_string(library_->entry().abi_major) + "." +
         std::to_string(library_->entry().abi_minor) + ", toolchain, id");
    const std::vector<std::string> faults = manifest_faults(manifest_);
    for (const std::string& line : faults) fault(line);
    if (faults.empty())
      good("manifest: " + std::to_string(manifest_.ops.size) + " opcodes, " +
           std::to_string(manifest_.builtins.size) + " built-ins, " +
           std::to_string(manifest_.validators.size) + " validators");
    return true;
  }

  // Its life in a whole kernel, with an empty program.
  void live() {
    const std::string program = empty_program();
    Kernel kernel(request_.options, program);
    begins("load()");
    Result<void> loaded = kernel.load();
    if (!passed(loaded, "loads")) return;
    begins("linking an empty program");
    if (!passed(kernel.compile(), "sees an empty program")) return;
    begins("start()");
    if (!passed(kernel.start(), "starts")) return;
    call_everything(kernel);
    begins("stop() or destroy()");
    kernel.shut_down();
    good("stops and is destroyed");
  }

  std::string empty_program() {
    std::string folder = (fs::temp_directory_path() / "flin-check-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return "check.flin";
    folder_ = folder;
    std::ofstream(folder + "/check.flin") << "";
    return folder + "/check.flin";
  }

  void call_everything(Kernel& kernel) {
    for (const OpEntry* op : kernel.plugins().ops().all()) {
      if (op->owner != request_.id) continue;
      const std::string broken = call_op(*op, request_.seed, request_.calls, *this);
      if (broken.empty())
        good(op->name + ": " + std::to_string(request_.calls) + " calls");
      else
        fault(broken);
    }
    for (const ValidatorDecl& validator : manifest_.validators) {
      const std::string name{std::string_view(validator.name)};
      const ValidatorEntry* entry = kernel.plugins().bindings().validator_entry(name);
      if (entry == nullptr) continue;
      call_validator(validator, *entry->self, request_.seed, request_.calls, *this);
      good("@" + name + ": " + std::to_string(request_.calls) + " calls");
    }
  }

 public:
  ~Child() override {
    std::error_code error;
    if (!folder_.empty()) fs::remove_all(folder_, error);
  }

 private:
  const Request& request_;
  Doing& doing_;
  std::string folder_;
  std::unique_ptr<PluginLibrary> library_;
  Manifest manifest_;
  int faults_ = 0;
};

// ---- The parent ----

// The runtime of AddressSanitizer that the library was linked with, "libasan.so.8"; "" without.
std::string asan_runtime(const std::string& file) {
#ifdef FLIN_HAS_ASAN
  (void)file;
  return "";  // this process has it already
#else
  std::ifstream in(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const std::size_t at = bytes.find("libasan.so");
  return at == bytes.npos ? "" : std::string(bytes.c_str() + at);
#endif
}

[[noreturn]] void become_child(const Request& request, int fd, const std::string& asan) {
  setenv(kChildVariable, std::to_string(fd).c_str(), 1);
  setenv("FLIN_KEEP_PLUGINS", "1", 1);  // reports name the functions of the plugin
  if (!asan.empty()) setenv("LD_PRELOAD", asan.c_str(), 1);
  const std::string options =
      "abort_on_error=0:exitcode=" + std::to_string(kAsanStatus) + ":detect_leaks=0";
  setenv("ASAN_OPTIONS", options.c_str(), 1);
  std::vector<std::string> words = {"flin",
                                    "plugin",
                                    "check",
                                    request.file,
                                    "--seed=" + std::to_string(request.seed),
                                    "--calls=" + std::to_string(request.calls)};
  if (request.options.has_plugins) {
    std::string ids;
    for (const std::string& id : request.options.plugins) ids += (ids.empty() ? "" : ",") + id;
    words.push_back("--plugins=" + ids);
  }
  for (const std::string& folder : request.options.plugin_dirs)
    words.push_back("--plugin-dir=" + folder);
  words.push_back("--log_level=error");  // in front, so that one of the caller's own wins
  for (const Argument& setting : request.options.settings)
    words.push_back("--" + setting.name + (setting.value ? "=" + *setting.value : ""));
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv("/proc/self/exe", argv.data());
  std::perror("flin: cannot start the check");
  _exit(2);
}

std::string how_it_ended(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == kAsanStatus)
    return "AddressSanitizer found a fault (its report is above)";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return "did not end within " + std::to_string(kSecondsPerStep) + " s";
  if (WIFSIGNALED(status)) return std::string("crashed: ") + strsignal(WTERMSIG(status));
  return "ended the process with status " + std::to_string(WEXITSTATUS(status));
}

int watch(const Request& request) {
  const std::string asan = asan_runtime(request.file);
  std::printf("checking %s, seed %llu%s\n", request.file.c_str(),
              static_cast<unsigned long long>(request.seed),
              asan.empty() ? "" : ", under AddressSanitizer");
  std::fflush(stdout);
  const int fd = memfd_create("flin-plugin-check", 0);
  if (fd < 0 || ftruncate(fd, sizeof(Doing)) != 0) return usage("no memory for the check");
  auto* doing =
      static_cast<Doing*>(mmap(nullptr, sizeof(Doing), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  if (doing == MAP_FAILED) return usage("no memory for the check");
  const pid_t child = fork();
  if (child == 0) become_child(request, fd, asan);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return usage("the check cannot be started");
  close(fd);
  const bool told_itself = WIFEXITED(status) && doing->what[0] == '\0';
  const bool judged_itself = WIFEXITED(status) && WEXITSTATUS(status) == 1;
  if (!told_itself && !judged_itself) {
    const std::string what = doing->what[0] == '\0' ? "at its end" : doing->what;
    bad(what + ": " + how_it_ended(status));
    std::printf("  again: flin plugin check %s --seed=%llu\n", request.file.c_str(),
                static_cast<unsigned long long>(request.seed));
    status = 1 << 8;
  }
  munmap(doing, sizeof(Doing));
  const int result = WEXITSTATUS(status);
  std::printf("%s\n", result == 0 ? "no faults found" : "the plugin has faults");
  return result;
}

int run_child(const Request& request, int fd) {
  auto* doing =
      static_cast<Doing*>(mmap(nullptr, sizeof(Doing), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  if (doing == MAP_FAILED) return usage("no memory for the check");
  setvbuf(stdout, nullptr, _IOLBF, 0);  // what was found stands there when it crashes
  Child child(request, *doing);
  return child.run();
}

}  // namespace

int check_plugin(const Options& given) {
  Request request;
  request.options = given;
  request.file = given.operands[1];
  std::uint64_t calls = 200;
  bool is_number = true;
  const bool has_seed = take_number(request.options, "seed", request.seed, is_number);
  if (!is_number) return usage("--seed takes a number");
  take_number(request.options, "calls", calls, is_number);
  if (!is_number || calls > 1000000) return usage("--calls takes a number up to 1000000");
  request.calls = static_cast<int>(calls);
  if (!has_seed) request.seed = std::random_device{}();
  std::error_code error;
  if (!fs::is_regular_file(request.file, error)) return usage("no such file: " + request.file);
  request.id = id_of(request.file);
  if (request.id.empty())
    return usage(request.file +
                 " is not named like a plugin: flin_<id>.so, with small letters, "
                 "digits and '_' in the id");
  const char* fd = std::getenv(kChildVariable);
  if (fd == nullptr) return watch(request);
  Options& options = request.options;
  options.has_plugins = true;
  if (std::find(options.plugins.begin(), options.plugins.end(), request.id) ==
      options.plugins.end())
    options.plugins.push_back(request.id);
  const fs::path folder = fs::absolute(request.file, error).parent_path();
  options.plugin_dirs.insert(options.plugin_dirs.begin(), folder.string());
  return run_child(request, std::atoi(fd));
}

}  // namespace flin::cli
