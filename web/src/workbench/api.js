/* What the server is asked. Its errors are one line that names the mend. */

export class Refused extends Error {
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}

async function sent(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`api/${path}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("", 0);
  }
  if (!answer.ok) throw new Refused((await answer.json().catch(() => ({}))).error ?? answer.statusText, answer.status);
  return answer;
}

const ask = async (path, options) => (await sent(path, options)).json();

const posted = (content, signal) => ({
  method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(content ?? {}),
});
const song = (id) => `songs/${encodeURIComponent(id)}`;

export const api = {
  songs: (query, sort) => ask(`songs?${new URLSearchParams({ q: query, sort })}`),
  song: (id) => ask(song(id)),
  sheets: (id, narrow) => ask(`${song(id)}/sheets?narrow=${narrow}`),
  remove: (id) => ask(song(id), { method: "DELETE" }),
  cancel: (id) => ask(`${song(id)}/cancel`, posted()),
  retry: (id) => ask(`${song(id)}/retry`, posted()),
  decide: (id, corrections, signal) => ask(`${song(id)}/decide`, posted({ corrections }, signal)),
  save: (id, version) => ask(`${song(id)}/versions`, posted(version)),
  restore: (id, number) => ask(`${song(id)}/versions/${number}/restore`, posted()),
  again: (id) => ask(`${song(id)}/again`, posted()),
  learning: () => ask("learning"),
  learn: (tasks) => sent("learning", posted({ tasks })),
  stopLearning: () => ask("learning/cancel", posted()),
  useWeights: (name, number) => ask("learning/weights", posted({ name, number })),
  allAgain: () => ask("learning/again", posted()),
  stems: (id) => ask(`${song(id)}/stems`),
  takeApart: (id) => ask(`${song(id)}/stems`, posted()),
  stem: async (id, name, number) => (await sent(`${song(id)}/stems/${name}/${number}`)).arrayBuffer(),
  makers: () => ask("makers"),
  make: (told) => ask("make", posted(told)),
  change: (id, told) => ask(`${song(id)}/change`, posted(told)),
  drums: () => ask("drums"),
  kit: (name) => ask(`drums/kits/${encodeURIComponent(name)}`),
  hit: async (name, row, layer) => (await sent(`drums/kits/${encodeURIComponent(name)}/${row}/${layer}`)).arrayBuffer(),
  addKit(files) {
    const form = new FormData();
    for (const file of files) form.append("file", file, file.name);
    return ask("drums/kits", { method: "POST", body: form });
  },
  removeKit: (name) => ask(`drums/kits/${encodeURIComponent(name)}`, { method: "DELETE" }),
  songDrums: (id) => ask(`${song(id)}/drums`),
  keepDrums: (id, mix) => ask(`${song(id)}/drums`, { ...posted({ mix }), method: "PUT" }),
  writeDrumix: (id, mix) => ask(`${song(id)}/drumix`, posted({ mix })),
  made: async (job) => (await sent(`jobs/${encodeURIComponent(job)}/file`)).blob(),
  job: (id) => ask(`jobs/${encodeURIComponent(id)}`),
  cancelJob: (id) => ask(`jobs/${encodeURIComponent(id)}/cancel`, posted()),
  audio: (id) => `api/${song(id)}/audio`,
  /* { name, blob } of a version in a format. */
  async exported(id, format, version, sheet = "") {
    const answer = await sent(`${song(id)}/export/${format}?${new URLSearchParams({ version, ...(sheet && { sheet }) })}`);
    const [, name] = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "") ?? [];
    return { name: name ? decodeURIComponent(name) : `song.${format}`, blob: await answer.blob() };
  },

  place: (id, lines) => ask(`${song(id)}/placed`, posted({ lines })),
  /* The corrections that a file of words says. */
  words(id, file) {
    const form = new FormData();
    form.append("file", file, file.name);
    return ask(`${song(id)}/words`, { method: "POST", body: form });
  },

  /* Sends a recording, with its words if there are any; progress(share that was sent). Resolves to what became of it. */
  upload(files, progress, signal) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      for (const file of files) form.append("file", file, file.name);
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = () => reject(new Refused("", 0));
      request.onabort = () => reject(new DOMException("", "AbortError"));
      request.onload = () => {
        let said = {};
        try {
          said = JSON.parse(request.responseText);
        } catch {
          // no JSON: said below
        }
        const error = said.error ?? said.songs?.find((each) => each.error)?.error;
        if (request.status >= 400 || error) reject(new Refused(error ?? request.statusText, request.status));
        else resolve(said.songs[0]);
      };
      signal?.addEventListener("abort", () => request.abort());
      request.open("POST", "api/songs");
      request.send(form);
    });
  },
};
