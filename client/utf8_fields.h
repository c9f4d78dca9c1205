#ifndef RIDGELINE_CLIENT_UTF8_FIELDS_H_
#define RIDGELINE_CLIENT_UTF8_FIELDS_H_

#include "absl/status/status.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace ridgeline {

/// OK when every string field of `request`, at any depth, is UTF-8; otherwise kInvalidArgument that begins
/// with the path of the first one that is not, e.g. "interactions[3].item_id". Protocol Buffers only log such
/// a string and send it; the peer then fails to parse the whole message without saying why.
absl::Status ValidateUtf8Fields(const google::protobuf::Message& request);

}  // namespace ridgeline

#endif  // RIDGELINE_CLIENT_UTF8_FIELDS_H_
