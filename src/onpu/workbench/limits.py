"""How much the workbench takes in before it says no."""

from dataclasses import dataclass

from onpu.system import physical_memory


@dataclass(frozen=True)
class Limits:
    """Bounds of what is uploaded and done. Sizes in bytes, times in seconds.

    file_bytes, files_a_request, songs: of uploads. spare_bytes: of the disk that uploads leave free. upload_seconds: of
    one request; silent_seconds: between two of its pieces. song_seconds: the longest recording. analysis_seconds: at
    least, and analysis_share: of a recording's length, that analysing it may take. answer_seconds: of one decision or
    export; waiting: requests for these at a time. learning_seconds: of learning one task. memory_bytes: of a process
    that decodes. json_bytes: of a request that is no upload. corrections: of one song. stem_seconds: the
    longest recording that is taken apart, in part_seconds at most; stem_bytes: of all stems together, beyond which old
    ones are deleted. kits: drum kits that are uploaded. making_seconds: of making one piece.
    """

    file_bytes: int = 2**29
    files_a_request: int = 200
    songs: int = 10_000
    spare_bytes: int = 2**28
    upload_seconds: float = 3600.0
    silent_seconds: float = 30.0
    song_seconds: float = 3 * 3600.0
    analysis_seconds: float = 600.0
    analysis_share: float = 2.0
    answer_seconds: float = 120.0
    learning_seconds: float = 2 * 3600.0
    waiting: int = 32
    memory_bytes: int = 3 * physical_memory() // 4
    json_bytes: int = 2**22
    corrections: int = 20_000
    stem_seconds: float = 30 * 60.0
    part_seconds: float = 2 * 3600.0
    stem_bytes: int = 2**32
    kits: int = 50
    making_seconds: float = 3600.0
