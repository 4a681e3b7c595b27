// The library async_tls.so: Poco NetSSL behind one function, opened at first use (A 16).
#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <mutex>
#include <string>

namespace {

using Poco::Net::Context;

// One for all connections: authorities of the system, peers have to prove their name.
Context::Ptr client_context() {
  static std::mutex lock;  // guards context
  static Context::Ptr context;
  const std::lock_guard guard(lock);
  if (context.isNull()) {
    Poco::Net::initializeSSL();
    context = new Context(Context::TLS_CLIENT_USE, "", Context::VERIFY_STRICT, 9, true,
                          "HIGH:!aNULL:!eNULL:!MD5:!RC4");
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
  }
  return context;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void flin_async_tls_connect(
    Poco::Net::StreamSocket& socket, const char* host, std::string& why) {
  try {
    socket = Poco::Net::SecureStreamSocket::attach(socket, host, client_context());
  } catch (const Poco::Exception& e) {
    why = "TLS with " + std::string(host) + ": " + e.displayText();
  }
}
