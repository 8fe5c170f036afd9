"""Trained systems for other programs and other runtimes.

`onnx` makes ONNX models of modules and runs them, `systems` makes those of listeners and of the separator and puts them
in the place of torch, `decoder_config` tells what a decoder needs to know of them. `packing` finds the modules that
need no torch, `browser` writes the page that analyses in a browser.
"""
