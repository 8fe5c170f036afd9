# onpu on the processor.
#
#   docker build -t onpu .
#   docker run --rm -v "$PWD:/music" onpu analyze song.mp3
#   docker run --rm -p 127.0.0.1:8765:8765 -v onpu:/home/onpu onpu serve /home/onpu/library --host 0.0.0.0
# The last prints a token that the page asks for; outside the container only this machine reaches it.
FROM python:3.13-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ffmpeg fluidsynth fluid-soundfont-gm musescore-general-soundfont timgm6mb-soundfont libcairo2 \
    && rm -rf /var/lib/apt/lists/*

# The build of torch without CUDA, which is a tenth of the size.
RUN pip install --no-cache-dir torch --index-url https://download.pytorch.org/whl/cpu

COPY pyproject.toml README.md LICENSE /onpu/
COPY src /onpu/src
RUN pip install --no-cache-dir "/onpu[web,engrave,archive,voice]" && rm -rf /onpu

RUN useradd --create-home onpu
USER onpu
WORKDIR /music
ENTRYPOINT ["onpu"]
CMD ["--help"]
