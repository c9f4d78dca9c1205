#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/backup/backup_manifest.h"
#include "client/backup/backup_writer.h"
#include "client/cli/commands.h"
#include "client/cli/format.h"
#include "client/cli/progress.h"

namespace ridgeline {
namespace {

constexpr char kBackupExamples[] =
    "ridgeline backup /var/backups/ridgeline/$(date +%F)\n"
    "ridgeline backup monday --api-key-file admin.key --json | jq .create_time\n"
    "ridgeline restore monday /var/lib/ridgeline     # offline, before a server is started there";

absl::Status Receive(BackupWriter& writer, Session& session) {
  std::optional<Progress> progress;
  return session.client.CreateBackup({}, [&](const v1::CreateBackupResponse& message) {
    absl::Status added = writer.Add(message);
    if (!progress.has_value()) progress.emplace(session.output, writer.total_bytes(), absl::Now);
    progress->Update(writer.written_bytes());
    return added;
  });
}

absl::Status Backup(const std::string& directory, Session& session) {
  const absl::StatusOr<std::unique_ptr<BackupWriter>> writer = BackupWriter::Create(directory);
  if (!writer.ok()) return writer.status();
  absl::Status received = Receive(**writer, session);
  if (!received.ok()) return received;
  const absl::StatusOr<v1::BackupManifest> manifest = (*writer)->Finish();
  if (!manifest.ok()) return manifest.status();
  if (session.output.json()) return session.output.PrintJson(*manifest), absl::OkStatus();
  session.output.PrintLine(absl::StrCat("backed up ", FormatCount(manifest->files_size(), "file", "files"),
                                        " of ", FormatCount(TotalBytes(*manifest), "byte", "bytes"), " to ",
                                        directory));
  return absl::OkStatus();
}

}  // namespace

void AddBackupCommand(CommandScope scope) {
  auto directory = std::make_shared<std::string>();
  CLI::App& command =
      AddCommand(scope, "backup", "Copy all that the server keeps into a new folder, while it goes on",
                 kBackupExamples, [directory](Session& session) { return Backup(*directory, session); });
  command
      .add_option("DIRECTORY", *directory,
                  "The folder; called DIRECTORY.partial until it is complete, which a later run replaces")
      ->required();
}

}  // namespace ridgeline
