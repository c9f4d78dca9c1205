#include "core/model/model_file.h"

#include <filesystem>
#include <functional>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/model/manifest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/core/model/small_model.h"
#include "tests/support/temp_dir.h"

namespace ridgeline {
namespace {

using testing::HasSubstr;

class ModelFileTest : public testing::Test {
 protected:
  std::string Path(const std::string& file) const { return directory_ + "/" + file; }
  std::string Content(const std::string& file) const { return ReadFile(Path(file)).value(); }
  void SetContent(const std::string& file, absl::string_view bytes) {
    ASSERT_TRUE(WriteFileDurably(Path(file), {bytes}).ok());
  }

  void WriteSmallModel() {
    const absl::Status written = WriteModelFiles(directory_, *SmallModel(), SmallModelInfo());
    ASSERT_TRUE(written.ok()) << written;
  }

  // The read model written again, to compare models by their bytes.
  std::string Rewritten(const StoredModel& stored) {
    const std::string copy = directory_ + "/copy";
    std::filesystem::create_directories(copy);
    EXPECT_TRUE(WriteModelFiles(copy, *stored.model, stored.info).ok());
    return ReadFile(copy + "/" + kManifestFileName).value() + ReadFile(copy + "/" + kFactorsFileName).value();
  }

  const TempDir temporary_;
  const std::string directory_ = temporary_.path();
};

std::string GoldenDirectory() {
  return absl::StrCat(RIDGELINE_MODEL_TESTDATA, "/golden_model");
}

void ExpectSameModel(const FactorModel& a, const FactorModel& b) {
  EXPECT_EQ(a.users().values, b.users().values);
  EXPECT_EQ(a.users().biases, b.users().biases);
  EXPECT_EQ(a.items().values, b.items().values);
  EXPECT_EQ(a.items().biases, b.items().biases);
  EXPECT_EQ(a.item_popularity(), b.item_popularity());
  EXPECT_EQ(a.user_ids().bytes(), b.user_ids().bytes());
  EXPECT_EQ(a.item_ids().Offsets(), b.item_ids().Offsets());
  EXPECT_EQ(a.global_mean(), b.global_mean());
}

TEST_F(ModelFileTest, WhatIsWrittenReadsBack) {
  WriteSmallModel();
  const auto stored = ReadModelFiles(directory_);
  ASSERT_TRUE(stored.ok()) << stored.status();
  ExpectSameModel(*stored->model, *SmallModel());
  EXPECT_EQ(stored->info.version, "v000007");
  EXPECT_EQ(stored->info.users, 2);
  EXPECT_EQ(stored->info.items, 3);
  EXPECT_EQ(stored->info.hyperparameters.factors, 2);
  EXPECT_EQ(ReadModelInfo(directory_)->metrics, SmallModelInfo().metrics);
}

TEST_F(ModelFileTest, ModelsWithoutFactorsReadBack) {
  FactorModelParts parts = SmallModelParts();
  parts.hyperparameters.factors = 0;
  parts.users = {0, {}, parts.users.biases};
  parts.items = {0, {}, parts.items.biases};
  const auto model = FactorModel::Create(std::move(parts)).value();
  ASSERT_TRUE(WriteModelFiles(directory_, *model, SmallModelInfo()).ok());
  const auto stored = ReadModelFiles(directory_);
  ASSERT_TRUE(stored.ok()) << stored.status();
  ExpectSameModel(*stored->model, *model);
}

TEST_F(ModelFileTest, PlacedItemsReadBack) {
  FactorModelParts parts = SmallModelParts();
  parts.placed_items = 2;
  const auto model = FactorModel::Create(std::move(parts)).value();
  ASSERT_TRUE(WriteModelFiles(directory_, *model, SmallModelInfo()).ok());
  const auto stored = ReadModelFiles(directory_);
  ASSERT_TRUE(stored.ok()) << stored.status();
  ExpectSameModel(*stored->model, *model);
  EXPECT_EQ(stored->model->placed_items(), 2u);
  EXPECT_EQ(stored->info.placed_items, 2);
  EXPECT_EQ(stored->model->item_gramian(), model->item_gramian());
}

TEST_F(ModelFileTest, TodaysCodeReadsTheGoldenModelAndWritesTheSameBytes) {
  const auto golden = ReadModelFiles(GoldenDirectory());
  ASSERT_TRUE(golden.ok()) << golden.status();
  ExpectSameModel(*golden->model, *SmallModel());
  WriteSmallModel();
  for (const char* file : {kManifestFileName, kFactorsFileName}) {
    EXPECT_EQ(Content(file), ReadFile(absl::StrCat(GoldenDirectory(), "/", file)).value()) << file;
  }
}

TEST_F(ModelFileTest, AFlippedByteIsRefusedOrMeansTheSame) {
  WriteSmallModel();
  const std::string original = Rewritten(ReadModelFiles(directory_).value());
  int refused = 0;
  for (const std::string file : {kManifestFileName, kFactorsFileName}) {
    const std::string bytes = Content(file);
    for (size_t at = 0; at < bytes.size(); ++at) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ (at % 2 == 0 ? 0x01 : 0x20));
      SetContent(file, flipped);
      const auto stored = ReadModelFiles(directory_);
      if (stored.ok()) {
        EXPECT_EQ(Rewritten(*stored), original) << file << " at " << at;
      } else {
        EXPECT_TRUE(absl::IsDataLoss(stored.status()) || absl::IsFailedPrecondition(stored.status()));
        EXPECT_FALSE(stored.status().message().empty());
        ++refused;
      }
    }
    SetContent(file, bytes);
  }
  EXPECT_GT(refused, 1000);
}

TEST_F(ModelFileTest, TruncationAtEveryLengthIsRefused) {
  WriteSmallModel();
  for (const std::string file : {kManifestFileName, kFactorsFileName}) {
    const std::string bytes = Content(file);
    // The manifest's last byte is a newline, which may be missing.
    for (size_t size = 0; size + 1 < bytes.size(); ++size) {
      SetContent(file, absl::string_view(bytes).substr(0, size));
      const auto stored = ReadModelFiles(directory_);
      ASSERT_EQ(stored.status().code(), absl::StatusCode::kDataLoss) << file << " cut to " << size;
      EXPECT_THAT(std::string(stored.status().message()), HasSubstr(file));
    }
    SetContent(file, bytes);
  }
}

TEST_F(ModelFileTest, FilesOfTwoModelsDoNotMix) {
  WriteSmallModel();
  const std::string factors = Content(kFactorsFileName);
  FactorModelParts parts = SmallModelParts();
  parts.items.values[0] += 1.0f;
  ASSERT_TRUE(
      WriteModelFiles(directory_, *FactorModel::Create(std::move(parts)).value(), SmallModelInfo()).ok());
  SetContent(kFactorsFileName, factors);
  EXPECT_THAT(std::string(ReadModelFiles(directory_).status().message()), HasSubstr("checksum"));
}

TEST_F(ModelFileTest, AbsentFilesAreToldApart) {
  EXPECT_EQ(ReadModelFiles(directory_).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadModelInfo(directory_).status().code(), absl::StatusCode::kNotFound);
  WriteSmallModel();
  std::filesystem::remove(Path(kFactorsFileName));
  EXPECT_EQ(ReadModelFiles(directory_).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(ReadModelInfo(directory_).ok());
}

// Writes SmallModel with the files consistent among themselves but the manifest's fields changed by `change`.
class ForgedManifestTest : public ModelFileTest {
 protected:
  absl::Status ReadWith(const std::function<void(Manifest&)>& change) {
    WriteSmallModel();
    Manifest manifest = ParseManifest(Content(kManifestFileName)).value();
    change(manifest);
    SetContent(kManifestFileName, FormatManifest(manifest).value());
    return ReadModelFiles(directory_).status();
  }
};

TEST_F(ForgedManifestTest, ShapesThatTheTensorsDoNotHaveAreRefused) {
  for (const absl::Status& status :
       {ReadWith([](Manifest& m) { m.info.users = 3; }), ReadWith([](Manifest& m) { m.info.items = -1; }),
        ReadWith([](Manifest& m) { m.info.users = INT64_MAX; }),
        ReadWith([](Manifest& m) { m.info.hyperparameters.factors = 1; })}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  }
}

TEST_F(ForgedManifestTest, MorePlacedItemsThanItemsAreRefused) {
  const absl::Status status = ReadWith([](Manifest& m) { m.info.placed_items = 4; });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("placed_items is 4 of 3 items"));
}

TEST_F(ForgedManifestTest, BadHyperparametersAreRefused) {
  const absl::Status status = ReadWith([](Manifest& m) { m.info.hyperparameters.regularization = 0.0; });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("hyperparameters.regularization"));
}

TEST_F(ForgedManifestTest, ASizeThatIsNotTheFilesIsRefused) {
  EXPECT_THAT(std::string(ReadWith([](Manifest& m) { m.factors_bytes += 1; }).message()), HasSubstr("bytes"));
}

}  // namespace
}  // namespace ridgeline
