# onpu. On a fresh machine `make demo` or `make test` alone sets everything up and runs.
#
#   make demo              compose a song, analyse it, compare with the truth; files in demo/
#   make demo AUDIO=x.mp3  analyse your own recording; files in demo/
#   make test              all tests                make check   ruff, mypy, import-linter, and make docs
#   make docs              the documentation's site, into site/; to search in it: .venv/bin/zensical serve
#   make bench             accuracy and speed beside the peers: benchmarks/results/
#   make soak              what is too long for the tests: damaged files, kills, recordings of hours
#   make web               build the page of the report from web/ (needs npm; its build is packaged)
#   make course            run the notebooks of docs/course in full and write their pages and .ipynb files
#   make onnx              the package without torch: onpu-onnx, a wheel in dist/
#   make setup             only the set-up          make clean   forget the set-up
#
# PYTHON chooses the interpreter (3.11 or newer), TORCH the build of torch (a CUDA build, another version).

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))
TORCH ?= torch==2.13.0
BIN := .venv/bin
READY := .venv/ready

NPM := npm --prefix web --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-timeout=20000

.PHONY: setup demo test check docs course bench soak web onnx clean

setup: $(READY)

$(READY): pyproject.toml sounds/pyproject.toml .ci/programs web/package-lock.json
	@test -n "$(PYTHON)" || { echo "onpu needs Python 3.11 or newer: install it, or name it with PYTHON=…"; exit 1; }
	@.ci/programs
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet $(TORCH) || echo "$(TORCH) cannot be had here: pip chooses a torch that fits"
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	$(BIN)/python -m pip install --quiet --editable ./sounds
	@$(BIN)/python -m pip install --quiet --only-binary pyworld-prebuilt --editable ".[voice]" \
		|| echo "no wheel of pyworld for this Python: composed songs are sung without it, and its tests are left out"
	@! command -v npm >/dev/null || $(NPM) ci --silent || echo "no node modules: the report's page is not tested in a browser"
	@$(BIN)/python -m onpu.export.browser.runtime || echo "what a browser needs cannot be had: the page of onpu export --web is not tested"
	@touch $@

demo: $(READY)
	@$(BIN)/onpu demo $(if $(AUDIO),"$(AUDIO)")

test: $(READY)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --durations 30 --durations-min 4

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 src
	$(BIN)/lint-imports --no-cache
	@$(MAKE) --no-print-directory docs

onnx: $(READY)
	$(BIN)/python onpu-onnx/pack.py
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist ./onpu-onnx

docs: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" zensical build --clean --strict

course: $(READY)
	$(BIN)/python -m docs.course.notebooks

bench: $(READY)
	$(BIN)/python -m benchmarks.listening.beats
	$(BIN)/python -m benchmarks.listening.harmony
	$(BIN)/python -m benchmarks.listening.notes
	$(BIN)/python -m benchmarks.making.separation
	$(BIN)/python -m benchmarks.making.conversion
	$(BIN)/python -m benchmarks.making.enhancement
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.listening.represent_speed
	$(BIN)/python -m benchmarks.engine.render_speed
	$(BIN)/python -m benchmarks.engine.comparison
	$(BIN)/python -m benchmarks.listening.optimisers
	$(BIN)/python -m benchmarks.making.phase --weights phase
	$(BIN)/python -m benchmarks.making.gan_losses --steps 400
	$(BIN)/python -m benchmarks.making.chorales chorale
	$(BIN)/python -m benchmarks.making.latent musicvae musicvae-drums-2 musicvae-melody-16 musicvae-trio-16
	$(BIN)/python -m benchmarks.making.midinet midinet
	$(BIN)/python -m benchmarks.making.performance performance performance-transformer
	$(BIN)/python -m benchmarks.making.seq2seq local=seq2seq general=seq2seq-general
	$(BIN)/python -m benchmarks.making.pixels --rolls pixelcnn ride --strokes pixelcnn-strokes ride-strokes
	$(BIN)/python -m benchmarks.sheets.score
	$(BIN)/python -m benchmarks.sheets.specks
	$(BIN)/python -m benchmarks.layers.reber
	$(BIN)/python -m benchmarks.layers.delayed_xor

soak: $(READY)
	$(BIN)/python -m benchmarks.soak.run
	$(BIN)/python -m benchmarks.soak.workbench
	$(BIN)/python -m benchmarks.soak.struck_learning
	$(BIN)/python -m benchmarks.soak.archive
	$(BIN)/python -m benchmarks.soak.archive_speed
	$(BIN)/python -m benchmarks.soak.course
	! command -v docker >/dev/null || docker build --tag onpu .

web:
	$(NPM) ci
	$(NPM) run build

clean:
	rm -rf .venv web/node_modules site .cache
