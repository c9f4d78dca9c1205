"""The made data of the sections about speed, and what implicit's parameters are called in ridgeline-lab."""

import matrix

SIZES = {"users": 136_677, "items": 20_108, "interactions": 8_700_000}
QUICK_SIZES = {"users": 3_000, "items": 800, "interactions": 100_000}


def interactions(setting):
    """The file for ridgeline-lab, and the same as a stored matrix for the peers."""
    sizes = QUICK_SIZES if setting.quick else SIZES
    path = setting.generate("implicit", **sizes)
    stored = path.with_suffix(".npz")
    if not stored.exists():
        matrix.store(stored, matrix.read_csv(path))
    return path, stored


def hu_flags(confidence, regularization):
    """Confidence c of what was seen and 1 of all else: ridgeline's weights are those beyond the 1 of all pairs."""
    return [
        "--feedback", "implicit", "--confidence-form", "hu", "--unobserved-weight", 1,
        "--confidence-scale", confidence - 1, "--regularization", regularization, "--regularization-scaling", "none",
    ]  # fmt: skip
