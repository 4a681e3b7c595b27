// TLS, opened at first use (A 16): a library of its own beside the plugin brings Poco NetSSL and
// OpenSSL, so that programs without https never load them.
#pragma once

#include <string>

namespace Poco {
class Timespan;
namespace Net {
class StreamSocket;
}
}  // namespace Poco

namespace flin::async {

// Wraps a connected socket: handshake with certificate and name of the peer checked against the
// authorities of the system (and SSL_CERT_FILE, SSL_CERT_DIR). "" or what went wrong.
using TlsConnect = void (*)(Poco::Net::StreamSocket& socket, const char* host, std::string& why);

// Loads the library; null with `why` set when it cannot be had. [any-thread]
TlsConnect load_tls(std::string& why);

}  // namespace flin::async
