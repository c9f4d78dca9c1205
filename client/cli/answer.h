#ifndef RIDGELINE_CLIENT_CLI_ANSWER_H_
#define RIDGELINE_CLIENT_CLI_ANSWER_H_

#include <cstdint>
#include <string>

#include "client/cli/output.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "ridgeline/v1/recommendation_service.pb.h"

namespace ridgeline {

/// Titles are cut to this many columns of the terminal in tables of answers.
inline constexpr int kMaxTitleWidth = 60;

/// One sentence that says where an answer came from, e.g. "FOLD_IN by model v000003".
std::string Provenance(v1::Source source, const std::string& model_version);

/// Says which ids of a request the model does not know, if there are any: `count` in all, `ids` the first of
/// them.
void NoteUnknownItems(const google::protobuf::RepeatedPtrField<std::string>& ids, int64_t count,
                      Output& output);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_CLI_ANSWER_H_
