"""cmfrec's ALS of implicit feedback."""

import model
from cmfrec import CMF_implicit


def train(interactions, recorder, threads, factors, regularization, confidence, iterations, seed=1):
    trainer = CMF_implicit(
        k=factors,
        lambda_=regularization,
        alpha=confidence - 1.0,
        niter=iterations,
        nthreads=threads,
        precompute_for_predictions=False,
        random_state=seed,
        verbose=False,
    )
    trainer.fit(interactions.tocoo())
    return model.make(trainer.A_, trainer.B_)
