#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/model/model_store.h"
#include "tests/core/model/small_model.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

// The number of a version's name, 0 for any other text: "v", then six digits, or more without a leading 0, up
// to 18, so that there is always a next number.
int64_t NumberOf(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, "v") || name.size() < 6 || name.size() > 18) return 0;
  if (name.size() > 6 && name[0] == '0') return 0;
  int64_t number = 0;
  return std::all_of(name.begin(), name.end(), absl::ascii_isdigit) && absl::SimpleAtoi(name, &number)
             ? number
             : 0;
}

// Whether a folder can have this name beside the store's own files and what these are called when they are
// new.
bool IsFolderName(absl::string_view name) {
  for (const char* own : {"LIVE", "LOCK", "EXPERIMENT"}) {
    if (absl::StartsWith(name, own)) return false;
  }
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(absl::string_view("/\0", 2)) == absl::string_view::npos;
}

// What LIVE may say, and nothing is done on what it may not say.
std::string CheckLive(ModelStore& store, absl::string_view live_file, const std::string& folder) {
  const absl::StatusOr<std::string> live = store.LiveVersion();
  const absl::string_view name = absl::StripSuffix(live_file, "\n");
  Require(live.ok() == (NumberOf(name) > 0), "LIVE is the name of a version or damaged");
  Require(live.ok() ? *live == name : absl::IsDataLoss(live.status()), "LIVE is read as it stands there");
  RequireExplained(live.status());
  const absl::Status loaded = store.Load(std::string(name)).status();
  Require(NumberOf(folder) > 0 && folder == name ? absl::IsDataLoss(loaded) : absl::IsNotFound(loaded),
          "no file of anything but a version is read");
  const auto experiment = store.CurrentExperiment();
  Require(experiment.ok() && !experiment->has_value(), "there is no experiment");
  Require(store.Prune(1).ok() == live.ok(), "nothing is removed while it is not known what is live");
  return live.value_or("");
}

// A new version has a number of its own, and goes live whatever was there.
void CheckPublishing(ModelStore& store, int64_t newest, const std::string& live) {
  constexpr int64_t kLast = 999'999'999'999'999'999;
  static const auto& model = *new std::shared_ptr<const FactorModel>(SmallModel());
  const absl::StatusOr<ModelInfo> info = store.Publish(*model, SmallModelInfo());
  RequireExplained(info.status());
  Require(info.ok() == (newest < kLast), "a model is published as long as there is a number for it");
  Require(store.LiveVersion().value_or("") == live, "what is published is not live yet");
  if (!info.ok()) return;
  Require(NumberOf(info->version) > newest, "no number is used twice");
  Require(store.Load(info->version).ok() && store.List()->size() == 1, "what is published is found");
  Require(store.SetLive(info->version).ok() && store.LiveVersion().value_or("") == info->version,
          "what is published can go live");
}

// A store with any bytes as its LIVE and a folder of any name: what was read of them, and that it goes on.
RIDGELINE_FUZZ_TARGET(model_store) {
  const TempDir directory;
  InputCutter cutter(input);
  const bool publishes = cutter.TakeBool();  // not always: it takes most of the time
  const std::string folder(cutter.TakeText(64));
  const std::string live_file(cutter.rest());
  directory.Write("LIVE", live_file);
  const bool has_folder = IsFolderName(folder);
  if (has_folder) std::filesystem::create_directory(directory.File(folder));
  const auto store = ModelStore::Open(directory.path());
  Require(store.ok(), "a damaged LIVE is no reason not to open");
  const std::string live = CheckLive(**store, live_file, has_folder ? folder : "");
  Require(!has_folder || std::filesystem::exists(directory.File(folder)) != absl::StartsWith(folder, "tmp."),
          "just what was never finished is removed");
  if (publishes) CheckPublishing(**store, std::max(NumberOf(live), has_folder ? NumberOf(folder) : 0), live);
}

}  // namespace
}  // namespace ridgeline
