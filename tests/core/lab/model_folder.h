#ifndef RIDGELINE_TESTS_CORE_LAB_MODEL_FOLDER_H_
#define RIDGELINE_TESTS_CORE_LAB_MODEL_FOLDER_H_

#include <filesystem>
#include <string>

#include "core/model/model_file.h"
#include "gtest/gtest.h"

namespace ridgeline {

/// Writes `model` into the new folder `path`.
inline void WriteModelFolder(const std::string& path, const FactorModel& model) {
  std::filesystem::create_directory(path);
  ModelInfo info;
  info.algorithm = "als";
  const absl::Status status = WriteModelFiles(path, model, info);
  ASSERT_TRUE(status.ok()) << status;
}

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_CORE_LAB_MODEL_FOLDER_H_
