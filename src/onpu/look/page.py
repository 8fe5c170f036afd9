"""The page: one HTML file with what was seen of a network, to look at and to listen to, without a network."""

import html
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np

from onpu.files import replacing
from onpu.look.looking import Crop, Looked, MapSeen
from onpu.look.pictures import mosaic, mp3, picture
from onpu.look.relevance import Deletion

TITLE, BODY = "<!--onpu:title-->", "<!--onpu:body-->"
INPUTS = 3
"""Inputs of the first convolution whose kernels are shown."""
CURVES = (("shown", "what matters most"), ("elsewhere", "the same shape elsewhere"), ("loudest", "what is loudest"))
WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM = 640, 260, 46, 26, 40
"""Of the chart, and what its numbers take of it."""


def write_page(seen: Looked, path: str | os.PathLike[str], title: str) -> Path:
    """Write the page of what was seen and return its path. Raises `FormatError` when the place cannot be written to."""
    template = files("onpu.look").joinpath("page.html").read_text(encoding="utf-8")
    heading = html.escape(f"{title} · {seen.task}")
    text = template.replace(TITLE, heading).replace(BODY, "\n".join(_body(seen, heading)))
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return Path(path)


def _body(seen: Looked, heading: str) -> Iterator[str]:
    seconds = len(seen.sound) / seen.rate
    yield f"<h1>{heading}</h1><p class=sub>What the network looks at, {_time(seen.start)} to " \
          f"{_time(seen.start + seconds)}.</p>"
    yield from _decision(seen)
    if seen.kernels is not None:
        yield from _kernels(seen.kernels)
    for one in seen.maps:
        yield from _map(one, seen)


def _decision(seen: Looked) -> Iterator[str]:
    fallen = seen.deletion
    yield f"<section><h2>What the decision “{html.escape(seen.decision.head)}” rests on</h2>"
    yield _figure(picture(seen.features.mean(axis=0)), "what the network is given: bands over time",
                  _button(seen, seen.sound, "as recorded"))
    buttons = "" if seen.because is None or seen.rest is None else (
        _button(seen, seen.because, "what it rests on") + _button(seen, seen.rest, "the rest"))
    yield _figure(picture(seen.saliency, signed=True), "saliency: red speaks for it, blue against it", buttons)
    yield _figure(picture(seen.decision.activations.numpy(), quantile=1.0), "what the network says", "", "thin")
    yield _cause(fallen, "the decision")
    yield "</section>"


def _cause(fallen: Deletion, of: str) -> str:
    """Curves of deletion, and what they say."""
    lost = ", ".join(f"{name} {fallen.lost(getattr(fallen, key)):.2f}" for key, name in CURVES)
    return f"<h3>Is it the cause?</h3>{_chart(fallen)}<p>What is left of {of} when more and more of the picture is " \
           f"taken out. Mean share that is lost: {lost}.</p>"


def _kernels(kernels: np.ndarray) -> Iterator[str]:
    yield "<section><h2>Kernels of the first layer</h2><p class=sub>" \
          f"{len(kernels)} kernels of {kernels.shape[2]} bands and {kernels.shape[3]} frames; red is positive.</p>"
    for number in range(min(INPUTS, kernels.shape[1])):
        name = f"input {number + 1} of {kernels.shape[1]}" if kernels.shape[1] > 1 else ""
        yield _figure(mosaic(kernels[:, number]), name, "", "pixels")
    yield "</section>"


def _map(one: MapSeen, seen: Looked) -> Iterator[str]:
    yield f"<section><h2>Layer {one.layer.number}, map {one.number}</h2>"
    buttons = "" if one.shown is None else _button(seen, one.shown, "what it hears")
    yield _figure(picture(one.deconvolved, signed=True), "followed back to the bands (deconvolution)", buttons)
    if one.deletion is not None:
        yield _cause(one.deletion, "the map's activation")
    yield "<h3>What excites it most</h3><div class=crops>" if one.crops else "<p>Nothing here excites it.</p>"
    yield from (_crop(crop, seen) for crop in one.crops)
    yield "</div></section>" if one.crops else "</section>"


def _crop(crop: Crop, seen: Looked) -> str:
    pictures = "".join(f'<img alt="{alt}" src="{source}">' for alt, source in (
        ("bands of the passage", picture(crop.features)),
        ("what the map shows", picture(crop.deconvolved, signed=True))))
    buttons = _button(seen, crop.sound, "recorded")
    if crop.shown is not None:
        buttons += _button(seen, crop.shown, "heard")
    return f"<figure class=crop><div class=pair>{pictures}</div><figcaption>{_time(seen.start + crop.start)}, " \
           f"{crop.end - crop.start:.2f} s</figcaption><div>{buttons}</div></figure>"


def _figure(source: str, caption: str, buttons: str, kind: str = "wide") -> str:
    said = html.escape(caption)
    return f'<figure><img class={kind} alt="{said}" src="{source}"><figcaption>{said}</figcaption>{buttons}</figure>'


def _button(seen: Looked, sound: np.ndarray, name: str) -> str:
    return f'<button type=button data-sound="{mp3(sound, seen.rate)}">{html.escape(name)}</button>'


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"


def _chart(fallen: Deletion) -> str:
    """Curves of deletion, SVG."""
    most, top = float(fallen.shares.max()) or 1.0, max(1.0, *(float(getattr(fallen, key).max()) for key, _ in CURVES))

    def place(share: float, left: float) -> str:
        x = LEFT + share / most * (WIDTH - LEFT - RIGHT)
        return f"{x:.1f},{10 + (1 - left / top) * (HEIGHT - BOTTOM - 10):.1f}"

    lines = "".join(f'<polyline class={key} points="{" ".join(map(place, fallen.shares, getattr(fallen, key)))}"/>'
                    for key, _ in CURVES)
    marks = "".join(f'<text x="{LEFT - 6}" y="{float(place(0, level).split(",")[1]) + 4}" class=left>{level:.1f}</text>'
                    for level in (0.0, 0.5, 1.0))
    marks += "".join(f'<text x="{place(share, 0).split(",")[0]}" y="{HEIGHT - BOTTOM + 18}" class=middle>'
                     f'{100 * share:.0f} %</text>' for share in fallen.shares if share == 0 or share >= 0.05)
    legend = "".join(f"<span class={key}>{name}</span>" for key, name in CURVES)
    axes = f'<path class=axes d="M{LEFT},10 V{HEIGHT - BOTTOM} H{WIDTH - RIGHT}"/>'
    below = f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 4}" class=left>taken out</text>'
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role=img aria-label="curves of deletion">{axes}{lines}{marks}{below}' \
           f"</svg><p class=legend>{legend}</p>"
