"""In place of symusic: a page reads and writes no MIDI files; its names are there and nothing can be made of them."""


class NoMidi:
    """Whatever symusic would make."""

    def __init__(self, *given: object, **named: object) -> None:
        raise RuntimeError("a page reads and writes no MIDI files")


class Names(type):
    """Of a class whose attributes are all `NoMidi`."""

    def __getattr__(cls, name: str) -> type[NoMidi]:
        return NoMidi


class core(metaclass=Names):
    """symusic's module of that name."""
