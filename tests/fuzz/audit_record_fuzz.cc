#include <google/protobuf/stubs/logging.h>
#include <grpcpp/support/byte_buffer.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/clock.h"
#include "core/base/utf8.h"
#include "server/access/audit_log.h"
#include "server/access/audit_target.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/rpc_methods.h"

namespace ridgeline {
namespace {

// Texts of a request in an audit record are cut, and a byte that is not UTF-8 takes three.
void CheckFields(const nlohmann::json& fields) {
  Require(fields.is_object(), "a record has the fields of a request");
  for (const auto& [name, value] : fields.items()) {
    Require(!value.is_structured(), "no message within a request is repeated");
    Require(!value.is_string() || value.get_ref<const std::string&>().size() <= 3 * kMaxAuditedText,
            absl::StrCat(name, " is cut"));
  }
}

// Whatever a client sends: one line, of JSON, that says who it was, and nothing that they could have forged.
void CheckLine(const std::string& line, const std::string& method) {
  const bool breaks = std::any_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < ' '; });
  Require(!breaks && IsValidUtf8(line), "a record is one line of text");
  const nlohmann::json record = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  Require(record.is_object() && record.size() == 11, "a record is an object of JSON");
  Require(record["event"] == "audit" && record["client"] == "shop" && record["peer"] == "ipv4:10.0.0.7:51312",
          "a record says who it was");
  Require(!IsValidUtf8(method) || record["method"] == method, "a record says what it was");
  CheckFields(record["request"]);
  CheckFields(record["response"]);
}

// What an audit log tells of any bytes that came as request and answer of a call, or as the path of one.
RIDGELINE_FUZZ_TARGET(audit_record) {
  static const auto& methods = *new auto(RpcMethods());
  static const ManualClock& clock = *new ManualClock(absl::FromUnixSeconds(1'700'000'000));
  google::protobuf::SetLogHandler(nullptr);
  InputCutter cutter(input);
  const std::string path = PathOf(*methods[cutter.TakeBelow(static_cast<int>(methods.size()))]);
  const bool is_http = cutter.TakeBool();
  const grpc::Slice slice(cutter.rest().data(), cutter.rest().size());
  const grpc::ByteBuffer bytes(&slice, 1);
  AuditRecord record;
  record.method = is_http ? std::string(cutter.rest()) : path;
  record.client = "shop";
  record.peer = "ipv4:10.0.0.7:51312";
  record.outcome = absl::InvalidArgumentError(cutter.rest());
  record.request = AuditedRequest(path, bytes);
  record.response = AuditedResponse(path, bytes);
  std::string line;
  AuditLog([&line](const std::string& text) { return line += text, true; }, &clock).Write(record);
  CheckLine(line, record.method);
}

}  // namespace
}  // namespace ridgeline
