"""What joins listeners, makers, training and the engine: stems as files, other drums for a song, pieces of music from a
form, and weights from a user's corrections."""
