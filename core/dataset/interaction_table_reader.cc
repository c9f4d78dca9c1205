#include "core/dataset/interaction_table_reader.h"

#include <memory>

namespace ridgeline {
namespace {

// Numbers a block's ids by themselves, so that the table's maps are asked only once for each of them.
class PartSink final : public BlockSink {
 public:
  PartSink(const PartAdder& add, InteractionTableBuilder* whole)
      : add_(add), whole_(*whole), part_(whole->MakePart()) {}

  absl::Status Add(const InteractionView& interaction) override { return add_(interaction, &part_); }
  void Flush() override { whole_.AddPart(&part_); }

 private:
  const PartAdder& add_;
  InteractionTableBuilder& whole_;
  InteractionTableBuilder part_;
};

}  // namespace

absl::StatusOr<ReadReport> ReadInteractionTable(const std::string& path, const BlockReaderOptions& options,
                                                Arena& arena, const PartAdder& add,
                                                InteractionTableBuilder* builder) {
  return ReadInteractionBlocks(path, options, arena,
                               [&] { return std::make_unique<PartSink>(add, builder); });
}

}  // namespace ridgeline
