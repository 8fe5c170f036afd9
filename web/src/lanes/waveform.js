/* The waveform, by wavesurfer.js, which follows the scale and place of the other lanes, and the onsets at its foot. */

import WaveSurfer from "wavesurfer.js";

import { h, themed } from "../dom.js";
import { drawOnsets } from "./onsets.js";

export function waveform(app) {
  const { report } = app;
  if (!report.audio) return null;
  const outline = h("div");
  const ticks = report.onsets?.times.length ? h("canvas", { class: "ticks" }) : null;
  const element = h("div", {}, outline, ticks ?? "");
  const height = 72;
  const colours = () => ({ waveColor: themed("--wave"), progressColor: themed("--played") });
  let surfer = null;
  let scale = 0;

  app.onLook(() => surfer?.setOptions(colours()));
  return {
    name: "waveform",
    lasting: true,
    title: "Sound",
    height,
    element,
    draw(view) {
      surfer ??= WaveSurfer.create({
        container: outline,
        media: app.player.media,
        peaks: [report.peaks],
        duration: report.duration,
        height,
        minPxPerSec: view.scale,
        hideScrollbar: true,
        interact: false,
        autoScroll: false,
        autoCenter: false,
        cursorWidth: 0,
        normalize: true,
        ...colours(),
      });
      if (scale !== view.scale && surfer.getDecodedData()) surfer.zoom((scale = view.scale));
      surfer.setScroll(view.start * view.scale);
      if (ticks) drawOnsets(ticks, report.onsets, view, height);
    },
  };
}
