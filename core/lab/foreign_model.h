#ifndef RIDGELINE_CORE_LAB_FOREIGN_MODEL_H_
#define RIDGELINE_CORE_LAB_FOREIGN_MODEL_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/dataset/id_map.h"
#include "core/lab/float_tensor.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Tensors of a model that another program trained, by the names used here: user_factors [users x K],
/// item_factors [items x K], and where they are known user_biases [users], item_biases [items],
/// item_popularity [items].
using ForeignTensors = std::map<std::string, FloatTensor>;

/// The tensors of a safetensors file whose names are known here; others are passed over. kNotFound, or
/// kInvalidArgument naming the file and the tensor.
absl::StatusOr<ForeignTensors> ReadForeignSafetensors(const std::string& path);

/// The array of a .npy file. kNotFound, or kInvalidArgument naming the file.
absl::StatusOr<FloatTensor> ReadNpyFile(const std::string& path);

/// The ids of rows, one a line, in their order. `field` is what they are of: "user_ids" or "item_ids".
/// kNotFound, or kInvalidArgument "FILE:LINE: why" for an id that is none, or that is there twice.
absl::StatusOr<std::shared_ptr<const IdMap>> ReadIdFile(const std::string& field, const std::string& path);

/// The model of `tensors`. What is not there is 0: biases and popularity, without which users that the model
/// does not know get items in no order that means anything. kInvalidArgument beginning with the name of the
/// tensor that is missing, has another shape than ids and K ask for, or holds a number that is not finite, by
/// row and column; "implicit_biases" when an implicit model has biases but its hyperparameters do not.
absl::StatusOr<std::shared_ptr<const FactorModel>> MakeForeignModel(ForeignTensors tensors,
                                                                    const Hyperparameters& hyperparameters,
                                                                    double global_mean,
                                                                    std::shared_ptr<const IdMap> user_ids,
                                                                    std::shared_ptr<const IdMap> item_ids);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_LAB_FOREIGN_MODEL_H_
