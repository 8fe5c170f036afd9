/* The whole recording in one strip: outline, chords, and the part that the lanes show. Click or drag to go there. */

import { colourOf } from "./colours.js";
import { fitted, h, themed } from "./dom.js";
import { t } from "./texts.js";

const HEIGHT = 44;
const STRIP = 8;

/* null where there is neither. */
export function createOverview(app, view) {
  const { report } = app;
  if (!report.peaks && !report.chords?.labels.length) return null;
  const canvas = h("canvas");
  const frame = h("div", { class: "frame" });
  const cursor = h("div", { class: "cursor" });
  const element = h("section", { class: "overview", "aria-label": t("Overview"), style: { height: `${HEIGHT}px` } },
    canvas, frame, cursor);
  const share = (time) => time / Math.max(report.duration, 1e-3);

  const draw = () => {
    const width = element.clientWidth;
    const context = fitted(canvas, width, HEIGHT);
    const room = HEIGHT - STRIP - 2;
    if (report.peaks) {
      context.fillStyle = themed("--wave");
      const loudest = report.peaks.reduce((most, peak) => Math.max(most, peak), 1e-3);
      const seen = width * (report.sound.duration / Math.max(report.duration, 1e-3));
      for (let x = 0; x < seen; x++) {
        const part = report.peaks.subarray((x / seen) * report.peaks.length, ((x + 1) / seen) * report.peaks.length + 1);
        const tall = Math.max(1, (part.reduce((sum, peak) => sum + peak, 0) / part.length / loudest) * 1.4 * room);
        context.fillRect(x, (room - Math.min(tall, room)) / 2, 1, Math.min(tall, room));
      }
    }
    report.chords?.labels.forEach((label, index) => {
      const [start, end] = [report.chords.starts[index], report.chords.ends[index]].map((time) => share(time) * width);
      context.fillStyle = colourOf(app.chord(index).pitch);
      context.fillRect(start, HEIGHT - STRIP, end - start + 0.3, STRIP);
    });
  };
  const follow = () => {
    frame.hidden = view.end - view.start > 0.99 * report.duration;
    frame.style.left = `${100 * share(view.start)}%`;
    frame.style.width = `${100 * Math.min(1, share(view.end - view.start))}%`;
  };
  const mark = () => (cursor.style.left = `${100 * share(app.player.time)}%`);

  const go = (event) => {
    const time = ((event.clientX - element.getBoundingClientRect().left) / element.clientWidth) * report.duration;
    app.player.seek(time);
    view.show(time - (view.end - view.start) / 4);
  };
  element.addEventListener("pointerdown", (event) => (element.setPointerCapture(event.pointerId), go(event)));
  element.addEventListener("pointermove", (event) => event.buttons && go(event));
  view.on(follow);
  app.onLook(draw);
  app.onFound(draw);
  app.player.on("time", mark);
  new ResizeObserver(draw).observe(element);
  return element;
}
