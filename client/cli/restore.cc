#include "client/backup/restore.h"

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/backup/backup_manifest.h"
#include "client/cli/commands.h"
#include "client/cli/exit_code.h"
#include "client/cli/format.h"
#include "client/cli/progress.h"

namespace ridgeline {
namespace {

constexpr char kRestoreExamples[] =
    "ridgeline restore monday /var/lib/ridgeline && ridgeline-server --data-dir /var/lib/ridgeline\n"
    "ridgeline restore monday --verify               # only look whether it is whole";

struct RestoreFlags {
  std::string directory;
  std::string data_dir;
  bool verify = false;
};

absl::Status Restore(const RestoreFlags& flags, Session& session) {
  if (!flags.verify && flags.data_dir.empty()) return UsageError("DATA_DIR is required");
  std::optional<Progress> progress;
  const auto on_progress = [&](int64_t done, int64_t total) {
    if (!progress.has_value()) progress.emplace(session.output, total, absl::Now);
    progress->Update(done);
  };
  const absl::StatusOr<v1::BackupManifest> manifest =
      flags.verify ? VerifyBackup(flags.directory, on_progress)
                   : RestoreBackup(flags.directory, flags.data_dir, on_progress);
  if (!manifest.ok()) return manifest.status();
  if (session.output.json()) return session.output.PrintJson(*manifest), absl::OkStatus();
  session.output.PrintLine(absl::StrCat(
      flags.verify ? "verified " : "restored ", FormatCount(manifest->files_size(), "file", "files"), " of ",
      FormatCount(TotalBytes(*manifest), "byte", "bytes"), ", as of ",
      FormatTimestamp(manifest->create_time()), flags.verify ? "" : ", to ", flags.data_dir));
  return absl::OkStatus();
}

}  // namespace

void AddRestoreCommand(CommandScope scope) {
  auto flags = std::make_shared<RestoreFlags>();
  CLI::App& command = AddCommand(
      scope, "restore", "Make a data folder of a backup, for a server to be started on; asks no server",
      kRestoreExamples, [flags](Session& session) { return Restore(*flags, session); });
  command.add_option("DIRECTORY", flags->directory, "The backup; every file is verified first")->required();
  CLI::Option* data_dir =
      command.add_option("DATA_DIR", flags->data_dir,
                         "The data folder: absent or empty; called DATA_DIR.partial until it is complete");
  CLI::Option* verify = command.add_flag("--verify", flags->verify, "Only verify the backup");
  verify->excludes(data_dir);
}

}  // namespace ridgeline
