#include "server/recommend_request_reader.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/convert_recommendation_request.h"
#include "server/rpc_codec.h"
#include "server/validation.h"

namespace ridgeline {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// In a smaller request there are too few ids for their copies to count.
constexpr size_t kSmallBytes = 4 << 10;

constexpr uint32_t LengthDelimitedTag(int field_number) {
  return static_cast<uint32_t>(field_number) << 3 | WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
}

constexpr uint32_t kFilterTag = LengthDelimitedTag(v1::RecommendRequest::kFilterFieldNumber);
constexpr uint32_t kExcludeTag = LengthDelimitedTag(v1::ItemFilter::kExcludeItemIdsFieldNumber);
constexpr uint32_t kCandidateTag = LengthDelimitedTag(v1::ItemFilter::kCandidateItemIdsFieldNumber);

// The fields of a message's bytes, one after another.
class FieldCursor {
 public:
  explicit FieldCursor(absl::string_view bytes)
      : bytes_(bytes),
        input_(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size())) {}

  // Goes to the next field; false at the end or when the bytes make no sense.
  bool Next() {
    begin_ = Position();
    tag_ = input_.ReadTag();
    if (tag_ == 0) {
      good_ = begin_ == bytes_.size();  // a tag that is cut off takes the cursor to the end, too
      return false;
    }
    const size_t value = Position();
    good_ = WireFormatLite::SkipField(&input_, tag_);
    field_ = bytes_.substr(begin_, Position() - begin_);
    after_tag_ = value - begin_;
    return good_;
  }

  // Whether all bytes were fields.
  bool AtEnd() const { return good_ && Position() == bytes_.size(); }

  uint32_t tag() const { return tag_; }

  // The whole field as it stands in the bytes.
  absl::string_view field() const { return field_; }

  // What a length-delimited field holds.
  absl::string_view value() const {
    size_t begin = after_tag_;
    while ((static_cast<uint8_t>(field_[begin]) & 0x80) != 0) ++begin;
    return field_.substr(begin + 1);
  }

 private:
  size_t Position() const { return static_cast<size_t>(input_.CurrentPosition()); }

  const absl::string_view bytes_;
  CodedInputStream input_;
  bool good_ = true;
  uint32_t tag_ = 0;
  size_t begin_ = 0;
  size_t after_tag_ = 0;
  absl::string_view field_;
};

// A request taken apart: the ids of its filter, and the bytes of everything else.
struct Parts {
  std::vector<absl::string_view> exclude_item_ids;
  std::vector<absl::string_view> candidate_item_ids;
  std::string filter;
  std::string rest;
};

void Append(absl::string_view bytes, std::string* text) {
  text->append(bytes.data(), bytes.size());
}

// Stops at a list that is too long.
bool TakeFilterApart(absl::string_view bytes, Parts* parts) {
  FieldCursor cursor(bytes);
  while (parts->exclude_item_ids.size() <= kMaxFilterIds &&
         parts->candidate_item_ids.size() <= kMaxFilterIds && cursor.Next()) {
    if (cursor.tag() == kExcludeTag) {
      parts->exclude_item_ids.push_back(cursor.value());
    } else if (cursor.tag() == kCandidateTag) {
      parts->candidate_item_ids.push_back(cursor.value());
    } else {
      Append(cursor.field(), &parts->filter);
    }
  }
  return cursor.AtEnd();
}

bool TakeApart(absl::string_view bytes, Parts* parts) {
  FieldCursor cursor(bytes);
  while (cursor.Next()) {
    if (cursor.tag() != kFilterTag) {
      Append(cursor.field(), &parts->rest);
    } else if (!TakeFilterApart(cursor.value(), parts)) {
      return false;
    }
  }
  return cursor.AtEnd();
}

// Of a list that is too long nobody counted the rest.
absl::Status CheckLength(absl::string_view field, const std::vector<absl::string_view>& ids) {
  if (ids.size() <= kMaxFilterIds) return absl::OkStatus();
  return FieldError(field, absl::StrCat("must have 0 to ", kMaxFilterIds, " elements, got more"));
}

absl::Status CheckLengths(const Parts& parts) {
  RIDGELINE_RETURN_IF_ERROR(CheckLength("filter.exclude_item_ids", parts.exclude_item_ids));
  return CheckLength("filter.candidate_item_ids", parts.candidate_item_ids);
}

absl::string_view View(const grpc::Slice& slice) {
  return absl::string_view(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

}  // namespace

absl::StatusOr<RecommendQuery> RecommendRequestReader::Read(const grpc::ByteBuffer& bytes) {
  return bytes.Length() <= kSmallBytes ? ReadSmall(bytes) : ReadLarge(bytes);
}

absl::StatusOr<RecommendQuery> RecommendRequestReader::ReadSmall(const grpc::ByteBuffer& bytes) {
  v1::RecommendRequest* message = NewMessage();
  RIDGELINE_RETURN_IF_ERROR(ParseMessage(bytes, message));
  return FromProto(*message);
}

absl::StatusOr<RecommendQuery> RecommendRequestReader::ReadLarge(const grpc::ByteBuffer& bytes) {
  grpc::Slice& slice = slices_.emplace_back();
  Parts parts;
  v1::RecommendRequest* message = NewMessage();
  const bool whole = bytes.DumpToSingleSlice(&slice).ok() && TakeApart(View(slice), &parts);
  RIDGELINE_RETURN_IF_ERROR(CheckLengths(parts));  // first, since it names the list
  RIDGELINE_RETURN_IF_ERROR(CheckFieldCount(bytes, v1::RecommendRequest::descriptor()));
  // Whatever else is wrong with the bytes, ReadSmall says it best.
  if (!whole || !message->ParseFromString(parts.rest)) return ReadSmall(bytes);
  if (!message->mutable_filter()->ParseFromString(parts.filter)) return ReadSmall(bytes);
  RIDGELINE_ASSIGN_OR_RETURN(RecommendQuery query, FromProto(*message));
  query.selection.exclude_item_ids = std::move(parts.exclude_item_ids);
  query.selection.candidate_item_ids = std::move(parts.candidate_item_ids);
  return query;
}

v1::RecommendRequest* RecommendRequestReader::NewMessage() {
  return google::protobuf::Arena::CreateMessage<v1::RecommendRequest>(&arena_);
}

}  // namespace ridgeline
