#include "core/model/manifest.h"

#include <cmath>
#include <map>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/model/strict_json.h"

namespace ridgeline {
namespace {

using nlohmann::json;

constexpr char kModelFormat[] = "ridgeline-model";
constexpr int kFormatVersion = 4;
constexpr char kChecksumField[] = "xxh3_64";

std::string ToHex(uint64_t value) {
  return absl::StrFormat("%016x", value);
}

std::string ToText(absl::string_view name) {
  return std::string(name);
}

// Never fails: what is not UTF-8 is refused by ValidateTexts, and replaced for a checksum of damaged input.
std::string Dump(const json& document, int indent) {
  return document.dump(indent, ' ', false, json::error_handler_t::replace);
}

// A manifest has only ASCII names and numbers of ours beside these, so one flipped bit anywhere changes this.
std::string ManifestChecksum(const json& document) {
  return ToHex(Checksum64(Dump(document, -1)));
}

// Whether all that `h` says can be said in format version 1.
bool FitsVersion1(const Hyperparameters& h) {
  return h.confidence_scaling == ConfidenceScaling::kLinear && !h.implicit_biases && !h.non_negative &&
         h.event_weight.IsNeutral();
}

// The lowest format version that can say all of it.
int VersionOf(const ModelInfo& info) {
  if (!info.held_back.empty()) return 4;
  if (info.placed_items > 0) return 3;
  return FitsVersion1(info.hyperparameters) ? 1 : 2;
}

std::string ToText(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}

json HyperparametersToJson(const Hyperparameters& h, int version) {
  json object = {{"feedback", ToText(FeedbackName(h.feedback))},
                 {"factors", h.factors},
                 {"regularization", h.regularization},
                 {"bias_regularization", h.bias_regularization},
                 {"regularization_scaling", ToText(RegularizationScalingName(h.regularization_scaling))},
                 {"frequency_exponent", h.frequency_exponent},
                 {"unobserved_weight", h.unobserved_weight},
                 {"confidence_scale", h.confidence_scale},
                 {"confidence_form", ToText(ConfidenceFormName(h.confidence_form))}};
  if (version < 2) return object;
  object["confidence_scaling"] = ToText(ConfidenceScalingName(h.confidence_scaling));
  object["confidence_epsilon"] = h.confidence_epsilon;
  object["implicit_biases"] = h.implicit_biases;
  object["event_type_weights"] = json(h.event_weight.type_factors);
  object["half_life_days"] = h.event_weight.half_life_days;
  object["decay_reference_time"] = ToText(absl::FromUnixMicros(h.event_weight.reference_time));
  object["non_negative"] = h.non_negative;
  return object;
}

json ManifestToJson(const Manifest& manifest) {
  const ModelInfo& info = manifest.info;
  const int version = VersionOf(info);
  json object = {{"format", kModelFormat},
                 {"format_version", version},
                 {"version", info.version},
                 {"algorithm", info.algorithm},
                 {"create_time", ToText(info.create_time)},
                 {"hyperparameters", HyperparametersToJson(info.hyperparameters, version)},
                 {"global_mean", manifest.global_mean},
                 {"users", info.users},
                 {"items", info.items},
                 {"interactions", info.interactions},
                 {"trained_through_sequence", info.trained_through_sequence},
                 {"iterations", info.iterations},
                 {"seed", info.seed},
                 {"metrics", json(info.metrics)},
                 {"files",
                  {{kFactorsFileName,
                    {{"bytes", manifest.factors_bytes}, {"xxh3_64", ToHex(manifest.factors_checksum)}}}}}};
  if (version >= 3) object["placed_items"] = info.placed_items;
  if (version >= 4) object["held_back"] = info.held_back;
  return object;
}

bool IsUtf8(const std::string& text) {
  // The library's strict serializer would throw; its replacing one changes exactly the texts that are not
  // UTF-8.
  const json value = text;
  return json::parse(Dump(value, -1), nullptr, false) == value;
}

absl::Status ValidateInfo(const ModelInfo& info) {
  if (!IsUtf8(info.version)) return absl::InvalidArgumentError("version: is not UTF-8");
  if (!IsUtf8(info.algorithm)) return absl::InvalidArgumentError("algorithm: is not UTF-8");
  if (!IsUtf8(info.held_back)) return absl::InvalidArgumentError("held_back: is not UTF-8");
  for (const auto& [name, value] : info.metrics) {
    if (!IsUtf8(name)) return absl::InvalidArgumentError("metrics: a name is not UTF-8");
    if (!std::isfinite(value)) {
      return absl::InvalidArgumentError(absl::StrCat("metrics: ", name, " is not a finite number"));
    }
  }
  return absl::OkStatus();
}

// Sets `*value` to what `parse` makes of the text of member `name`.
template <typename T>
void ReadNamed(JsonFieldReader& reader, const char* name, absl::StatusOr<T> (*parse)(absl::string_view),
               T* value) {
  std::string text;
  reader.Read(name, &text);
  if (!reader.status().ok()) return;
  const absl::StatusOr<T> parsed = parse(text);
  if (!parsed.ok()) return reader.Complain(name, "has an unknown value");
  *value = *parsed;
}

void ReadTime(JsonFieldReader& reader, const char* name, absl::Time* time) {
  std::string text;
  std::string error;
  reader.Read(name, &text);
  if (reader.status().ok() && !absl::ParseTime(absl::RFC3339_full, text, time, &error)) {
    reader.Complain(name, "is not a time");
  }
}

// What format version 2 added.
void ReadVersion2(JsonFieldReader& reader, Hyperparameters* h) {
  absl::Time reference_time;
  ReadNamed(reader, "confidence_scaling", &ParseConfidenceScaling, &h->confidence_scaling);
  reader.Read("confidence_epsilon", &h->confidence_epsilon);
  reader.Read("implicit_biases", &h->implicit_biases);
  reader.Read("event_type_weights", &h->event_weight.type_factors);
  reader.Read("half_life_days", &h->event_weight.half_life_days);
  ReadTime(reader, "decay_reference_time", &reference_time);
  h->event_weight.reference_time = absl::ToUnixMicros(reference_time);
  reader.Read("non_negative", &h->non_negative);
}

absl::Status ReadHyperparameters(const json& object, int version, Hyperparameters* h) {
  JsonFieldReader reader(object, "hyperparameters.");
  ReadNamed(reader, "feedback", &ParseFeedback, &h->feedback);
  reader.Read("factors", &h->factors);
  reader.Read("regularization", &h->regularization);
  reader.Read("bias_regularization", &h->bias_regularization);
  ReadNamed(reader, "regularization_scaling", &ParseRegularizationScaling, &h->regularization_scaling);
  reader.Read("frequency_exponent", &h->frequency_exponent);
  reader.Read("unobserved_weight", &h->unobserved_weight);
  reader.Read("confidence_scale", &h->confidence_scale);
  ReadNamed(reader, "confidence_form", &ParseConfidenceForm, &h->confidence_form);
  if (version >= 2) ReadVersion2(reader, h);
  RIDGELINE_RETURN_IF_ERROR(reader.status());
  const absl::Status valid = ValidateHyperparameters(*h);
  return valid.ok() ? valid : absl::DataLossError(absl::StrCat("hyperparameters.", valid.message()));
}

absl::Status ReadMetrics(const json& object, std::map<std::string, double>* metrics) {
  for (const auto& [name, value] : object.items()) {
    if (!value.is_number())
      return absl::DataLossError(absl::StrCat("\"metrics.", name, "\" is not a number"));
    (*metrics)[name] = value.get<double>();
  }
  return absl::OkStatus();
}

void ReadHex(JsonFieldReader& reader, const char* name, uint64_t* value) {
  std::string text;
  reader.Read(name, &text);
  const bool is_hex = text.size() == 16 && absl::SimpleHexAtoi(text, value);
  if (!is_hex) reader.Complain(name, "is not 16 hex digits");
}

absl::Status ReadFiles(const json& files, Manifest* manifest) {
  JsonFieldReader file_reader(files, "files.");
  JsonFieldReader reader(file_reader.Object(kFactorsFileName), absl::StrCat("files.", kFactorsFileName, "."));
  RIDGELINE_RETURN_IF_ERROR(file_reader.status());
  reader.Read("bytes", &manifest->factors_bytes);
  ReadHex(reader, "xxh3_64", &manifest->factors_checksum);
  return reader.status();
}

// That `document` is a manifest of this format and whole; takes the checksum out of it.
absl::Status CheckFormat(json& document) {
  JsonFieldReader reader(document);
  std::string format;
  int version = 0;
  std::string checksum;
  reader.Read("format", &format);
  reader.Read("format_version", &version);
  RIDGELINE_RETURN_IF_ERROR(reader.status());
  if (format != kModelFormat) return absl::DataLossError("it is not a model's manifest");
  if (version > kFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "format version ", version, " is of a newer release; this one reads ", "up to ", kFormatVersion));
  }
  if (version < 1) reader.Complain("format_version", "is out of range");
  reader.Read(kChecksumField, &checksum);
  RIDGELINE_RETURN_IF_ERROR(reader.status());
  document.erase(kChecksumField);
  return checksum == ManifestChecksum(document) ? absl::OkStatus()
                                                : absl::DataLossError("its checksum does not match");
}

absl::StatusOr<Manifest> ReadManifest(const json& document) {
  Manifest manifest;
  ModelInfo& info = manifest.info;
  JsonFieldReader reader(document);
  int format_version = 0;
  reader.Read("format_version", &format_version);
  reader.Read("version", &info.version);
  reader.Read("algorithm", &info.algorithm);
  ReadTime(reader, "create_time", &info.create_time);
  reader.Read("global_mean", &manifest.global_mean);
  reader.Read("users", &info.users);
  reader.Read("items", &info.items);
  if (format_version >= 3) reader.Read("placed_items", &info.placed_items);
  if (format_version >= 4) reader.Read("held_back", &info.held_back);
  reader.Read("interactions", &info.interactions);
  reader.Read("trained_through_sequence", &info.trained_through_sequence);
  reader.Read("iterations", &info.iterations);
  reader.Read("seed", &info.seed);
  const json& hyperparameters = reader.Object("hyperparameters");
  const json& metrics = reader.Object("metrics");
  const json& files = reader.Object("files");
  RIDGELINE_RETURN_IF_ERROR(reader.status());
  RIDGELINE_RETURN_IF_ERROR(ReadHyperparameters(hyperparameters, format_version, &info.hyperparameters));
  RIDGELINE_RETURN_IF_ERROR(ReadMetrics(metrics, &info.metrics));
  RIDGELINE_RETURN_IF_ERROR(ReadFiles(files, &manifest));
  return manifest;
}

// That `text` is what FormatManifest makes of what was read: a flipped bit can change the spelling of a
// number alone, which the checksum of the document does not see, and a member too many says that something is
// wrong.
absl::Status CheckSpelling(const Manifest& manifest, absl::string_view text) {
  const absl::StatusOr<std::string> written = FormatManifest(manifest);
  if (!written.ok()) return absl::DataLossError(written.status().message());
  return *written == text ? absl::OkStatus() : absl::DataLossError("it is not spelled as it was written");
}

}  // namespace

absl::StatusOr<std::string> FormatManifest(const Manifest& manifest) {
  RIDGELINE_RETURN_IF_ERROR(ValidateInfo(manifest.info));
  json document = ManifestToJson(manifest);
  document[kChecksumField] = ManifestChecksum(document);
  std::string text = Dump(document, 2) + "\n";
  if (text.size() <= kMaxManifestBytes) return text;
  return absl::InvalidArgumentError(absl::StrCat("metrics: the manifest would have ", text.size(),
                                                 " bytes, at most ", kMaxManifestBytes, " are allowed"));
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view text) {
  if (text.size() > kMaxManifestBytes)
    return absl::DataLossError(absl::StrCat("it has ", text.size(), " bytes"));
  RIDGELINE_ASSIGN_OR_RETURN(json document, ParseStrictJsonObject(text));
  RIDGELINE_RETURN_IF_ERROR(CheckFormat(document));
  RIDGELINE_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(document));
  RIDGELINE_RETURN_IF_ERROR(CheckSpelling(manifest, text));
  return manifest;
}

}  // namespace ridgeline
