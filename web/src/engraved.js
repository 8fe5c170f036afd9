/* Lead sheet and score as they are printed: pictures in the page, unpacked when they are opened. */

import { h } from "./dom.js";

export function createEngraved({ report }) {
  const sheets = report.sheets ?? [];
  return sheets.length > 0 && h("section", { class: "engraved", "aria-label": "Engraved sheets" },
    sheets.map(({ name, picture }, index) => folded(name, picture, index === 0)));
}

function folded(name, picture, open) {
  const paper = h("div", { class: "paper", tabIndex: 0 });
  const show = async () => {
    if (paper.firstChild) return;
    const image = h("img", { alt: name });
    paper.append(image);
    image.src = URL.createObjectURL(new Blob([await unpacked(picture)], { type: "image/svg+xml" }));
  };
  const details = h("details", { ontoggle: () => details.open && show() }, h("summary", {}, h("h2", {}, name)), paper);
  details.open = open;
  if (open) show();
  return details;
}

/* gzip in base64 -> text. */
export async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
