"""cmfrec's ALS of ratings with biases, by Cholesky."""

import model
from cmfrec import CMF


def train(
    interactions,
    recorder,
    threads,
    factors,
    regularization,
    iterations,
    bias_regularization=None,
    scale=False,
    seed=1,
):
    """Biases are regularized like factors unless told otherwise."""
    of_biases = regularization if bias_regularization is None else bias_regularization
    trainer = CMF(
        k=factors,
        lambda_=[of_biases, of_biases, *4 * [regularization]],  # of users and items; of them again, and of attributes
        method="als",
        use_cg=False,
        scale_lam=scale,
        niter=iterations,
        nthreads=threads,
        precompute_for_predictions=False,
        random_state=seed,
        verbose=False,
    )
    trainer.fit(interactions.tocoo())
    return model.make(trainer.A_, trainer.B_, trainer.user_bias_, trainer.item_bias_, trainer.glob_mean_)
