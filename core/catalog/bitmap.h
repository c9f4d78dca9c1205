#ifndef RIDGELINE_CORE_CATALOG_BITMAP_H_
#define RIDGELINE_CORE_CATALOG_BITMAP_H_

#include "roaring/roaring.hh"

// Newer CRoaring releases declare the class in this namespace, older ones in the global one.
namespace roaring {}

namespace ridgeline {

namespace bitmap_internal {
using namespace ::roaring;  // NOLINT(google-build-using-namespace)
using RoaringBitmap = Roaring;
}  // namespace bitmap_internal

/// A compressed set of uint32 (Lemire et al. 2016). Thread-compatible.
using Bitmap = bitmap_internal::RoaringBitmap;

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_CATALOG_BITMAP_H_
