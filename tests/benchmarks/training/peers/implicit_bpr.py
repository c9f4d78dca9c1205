"""implicit's BPR; the items' biases are a column of its factors."""

import model
from implicit.cpu.bpr import BayesianPersonalizedRanking


def train(interactions, recorder, threads, factors, regularization, learning_rate, iterations, seed=1):
    trainer = BayesianPersonalizedRanking(
        factors=factors,
        regularization=regularization,
        learning_rate=learning_rate,
        iterations=iterations,
        num_threads=threads,
        random_state=seed,
    )
    trainer.fit(interactions, show_progress=False)
    return model.make(trainer.user_factors, trainer.item_factors)
