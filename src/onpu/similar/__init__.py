"""Songs that are like others: descriptors of a recording, an index of many, and what is found in it.

    describe("song.mp3")           -> Descriptors: a vector of its timbre; vector, code and chroma to find covers by
    Index.open("music.index")      -> an index that `onpu index` wrote
    nearest(index, found, 10)      -> the songs that are most like it, by timbre or as covers
    path(index, first, last, 8)    -> songs that lead from one to another

By timbre, two recordings are alike when instruments, density and colour are, whatever they play. They are covers of one
song when chords and melody follow each other in the same way, whatever key, tempo and instruments: so other
arrangements are found. Neither knows words, or what people feel.
"""

from onpu.similar.describing import Descriptors, describe
from onpu.similar.index import Index, IndexWriter
from onpu.similar.playlist import path
from onpu.similar.search import Match, nearest

__all__ = ["Descriptors", "Index", "IndexWriter", "Match", "describe", "nearest", "path"]
