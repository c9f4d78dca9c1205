"""implicit's ALS, by conjugate gradients or Cholesky."""

import model
from implicit.cpu.als import AlternatingLeastSquares


def train(interactions, recorder, threads, factors, regularization, confidence, iterations, cg, seed=1):
    trainer = AlternatingLeastSquares(
        factors=factors,
        regularization=regularization,
        alpha=confidence,
        use_cg=cg,
        iterations=iterations,
        num_threads=threads,
        random_state=seed,
    )

    def report(iteration, seconds, *_):
        recorder.epoch(seconds, trainer.user_factors, trainer.item_factors)

    trainer.fit(interactions, show_progress=False, callback=report)
    return model.make(trainer.user_factors, trainer.item_factors)
