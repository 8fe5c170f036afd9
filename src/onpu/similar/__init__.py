"""Songs that are like others: what is kept of a recording, an index of many, and what is found in it.

    heard("song.mp3")              -> Heard: a vector of its sound, a vector, a code and the chroma of its tune
    Index.open("music.index")      -> an index that `onpu index` wrote
    nearest(index, found, 10)      -> the songs that are most like it, by sound or by tune
    path(index, first, last, 8)    -> songs that lead from one to another

By sound, two recordings are alike when instruments, density and colour are, whatever they play. By tune they are alike
when their chords follow each other in the same way, whatever key, tempo and instruments: so covers and other
arrangements are found. Neither knows words, or what people feel.
"""

from onpu.similar.hearing import Heard, heard
from onpu.similar.index import Index, IndexWriter
from onpu.similar.playlist import path
from onpu.similar.search import Match, nearest

__all__ = ["Heard", "Index", "IndexWriter", "Match", "heard", "nearest", "path"]
