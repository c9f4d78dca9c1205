#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/key_file.h"

namespace ridgeline {
namespace {

constexpr char kCreateExamples[] =
    "ridgeline keys create --name shop --role reader --role writer\n"
    "ridgeline keys create --name nightly --role trainer --append keys.jsonl > nightly.key";

constexpr int kKeyBytes = 32;
// Lets tools that look for leaked secrets know one.
constexpr char kKeyPrefix[] = "rk_";

struct CreateFlags {
  std::string name;
  std::vector<std::string> roles;
  std::string append;
};

absl::StatusOr<std::string> RandomKey() {
  std::array<unsigned char, kKeyBytes> bytes = {};
  if (RAND_bytes(bytes.data(), kKeyBytes) != 1) {
    return absl::InternalError("the system has no random bytes");
  }
  const std::string text =
      absl::WebSafeBase64Escape(absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return absl::StrCat(kKeyPrefix, text);
}

std::string HexSha256(const std::string& text) {
  std::array<unsigned char, 32> digest = {};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

// The line of the server's file. Names and roles have been checked to need no escapes.
std::string LineOf(const CreateFlags& flags, const std::string& key) {
  return absl::StrCat(R"({"name": ")", flags.name, R"(", "roles": [")", absl::StrJoin(flags.roles, R"(", ")"),
                      R"("], "sha256": ")", HexSha256(key), R"("})");
}

absl::Status CreateKey(const CreateFlags& flags, Session& session) {
  const absl::StatusOr<std::string> key = RandomKey();
  if (!key.ok()) return key.status();
  const std::string line = LineOf(flags, *key);
  if (!flags.append.empty()) {
    const absl::Status appended = AppendKey(flags.append, flags.name, line);
    if (!appended.ok()) return absl::Status(appended.code(), absl::StrCat("--append ", appended.message()));
    session.output.PrintLine(*key);
  } else if (session.output.json()) {
    session.output.PrintLine(absl::StrCat(R"({"key": ")", *key, R"(", "line": )", line, "}"));
  } else {
    session.output.PrintLine("API key for the client, shown only now:");
    session.output.PrintLine(*key);
    session.output.PrintLine("Line for the server's --api-keys file:");
    session.output.PrintLine(line);
  }
  return absl::OkStatus();
}

std::string CheckName(const std::string& name) {
  const bool fits =
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
      std::string::npos;
  if (fits && !name.empty() && name.size() <= 64) return "";
  return "a name has 1 to 64 letters, digits, '.', '_' or '-'";
}

}  // namespace

void AddKeysCommands(CommandScope scope) {
  const CommandScope keys = AddCommandGroup(scope, "keys", "API keys for the server's --api-keys file");
  auto flags = std::make_shared<CreateFlags>();
  CLI::App& create = AddCommand(
      keys, "create", "Make an API key and the line of the server's file that lets it in; asks no server",
      kCreateExamples, [flags](Session& session) { return CreateKey(*flags, session); });
  create.add_option("--name", flags->name, "What the server's logs call the client")
      ->required()
      ->check(CheckName, "NAME")
      ->type_name("");
  create.add_option("--role", flags->roles, "What it may do; may be given several times")
      ->required()
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"reader", "writer", "trainer", "admin"}))
      ->type_name("");
  create
      .add_option("--append", flags->append,
                  "Append the line to this file, unless it has the name already, and print the key alone")
      ->type_name("FILE");
}

}  // namespace ridgeline
