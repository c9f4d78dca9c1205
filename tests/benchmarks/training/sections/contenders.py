"""Who takes part in the comparison of quality: how each is trained, and from where its parameters are tuned.

What is fixed is the trainer's own recommendation, or enough to converge.
"""

import dataclasses
from typing import Callable

import model
import numpy

ITERATIONS = 16


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    train: Callable  # (trial, parameters, seed) -> model.Model
    start: dict  # parameters that are tuned, each by halving and doubling


def _ridgeline(*fixed):
    """Its flags are spelled with underscores in the parameters."""

    def train(trial, parameters, seed):
        flags = [f"--{key.replace('_', '-')}={value}" for key, value in parameters.items()]
        output = trial.setting.work / "quality-model"
        flags += ["--feedback", trial.feedback, "--seed", seed, *fixed]
        trial.setting.ridgeline(trial.csv, *flags, output=output)
        return model.load_ridgeline(output, trial.train.shape)

    return train


def _peer(trainer, **fixed):
    """The parameter `weight` is by how much the confidence of what was seen exceeds the 1 of all else."""

    def train(trial, parameters, seed):
        if "weight" in parameters:
            parameters["confidence"] = 1.0 + parameters.pop("weight")
        output = trial.setting.work / "quality-peer.npz"
        trial.setting.peer(trainer, trial.stored, model=str(output), seed=seed, **fixed, **parameters)
        return model.load(output)

    return train


def _popularity(trial, parameters, seed):
    users, items = trial.train.shape
    counts = numpy.asarray(trial.train.sum(axis=0)).ravel().astype(numpy.float32)
    return model.make(numpy.zeros((users, 1), numpy.float32), numpy.zeros((items, 1), numpy.float32), None, counts)


_OURS_IMPLICIT = {"factors": 64, "regularization": 0.3, "unobserved_weight": 0.1, "frequency_exponent": 0.5}
_PEER_IMPLICIT = {"factors": 64, "regularization": 20.0, "weight": 8.0}
IMPLICIT = [
    Contender("popularity", _popularity, {}),
    Contender("ridgeline, ALS", _ridgeline(), _OURS_IMPLICIT),
    Contender("ridgeline, ALS with biases", _ridgeline("--implicit-biases"), _OURS_IMPLICIT),
    Contender(
        "ridgeline, BPR",
        _ridgeline("--algorithm", "bpr"),
        {"factors": 64, "regularization": 0.01, "learning_rate": 0.1, "iterations": 200},
    ),
    Contender("implicit, ALS", _peer("implicit_als", iterations=ITERATIONS, cg=True), _PEER_IMPLICIT),
    Contender(
        "implicit, BPR",
        _peer("implicit_bpr"),
        {"factors": 64, "regularization": 0.01, "learning_rate": 0.05, "iterations": 100},
    ),
    Contender("cmfrec, ALS", _peer("cmfrec_implicit", iterations=ITERATIONS), _PEER_IMPLICIT),
    Contender("LensKit, ALS", _peer("lenskit_als", feedback="implicit", iterations=ITERATIONS), _PEER_IMPLICIT),
]

EXPLICIT = [
    Contender("bias only", _ridgeline("--algorithm", "bias"), {"bias_regularization": 5.0}),
    Contender(
        "ridgeline, ALS",
        _ridgeline("--regularization-scaling", "none"),
        {"factors": 64, "regularization": 16.0, "bias_regularization": 4.0},
    ),
    Contender(
        "ridgeline, ALS by frequency",
        _ridgeline(),
        {"factors": 64, "regularization": 1.2, "bias_regularization": 0.7, "frequency_exponent": 0.5},
    ),
    Contender(
        "ridgeline, SGD",
        _ridgeline("--algorithm", "sgd", "--regularization-scaling", "none"),
        {"factors": 64, "regularization": 16.0, "bias_regularization": 4.0},
    ),
    Contender(
        "cmfrec, ALS",
        _peer("cmfrec_explicit", iterations=ITERATIONS),
        {"factors": 64, "regularization": 16.0, "bias_regularization": 4.0},
    ),
    Contender(
        "cmfrec, ALS by frequency",
        _peer("cmfrec_explicit", iterations=ITERATIONS, scale=True),
        {"factors": 64, "regularization": 0.2, "bias_regularization": 0.1},
    ),
    Contender(
        "LensKit, ALS",
        _peer("lenskit_als", feedback="explicit", iterations=ITERATIONS),
        {"factors": 64, "regularization": 0.2, "damping": 5.0},
    ),
]


def of(feedback):
    return EXPLICIT if feedback == "explicit" else IMPLICIT
