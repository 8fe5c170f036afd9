"""Real music as songs: one data set a file, read from the zip file that it comes in, performed anew, labels exact."""
