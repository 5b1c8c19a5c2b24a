"""A small network beside the linear classifier: it learns which n-grams go together.

The n-grams of a text are added up in 64 hidden units, of which the positive ones vote for the
intents. Trained by Adam with n-grams and units left out at random, from a fixed seed. On eight
authors left out it raised the right intent from 80.3 to 82.2 of 100, and what may be answered at 2
of 100 wrong from 59 to 65.
"""

from typing import Any

import numpy as np

SEED = 0
UNITS = 64
ROUNDS = 12
BATCH = 512
STEP = 0.01
UNITS_LEFT_OUT = 0.2
GRAMS_LEFT_OUT = 0.3
SMOOTHING = 0.05
Matrix = np.ndarray[Any, Any]


def softmax(scores: Matrix) -> Matrix:
    """Probabilities of rows of scores."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    spread: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return spread


class Adam:
    """Steps of one array of weights; of a large one only the rows that a batch touches."""

    def __init__(self, weights: Matrix) -> None:
        """Start at rest."""
        self.weights = weights
        self._mean, self._square = np.zeros_like(weights), np.zeros_like(weights)

    def step(self, gradient: Matrix, rate: float, rows: Any = slice(None)) -> None:
        """Move against the gradient of these rows."""
        slope = gradient[rows]
        self._mean[rows] = 0.9 * self._mean[rows] + 0.1 * slope
        self._square[rows] = 0.99 * self._square[rows] + 0.01 * slope * slope
        self.weights[rows] -= rate * self._mean[rows] / (np.sqrt(self._square[rows]) + 1e-6)


class HiddenLayer:
    """The network in the making; `scores` adds to those of the linear classifier."""

    def fit(self, given: Any, classes: Matrix) -> "HiddenLayer":
        """Train on sparse rows of n-grams and the number of each row's intent."""
        self._draw = np.random.default_rng(SEED)
        count = int(classes.max()) + 1
        self._into = Adam(self._normal(given.shape[1], UNITS, 0.3))
        self._bias = Adam(np.zeros(UNITS, np.float32))
        self._out = Adam(self._normal(UNITS, count, UNITS**-0.5))
        self._prior = Adam(np.zeros(count, np.float32))
        batches = len(classes) // BATCH
        for at in range(ROUNDS):
            order = self._draw.permutation(len(classes))[: batches * BATCH]
            for step, places in enumerate(order.reshape(batches, BATCH)):
                done = (at * batches + step) / (ROUNDS * batches)
                self._learn(given[places], classes[places], STEP * (1 - done))
        return self

    @property
    def weights(self) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """Into the units and their bias, out of them and the bias of the intents."""
        return self._into.weights, self._bias.weights, self._out.weights, self._prior.weights

    def scores(self, given: Any) -> Matrix:
        """The score of every intent for sparse rows of n-grams."""
        into, bias, out, prior = self.weights
        scores: Matrix = np.maximum(given @ into + bias, 0) @ out + prior
        return scores

    def _normal(self, rows: int, columns: int, scale: float) -> Matrix:
        drawn = self._draw.standard_normal((rows, columns), dtype=np.float32)
        return (drawn * np.float32(scale)).astype(np.float32)

    def _learn(self, given: Any, classes: Matrix, rate: float) -> None:
        given = given.copy()
        given.data = self._thinned(given.data, GRAMS_LEFT_OUT)
        raw = given @ self._into.weights + self._bias.weights
        gate = self._thinned((raw > 0).astype(np.float32), UNITS_LEFT_OUT)
        units = raw * gate
        wrong = softmax(units @ self._out.weights + self._prior.weights)
        wrong -= SMOOTHING / wrong.shape[1]
        wrong[np.arange(len(classes)), classes] -= 1 - SMOOTHING
        wrong /= len(classes)
        back = (wrong @ self._out.weights.T) * gate
        self._out.step(units.T @ wrong, rate)
        self._prior.step(wrong.sum(axis=0), rate)
        self._bias.step(back.sum(axis=0), rate)
        self._into.step(given.T @ back, rate, np.unique(given.indices))

    def _thinned(self, values: Matrix, left_out: float) -> Matrix:
        """Some values put to nothing at random, the others raised so that the sum stays."""
        stays = self._draw.random(values.shape, dtype=np.float32) >= left_out
        thinned: Matrix = values * stays / np.float32(1 - left_out)
        return thinned
