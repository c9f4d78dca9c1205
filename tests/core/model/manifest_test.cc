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
                                               {{"\"format_version\": 1", "\"format_version\": 2"}});
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

TEST(Manifest, BlanksDoNotMatter) {
  std::string text = FormatManifest(SmallManifest()).value();
  text = absl::StrReplaceAll(text, {{"\n", "\n\t "}});
  EXPECT_TRUE(ParseManifest(text).ok());
}

}  // namespace
}  // namespace ridgeline
