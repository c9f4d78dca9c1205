#ifndef RIDGELINE_CORE_ALS_PRINCIPAL_AXES_H_
#define RIDGELINE_CORE_ALS_PRINCIPAL_AXES_H_

#include <vector>

#include "core/base/parallel.h"
#include "core/dataset/csr_matrix.h"
#include "core/model/factor_model.h"

namespace ridgeline {

/// Whether solving the rows of `matrix` against K factors gains more from a diagonal Gramian than finding its
/// axes costs: rows with fewer entries than K then have a smaller system (see kernels::SolveRow). Depends on
/// the lengths of the rows alone, so that a training repeats bit for bit.
bool PrincipalAxesPay(const CsrMatrix& matrix, int factors);

/// Turns the rows of `matrix` in place to the axes in which its Gramian is diagonal, and returns that
/// diagonal, [K], in falling order. Scores, and so the objective, depend on the angle between the two sides
/// only: solving the other side against the turned rows gives the old solution turned alike. `companion`,
/// which may be null or empty, is turned by the same angles: the other side as it is, from which an iterative
/// solver starts.
std::vector<float> TurnToPrincipalAxes(Arena& arena, FactorMatrix* matrix, FactorMatrix* companion = nullptr);

}  // namespace ridgeline

#endif  // RIDGELINE_CORE_ALS_PRINCIPAL_AXES_H_
