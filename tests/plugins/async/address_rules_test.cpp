// Which addresses programs may ask.
#include "address_rules.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>

namespace flin::async::tests {
namespace {

Address parse(const char* text) {
  Address out;
  out.is_v6 = std::string_view(text).find(':') != std::string_view::npos;
  EXPECT_EQ(inet_pton(out.is_v6 ? AF_INET6 : AF_INET, text, out.bytes.data()), 1) << text;
  return out;
}

TEST(AddressRules, LetPublicAddressesThrough) {
  for (const char* address :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.0.1", "192.169.0.1",
        "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
        "2002:0101:0101::1"})
    EXPECT_TRUE(is_public(parse(address))) << address;
}

TEST(AddressRules, KeepLoopbackPrivateAndReservedOnesAway) {
  for (const char* address :
       {"0.0.0.0",         "0.1.2.3",        "10.0.0.0",        "10.255.255.255",  "100.64.0.0",
        "100.127.255.255", "127.0.0.1",      "127.255.255.255", "169.254.169.254", "172.16.0.0",
        "172.31.255.255",  "192.0.0.1",      "192.0.2.1",       "192.88.99.1",     "192.168.0.1",
        "198.18.0.1",      "198.19.255.255", "198.51.100.1",    "203.0.113.1",     "224.0.0.1",
        "239.255.255.255", "240.0.0.1",      "255.255.255.255"})
    EXPECT_FALSE(is_public(parse(address))) << address;
}

TEST(AddressRules, KeepIPv6AddressesAwayThatAreOrCarrySuchOnes) {
  for (const char* address :
       {"::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
        "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "2001::1",  // Teredo
        "2002:7f00:0001::1", "2002:0a00:0001::1", "2002:c0a8:0001::1", "3fff::1", "5f00::1"})
    EXPECT_FALSE(is_public(parse(address))) << address;
}

TEST(AllowedHosts, AreNamesAddressesAndPorts) {
  const AllowedHosts hosts(" localhost , 127.0.0.1:8080,Api.Internal,::1");
  EXPECT_TRUE(hosts.has("localhost", 80));
  EXPECT_TRUE(hosts.has("LOCALHOST", 81));
  EXPECT_TRUE(hosts.has("127.0.0.1", 8080));
  EXPECT_FALSE(hosts.has("127.0.0.1", 80));
  EXPECT_TRUE(hosts.has("api.internal", 443));
  EXPECT_TRUE(hosts.has("::1", 80));
  EXPECT_FALSE(hosts.has("evil-localhost", 80));
  EXPECT_FALSE(AllowedHosts("").has("", 80));
  EXPECT_TRUE(AllowedHosts("*").has("anything", 1));
}

}  // namespace
}  // namespace flin::async::tests
