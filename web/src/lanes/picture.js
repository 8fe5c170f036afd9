/* Lanes of an image over the whole recording, coloured level by level. */

import { fitted, h } from "../dom.js";

/* element and draw for an image of grey levels; colour(level, row) -> [r, g, b] or [r, g, b, alpha];
   span: seconds of the image; smooth: between its rows too. */
export function picture(app, source, span, height, colour, smooth) {
  const canvas = h("canvas");
  const element = h("div", {}, canvas);
  const image = new Image();
  let coloured = null;
  let shown = null;

  const paint = () => {
    coloured = h("canvas", { width: image.width, height: image.height });
    const context = coloured.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height);
    const words = new Uint32Array(pixels.data.buffer); // of the bytes alpha, blue, green, red
    for (let row = 0; row < image.height; row++) {
      const colours = Uint32Array.from({ length: 256 }, (_, level) => {
        const [red, green, blue, alpha = 255] = colour(level, row);
        return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
      });
      for (let i = row * image.width; i < (row + 1) * image.width; i++) words[i] = colours[words[i] & 255];
    }
    context.putImageData(pixels, 0, 0);
    if (shown) draw(shown);
  };
  const draw = (view) => {
    shown = view;
    const context = fitted(canvas, view.width, height);
    if (!coloured) return;
    context.imageSmoothingEnabled = smooth;
    context.imageSmoothingQuality = "high";
    const columns = image.width / span;
    const [from, to] = [Math.max(0, view.start), Math.min(view.end, span)];
    if (to > from)
      context.drawImage(coloured, from * columns, 0, (to - from) * columns, image.height,
        view.x(from), 0, (to - from) * view.scale, height);
  };
  image.addEventListener("load", paint);
  app.onLook(() => image.complete && paint());
  image.src = source;
  return { element, draw, height };
}
