/* Level of every semitone, C1 to B8. */

import { ramp } from "../colours.js";
import { h } from "../dom.js";
import { t } from "../texts.js";
import { picture } from "./picture.js";

export function spectrogram(app) {
  const { sound } = app.report;
  if (!sound) return null;
  let colours = ramp();
  app.onLook(() => (colours = ramp()));
  const lane = picture(app, sound.spectrogram.image, sound.span, 112, (level) => colours[level], true);
  const labels = h("div", { class: "scale" }, h("span", {}, t("Spectrum")), h("span", {}, t("high")), h("span", {}, t("low")));
  return { name: "spectrogram", lasting: true, title: "Spectrum", labels, ...lane };
}
