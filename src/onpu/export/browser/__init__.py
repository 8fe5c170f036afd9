"""The page that analyses in the browser: `onpu export --web`.

`folder` writes it, of the networks' ONNX models, onpu's own Python as far as it needs no torch, what `runtime` brings
to run these, and the JavaScript in `static`. `stand_ins` are modules that run in the browser alone; what the page
calls there is `onpu.apps.in_browser`.
"""
