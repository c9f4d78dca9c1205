#ifndef RIDGELINE_CORE_MODEL_STRICT_JSON_H_
#define RIDGELINE_CORE_MODEL_STRICT_JSON_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace ridgeline {

/// The JSON object in `text`, which may come from anywhere. kDataLoss saying why when it is not valid JSON or
/// no object, an object has a name twice, or it nests deeper than our files ever do. Callers bound the size
/// of `text`.
absl::StatusOr<nlohmann::json> ParseStrictJsonObject(absl::string_view text);

/// Reads the members of a JSON object into variables and keeps the first complaint, so that a long list of
/// fields needs one check. Thread-compatible; the object must outlive it.
class JsonFieldReader {
 public:
  /// `object` is a JSON object; `path` precedes the names of its members in messages, e.g.
  /// "hyperparameters.".
  explicit JsonFieldReader(const nlohmann::json& object, std::string path = "")
      : object_(object), path_(std::move(path)) {}

  /// Sets `*value` to the member `name`. Left alone, with a complaint, when it is absent, of another type or
  /// out of the type's range.
  void Read(const char* name, std::string* value);
  void Read(const char* name, bool* value);
  void Read(const char* name, double* value);
  void Read(const char* name, int* value);
  void Read(const char* name, int64_t* value);
  void Read(const char* name, uint64_t* value);
  void Read(const char* name, std::vector<int64_t>* value);
  void Read(const char* name, std::map<std::string, double>* value);

  /// The member `name`, an object; an empty object, with a complaint, otherwise.
  const nlohmann::json& Object(const char* name);

  /// Adds a complaint about the member `name`.
  void Complain(absl::string_view name, absl::string_view problem);

  /// OK, or kDataLoss with the first complaint.
  const absl::Status& status() const { return status_; }

 private:
  // The member when it is there and `is_type`, else null with a complaint.
  const nlohmann::json* Find(const char* name, bool (nlohmann::json::*is_type)() const noexcept,
                             absl::string_view type);

  const nlohmann::json& object_;
  const std::string path_;
  const nlohmann::json empty_ = nlohmann::json::object();
  absl::Status status_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_MODEL_STRICT_JSON_H_
