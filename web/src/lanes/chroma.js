/* Level of every pitch class, in the colours of the chords' roots. */

import { colourOf } from "../colours.js";
import { h } from "../dom.js";
import { wholeKey } from "../report.js";
import { modulo, names } from "../spelling.js";
import { pretty } from "../symbols.js";
import { picture } from "./picture.js";

const CONTRAST = 1.7; // weak pitches are shown weaker

export function chroma(app) {
  const { report } = app;
  if (!report.sound) return null;
  let colours = twelve();
  app.onLook(() => (colours = twelve()));
  const lane = picture(app, report.sound.chroma.image, report.sound.span, 120,
    (level, row) => [...colours[11 - row], 255 * (level / 255) ** CONTRAST], false);
  const labels = h("div", { class: "pitches" });
  const write = () => {
    const key = report.names.keys[wholeKey(report)] ?? { tonic: 0, mode: "major" };
    const spelled = names(modulo(key.tonic + app.shift, 12), key.mode);
    const rows = Array.from({ length: 12 }, (_, row) => spelled[modulo(11 - row + app.shift, 12)]);
    labels.replaceChildren(...rows.map((name) => h("span", {}, pretty(name))));
  };
  write();
  app.onTransposed(write);
  return { name: "chroma", lasting: true, title: "Pitches", labels, ...lane };
}

/* [r, g, b] of each pitch class. */
function twelve() {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return Array.from({ length: 12 }, (_, pitch) => {
    context.fillStyle = colourOf(pitch);
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data.slice(0, 3);
  });
}
