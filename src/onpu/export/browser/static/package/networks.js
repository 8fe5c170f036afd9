/* ONNX models, computed by the WebAssembly build of onnxruntime-web, at once: a call returns what the model answers.
   onnxruntime-web's own JavaScript returns promises, for which Python, which asks here, cannot wait in every browser;
   so this file speaks to the same functions of the build (`_OrtRun` …, version 1.30) as that JavaScript does. */

const FLOAT32 = 1;
const ON_CPU = 1;
const EVERY_OPTIMISATION = 99;
const SEQUENTIAL = 0;
const ERRORS_ALONE = 3;

/**
 * @param {string} runtime address of the folder with ort-wasm-simd-threaded.mjs and .wasm, ending in a slash
 * @param {number} threads
 * @returns {Promise<{open: (model: Uint8Array) => Network}>}
 */
export async function createNetworks(runtime, threads) {
  const { default: build } = await import(`${runtime}ort-wasm-simd-threaded.mjs`);
  const ort = await build({ numThreads: threads, locateFile: (name) => runtime + name });
  checked(ort, ort._OrtInit(threads, ERRORS_ALONE));
  return { open: (model) => new Network(ort, model) };
}

/** A model of one input, float32 as its outputs are. */
class Network {
  constructor(ort, model) {
    this.ort = ort;
    const data = copied(ort, model);
    const options = ort._OrtCreateSessionOptions(EVERY_OPTIMISATION, true, true, SEQUENTIAL, false, 0, 0, ERRORS_ALONE, 0, 0);
    // kernels in eight bits (`onpu export --eight-bits`) are made float32 once, and not at every call
    const entry = ["session.disable_quant_qdq", "1"].map((text) => copied(ort, new TextEncoder().encode(`${text}\0`)));
    try {
      checked(ort, ort._OrtAddSessionConfigEntry(options, ...entry));
      this.session = ort._OrtCreateSession(data, model.byteLength, options);
      if (!this.session) fail(ort);
    } finally {
      [data, ...entry].forEach((place) => ort._free(place));
      ort._OrtReleaseSessionOptions(options);
    }
    const [inputs, outputs] = this.#counts();
    this.addresses = Array.from({ length: inputs + outputs }, (_, place) => this.#nameAt(place));
    const names = this.addresses.map((address) => ort.UTF8ToString(address));
    this.input = names[0];
    this.outputs = names.slice(inputs);
  }

  /** Values of a shape -> {data, shape} of each output, in the order of `outputs`. */
  run(values, shape) {
    const { ort } = this;
    const stack = ort.stackSave();
    const data = copied(ort, values);
    let given = 0;
    try {
      const dims = ort.stackAlloc(4 * shape.length);
      shape.forEach((side, place) => ort.setValue(dims + 4 * place, side, "i32"));
      given = ort._OrtCreateTensor(FLOAT32, data, values.byteLength, dims, shape.length, ON_CPU);
      if (!given) fail(ort);
      const names = pointers(ort, this.addresses);
      const answers = pointers(ort, this.outputs.map(() => 0));
      checked(ort, ort._OrtRun(this.session, names, pointers(ort, [given]), 1, names + 4, this.outputs.length, answers, 0));
      return this.outputs.map((_, place) => this.#taken(ort.getValue(answers + 4 * place, "*")));
    } finally {
      if (given) ort._OrtReleaseTensor(given);
      ort._free(data);
      ort.stackRestore(stack);
    }
  }

  #counts() {
    const { ort } = this;
    const stack = ort.stackSave();
    const place = ort.stackAlloc(8);
    checked(ort, ort._OrtGetInputOutputCount(this.session, place, place + 4));
    const counts = [ort.getValue(place, "*"), ort.getValue(place + 4, "*")].map(Number);
    ort.stackRestore(stack);
    return counts;
  }

  #nameAt(place) {
    const { ort } = this;
    const stack = ort.stackSave();
    const told = ort.stackAlloc(8);
    checked(ort, ort._OrtGetInputOutputMetadata(this.session, place, told, told + 4));
    const name = Number(ort.getValue(told, "*"));
    ort._OrtFree(Number(ort.getValue(told + 4, "*")));
    ort.stackRestore(stack);
    return name;
  }

  /** A copy of an output, which is given back. */
  #taken(tensor) {
    const { ort } = this;
    const stack = ort.stackSave();
    const told = ort.stackAlloc(16);
    checked(ort, ort._OrtGetTensorData(tensor, told, told + 4, told + 8, told + 12));
    const [, data, dims, sides] = [0, 4, 8, 12].map((place) => Number(ort.getValue(told + place, "*")));
    const shape = Array.from({ length: sides }, (_, side) => Number(ort.getValue(dims + 4 * side, "i32")));
    ort._OrtFree(dims);
    const length = shape.reduce((one, other) => one * other, 1);
    const values = new Float32Array(ort.HEAPU8.buffer, data, length).slice();
    ort._OrtReleaseTensor(tensor);
    ort.stackRestore(stack);
    return { data: values, shape };
  }
}

function copied(ort, array) {
  const place = ort._malloc(array.byteLength);
  ort.HEAPU8.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), place);
  return place;
}

function pointers(ort, values) {
  const place = ort.stackAlloc(4 * values.length);
  values.forEach((value, number) => ort.setValue(place + 4 * number, value, "*"));
  return place;
}

function checked(ort, code) {
  if (code !== 0) fail(ort);
}

/** What onnxruntime says of its last error. */
function fail(ort) {
  const stack = ort.stackSave();
  const told = ort.stackAlloc(8);
  ort._OrtGetLastError(told, told + 4);
  const message = ort.UTF8ToString(Number(ort.getValue(told + 4, "*")));
  ort.stackRestore(stack);
  throw new Error(`onnxruntime: ${message || "no memory is left"}`);
}
