/* Pointers on a lane that is corrected: taps and drags, instead of what the lane does while one listens. */

const FAR = 4; // pixels from which on a press is a drag
const REACH = { mouse: 6, touch: 16, pen: 10 };

/* on(): whether corrections are made. hit(x, y, reach in pixels) -> what lies there, { cursor?, tap?(place),
   drag?(x, y, event) -> { move(x, y, event), drop(x, y), cancel() } }, or null. place: { left, right, top, bottom } of the window, for a panel. */
export function listen(element, on, hit) {
  const at = (event) => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const reach = (event) => REACH[event.pointerType] ?? REACH.mouse;
  let press = null; // { target, x, y, dragging }
  let tapped = null;

  element.addEventListener("pointerdown", (event) => {
    if (!on() || event.button !== 0) return;
    event.stopPropagation();
    const target = hit(...at(event), reach(event));
    press = { target, x: event.clientX, y: event.clientY, dragging: null };
    if (target?.drag) element.setPointerCapture(event.pointerId);
  }, true);
  element.addEventListener("pointermove", (event) => {
    if (!on()) return;
    if (!press) {
      element.style.cursor = hit(...at(event), reach(event))?.cursor ?? "";
      return;
    }
    if (!press.target?.drag) return;
    if (!press.dragging && Math.hypot(event.clientX - press.x, event.clientY - press.y) >= FAR)
      press.dragging = press.target.drag(...at(event), event);
    press.dragging?.move(...at(event), event);
  }, true);
  element.addEventListener("pointerup", (event) => {
    if (!on() || !press) return;
    event.stopPropagation();
    const { target, dragging } = press;
    press = null;
    if (dragging) setTimeout(() => dragging.drop(...at(event), event)); // after the click: a panel that opens earlier would be closed by it
    tapped = dragging ? null : target;
  }, true);
  element.addEventListener("pointercancel", () => {
    press?.dragging?.cancel();
    press = null;
  }, true);
  /* With the click, not before it: what opens earlier would be closed by it. */
  element.addEventListener("click", (event) => {
    if (!on()) return;
    event.preventDefault();
    event.stopPropagation();
    const target = tapped;
    tapped = null;
    target?.tap?.({ left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY });
  }, true);
}
