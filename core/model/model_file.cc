#include "core/model/model_file.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "core/base/checksum.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/base/thread_priority.h"
#include "core/interactions/interaction.h"
#include "core/model/manifest.h"
#include "core/model/safetensors.h"

namespace ridgeline {
namespace {

using Tensors = std::map<std::string, TensorView>;

template <typename Numbers>
absl::string_view AsBytes(const Numbers& values) {
  return absl::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
}

TensorView FloatTensor(absl::Span<const float> values, std::vector<int64_t> shape) {
  return {"F32", std::move(shape), AsBytes(values)};
}

void AddIdTensors(const std::string& name, const IdMap& ids, const std::vector<uint64_t>& offsets,
                  Tensors* tensors) {
  (*tensors)[name + ".bytes"] = {"U8", {static_cast<int64_t>(ids.bytes().size())}, ids.bytes()};
  (*tensors)[name + ".offsets"] = {"U64", {static_cast<int64_t>(offsets.size())}, AsBytes(offsets)};
}

void AddFactorTensors(const std::string& side, const FactorMatrix& matrix, Tensors* tensors) {
  const int64_t rows = static_cast<int64_t>(matrix.rows());
  (*tensors)[side + "_factors"] = FloatTensor(matrix.values, {rows, matrix.factors});
  (*tensors)[side + "_biases"] = FloatTensor(matrix.biases, {rows});
}

// The ids' offsets as they are stored, twice as wide as they are held.
struct StoredOffsets {
  std::vector<uint64_t> users;
  std::vector<uint64_t> items;
};

// Views of all that `model` consists of, by the names of the file.
Tensors ModelTensors(const FactorModel& model, const StoredOffsets& offsets) {
  Tensors tensors;
  AddFactorTensors("user", model.users(), &tensors);
  AddFactorTensors("item", model.items(), &tensors);
  AddIdTensors("user_ids", model.user_ids(), offsets.users, &tensors);
  AddIdTensors("item_ids", model.item_ids(), offsets.items, &tensors);
  const auto& popularity = model.item_popularity();
  tensors["item_popularity"] = FloatTensor(popularity, {static_cast<int64_t>(popularity.size())});
  return tensors;
}

ModelInfo CompleteInfo(const FactorModel& model, ModelInfo info) {
  info.hyperparameters = model.hyperparameters();
  info.users = static_cast<int64_t>(model.users().rows());
  info.items = static_cast<int64_t>(model.items().rows());
  info.placed_items = model.placed_items();
  return info;
}

// A status of the same code that says which file it is about.
absl::Status About(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

absl::Status DamagedModel(absl::string_view problem) {
  return absl::DataLossError(problem);
}

// The tensors of a file that were not taken yet.
struct StoredTensors {
  const MappedFile& file;
  Tensors tensors;
};

// Moves tensor `name` into `*values` when it is there as `dtype` with `shape`.
template <typename Numbers>
absl::Status TakeTensor(StoredTensors& stored, const std::string& name, absl::string_view dtype,
                        const std::vector<int64_t>& shape, Numbers* values) {
  const auto found = stored.tensors.find(name);
  if (found == stored.tensors.end()) return DamagedModel(absl::StrCat("there is no tensor ", name));
  const TensorView& tensor = found->second;
  if (tensor.dtype != dtype) return DamagedModel(absl::StrCat(name, " is ", tensor.dtype, ", not ", dtype));
  if (tensor.shape != shape)
    return DamagedModel(absl::StrCat(name, " has a shape that the manifest does not"));
  values->resize(tensor.bytes.size() / sizeof((*values)[0]));
  RIDGELINE_RETURN_IF_ERROR(stored.file.MoveOut(tensor.bytes, values->data()));
  stored.tensors.erase(found);
  return absl::OkStatus();
}

absl::Status ValidateIds(const std::string& name, const IdMap& ids) {
  for (uint32_t row = 0; row < ids.size(); ++row) {
    const absl::Status valid = ValidateId(name, ids.Id(row));
    if (!valid.ok()) return DamagedModel(valid.message());
    if (row % 64 == 0) GiveWay();  // to ask takes longer than a row
  }
  return absl::OkStatus();
}

absl::Status TakeIds(StoredTensors& stored, const std::string& name, int64_t rows,
                     std::shared_ptr<const IdMap>* ids) {
  const auto found = stored.tensors.find(name + ".bytes");
  if (found == stored.tensors.end() || found->second.dtype != "U8" || found->second.shape.size() != 1) {
    return DamagedModel(absl::StrCat("there is no U8 tensor ", name, ".bytes of one dimension"));
  }
  std::string bytes(found->second.bytes.size(), '\0');
  RIDGELINE_RETURN_IF_ERROR(stored.file.MoveOut(found->second.bytes, bytes.data()));
  stored.tensors.erase(found);
  std::vector<uint64_t> offsets;
  RIDGELINE_RETURN_IF_ERROR(TakeTensor(stored, name + ".offsets", "U64", {rows + 1}, &offsets));
  absl::StatusOr<IdMap> map = IdMap::FromBuffers(std::move(bytes), offsets);
  if (!map.ok()) return DamagedModel(absl::StrCat(name, ": ", map.status().message()));
  RIDGELINE_RETURN_IF_ERROR(ValidateIds(name, *map));
  *ids = std::make_shared<const IdMap>(*std::move(map));
  return absl::OkStatus();
}

absl::Status TakeFactors(StoredTensors& stored, const std::string& side, int64_t rows, int factors,
                         FactorMatrix* matrix) {
  matrix->factors = factors;
  RIDGELINE_RETURN_IF_ERROR(TakeTensor(stored, side + "_factors", "F32", {rows, factors}, &matrix->values));
  return TakeTensor(stored, side + "_biases", "F32", {rows}, &matrix->biases);
}

absl::StatusOr<FactorModelParts> TakeParts(StoredTensors stored, const Manifest& manifest) {
  const ModelInfo& info = manifest.info;
  const int factors = info.hyperparameters.factors;
  FactorModelParts parts;
  parts.hyperparameters = info.hyperparameters;
  parts.global_mean = manifest.global_mean;
  RIDGELINE_RETURN_IF_ERROR(TakeFactors(stored, "user", info.users, factors, &parts.users));
  RIDGELINE_RETURN_IF_ERROR(TakeFactors(stored, "item", info.items, factors, &parts.items));
  if (info.placed_items < 0 || info.placed_items > info.items) {
    return DamagedModel(absl::StrCat("placed_items is ", info.placed_items, " of ", info.items, " items"));
  }
  parts.placed_items = static_cast<uint32_t>(info.placed_items);
  RIDGELINE_RETURN_IF_ERROR(TakeIds(stored, "user_ids", info.users, &parts.user_ids));
  RIDGELINE_RETURN_IF_ERROR(TakeIds(stored, "item_ids", info.items, &parts.item_ids));
  RIDGELINE_RETURN_IF_ERROR(
      TakeTensor(stored, "item_popularity", "F32", {info.items}, &parts.item_popularity));
  if (!stored.tensors.empty()) {
    return DamagedModel(absl::StrCat("there is an unknown tensor ", stored.tensors.begin()->first));
  }
  return parts;
}

// Leaves nothing of the file resident.
absl::Status CheckFile(const MappedFile& file, const Manifest& manifest) {
  if (file.bytes().size() != manifest.factors_bytes) {
    return DamagedModel(
        absl::StrCat("it has ", file.bytes().size(), " bytes, the manifest says ", manifest.factors_bytes));
  }
  RunningChecksum checksum;
  RIDGELINE_RETURN_IF_ERROR(
      file.ForEachPiece(file.bytes(), [&](absl::string_view piece) { checksum.Add(piece); }));
  if (checksum.value() != manifest.factors_checksum) return DamagedModel("its checksum does not match");
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const FactorModel>> ReadFactors(const MappedFile& file,
                                                               const Manifest& manifest) {
  RIDGELINE_RETURN_IF_ERROR(CheckFile(file, manifest));
  RIDGELINE_ASSIGN_OR_RETURN(Tensors tensors, ParseSafetensors(file.bytes()));
  RIDGELINE_ASSIGN_OR_RETURN(FactorModelParts parts, TakeParts({file, std::move(tensors)}, manifest));
  auto model = FactorModel::Create(std::move(parts));
  if (!model.ok()) return DamagedModel(model.status().message());
  return model;
}

// A model is what lies in its folder: a link could lead anywhere.
absl::Status RefuseLink(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return absl::OkStatus();
  return DamagedModel(absl::StrCat(path, " is a symbolic link"));
}

// Opens a file that the manifest promises: its absence is damage.
absl::StatusOr<std::unique_ptr<MappedFile>> OpenPromised(const std::string& path) {
  RIDGELINE_RETURN_IF_ERROR(RefuseLink(path));
  auto file = MappedFile::Open(path);
  if (absl::IsNotFound(file.status())) return DamagedModel(absl::StrCat(path, " is missing"));
  return file;
}

absl::StatusOr<Manifest> ReadManifestFile(const std::string& path) {
  RIDGELINE_RETURN_IF_ERROR(RefuseLink(path));
  RIDGELINE_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  absl::StatusOr<Manifest> manifest = ParseManifest(text);
  if (!manifest.ok()) return About(path, manifest.status());
  return manifest;
}

std::string PathOf(const std::string& directory, absl::string_view file) {
  return absl::StrCat(directory, "/", file);
}

}  // namespace

absl::Status WriteModelFiles(const std::string& directory, const FactorModel& model, const ModelInfo& info) {
  const StoredOffsets offsets{model.user_ids().Offsets(), model.item_ids().Offsets()};
  const Tensors tensors = ModelTensors(model, offsets);
  const std::string header = SafetensorsHeader(tensors);
  std::vector<absl::string_view> chunks = {header};
  for (const std::string& name : SafetensorsOrder(tensors)) chunks.push_back(tensors.at(name).bytes);
  Manifest manifest;
  manifest.info = CompleteInfo(model, info);
  manifest.global_mean = model.global_mean();
  for (absl::string_view chunk : chunks) manifest.factors_bytes += chunk.size();
  manifest.factors_checksum = Checksum64(chunks);
  RIDGELINE_ASSIGN_OR_RETURN(const std::string text, FormatManifest(manifest));
  RIDGELINE_RETURN_IF_ERROR(WriteFileDurably(PathOf(directory, kFactorsFileName), chunks));
  return WriteFileDurably(PathOf(directory, kManifestFileName), {text});
}

absl::StatusOr<StoredModel> ReadModelFiles(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(const OpenModel files, OpenModelFiles(directory));
  return ReadOpenModel(files);
}

absl::StatusOr<OpenModel> OpenModelFiles(const std::string& directory) {
  OpenModel files;
  RIDGELINE_ASSIGN_OR_RETURN(Manifest manifest, ReadManifestFile(PathOf(directory, kManifestFileName)));
  files.manifest = std::make_shared<const Manifest>(std::move(manifest));
  files.path = PathOf(directory, kFactorsFileName);
  RIDGELINE_ASSIGN_OR_RETURN(files.factors, OpenPromised(files.path));
  return files;
}

absl::StatusOr<StoredModel> ReadOpenModel(const OpenModel& files) {
  absl::StatusOr<std::shared_ptr<const FactorModel>> model = ReadFactors(*files.factors, *files.manifest);
  if (!model.ok()) return About(files.path, model.status());
  return StoredModel{files.manifest->info, *std::move(model)};
}

absl::StatusOr<ModelInfo> ReadModelInfo(const std::string& directory) {
  RIDGELINE_ASSIGN_OR_RETURN(Manifest manifest, ReadManifestFile(PathOf(directory, kManifestFileName)));
  return std::move(manifest.info);
}

}  // namespace ridgeline
