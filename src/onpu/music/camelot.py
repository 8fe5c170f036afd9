"""Keys as disc jockeys and charts write them."""

from onpu.music.spelling import MINOR_MODES, parse_key, pitch_class, signature


def camelot(label: str) -> str:
    """Place of a key on the Camelot wheel: `8B` for `C:major`, `8A` for `A:minor`; neighbours share six notes. Other
    modes stand where the major or minor key with their notes does. Raises `LabelError` for what is no key."""
    tonic, mode = parse_key(label)
    return f"{(signature(tonic, mode) + 7) % 12 + 1}{'A' if mode in MINOR_MODES else 'B'}"


def short_key(label: str) -> str:
    """`Am`, `Eb`; other modes than major and minor as the one with their third. Raises `LabelError` for what is no
    key."""
    _, mode = parse_key(label)
    tonic = label.partition(":")[0].partition(" ")[0]
    pitch_class(tonic)
    return tonic + ("m" if mode in MINOR_MODES else "")
