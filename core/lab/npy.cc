#include "core/lab/npy.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "core/base/status_macros.h"

namespace ridgeline {
namespace {

constexpr absl::string_view kMagic = "\x93NUMPY";

struct TypeName {
  absl::string_view name;
  ElementType type;
};

constexpr TypeName kTypeNames[] = {{"<f2", ElementType::kFloat16},
                                   {"<f4", ElementType::kFloat32},
                                   {"<f8", ElementType::kFloat64},
                                   {"<i4", ElementType::kInt32},
                                   {"<i8", ElementType::kInt64}};

absl::Status Bad(absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("not a .npy array that can be read: ", problem));
}

// Takes a little-endian number of `bytes` bytes off the front.
absl::optional<size_t> TakeNumber(size_t bytes, absl::string_view* rest) {
  if (rest->size() < bytes) return absl::nullopt;
  size_t number = 0;
  for (size_t i = bytes; i > 0; --i) number = number << 8 | static_cast<unsigned char>((*rest)[i - 1]);
  rest->remove_prefix(bytes);
  return number;
}

// The header, a Python dictionary as text, off the front.
absl::StatusOr<absl::string_view> TakeHeader(absl::string_view* rest) {
  if (!absl::ConsumePrefix(rest, kMagic)) return Bad("it does not begin as one");
  const absl::optional<size_t> version = TakeNumber(2, rest);  // the lower byte is the major one
  if (!version.has_value() || (*version & 0xff) < 1 || (*version & 0xff) > 3) {
    return Bad("its version is not 1 to 3");
  }
  const absl::optional<size_t> length = TakeNumber((*version & 0xff) == 1 ? 2 : 4, rest);
  if (!length.has_value() || *length > rest->size()) return Bad("its header is cut off");
  const absl::string_view header = rest->substr(0, *length);
  rest->remove_prefix(*length);
  return header;
}

// What stands behind 'key': in the header.
absl::StatusOr<absl::string_view> Find(absl::string_view header, absl::string_view key) {
  const std::string quoted = absl::StrCat("'", key, "':");
  const size_t at = header.find(quoted);
  if (at == absl::string_view::npos) return Bad(absl::StrCat("its header has no '", key, "'"));
  return absl::StripLeadingAsciiWhitespace(header.substr(at + quoted.size()));
}

absl::StatusOr<ElementType> FindType(absl::string_view header) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::string_view text, Find(header, "descr"));
  for (const TypeName& candidate : kTypeNames) {
    if (absl::StartsWith(text, absl::StrCat("'", candidate.name, "'"))) return candidate.type;
  }
  const absl::string_view found = text.substr(0, text.find_first_of(",}"));
  return Bad(absl::StrCat("its elements are ", found, ", not <f2, <f4, <f8, <i4 or <i8"));
}

absl::StatusOr<bool> FindFortranOrder(absl::string_view header) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::string_view text, Find(header, "fortran_order"));
  if (absl::StartsWith(text, "True")) return true;
  if (absl::StartsWith(text, "False")) return false;
  return Bad("its fortran_order is neither True nor False");
}

absl::StatusOr<std::vector<int64_t>> FindShape(absl::string_view header) {
  RIDGELINE_ASSIGN_OR_RETURN(absl::string_view text, Find(header, "shape"));
  const size_t end = text.find(')');
  if (!absl::ConsumePrefix(&text, "(") || end == absl::string_view::npos) return Bad("its shape is no tuple");
  std::vector<int64_t> shape;
  for (const absl::string_view part : absl::StrSplit(text.substr(0, end - 1), ',', absl::SkipWhitespace())) {
    if (!absl::SimpleAtoi(part, &shape.emplace_back())) return Bad("its shape is not of numbers");
  }
  if (shape.size() > 2) return Bad(absl::StrCat("it has ", shape.size(), " dimensions, more than 2"));
  return shape;
}

// The data begin at a multiple of this.
constexpr size_t kAlignment = 64;

template <class Element>
std::string Format(absl::string_view type, absl::Span<const Element> values, size_t columns) {
  std::string header = absl::StrCat("{'descr': '", type, "', 'fortran_order': False, 'shape': (",
                                    values.size() / columns, ", ", columns, "), }");
  constexpr absl::string_view kVersion("\x01\x00", 2);
  const size_t before = kMagic.size() + kVersion.size() + 2;
  header.resize((before + header.size() + kAlignment) / kAlignment * kAlignment - before, ' ');
  header.back() = '\n';
  std::string file = absl::StrCat(kMagic, kVersion);
  file.push_back(static_cast<char>(header.size() & 0xff));
  file.push_back(static_cast<char>(header.size() >> 8));
  file += header;
  return file.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Element));
}

}  // namespace

std::string FormatNpy(absl::Span<const float> values, size_t columns) {
  return Format("<f4", values, columns);
}

std::string FormatNpy(absl::Span<const int32_t> values, size_t columns) {
  return Format("<i4", values, columns);
}

absl::StatusOr<FloatTensor> ParseNpy(absl::string_view file) {
  RIDGELINE_ASSIGN_OR_RETURN(const absl::string_view header, TakeHeader(&file));
  RIDGELINE_ASSIGN_OR_RETURN(const ElementType type, FindType(header));
  RIDGELINE_ASSIGN_OR_RETURN(const bool fortran_order, FindFortranOrder(header));
  RIDGELINE_ASSIGN_OR_RETURN(std::vector<int64_t> shape, FindShape(header));
  absl::StatusOr<FloatTensor> tensor = MakeFloatTensor(type, std::move(shape), file);
  if (!tensor.ok()) return Bad(tensor.status().message());
  return fortran_order ? FromColumnMajor(*std::move(tensor)) : *std::move(tensor);
}

}  // namespace ridgeline
