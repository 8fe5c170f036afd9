"""In place of soundfile: the browser decodes recordings itself, so nothing is opened here; names that annotations need
are there."""


class LibsndfileError(RuntimeError):
    """What soundfile raises."""


class SoundFile:
    """A file of sound, of which there are none in a page."""

    def __init__(self, *given: object, **named: object) -> None:
        raise LibsndfileError("a page reads and writes no files of sound")
