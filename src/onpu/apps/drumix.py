"""`onpu drumix`: other drums for a song, on its own beats."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.apps.applying import with_progress
from onpu.apps.audio_to_audio import SAMPLES
from onpu.apps.flags import LicenceFlag
from onpu.errors import OnpuError, suggestion

if TYPE_CHECKING:
    from onpu.music.drum_mix import DrumMix

DEFAULT_OUT = Path("drumix.wav")


def drumix(
    recording: Annotated[Path | None, typer.Argument(help="The song.")] = None,
    pattern: Annotated[str | None, typer.Option(
        help="What all drums play: a pattern of the library, played (what was heard), or a file of a pattern as JSON "
             "(default: played).")] = None,
    kit: Annotated[str | None, typer.Option(
        help="Kit of all drums: a name of --list, or a soundfont or .sfz file (default: onpu).")] = None,
    drum: Annotated[list[str] | None, typer.Option(
        help="Of one drum alone, as in snare:pattern=funk, toms:kit=muldjord, kick:level=-3 (dB), cymbals:muted. "
             "Drums: kick, snare, hihat, toms, cymbals.")] = None,
    original: Annotated[float | None, typer.Option(
        help="Level of the song's own drums in dB (default: they are left out).")] = None,
    mix: Annotated[Path | None, typer.Option(help="A mix as the workbench saves it; the flags change it.")] = None,
    given: Annotated[Path | None, typer.Option(
        help="Beats and drums of the song, as of onpu.read (default: they are heard).")] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="File of sound to write.",
                                      callback=flags.no_folder)] = DEFAULT_OUT,
    listed: Annotated[bool, typer.Option("--list", help="List patterns and kits.")] = False,
    licence: LicenceFlag = "default",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Other drums for a song: other patterns, kits and levels, drum by drum. The rest of the song stays as it is."""
    from dataclasses import replace
    from functools import partial

    from onpu.engine.render.drumkits.kits import KIT_SUFFIXES, kit_files
    from onpu.formats.audio import write_audio
    from onpu.formats.loading import read
    from onpu.licensing import checked
    from onpu.pipelines.drumix import drumix as mixed

    if listed:
        return _list()
    if recording is None:
        raise OnpuError("say which song: onpu drumix song.mp3; --list shows patterns and kits")
    form = out.suffix.lower().removeprefix(".")
    if form not in SAMPLES:
        raise OnpuError(f"{out}: cannot write sound as {out.suffix or 'a file without suffix'}; use "
                        + ", ".join(f".{name}" for name in SAMPLES))
    wanted = _mix(mix, pattern, kit, drum or [], original)
    named = {each.kit for each in wanted.drums.values() if each.kit.lower().endswith(KIT_SUFFIXES)}
    wanted = replace(wanted, drums={name: replace(each, kit=Path(each.kit).stem if each.kit in named else each.kit)
                                    for name, each in wanted.drums.items()})
    timeline = None if given is None else read(given)
    work = partial(mixed, recording, wanted, given=timeline, kits=kit_files(named), device=device,
                   licence=checked(licence))
    audio = with_progress(recording.name, work)
    write_audio(out, audio, SAMPLES[form])
    typer.echo(str(out))


def _list() -> None:
    from onpu.engine.render.drumkits import kit_sources
    from onpu.music.drum_patterns import drum_patterns

    typer.echo("patterns:")
    for each in drum_patterns().values():
        typer.echo(f"  {each.name}: {each.title}")
    typer.echo("kits:")
    for source in kit_sources().values():
        typer.echo(f"  {source.name}: {source.title}{f' ({source.credit})' if source.credit else ''}")


def _mix(path: Path | None, pattern: str | None, kit: str | None, changes: list[str], original: float | None
         ) -> "DrumMix":
    """The mix that the flags ask for."""
    import json

    from onpu.music.drum_mix import DRAWN, DrumMix

    told = DrumMix.read(path).json() if path is not None else DrumMix().json()
    if pattern is not None and pattern.endswith(".json"):
        try:
            told["drawn"], pattern = json.loads(Path(pattern).read_text(encoding="utf-8")), DRAWN
        except (OSError, ValueError) as error:
            raise OnpuError(f"{pattern}: is no drum pattern ({error}); give JSON") from None
    for each in told["drums"].values():
        each |= {name: value for name, value in (("pattern", pattern), ("kit", kit)) if value is not None}
    for change in changes:
        name, _, rest = change.partition(":")
        key, _, value = rest.partition("=")
        if name not in told["drums"]:
            raise OnpuError(f"{change}: no drum is called {name}; {suggestion(name, told['drums'])}")
        if key not in ("pattern", "kit", "level", "muted"):
            raise OnpuError(f"{change}: give {name}:pattern=NAME, {name}:kit=NAME, {name}:level=DB or {name}:muted")
        told["drums"][name][key] = key == "muted" or (_number(change, value) if key == "level" else value)
    return DrumMix.of(told | {"original": told["original"] if original is None else original})


def _number(change: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise OnpuError(f"{change}: a level is a number of dB, as in snare:level=-6") from None
