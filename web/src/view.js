/* What part of the recording the lanes show: start in seconds, scale in pixels a second, width in pixels. */

const MOST = 400;
const NARROW = 640;

export function createView(report, pane) {
  const listeners = [];
  let left = 0; // of the pane's scroll, in pixels: asking the pane would lay the page out anew each time
  const spacer = pane.firstElementChild;
  const read = () => (left = pane.scrollLeft);
  const tell = () => listeners.forEach((listener) => listener(view));
  const least = () => view.width / Math.max(report.duration, 1);

  const view = {
    scale: 50,
    width: 0,
    following: true, // the music: turned off by scrolling away from it

    get start() {
      return left / view.scale;
    },
    get end() {
      return view.start + view.width / view.scale;
    },
    x: (time) => (time - view.start) * view.scale,
    time: (x) => view.start + x / view.scale,
    on: (listener) => listeners.push(listener),

    /* Show a scale, with a moment staying where it is. */
    zoom(scale, moment) {
      const x = view.x(moment);
      view.scale = Math.min(Math.max(scale, least()), MOST);
      spacer.style.width = `${report.duration * view.scale}px`;
      view.show(moment - x / view.scale);
      tell();
    },
    zoomBy(factor, moment) {
      view.zoom(view.scale * factor, moment >= view.start && moment <= view.end ? moment : (view.start + view.end) / 2);
    },
    whole() {
      view.zoom(0, 0);
    },
    show(start) {
      pane.scrollLeft = start * view.scale;
      read();
    },
    /* Turn the page when the music leaves it. */
    follow(time) {
      if (view.following && (time < view.start || view.x(time) > 0.9 * view.width))
        view.show(time - 0.12 * (view.width / view.scale));
    },
    resize() {
      const first = view.width === 0;
      view.width = pane.clientWidth;
      if (first) view.scale = Math.max(least(), view.width / (view.width < NARROW ? 10 : 20));
      view.zoom(view.scale, view.start);
    },
  };

  pane.addEventListener("scroll", () => (read(), tell()), { passive: true });
  const away = () => (view.following = false);
  pane.addEventListener("touchmove", away, { passive: true });
  pane.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const moment = view.time(event.clientX - pane.getBoundingClientRect().left);
      view.zoom(view.scale * Math.exp(-event.deltaY / 200), moment);
    } else if (event.deltaX || event.shiftKey) away();
  }, { passive: false });
  new ResizeObserver(() => view.resize()).observe(pane);
  return view;
}
