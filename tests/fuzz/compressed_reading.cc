#include "tests/fuzz/compressed_reading.h"

#include <memory>

#include "tests/fuzz/byte_reading.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_cutter.h"
#include "tests/fuzz/memory_file.h"

namespace ridgeline {
namespace {

constexpr size_t kPiece = size_t{64} << 10;

void CheckHostile(absl::string_view bytes, size_t piece, MemoryFile& file) {
  file.Write(bytes);
  const absl::StatusOr<std::string> text = ReadPieces(file.path(), kPiece);
  RequireExplained(text.status());
  // Small pieces of a long text would take all the time.
  if (text.ok() && text->size() > kPiece) return;
  const absl::StatusOr<std::string> again = ReadPieces(file.path(), piece);
  Require(text.status() == again.status(), "pieces of any size end with the same error");
  Require(!text.ok() || *text == *again, "pieces of any size are the same bytes");
}

void CheckOwn(absl::string_view text, size_t cut, size_t missing, std::string (*compress)(const std::string&),
              MemoryFile& file) {
  const size_t first = cut % (text.size() + 1);
  const std::string stored =
      compress(std::string(text.substr(0, first))) + compress(std::string(text.substr(first)));
  file.Write(stored);
  const absl::StatusOr<std::string> read = ReadPieces(file.path(), kPiece);
  Require(read.ok() && *read == text, "what was compressed is read as it was");
  file.Write(absl::string_view(stored).substr(0, stored.size() - missing));
  Require(absl::IsDataLoss(ReadPieces(file.path(), kPiece).status()), "what is cut off is found to be");
}

}  // namespace

void CheckCompressedReading(absl::string_view input, std::string (*compress)(const std::string& text)) {
  static MemoryFile& file = *new MemoryFile();
  InputCutter cutter(input);
  const size_t piece = 1 + cutter.TakeBelow(200);
  CheckHostile(cutter.rest(), piece, file);
  const size_t cut = cutter.TakeNumber<uint16_t>();
  // The second part's checksum is at the end of both formats, in at least four bytes.
  CheckOwn(cutter.rest(), cut, 1 + piece % 4, compress, file);
}

}  // namespace ridgeline
