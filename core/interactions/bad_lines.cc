#include "core/interactions/bad_lines.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace ridgeline {
namespace {

constexpr size_t kMostMessages = 10;

}  // namespace

BadLines::BadLines(std::string path, int64_t tolerated) : path_(std::move(path)), tolerated_(tolerated) {}

absl::Status BadLines::Add(int64_t line, const absl::Status& why) {
  ++count_;
  std::string message = absl::StrCat(path_, ":", line, ": ", why.message());
  if (count_ > tolerated_) return absl::InvalidArgumentError(message);
  if (messages_.size() < kMostMessages) messages_.push_back(std::move(message));
  return absl::OkStatus();
}

}  // namespace ridgeline
