"""A page to hear two versions of a recording against each other: one file, no network, no server.

Both play at once, one of them muted, so that a click or the space bar changes from one to the other in the middle of a
note.
"""

import html
import os
from pathlib import Path

from onpu.errors import AudioError
from onpu.files import replacing
from onpu.formats.report.picture import data_uri, png
from onpu.formats.report.sound import MIME, condense

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
 :root {{ color-scheme: light dark }}
 body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
 section {{ border: 2px solid transparent; border-radius: 8px; padding: .5rem; cursor: pointer; opacity: .5 }}
 section.heard {{ border-color: currentColor; opacity: 1 }}
 .spectrum {{ position: relative }}
 .spectrum i {{ position: absolute; top: 0; bottom: 0; left: 0; width: 2px; background: #e33 }}
 img {{ width: 100%; height: 10rem; image-rendering: pixelated; display: block }}
 h2 {{ font-size: 1rem; margin: 0 }}
 input {{ width: 100% }}
</style></head><body>
<h1>{title}</h1>
<p><button id="play">Play</button> <output id="time">0:00</output> · Click a version, or press the space bar,
 to change to it.</p>
<input id="place" type="range" min="0" max="1" step="any" value="0" aria-label="Place in the recording">
{versions}
<script>
const versions = [...document.querySelectorAll("section")], sounds = versions.map(v => v.querySelector("audio"));
const play = document.getElementById("play"), place = document.getElementById("place");
const time = document.getElementById("time");
let heard = 0;
function hear(number) {{
  heard = number;
  versions.forEach((v, n) => {{ v.classList.toggle("heard", n === heard); sounds[n].muted = n !== heard; }});
}}
function seek(seconds) {{ sounds.forEach(s => {{ s.currentTime = seconds; }}); }}
play.onclick = () => {{
  const going = !sounds[0].paused;
  if (!going) seek(sounds[heard].currentTime);
  sounds.forEach(s => going ? s.pause() : s.play());
  play.textContent = going ? "Play" : "Pause";
}};
versions.forEach((v, n) => {{ v.onclick = () => hear(n); }});
document.onkeydown = e => {{
  if (e.key === " ") {{ e.preventDefault(); hear((heard + 1) % versions.length); }}
}};
place.oninput = () => seek(place.value * (sounds[0].duration || 0));
sounds[0].ontimeupdate = () => {{
  const now = sounds[0].currentTime, share = now / (sounds[0].duration || 1);
  place.value = share;
  time.value = Math.floor(now / 60) + ":" + String(Math.floor(now % 60)).padStart(2, "0");
  document.querySelectorAll(".spectrum i").forEach(line => {{ line.style.left = 100 * share + "%"; }});
}};
sounds[0].onended = () => {{ play.textContent = "Play"; }};
hear(0);
</script></body></html>
"""
VERSION = """<section><h2>{name}</h2>
<div class="spectrum"><img alt="Spectrum of {name}, low notes at the bottom" src="{picture}"><i></i></div>
<audio preload="auto" src="{sound}"></audio></section>
"""


def write_comparison(path: str | os.PathLike[str], versions: dict[str, Path], title: str) -> None:
    """Write the page. versions: name -> recording, in the order in which they are shown.

    Raises
    ------
    AudioError
        When a recording cannot be read or holds nothing.
    """
    shown = []
    for name, recording in versions.items():
        sound = condense(recording)
        if sound is None:
            raise AudioError(f"{recording}: holds no samples, so there is nothing to compare; give a longer recording")
        shown.append(VERSION.format(name=html.escape(name), sound=data_uri(MIME, sound.stream),
                                    picture=data_uri("image/png", png(sound.spectrogram[::-1]))))
    with replacing(Path(path)) as temporary:
        temporary.write_text(PAGE.format(title=html.escape(title), versions="".join(shown)), encoding="utf-8")
