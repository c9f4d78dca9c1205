"""LensKit's ALS, of ratings (its biases are fitted first, damped) or of implicit feedback."""

import os
import time

import model
import numpy
import pandas


def _dataset(interactions):
    from lenskit.data import from_interactions_df

    entries = interactions.tocoo()
    frame = pandas.DataFrame({"user_id": entries.row, "item_id": entries.col, "rating": entries.data})
    return from_interactions_df(frame)


def _in_order(vocabulary, values, count):
    whole = numpy.zeros((count, *values.shape[1:]), numpy.float32)
    whole[vocabulary.ids()] = values
    return whole


def train(
    interactions,
    recorder,
    threads,
    feedback,
    factors,
    regularization,
    iterations,
    damping=5.0,
    confidence=None,
    seed=1,
):
    os.environ["LK_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = str(threads)
    from lenskit.als import BiasedMFScorer, ImplicitMFScorer
    from lenskit.training import TrainingOptions

    common = {"embedding_size": factors, "epochs": iterations, "regularization": regularization}
    if feedback == "explicit":
        scorer = BiasedMFScorer(**common, damping=damping)
    else:
        scorer = ImplicitMFScorer(**common, weight=confidence - 1.0)
    trainer = scorer.create_trainer(_dataset(interactions), TrainingOptions(rng=seed))
    for _ in range(iterations):
        begin = time.perf_counter()
        trainer.train_epoch()
        recorder.epoch(time.perf_counter() - begin, scorer.user_embeddings, scorer.item_embeddings)
    trainer.finalize()

    users, items = interactions.shape
    sides = (
        _in_order(scorer.users, scorer.user_embeddings, users),
        _in_order(scorer.items, scorer.item_embeddings, items),
    )
    if feedback == "implicit":
        return model.make(*sides)
    bias = scorer.bias
    return model.make(
        *sides,
        _in_order(bias.users, bias.user_biases, users),
        _in_order(bias.items, bias.item_biases, items),
        bias.global_bias,
    )
