#ifndef RIDGELINE_TESTS_RELIABILITY_MODEL_DAMAGE_H_
#define RIDGELINE_TESTS_RELIABILITY_MODEL_DAMAGE_H_

#include <string>

#include "core/base/random.h"

namespace ridgeline {

/// Damages one version of a model store again and again, each time from its whole state. Thread-compatible.
class ModelDamage {
 public:
  /// Damages the folder `victim`; `donor` is another version's, of the same shapes.
  ModelDamage(std::string victim, const std::string& donor);

  /// Makes the victim whole, then damages it in a way drawn from `random`; returns what was done.
  std::string Apply(Random& random);

  /// Makes the victim whole.
  void Restore();

 private:
  struct Files {
    std::string manifest;
    std::string factors;
  };

  static Files ReadFrom(const std::string& folder);
  void Write(const Files& files) const;

  // Each changes `files`; the manifest's checksums are made to fit where the name says so.
  std::string FlipBit(Random& random, std::string& bytes) const;
  std::string Truncate(Random& random, std::string& bytes) const;
  std::string Overwrite(Random& random, std::string& bytes) const;
  std::string Respell(Random& random, Files& files) const;
  std::string Swap(Random& random, Files& files) const;
  std::string EditManifestSealed(Random& random, Files& files) const;
  std::string EditFactorsSealed(Random& random, Files& files) const;
  std::string EditHeaderSealed(Random& random, Files& files) const;
  std::string PlantLink(Random& random) const;

  const std::string victim_;
  const std::string elsewhere_;  // a whole copy of the victim, outside the store
  const Files whole_;
  const Files donor_;
};

}  // namespace ridgeline

#endif  // RIDGELINE_TESTS_RELIABILITY_MODEL_DAMAGE_H_
