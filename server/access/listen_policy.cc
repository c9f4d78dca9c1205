#include "server/access/listen_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

// "127.0.0.1" of "127.0.0.1:80", "::1" of "[::1]:80".
std::string HostOf(absl::string_view address) {
  absl::string_view host = address.substr(0, address.rfind(':'));
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) host = host.substr(1, host.size() - 2);
  return std::string(host);
}

absl::Status Refusal(absl::string_view flag, absl::string_view address, absl::string_view need) {
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, " ", address, ": others than this machine could reach it, which needs ", need,
                   ", or --insecure-listen where something else keeps strangers away"));
}

}  // namespace

bool IsLoopback(absl::string_view address) {
  if (absl::StartsWith(address, "unix:") || absl::StartsWith(address, "unix-abstract:")) return true;
  const std::string host = HostOf(address);
  if (host == "localhost") return true;
  in_addr ipv4 = {};
  if (inet_pton(AF_INET, host.c_str(), &ipv4) == 1) return (ntohl(ipv4.s_addr) >> 24) == 127;
  in6_addr ipv6 = {};
  return inet_pton(AF_INET6, host.c_str(), &ipv6) == 1 && IN6_IS_ADDR_LOOPBACK(&ipv6);
}

absl::Status CheckListenPolicy(const ListenPolicy& policy) {
  if (policy.insecure_listen) return absl::OkStatus();
  if (!IsLoopback(policy.grpc_address) && !(policy.has_api_keys && policy.has_tls)) {
    return Refusal("grpc-address", policy.grpc_address, "--api-keys and --tls-certificate");
  }
  if (!IsLoopback(policy.http_address)) {
    return Refusal("http-address", policy.http_address, "a proxy with TLS in front of a loopback address");
  }
  return absl::OkStatus();
}

}  // namespace ridgeline
