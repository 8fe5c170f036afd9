/* Analyses in a thread of its own: Pyodide runs onpu's Python, onnxruntime-web its networks. */

import { createNetworks } from "./networks.js";
import { Resampler } from "./resampling.js";

const here = new URL(".", import.meta.url).href;
const RUNTIME = `${here}runtime/`;
const HOME = "/onpu";

let started = null;
const held = new Set(); // files of models that Python has already

async function bytes(path) {
  const answer = await fetch(here + path);
  if (!answer.ok) throw new Error(`${path}: cannot be fetched (${answer.status}); put the whole folder on the host`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function start(threads, told) {
  const { loadPyodide } = await import(`${RUNTIME}pyodide.mjs`);
  const parts = JSON.parse(new TextDecoder().decode(await bytes("parts.json")));
  let done = 0;
  const counted = async (promise) => {
    const value = await promise;
    told("load", ++done / 5);
    return value;
  };
  const [python, numpy, source, networks] = await Promise.all([
    counted(loadPyodide({ indexURL: RUNTIME, stdout: () => {}, stderr: (text) => console.warn(text) })),
    counted(bytes(`runtime/${parts.numpy}`)),
    counted(bytes("onpu.zip")),
    counted(createNetworks(RUNTIME, threads)),
  ]);
  python.unpackArchive(numpy, "wheel");
  python.unpackArchive(source, "zip", { extractDir: HOME });
  python.registerJsModule("onpu_host", {
    open_network: (model) => {
      const buffer = model.getBuffer("u8");
      const network = networks.open(buffer.data);
      buffer.release();
      return {
        input: network.input,
        outputs: network.outputs,
        run(values, shape) {
          const given = values.getBuffer("f32");
          try {
            return network.run(given.data, shape.toJs());
          } finally {
            given.release();
          }
        },
      };
    },
    new_resampler: (before, after) => {
      const resampler = new Resampler(before, after);
      return {
        push(samples, last) {
          const given = samples.getBuffer("f32");
          try {
            return resampler.push(given.data, last);
          } finally {
            given.release();
          }
        },
      };
    },
  });
  python.runPython(`
import sys
sys.path[:0] = ["${HOME}/stand_ins", "${HOME}"]
from onpu import exported
from onpu.apps import in_browser
from pathlib import Path
exported.SHIPPED = Path("${HOME}/models")
`);
  told("load", 1);
  return { python, parts, inside: python.pyimport("onpu.apps.in_browser") };
}

/** Models of some listeners into Python's files; null: of all. */
async function fetchModels({ python, parts }, tasks) {
  const unknown = (tasks ?? []).find((name) => !(name in parts.models));
  if (unknown !== undefined) throw new Error(`${unknown}: this folder has no such listener; it has ${Object.keys(parts.models).join(", ")}`);
  const wanted = new Set((tasks ?? Object.keys(parts.models)).flatMap((name) => parts.models[name]));
  await Promise.all([...wanted].filter((file) => !held.has(file)).map(async (file) => {
    const content = await bytes(`models/${file}`);
    const path = `${HOME}/models/${file}`;
    python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    python.FS.writeFile(path, content);
    held.add(file);
  }));
}

async function analyze({ channels, rate, tasks, threads, report }, told) {
  started ??= start(threads, told);
  const page = await started.catch((error) => {
    started = null; // what was missing may be there the next time
    throw error;
  });
  await fetchModels(page, tasks);
  const { python, inside } = page;
  const given = python.toPy(channels);
  const named = tasks ? python.toPy(tasks) : undefined;
  const timeline = inside.heard(given, rate, named, (share) => told(...(share < 1 ? ["hear", share] : ["decide", 0])));
  const answer = { timeline: inside.as_json(timeline) };
  if (report) {
    told("draw", 0);
    answer.html = inside.report(timeline, given, rate, report.title, python.toPy(report.stream), report.mime);
  }
  for (const proxy of [timeline, given, named]) proxy?.destroy();
  return answer;
}

self.onmessage = async ({ data: { number, ...job } }) => {
  try {
    const told = (stage, share) => self.postMessage({ number, stage, share });
    self.postMessage({ number, answer: await analyze(job, told) });
  } catch (error) {
    console.debug(error);
    self.postMessage({ number, error: said(error) });
  }
};

/** Of an error of Python what it says, without the way there. */
function said(error) {
  const lines = String(error.message ?? error).trim().split("\n");
  const [, kind, message] = /^(?:onpu\.errors\.)?(\w+): (.*)$/.exec(lines.at(-1)) ?? [null, "", lines.at(-1)];
  return { code: kind === "MemoryError" || /memory/i.test(message) ? "memory" : kind.startsWith("Audio") ? "sound" : "broken", message };
}
