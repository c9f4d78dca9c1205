#include "core/lab/foreign_model.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/file.h"
#include "core/base/status_macros.h"
#include "core/interactions/interaction.h"
#include "core/interactions/line_source.h"
#include "core/lab/npy.h"
#include "core/model/safetensors.h"

namespace ridgeline {
namespace {

constexpr absl::string_view kNames[] = {"user_factors", "item_factors", "user_biases", "item_biases",
                                        "item_popularity"};

absl::StatusOr<ElementType> TypeOfSafetensors(absl::string_view dtype) {
  if (dtype == "F16") return ElementType::kFloat16;
  if (dtype == "F32") return ElementType::kFloat32;
  if (dtype == "F64") return ElementType::kFloat64;
  return absl::InvalidArgumentError(absl::StrCat("its elements are ", dtype, ", not F16, F32 or F64"));
}

absl::StatusOr<FloatTensor> FromView(const TensorView& view) {
  RIDGELINE_ASSIGN_OR_RETURN(const ElementType type, TypeOfSafetensors(view.dtype));
  return MakeFloatTensor(type, view.shape, view.bytes);
}

absl::Status CheckFinite(const std::string& name, const FloatTensor& tensor) {
  const auto found = std::find_if_not(tensor.values.begin(), tensor.values.end(),
                                      [](float value) { return std::isfinite(value); });
  if (found == tensor.values.end()) return absl::OkStatus();
  const int64_t at = found - tensor.values.begin();
  const int64_t columns = tensor.shape.size() < 2 ? 1 : tensor.shape[1];
  return absl::InvalidArgumentError(absl::StrCat(name, ": row ", at / columns, ", column ", at % columns,
                                                 " is ", *found, ", all must be finite in float32"));
}

// Takes tensor `name` out of `tensors`; zeros when it is not there and `optional`.
absl::StatusOr<PageVector<float>> Take(const std::string& name, const std::vector<int64_t>& shape,
                                       bool optional, ForeignTensors& tensors) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    if (optional) return PageVector<float>(static_cast<size_t>(shape[0]), 0.0f);
    return absl::InvalidArgumentError(absl::StrCat(name, ": there is no such tensor"));
  }
  FloatTensor tensor = std::move(found->second);
  if (tensor.shape != shape) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": its shape is ", ShapeText(tensor.shape),
                                                   ", ids and factors ask for ", ShapeText(shape)));
  }
  RIDGELINE_RETURN_IF_ERROR(CheckFinite(name, tensor));
  return std::move(tensor.values);
}

// Takes tensor `name`, a number a row; zeros when it is not there.
absl::StatusOr<std::vector<float>> TakeColumn(const std::string& name, size_t rows, ForeignTensors& tensors) {
  RIDGELINE_ASSIGN_OR_RETURN(const PageVector<float> values,
                             Take(name, {static_cast<int64_t>(rows)}, true, tensors));
  return std::vector<float>(values.begin(), values.end());
}

absl::StatusOr<FactorMatrix> TakeSide(const std::string& side, size_t rows, int factors,
                                      ForeignTensors& tensors) {
  const auto count = static_cast<int64_t>(rows);
  FactorMatrix matrix;
  matrix.factors = factors;
  RIDGELINE_ASSIGN_OR_RETURN(matrix.values, Take(side + "_factors", {count, factors}, false, tensors));
  RIDGELINE_ASSIGN_OR_RETURN(matrix.biases, TakeColumn(side + "_biases", rows, tensors));
  return matrix;
}

absl::Status CheckBiases(const FactorModelParts& parts) {
  const auto any = [](const std::vector<float>& biases) {
    return std::any_of(biases.begin(), biases.end(), [](float bias) { return bias != 0.0f; });
  };
  if (HasBiases(parts.hyperparameters) || !(any(parts.users.biases) || any(parts.items.biases))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("implicit_biases: the model has biases, fold-in must know of them");
}

}  // namespace

absl::StatusOr<ForeignTensors> ReadForeignSafetensors(const std::string& path) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, MappedFile::Open(path));
  RIDGELINE_RETURN_IF_ERROR(file->Fetch(file->bytes()));
  const auto views = ParseSafetensors(file->bytes());
  if (!views.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", views.status().message()));
  ForeignTensors tensors;
  for (const absl::string_view name : kNames) {
    const auto found = views->find(std::string(name));
    if (found == views->end()) continue;
    absl::StatusOr<FloatTensor> tensor = FromView(found->second);
    if (!tensor.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", name, ": ", tensor.status().message()));
    }
    tensors[found->first] = *std::move(tensor);
  }
  return tensors;
}

absl::StatusOr<FloatTensor> ReadNpyFile(const std::string& path) {
  RIDGELINE_ASSIGN_OR_RETURN(const std::unique_ptr<MappedFile> file, MappedFile::Open(path));
  RIDGELINE_RETURN_IF_ERROR(file->Fetch(file->bytes()));
  absl::StatusOr<FloatTensor> tensor = ParseNpy(file->bytes());
  if (tensor.ok()) return tensor;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", tensor.status().message()));
}

absl::StatusOr<std::shared_ptr<const IdMap>> ReadIdFile(const std::string& field, const std::string& path) {
  RIDGELINE_ASSIGN_OR_RETURN(LineSource lines, LineSource::Open(path));
  auto ids = std::make_shared<IdMap>();
  while (true) {
    RIDGELINE_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line, lines.Next());
    if (!line.has_value()) return ids;
    const auto about_line = [&](absl::string_view why) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", lines.line_number(), ": ", why));
    };
    const absl::Status valid = ValidateId(field, *line);
    if (!valid.ok()) return about_line(valid.message());
    if (ids->Find(*line).has_value())
      return about_line(absl::StrCat(field, ": '", *line, "' is there twice"));
    ids->Add(*line);
  }
}

absl::StatusOr<std::shared_ptr<const FactorModel>> MakeForeignModel(ForeignTensors tensors,
                                                                    const Hyperparameters& hyperparameters,
                                                                    double global_mean,
                                                                    std::shared_ptr<const IdMap> user_ids,
                                                                    std::shared_ptr<const IdMap> item_ids) {
  FactorModelParts parts;
  parts.hyperparameters = hyperparameters;
  parts.global_mean = global_mean;
  const int factors = hyperparameters.factors;
  RIDGELINE_ASSIGN_OR_RETURN(parts.users, TakeSide("user", user_ids->size(), factors, tensors));
  RIDGELINE_ASSIGN_OR_RETURN(parts.items, TakeSide("item", item_ids->size(), factors, tensors));
  RIDGELINE_ASSIGN_OR_RETURN(parts.item_popularity, TakeColumn("item_popularity", item_ids->size(), tensors));
  RIDGELINE_RETURN_IF_ERROR(CheckBiases(parts));
  parts.user_ids = std::move(user_ids);
  parts.item_ids = std::move(item_ids);
  return FactorModel::Create(std::move(parts));
}

}  // namespace ridgeline
