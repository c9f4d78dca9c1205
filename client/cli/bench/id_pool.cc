#include "client/cli/bench/id_pool.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/id_list.h"

namespace ridgeline {
namespace {

// Whether a list argument is a range: something with "[...]" that is neither a file nor a list.
bool IsRange(absl::string_view argument) {
  return !absl::StartsWith(argument, "@") && !absl::StrContains(argument, ',') &&
         absl::StrContains(argument, '[') && absl::StrContains(argument, ']');
}

// SimpleAtoi takes signs and blanks too.
bool ParseDigits(absl::string_view text, int64_t& number) {
  return !text.empty() && text.find_first_not_of("0123456789") == absl::string_view::npos &&
         absl::SimpleAtoi(text, &number);
}

}  // namespace

IdPool::IdPool(std::vector<std::string> ids, double exponent)
    : ids_(std::move(ids)), size_(static_cast<int64_t>(ids_.size())), ranks_(size_, exponent) {}

IdPool::IdPool(Range range, double exponent)
    : range_(std::move(range)), size_(range_.last - range_.first + 1), ranks_(size_, exponent) {}

absl::StatusOr<IdPool::Range> IdPool::ReadRange(absl::string_view argument) {
  const size_t open = argument.find('[');
  const size_t close = argument.find(']', open);
  const absl::string_view inside = argument.substr(open + 1, close - open - 1);
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(inside, absl::MaxSplits('-', 1));
  Range range;
  if (close == absl::string_view::npos || !ParseDigits(ends.first, range.first) ||
      !ParseDigits(ends.second, range.last) || range.last < range.first) {
    return absl::InvalidArgumentError(absl::StrCat("not a range of ids such as u[0-999]: '", argument, "'"));
  }
  range.prefix = std::string(argument.substr(0, open));
  range.suffix = std::string(argument.substr(close + 1));
  range.width = ends.first.size();
  return range;
}

absl::StatusOr<IdPool> IdPool::Read(absl::string_view argument, double exponent, std::istream& input) {
  if (IsRange(argument)) {
    absl::StatusOr<Range> range = ReadRange(argument);
    if (!range.ok()) return range.status();
    return IdPool(*std::move(range), exponent);
  }
  absl::StatusOr<std::vector<std::string>> ids = ReadList(argument, input);
  if (!ids.ok()) return ids.status();
  if (ids->empty()) return absl::InvalidArgumentError(absl::StrCat("there is no id in '", argument, "'"));
  return IdPool(*std::move(ids), exponent);
}

void IdPool::Get(int64_t index, std::string& id) const {
  if (!ids_.empty()) {
    id = ids_[index];
    return;
  }
  const absl::AlphaNum number(range_.first + index);
  const size_t zeros = range_.width > number.size() ? range_.width - number.size() : 0;
  id.assign(range_.prefix).append(zeros, '0').append(number.data(), number.size()).append(range_.suffix);
}

}  // namespace ridgeline
