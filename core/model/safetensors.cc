#include "core/model/safetensors.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/byte_coding.h"
#include "core/base/status_macros.h"
#include "core/model/strict_json.h"

namespace ridgeline {
namespace {

using nlohmann::json;

constexpr size_t kLengthBytes = 8;
constexpr char kMetadataName[] = "__metadata__";

// Where a tensor's bytes stand behind the header.
struct ByteRange {
  int64_t begin = 0;
  int64_t end = 0;
};

absl::Status DamagedTensors(absl::string_view problem) {
  return absl::DataLossError(absl::StrCat("safetensors: ", problem));
}

// The bytes of one element, 0 for a dtype that the format does not have.
int64_t ElementBytes(absl::string_view dtype) {
  static constexpr std::pair<absl::string_view, int64_t> kSizes[] = {
      {"F64", 8},  {"I64", 8}, {"U64", 8}, {"F32", 4}, {"I32", 4}, {"U32", 4}, {"F16", 2},
      {"BF16", 2}, {"I16", 2}, {"U16", 2}, {"I8", 1},  {"U8", 1},  {"BOOL", 1}};
  for (const auto& [name, size] : kSizes) {
    if (name == dtype) return size;
  }
  return 0;
}

// elements x element size, refusing what overflows.
absl::StatusOr<int64_t> TensorBytes(absl::string_view dtype, const std::vector<int64_t>& shape) {
  int64_t bytes = ElementBytes(dtype);
  if (bytes == 0) return DamagedTensors(absl::StrCat("there is no dtype \"", dtype, "\""));
  for (int64_t extent : shape) {
    if (__builtin_mul_overflow(bytes, extent, &bytes)) return DamagedTensors("a shape is too large");
  }
  return bytes;
}

// One member of the header.
absl::Status ParseTensor(const std::string& name, const json& entry, absl::string_view data,
                         TensorView* tensor, ByteRange* range) {
  if (!entry.is_object()) return DamagedTensors(absl::StrCat("\"", name, "\" is not an object"));
  JsonFieldReader reader(entry, absl::StrCat(name, "."));
  std::vector<int64_t> offsets;
  reader.Read("dtype", &tensor->dtype);
  reader.Read("shape", &tensor->shape);
  reader.Read("data_offsets", &offsets);
  if (!reader.status().ok()) return DamagedTensors(reader.status().message());
  RIDGELINE_ASSIGN_OR_RETURN(const int64_t bytes, TensorBytes(tensor->dtype, tensor->shape));
  if (offsets.size() != 2 || offsets[0] > offsets[1] || static_cast<uint64_t>(offsets[1]) > data.size()) {
    return DamagedTensors(absl::StrCat("the offsets of \"", name, "\" are not a range of the file"));
  }
  *range = {offsets[0], offsets[1]};
  if (range->end - range->begin != bytes) {
    return DamagedTensors(
        absl::StrCat("\"", name, "\" has ", range->end - range->begin, " bytes, its shape needs ", bytes));
  }
  tensor->bytes = data.substr(static_cast<size_t>(range->begin), static_cast<size_t>(bytes));
  return absl::OkStatus();
}

// Every byte of the data belongs to exactly one tensor.
absl::Status CheckRangesTile(std::vector<ByteRange> ranges, size_t data_bytes) {
  std::sort(ranges.begin(), ranges.end(), [](const ByteRange& a, const ByteRange& b) {
    return std::make_pair(a.begin, a.end) < std::make_pair(b.begin, b.end);
  });
  int64_t end = 0;
  for (const ByteRange& range : ranges) {
    if (range.begin < end) return DamagedTensors("two tensors overlap");
    if (range.begin > end) return DamagedTensors("there is a hole between two tensors");
    end = range.end;
  }
  if (static_cast<uint64_t>(end) != data_bytes)
    return DamagedTensors("there are bytes behind the last tensor");
  return absl::OkStatus();
}

// The header's text, and the bytes behind it in `data`.
absl::StatusOr<absl::string_view> SplitHeader(absl::string_view file, absl::string_view* data) {
  if (file.size() < kLengthBytes) return DamagedTensors("the file is too short for a header");
  const uint64_t length = ByteReader(file).Fixed64();
  file.remove_prefix(kLengthBytes);
  if (length > kMaxSafetensorsHeaderBytes)
    return DamagedTensors(absl::StrCat("a header of ", length, " bytes is too long"));
  if (length > file.size()) return DamagedTensors("the header is longer than the file");
  *data = file.substr(length);
  return file.substr(0, length);
}

}  // namespace

std::vector<std::string> SafetensorsOrder(const std::map<std::string, TensorView>& tensors) {
  std::vector<std::string> names;
  names.reserve(tensors.size());
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return ElementBytes(tensors.at(a).dtype) > ElementBytes(tensors.at(b).dtype);
  });
  return names;
}

std::string SafetensorsHeader(const std::map<std::string, TensorView>& tensors) {
  json header = json::object();
  uint64_t offset = 0;
  for (const std::string& name : SafetensorsOrder(tensors)) {
    const TensorView& tensor = tensors.at(name);
    const uint64_t end = offset + tensor.bytes.size();
    header[name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  std::string bytes;
  AppendFixed64(text.size(), &bytes);
  return bytes + text;
}

absl::StatusOr<std::map<std::string, TensorView>> ParseSafetensors(absl::string_view file) {
  absl::string_view data;
  RIDGELINE_ASSIGN_OR_RETURN(const absl::string_view text, SplitHeader(file, &data));
  const absl::StatusOr<json> header = ParseStrictJsonObject(text);
  if (!header.ok()) return DamagedTensors(absl::StrCat("the header is bad: ", header.status().message()));
  std::map<std::string, TensorView> tensors;
  std::vector<ByteRange> ranges;
  for (const auto& [name, entry] : header->items()) {
    if (name == kMetadataName) continue;
    RIDGELINE_RETURN_IF_ERROR(ParseTensor(name, entry, data, &tensors[name], &ranges.emplace_back()));
  }
  RIDGELINE_RETURN_IF_ERROR(CheckRangesTile(std::move(ranges), data.size()));
  return tensors;
}

}  // namespace ridgeline
