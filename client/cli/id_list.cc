#include "client/cli/id_list.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ridgeline {
namespace {

std::vector<std::string> ReadLines(std::istream& input) {
  std::vector<std::string> elements;
  for (std::string line; std::getline(input, line);) {
    absl::StripAsciiWhitespace(&line);
    if (!line.empty()) elements.push_back(std::move(line));
  }
  return elements;
}

std::vector<std::string> SplitAtCommas(absl::string_view argument) {
  std::vector<std::string> elements;
  for (absl::string_view element : absl::StrSplit(argument, ',', absl::SkipWhitespace())) {
    elements.emplace_back(absl::StripAsciiWhitespace(element));
  }
  return elements;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ReadList(absl::string_view argument, std::istream& input) {
  if (argument == "-") return ReadLines(input);
  if (argument.empty() || argument[0] != '@') return SplitAtCommas(argument);
  const std::string path(argument.substr(1));
  std::ifstream file(path);
  if (!file.good()) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  return ReadLines(file);
}

absl::StatusOr<std::vector<std::string>> ReadLists(const std::vector<std::string>& arguments,
                                                   std::istream& input) {
  std::vector<std::string> all;
  for (const std::string& argument : arguments) {
    absl::StatusOr<std::vector<std::string>> list = ReadList(argument, input);
    if (!list.ok()) return list.status();
    all.insert(all.end(), std::make_move_iterator(list->begin()), std::make_move_iterator(list->end()));
  }
  return all;
}

}  // namespace ridgeline
