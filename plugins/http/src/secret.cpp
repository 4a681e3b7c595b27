#include "secret.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace flin::http {
namespace {

constexpr std::size_t kNonce = 12, kTag = 16, kSidBytes = 16;
constexpr std::string_view kSidPurpose = "flin_sid";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Derivation = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;

std::string system_error(const std::string& path) { return path + ": " + std::strerror(errno); }

bool read_file(const std::string& path, std::string& out) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return false;
  char buffer[4096];
  const ssize_t count = ::read(file, buffer, sizeof buffer);
  ::close(file);
  if (count < 0) return false;
  out.assign(buffer, static_cast<std::size_t>(count));
  return true;
}

// Writes beside and renames without replacing, so that of two programs that start at once both read
// one secret.
std::string make_file(const std::string& path, std::string& secret) {
  secret.resize(Secret::kKeySize);
  if (RAND_bytes(bytes_of(secret), static_cast<int>(secret.size())) != 1)
    return "no random bytes to be had";
  const std::string fresh = path + "." + std::to_string(::getpid());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return system_error(fresh);
  const bool whole =
      ::write(file, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size());
  ::close(file);
  const bool linked = whole && ::link(fresh.c_str(), path.c_str()) == 0;
  const int error = errno;
  ::unlink(fresh.c_str());
  if (linked || (whole && error == EEXIST && read_file(path, secret))) return {};
  errno = error;
  return system_error(path);
}

bool encrypt(const Secret::Key& key, std::string_view plain, std::string& out) {
  out.assign(kNonce + plain.size() + kTag, '\0');
  unsigned char* nonce = bytes_of(out);
  unsigned char* text = nonce + kNonce;
  if (RAND_bytes(nonce, kNonce) != 1) return false;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  return cipher &&
         EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce) == 1 &&
         EVP_EncryptUpdate(cipher.get(), text, &size, bytes_of(plain),
                           static_cast<int>(plain.size())) == 1 &&
         EVP_EncryptFinal_ex(cipher.get(), text + size, &size) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, text + plain.size()) == 1;
}

bool decrypt(const Secret::Key& key, std::string_view sealed, std::string& out) {
  if (sealed.size() < kNonce + kTag) return false;
  const std::string_view text = sealed.substr(kNonce, sealed.size() - kNonce - kTag);
  std::string tag(sealed.substr(sealed.size() - kTag));
  out.assign(text.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  return cipher &&
         EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                            bytes_of(sealed)) == 1 &&
         EVP_DecryptUpdate(cipher.get(), bytes_of(out), &size, bytes_of(text),
                           static_cast<int>(text.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
         EVP_DecryptFinal_ex(cipher.get(), bytes_of(out) + size, &size) == 1;
}

}  // namespace

std::string base64url(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 3);
  unsigned bits = 0, held = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) out.push_back(kDigits[held >> (bits -= 6) & 63]);
  }
  if (bits > 0) out.push_back(kDigits[held << (6 - bits) & 63]);
  return out;
}

bool from_base64url(std::string_view text, std::string& bytes) {
  bytes.clear();
  unsigned bits = 0, held = 0;
  for (const char c : text) {
    unsigned digit = 0;
    if (c >= 'A' && c <= 'Z')
      digit = static_cast<unsigned>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      digit = static_cast<unsigned>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      digit = static_cast<unsigned>(c - '0' + 52);
    else if (c == '-')
      digit = 62;
    else if (c == '_')
      digit = 63;
    else
      return false;
    held = (held << 6 | digit) & 0xFFFFFF;
    bits += 6;
    if (bits >= 8) bytes.push_back(static_cast<char>(held >> (bits -= 8) & 0xFF));
  }
  return bits < 6 && (held & ((1u << bits) - 1)) == 0;
}

std::string Secret::load(const std::string& directory) {
  if (const char* given = std::getenv("FLIN_SECRET"); given && *given) {
    bytes_ = given;
    return bytes_.size() >= 16
               ? ""
               : (bytes_.clear(),
                  "FLIN_SECRET has fewer than 16 characters; take at least 32 random ones");
  }
  const std::string folder = directory + "/.flin", path = folder + "/secret";
  if (read_file(path, bytes_)) {
    if (bytes_.size() >= 16) return {};
    bytes_.clear();
    return path + " holds fewer than 16 bytes; delete it to get a new one";
  }
  if (errno != ENOENT) return system_error(path);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_error(folder);
  std::string why = make_file(path, bytes_);
  if (!why.empty()) bytes_.clear();
  return why;
}

bool Secret::derive(std::string_view purpose, Key& out) const {
  const Derivation context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  std::size_t size = out.size();
  return context && EVP_PKEY_derive_init(context.get()) == 1 &&
         EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
         EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_of(bytes_),
                                    static_cast<int>(bytes_.size())) == 1 &&
         EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(purpose),
                                     static_cast<int>(purpose.size())) == 1 &&
         EVP_PKEY_derive(context.get(), out.data(), &size) == 1;
}

void Sealer::set_directory(std::string directory) {
  const std::lock_guard lock(mutex_);
  if (!secret_.loaded()) directory_ = std::move(directory);
}

bool Sealer::key_for(std::string_view purpose, Secret::Key& key, std::string& why) {
  const std::lock_guard lock(mutex_);
  if (!secret_.loaded()) {
    why = secret_.load(directory_);
    if (!why.empty()) return false;
  }
  if (purpose == kSidPurpose) {
    if (!sid_key_known_) sid_key_known_ = secret_.derive(purpose, sid_key_);
    key = sid_key_;
    return sid_key_known_;
  }
  if (last_purpose_ != purpose) {
    if (!secret_.derive(purpose, last_key_)) return false;
    last_purpose_ = purpose;
  }
  key = last_key_;
  return true;
}

Status Sealer::seal(Text purpose, Text plain, ITextSink& out) noexcept {
  Secret::Key key;
  std::string why, sealed;
  if (!key_for(purpose, key, why) || !encrypt(key, plain, sealed)) {
    why = "cannot seal: " + (why.empty() ? std::string("the cipher failed") : why);
    return host_->fail(code('R', 501), Text(std::string_view(why)));
  }
  const std::string text = base64url(sealed);
  out.text(Text(std::string_view(text)));
  return Status();
}

Status Sealer::open(Text purpose, Text sealed, ITextSink& out) noexcept {
  Secret::Key key;
  std::string why, bytes, plain;
  if (!key_for(purpose, key, why)) {
    why = "cannot open: " + (why.empty() ? std::string("the cipher failed") : why);
    return host_->fail(code('R', 501), Text(std::string_view(why)));
  }
  if (!from_base64url(sealed, bytes) || !decrypt(key, bytes, plain)) {
    return host_->fail(code('R', 403), "the token was not made here");
  }
  out.text(Text(std::string_view(plain)));
  return Status();
}

bool Sealer::sign(std::string_view id, std::string& signature) {
  Secret::Key key;
  std::string why;
  if (!key_for(kSidPurpose, key, why)) {
    host_->log(3, Text(std::string_view("no signature for flin_sid: " + why)));
    return false;
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(id), id.size(), digest,
            &size))
    return false;
  signature = base64url({reinterpret_cast<const char*>(digest), size});
  return true;
}

std::string Sealer::make_sid() {
  std::string random(kSidBytes, '\0'), signature;
  if (RAND_bytes(bytes_of(random), kSidBytes) != 1) return {};
  const std::string id = base64url(random);
  return sign(id, signature) ? id + "." + signature : std::string();
}

bool Sealer::check_sid(std::string_view sid) {
  const std::size_t dot = sid.find('.');
  if (dot == std::string_view::npos || dot != 22) return false;
  std::string signature;
  if (!sign(sid.substr(0, dot), signature)) return false;
  const std::string_view given = sid.substr(dot + 1);
  return given.size() == signature.size() &&
         CRYPTO_memcmp(given.data(), signature.data(), given.size()) == 0;
}

}  // namespace flin::http
