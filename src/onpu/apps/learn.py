"""`onpu learn`: the listeners, taught by recordings whose labels were set right."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onpu.apps import flags
from onpu.errors import OnpuError

if TYPE_CHECKING:
    from onpu.apps.train import Preparing


def learn(
    source: Annotated[Path, typer.Argument(
        help="A library of onpu serve, or a folder of recordings with labels beside each (NAME.jams, NAME.beats …).")],
    tasks: Annotated[str, typer.Option(
        help="What is learned, by commas: beats, chords, drums, key, melody, notes, structure, voice. Of a library the "
        "default is all of which enough is corrected or confirmed; of a folder they must be named.")] = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder of the learned weights; of a library its own.",
                                             callback=flags.no_file,
                                             show_default="learned")] = None,
    minutes: Annotated[float, typer.Option(min=0.05, help="Of learning, for each task.")] = 3.0,
    licence: Annotated[str, typer.Option(help="Of the recordings, as the card of the weights is to say it.")] = "",
) -> None:
    """Learn from corrections: gentle fine-tuning on passages that were set right, beside composed songs.

    A part of the passages is kept out to judge by. New weights are kept only where they are better there and no worse
    on composed songs; then onpu serve uses them, and onpu analyze --tasks FOLDER. Earlier ones can be had back.
    """
    from onpu.apps.train import Preparing, telling, trainable
    from onpu.data.corrected import UNKNOWN_LICENCE

    trainable()
    names = [name.strip() for name in tasks.split(",") if name.strip()]
    given = _library if (source / "library.sqlite").is_file() else _folder
    with telling():
        for sentence in given(source, names, out, minutes, licence or UNKNOWN_LICENCE, Preparing()):
            typer.echo(sentence)


def _folder(source: Path, names: list[str], out: Path | None, minutes: float, licence: str,
            told: "Preparing") -> list[str]:
    """Learn from recordings of a folder with labels beside them; what each task came to."""
    from onpu.apps.labels import items_for
    from onpu.listen import tasks as listeners
    from onpu.pipelines.fine_tuning import checked_tasks, learn

    if not names:
        raise OnpuError(f"{source}: say what its labels are right in, such as --tasks beats,chords")
    return [verdict.sentence() for name in checked_tasks(names)
            for verdict in learn([(item.audio, item.timeline) for item in items_for(listeners()[name], source)], name,
                                 out or Path("learned"), minutes=minutes, licence=licence,
                                 progress=lambda task, share: told(round(1000 * share), 1000))]


def _library(source: Path, names: list[str], out: Path | None, minutes: float, licence: str,
             told: "Preparing") -> list[str]:
    """Learn from what is corrected in a library; what each task came to."""
    from onpu.pipelines.fine_tuning import checked_tasks
    from onpu.workbench.learning_jobs import known_of, learn
    from onpu.workbench.lessons import checked, enough, gathered
    from onpu.workbench.library import Library

    if out is not None:
        raise OnpuError(f"{source}: weights learned in a library lie in it; leave out --out")
    names = checked_tasks(names)
    library = Library(source)
    try:
        lessons = gathered(library, known_of)
        return [learn(str(library.folder), name, minutes, lessons, licence,
                      progress=lambda share: told(round(1000 * share), 1000))["sentence"]
                for name in checked(lessons, names or enough(lessons))]
    finally:
        library.close()
