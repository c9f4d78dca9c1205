#include "core/model/manifest.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Manifest SmallManifest() {
  Manifest manifest;
  manifest.info = SmallModelInfo();
  manifest.info.hyperparameters.confidence_form = ConfidenceForm::kHu;
  manifest.info.hyperparameters.regularization = 1e-7;
  manifest.info.users = 2;
  manifest.info.items = 3;
  manifest.global_mean = 0.1;
  manifest.factors_bytes = 123;
  manifest.factors_checksum = 0xfedcba9876543210u;
  return manifest;
}

TEST(Manifest, WhatIsWrittenReadsBack) {
  const std::string text = FormatManifest(SmallManifest()).value();
  const Manifest read = ParseManifest(text).value();
  EXPECT_EQ(FormatManifest(read).value(), text);
  EXPECT_EQ(read.info.seed, SmallModelInfo().seed);
  EXPECT_EQ(read.info.create_time, SmallModelInfo().create_time);
  EXPECT_EQ(read.info.metrics, SmallModelInfo().metrics);
  EXPECT_EQ(read.info.hyperparameters.confidence_form, ConfidenceForm::kHu);
  EXPECT_EQ(read.info.hyperparameters.regularization, 1e-7);
  EXPECT_EQ(read.global_mean, 0.1);
  EXPECT_EQ(read.factors_checksum, 0xfedcba9876543210u);
}

TEST(Manifest, OptionsOfVersion2ReadBack) {
  Manifest manifest = SmallManifest();
  Hyperparameters& h = manifest.info.hyperparameters;
  h = DefaultHyperparameters(Feedback::kImplicit);
  h.confidence_scaling = ConfidenceScaling::kLog;
  h.confidence_epsilon = 0.1;
  h.implicit_biases = true;
  h.event_weight = {{{"click", 0.25}, {"käufe", 3.0}}, 7.5, 1'700'000'000'123'456};
  h.non_negative = true;
  const std::string text = FormatManifest(manifest).value();
  EXPECT_THAT(text, HasSubstr("\"format_version\": 2"));
  EXPECT_THAT(text, HasSubstr("\"decay_reference_time\": \"2023-11-14T22:13:20.123456+00:00\""));
  const Hyperparameters read = ParseManifest(text).value().info.hyperparameters;
  EXPECT_EQ(read.confidence_scaling, ConfidenceScaling::kLog);
  EXPECT_EQ(read.confidence_epsilon, 0.1);
  EXPECT_TRUE(read.implicit_biases);
  EXPECT_EQ(read.event_weight.type_factors, h.event_weight.type_factors);
  EXPECT_EQ(read.event_weight.half_life_days, 7.5);
  EXPECT_EQ(read.event_weight.reference_time, h.event_weight.reference_time);
  EXPECT_TRUE(read.non_negative);
}

TEST(Manifest, IsOfVersion3OnlyWhereItemsWerePlaced) {
  Manifest manifest = SmallManifest();
  manifest.info.placed_items = 1;
  const std::string text = FormatManifest(manifest).value();
  EXPECT_THAT(text, HasSubstr("\"format_version\": 3"));
  EXPECT_EQ(ParseManifest(text).value().info.placed_items, 1);
  EXPECT_EQ(ParseManifest(FormatManifest(SmallManifest()).value()).value().info.placed_items, 0);
}

TEST(Manifest, IsOfVersion4OnlyWhereTheModelWasHeldBack) {
  Manifest manifest = SmallManifest();
  manifest.info.held_back = "worse than the live model: ndcg@20 .1 against .2";
  manifest.info.placed_items = 1;
  const std::string text = FormatManifest(manifest).value();
  EXPECT_THAT(text, HasSubstr("\"format_version\": 4"));
  EXPECT_EQ(ParseManifest(text).value().info.held_back, manifest.info.held_back);
  EXPECT_EQ(ParseManifest(text).value().info.placed_items, 1);
  EXPECT_EQ(ParseManifest(FormatManifest(SmallManifest()).value()).value().info.held_back, "");
  manifest.info.held_back = "\xff";
  EXPECT_THAT(std::string(FormatManifest(manifest).status().message()), StartsWith("held_back:"));
}

TEST(Manifest, IsOfVersion1WithoutTheOptionsOfVersion2WhichThenAreTheDefaults) {
  const std::string text = FormatManifest(SmallManifest()).value();
  EXPECT_THAT(text, HasSubstr("\"format_version\": 1"));
  const Hyperparameters read = ParseManifest(text).value().info.hyperparameters;
  EXPECT_EQ(read.confidence_scaling, ConfidenceScaling::kLinear);
  EXPECT_FALSE(read.implicit_biases);
  EXPECT_FALSE(read.non_negative);
  EXPECT_TRUE(read.event_weight.IsNeutral());
}

TEST(Manifest, RefusesToWriteWhatItCouldNotRead) {
  Manifest manifest = SmallManifest();
  manifest.info.metrics["bad"] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(std::string(FormatManifest(manifest).status().message()), StartsWith("metrics:"));
  manifest = SmallManifest();
  manifest.info.algorithm = std::string("\xff");
  EXPECT_THAT(std::string(FormatManifest(manifest).status().message()), StartsWith("algorithm:"));
  manifest = SmallManifest();
  for (int i = 0; i < 100'000; ++i) manifest.info.metrics[absl::StrCat("metric", i)] = i;
  EXPECT_THAT(std::string(FormatManifest(manifest).status().message()), StartsWith("metrics:"));
}

TEST(Manifest, ManifestsOfNewerReleasesAreToldFromDamage) {
  const std::string text = absl::StrReplaceAll(FormatManifest(SmallManifest()).value(),
                                               {{"\"format_version\": 1", "\"format_version\": 5"}});
  EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Manifest, ChangedNumbersAreFoundByTheChecksum) {
  const std::string text =
      absl::StrReplaceAll(FormatManifest(SmallManifest()).value(), {{"\"users\": 2", "\"users\": 3"}});
  EXPECT_THAT(std::string(ParseManifest(text).status().message()), HasSubstr("checksum"));
}

TEST(Manifest, OtherJsonIsRefused) {
  for (const char* text :
       {"", "{}", "[]", R"({"format":"ridgeline-model"})", R"({"format":1,"format_version":1})",
        R"({"format":"ridgeline-model","format_version":0})",
        R"({"format":"ridgeline-model","format_version":1.5})",
        R"({"format":"else","format_version":1,"xxh3_64":""})"}) {
    EXPECT_EQ(ParseManifest(text).status().code(), absl::StatusCode::kDataLoss) << text;
  }
  EXPECT_EQ(ParseManifest(std::string(kMaxManifestBytes + 1, ' ')).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(Manifest, OneSpelledOtherwiseIsRefused) {
  const std::string text = FormatManifest(SmallManifest()).value();
  ASSERT_THAT(text, HasSubstr("1e-07"));
  for (const auto& [from, to] :
       {std::pair("\n", "\n\t "), {"1e-07", "1E-07"}, {"0.1,", "0.10,"}, {"als", "\\u0061ls"}}) {
    const absl::Status status = ParseManifest(absl::StrReplaceAll(text, {{from, to}})).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << from;
    EXPECT_THAT(std::string(status.message()), HasSubstr("spelled")) << from;
  }
}

}  // namespace
}  // namespace ridgeline
