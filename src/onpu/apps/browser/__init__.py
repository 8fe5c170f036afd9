"""The page that analyses in the browser: `onpu export --web`.

`folder` writes it, of the networks' ONNX models, onpu's own Python as far as it needs no torch, what `runtime` brings
to run these, and the JavaScript in `static`; `inside` and `stand_ins` are Python that runs in the browser alone.
"""
