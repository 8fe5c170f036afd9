"""Looking and listening into trained listeners: what excites their maps, what a decision rests on, and how that sounds.

    onpu.look.look(onpu.load("voice"), "song.wav")   -> Looked

"""

from onpu.look.looking import Looked, MapSeen, look
from onpu.look.page import write_page
from onpu.look.relevance import Deletion
from onpu.look.walking import Layer, Walk, walk

__all__ = ["Deletion", "Layer", "Looked", "MapSeen", "Walk", "look", "walk", "write_page"]
