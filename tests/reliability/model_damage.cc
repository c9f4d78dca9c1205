#include "tests/reliability/model_damage.h"

#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "core/base/checksum.h"
#include "core/base/file.h"
#include "nlohmann/json.hpp"

namespace ridgeline {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kManifest[] = "/manifest.json";
constexpr char kFactors[] = "/factors.safetensors";

void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string Hex(uint64_t value) {
  return absl::StrFormat("%016x", value);
}

// The text of a manifest whose own checksum fits.
std::string Seal(json manifest) {
  manifest.erase("xxh3_64");
  manifest["xxh3_64"] = Hex(Checksum64(manifest.dump()));
  return manifest.dump(2) + "\n";
}

// The same for factors that were changed.
std::string SealFor(const std::string& manifest_text, const std::string& factors) {
  json manifest = json::parse(manifest_text);
  manifest["files"]["factors.safetensors"] = {{"bytes", factors.size()},
                                              {"xxh3_64", Hex(Checksum64(factors))}};
  return Seal(std::move(manifest));
}

uint64_t HeaderBytes(const std::string& factors) {
  uint64_t length = 0;
  std::memcpy(&length, factors.data(), sizeof(length));
  return length;
}

json HeaderOf(const std::string& factors) {
  return json::parse(factors.substr(8, HeaderBytes(factors)));
}

std::string WithHeader(const std::string& factors, const std::string& header) {
  const uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof(length));
  return bytes + header + factors.substr(8 + HeaderBytes(factors));
}

// A change of one member of the manifest, which nothing but its meaning gives away.
using ManifestEdit = std::pair<const char*, void (*)(json&)>;
constexpr ManifestEdit kManifestEdits[] = {
    {"another version's name", [](json& m) { m["version"] = "v000001"; }},
    {"a path as version", [](json& m) { m["version"] = "../v000002"; }},
    {"a file outside", [](json& m) { m["files"]["../v000001/factors.safetensors"] = m["files"].front(); }},
    {"only a file outside",
     [](json& m) {
       m["files"] = {{"../v000001/factors.safetensors", m["files"].front()}};
     }},
    {"a file by its whole path",
     [](json& m) {
       m["files"] = {{"/etc/passwd", m["files"].front()}};
     }},
    {"more users", [](json& m) { m["users"] = m["users"].get<int64_t>() + 1; }},
    {"fewer items", [](json& m) { m["items"] = m["items"].get<int64_t>() - 1; }},
    {"negative users", [](json& m) { m["users"] = -2; }},
    {"users without end", [](json& m) { m["users"] = std::numeric_limits<int64_t>::max(); }},
    {"items as a fraction", [](json& m) { m["items"] = 2.5; }},
    {"more factors", [](json& m) { m["hyperparameters"]["factors"] = 3; }},
    {"no factors", [](json& m) { m["hyperparameters"]["factors"] = 0; }},
    {"factors without end", [](json& m) { m["hyperparameters"]["factors"] = 1'000'000'000; }},
    {"no regularization", [](json& m) { m["hyperparameters"]["regularization"] = -1.0; }},
    {"another feedback", [](json& m) { m["hyperparameters"]["feedback"] = "else"; }},
    {"a mean that is none", [](json& m) { m["global_mean"] = nullptr; }},
    {"a mean as text", [](json& m) { m["global_mean"] = "3.5"; }},
    {"placed items in version 1", [](json& m) { m["placed_items"] = 1; }},
    {"all items placed and more",
     [](json& m) {
       m["format_version"] = 3;
       m["placed_items"] = 4;
     }},
    {"an unknown member", [](json& m) { m["extra"] = true; }},
    {"a member less", [](json& m) { m.erase("metrics"); }},
    {"a metric as text", [](json& m) { m["metrics"]["objective"] = "1"; }},
    {"a newer format", [](json& m) { m["format_version"] = 99; }},
    {"no format", [](json& m) { m["format_version"] = 0; }},
    {"another format", [](json& m) { m["format"] = "else"; }},
    {"a time that is none", [](json& m) { m["create_time"] = "yesterday"; }},
    {"a file of no bytes", [](json& m) { m["files"]["factors.safetensors"]["bytes"] = 0; }},
    {"a checksum that is none", [](json& m) { m["files"]["factors.safetensors"]["xxh3_64"] = "0"; }},
};

using HeaderEdit = std::pair<const char*, void (*)(json&)>;
constexpr HeaderEdit kHeaderEdits[] = {
    {"shapes turned",
     [](json& h) { std::swap(h["item_factors"]["shape"][0], h["item_factors"]["shape"][1]); }},
    {"tensors swapped", [](json& h) { std::swap(h["user_factors"], h["item_factors"]); }},
    {"another type", [](json& h) { h["user_biases"]["dtype"] = "I32"; }},
    {"an unknown type", [](json& h) { h["user_biases"]["dtype"] = "F128"; }},
    {"a tensor less", [](json& h) { h.erase("item_popularity"); }},
    {"a tensor more",
     [](json& h) {
       h["more"] = {{"dtype", "U8"}, {"shape", {0}}, {"data_offsets", {0, 0}}};
     }},
    {"negative offsets",
     [](json& h) {
       h["user_factors"]["data_offsets"] = {-8, 8};
     }},
    {"offsets beyond the end", [](json& h) { h["user_factors"]["data_offsets"][1] = 1 << 30; }},
    {"offsets that overlap",
     [](json& h) { h["user_factors"]["data_offsets"] = h["item_factors"]["data_offsets"]; }},
    {"a shape that overflows",
     [](json& h) {
       h["user_factors"]["shape"] = {int64_t{1} << 62, int64_t{1} << 62};
     }},
    {"a shape that is none", [](json& h) { h["user_factors"]["shape"] = "2"; }},
};

size_t Position(Random& random, const std::string& bytes) {
  return static_cast<size_t>(random.Below(bytes.size()));
}

}  // namespace

ModelDamage::ModelDamage(std::string victim, const std::string& donor)
    : victim_(std::move(victim)),
      elsewhere_(victim_ + "/../../elsewhere"),
      whole_(ReadFrom(victim_)),
      donor_(ReadFrom(donor)) {
  fs::copy(victim_, elsewhere_);
}

ModelDamage::Files ModelDamage::ReadFrom(const std::string& folder) {
  return {ReadFile(folder + kManifest).value(), ReadFile(folder + kFactors).value()};
}

void ModelDamage::Write(const Files& files) const {
  WriteBytes(victim_ + kManifest, files.manifest);
  WriteBytes(victim_ + kFactors, files.factors);
}

void ModelDamage::Restore() {
  fs::remove_all(victim_);
  fs::create_directory(victim_);
  Write(whole_);
}

std::string ModelDamage::Apply(Random& random) {
  Restore();
  const uint64_t kind = random.Below(16);
  if (kind == 15) return PlantLink(random);
  Files files = whole_;
  std::string& either = random.Below(2) == 0 ? files.manifest : files.factors;
  std::string what;
  if (kind < 4)
    what = FlipBit(random, either);
  else if (kind < 6)
    what = Truncate(random, either);
  else if (kind < 8)
    what = Overwrite(random, either);
  else if (kind == 8)
    what = Swap(random, files);
  else if (kind == 9)
    what = Respell(random, files);
  else if (kind < 12)
    what = EditManifestSealed(random, files);
  else if (kind < 14)
    what = EditFactorsSealed(random, files);
  else
    what = EditHeaderSealed(random, files);
  Write(files);
  return absl::StrCat(&either == &files.manifest ? "manifest" : "factors", " or both: ", what);
}

std::string ModelDamage::FlipBit(Random& random, std::string& bytes) const {
  const size_t at = Position(random, bytes);
  const uint64_t bit = random.Below(8);
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
  return absl::StrCat("bit ", bit, " of byte ", at, " flipped");
}

std::string ModelDamage::Truncate(Random& random, std::string& bytes) const {
  const size_t size = Position(random, bytes);
  const bool zeros = random.Below(2) == 0;  // as file systems do for blocks that were never written
  const size_t before = bytes.size();
  const std::string original = bytes;
  bytes.resize(size);
  if (zeros) bytes.resize(before, '\0');
  if (bytes == original) bytes.pop_back();
  return absl::StrCat("cut at ", size, zeros ? ", zeros behind" : "");
}

std::string ModelDamage::Overwrite(Random& random, std::string& bytes) const {
  const std::string original = bytes;
  const size_t at = Position(random, bytes);
  const size_t size = 1 + static_cast<size_t>(random.Below(64));
  if (random.Below(4) == 0) {
    bytes.insert(at, size, static_cast<char>(random.Below(256)));
    return absl::StrCat(size, " bytes put in at ", at);
  }
  for (size_t i = at; i < bytes.size() && i < at + size; ++i) bytes[i] = static_cast<char>(random.Below(256));
  if (bytes == original) bytes[at] = static_cast<char>(bytes[at] + 1);
  return absl::StrCat(size, " bytes overwritten at ", at);
}

std::string ModelDamage::Swap(Random& random, Files& files) const {
  if (random.Below(3) == 0) {
    files = donor_;
    return "both files of another version";
  }
  if (random.Below(2) == 0) {
    files.factors = donor_.factors;
    return "factors of another version";
  }
  files.manifest = donor_.manifest;
  return "manifest of another version";
}

// The same document in other words: what a JSON reader takes for equal.
std::string ModelDamage::Respell(Random& random, Files& files) const {
  const std::vector<std::pair<std::string, std::string>> spellings = {
      {"\n", " "},     {"\n", "\r\n"},   {"  ", "\t"},    {"als", "\\u0061ls"},
      {"3.5", "3.50"}, {"3.5", "35e-1"}, {"0.05", "5E-2"}};
  const auto& [from, to] = spellings[static_cast<size_t>(random.Below(spellings.size()))];
  files.manifest = absl::StrReplaceAll(files.manifest, {{from, to}});
  return absl::StrCat("\"", from, "\" spelled \"", to, "\"");
}

std::string ModelDamage::EditManifestSealed(Random& random, Files& files) const {
  const auto& [what, edit] = kManifestEdits[random.Below(std::size(kManifestEdits))];
  json manifest = json::parse(files.manifest);
  edit(manifest);
  files.manifest = Seal(std::move(manifest));
  return absl::StrCat("sealed manifest with ", what);
}

std::string ModelDamage::EditFactorsSealed(Random& random, Files& files) const {
  static constexpr float kBad[] = {std::numeric_limits<float>::quiet_NaN(),
                                   std::numeric_limits<float>::infinity(),
                                   -std::numeric_limits<float>::infinity(), 3e38f};
  static constexpr const char* kFloats[] = {"user_factors", "item_factors", "user_biases", "item_biases",
                                            "item_popularity"};
  const json header = HeaderOf(files.factors);
  const uint64_t what = random.Below(6);
  const char* name = what < 5               ? kFloats[what]
                     : random.Below(2) == 0 ? "user_ids.offsets"
                                            : "item_ids.offsets";
  const uint64_t begin = 8 + HeaderBytes(files.factors) + header[name]["data_offsets"][0].get<uint64_t>();
  const uint64_t end = 8 + HeaderBytes(files.factors) + header[name]["data_offsets"][1].get<uint64_t>();
  // A number that is merely large is refused where a sum over it is not finite: among the factors.
  const float bad = kBad[random.Below(what < 2 ? 4 : 3)];
  const uint64_t offset = random();
  const size_t size = what < 5 ? sizeof(float) : sizeof(uint64_t);
  const uint64_t at = begin + random.Below((end - begin) / size) * size;
  std::memcpy(&files.factors[at], what < 5 ? static_cast<const void*>(&bad) : &offset, size);
  files.manifest = SealFor(files.manifest, files.factors);
  return absl::StrCat("sealed factors with a bad number in ", name);
}

std::string ModelDamage::EditHeaderSealed(Random& random, Files& files) const {
  const uint64_t which = random.Below(std::size(kHeaderEdits) + 2);
  std::string what = "a header of a length without end";
  if (which < std::size(kHeaderEdits)) {
    json header = HeaderOf(files.factors);
    kHeaderEdits[which].second(header);
    what = kHeaderEdits[which].first;
    files.factors = WithHeader(files.factors, header.dump());
  } else if (which == std::size(kHeaderEdits)) {
    what = "a header nested deeply";
    files.factors = WithHeader(files.factors, std::string(1000, '['));
  } else {
    files.factors.replace(0, 8, std::string(8, '\xff'));
  }
  files.manifest = SealFor(files.manifest, files.factors);
  return absl::StrCat("sealed factors with ", what);
}

// Whole contents, but not where they must be.
std::string ModelDamage::PlantLink(Random& random) const {
  const std::string name = random.Below(2) == 0 ? kManifest : kFactors;
  switch (random.Below(5)) {
    case 0:
      fs::remove_all(victim_);
      fs::create_directory_symlink(elsewhere_, victim_);
      return "folder is a link";
    case 1:
      fs::remove(victim_ + name);
      fs::create_symlink(elsewhere_ + name, victim_ + name);
      return absl::StrCat(name, " is a link");
    case 2:
      fs::remove(victim_ + name);
      return absl::StrCat(name, " is missing");
    case 3:
      fs::remove(victim_ + name);
      fs::create_directory(victim_ + name);
      return absl::StrCat(name, " is a folder");
    default:
      fs::remove(victim_ + name);
      mkfifo((victim_ + name).c_str(), 0600);
      return absl::StrCat(name, " is a pipe");
  }
}

}  // namespace ridgeline
