#include "core/model/experiment.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/model/strict_json.h"

namespace ridgeline {
namespace {

constexpr char kExperimentFormat[] = "ridgeline-experiment";
constexpr size_t kMaxIdBytes = 64;
constexpr size_t kMaxTextBytes = 4'096;

bool IsId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes) return false;
  for (const char c : id) {
    if (!absl::ascii_isalnum(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

}  // namespace

Arm ArmOf(const Experiment& experiment, absl::string_view user_id) {
  // No id holds the separator, so that no two pairs are the same text.
  const uint64_t hash = Checksum64({experiment.id, "/", user_id});
  const double place = static_cast<double>(hash >> 11) * 0x1p-53;
  return place < experiment.share ? Arm::kCandidate : Arm::kLive;
}

absl::Status ValidateExperiment(const Experiment& experiment) {
  if (!IsId(experiment.id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("id: must be 1 to ", kMaxIdBytes, " of A-Z, a-z, 0-9, '.', '_' and '-'"));
  }
  if (!(experiment.share > 0.0 && experiment.share <= 1.0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("share: must be above 0 and at most 1, got ", experiment.share));
  }
  if (experiment.candidate_version != experiment.live_version) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("candidate_version: ", experiment.live_version, " is the live model already"));
}

std::string EncodeExperiment(const Experiment& experiment) {
  const nlohmann::json object = {{"format", kExperimentFormat},
                                 {"id", experiment.id},
                                 {"live_version", experiment.live_version},
                                 {"candidate_version", experiment.candidate_version},
                                 {"share", experiment.share},
                                 {"start_time_micros", absl::ToUnixMicros(experiment.start_time)}};
  return absl::StrCat(object.dump(2), "\n");
}

absl::StatusOr<Experiment> ParseExperiment(absl::string_view text) {
  if (text.size() > kMaxTextBytes) return absl::DataLossError("is too long");
  RIDGELINE_ASSIGN_OR_RETURN(const nlohmann::json object, ParseStrictJsonObject(text));
  JsonFieldReader reader(object);
  Experiment experiment;
  std::string format;
  int64_t start_time_micros = 0;
  reader.Read("format", &format);
  if (format != kExperimentFormat) reader.Complain("format", "is not that of an experiment");
  reader.Read("id", &experiment.id);
  reader.Read("live_version", &experiment.live_version);
  reader.Read("candidate_version", &experiment.candidate_version);
  reader.Read("share", &experiment.share);
  reader.Read("start_time_micros", &start_time_micros);
  RIDGELINE_RETURN_IF_ERROR(reader.status());
  experiment.start_time = absl::FromUnixMicros(start_time_micros);
  const absl::Status valid = ValidateExperiment(experiment);
  if (!valid.ok()) return absl::DataLossError(valid.message());
  return experiment;
}

}  // namespace ridgeline
