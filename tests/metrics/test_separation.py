"""SI-SDR: known values, blind to level, and against the mixture."""

import numpy as np
import pytest

from onpu.metrics.separation import evaluate, si_sdr


def test_it_is_the_ratio_of_reference_to_error_whatever_the_level():
    rng = np.random.default_rng(1)
    truth, noise = rng.standard_normal(50_000), rng.standard_normal(50_000)
    noise -= truth * (noise @ truth) / (truth @ truth)
    for decibels in (-10, 0, 20):
        mixed = truth / np.linalg.norm(truth) + 10 ** (-decibels / 20) * noise / np.linalg.norm(noise)
        for level in (0.01, 1.0, -3.0):
            assert si_sdr(truth, level * mixed) == pytest.approx(decibels, abs=1e-6)


def test_improvement_is_over_the_mixture_and_parts_without_meaning_are_missing():
    rng = np.random.default_rng(2)
    parts = {name: rng.standard_normal((1, 20_000)) for name in ("vocals", "drums")} | {"bass": np.zeros((1, 20_000))}
    mixture = sum(parts.values())
    same = evaluate(parts, dict.fromkeys(parts, mixture))
    assert "bass SI-SDR" not in same and same["SI-SDR improvement"] == pytest.approx(0, abs=1e-9)
    assert evaluate(parts, parts)["vocals SI-SDR improvement"] > 50
    alone = evaluate({"vocals": parts["vocals"], "bass": parts["bass"]}, {"vocals": mixture, "bass": mixture})
    assert alone == {}
