#include "core/base/random.h"

#include <cmath>
#include <numbers>

namespace ridgeline {
namespace {

__extension__ using uint128 = unsigned __int128;

}  // namespace

Random::result_type Random::operator()() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

uint64_t Random::Below(uint64_t bound) {
  // The high half of a 128-bit product; its bias, below bound / 2^64, is of no account for any bound used
  // here.
  return static_cast<uint64_t>((static_cast<uint128>((*this)()) * bound) >> 64);
}

double Random::Uniform() {
  return static_cast<double>((*this)() >> 11) * 0x1p-53;
}

double Random::Normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

Random Random::Fork(uint64_t seed, uint64_t index) {
  Random mixer(seed ^ (index * 0xd1342543de82ef95u + 1));
  return Random(mixer());
}

}  // namespace ridgeline
