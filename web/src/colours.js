/* Colours of pitch classes, that colour-blind people can tell apart too.

Neighbours on the circle of fifths have neighbouring colours. The circle lies in a plane of lightness and of blue against
yellow, which everybody sees; red against green only goes along with the lightness. */

const LIGHT = { lightness: 0.77, depth: 0.1 };
const DARK = { lightness: 0.69, depth: 0.11 };

export const dark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;

/* CSS colour of a pitch class; null: of what has none. */
export function colourOf(pitch, alpha = 1) {
  const { lightness, depth } = dark() ? DARK : LIGHT;
  if (pitch === null) return `oklch(${lightness} 0 0 / ${0.35 * alpha})`;
  const angle = (2 * Math.PI * (7 * pitch)) / 12;
  const level = lightness + depth * Math.sin(angle);
  return `oklab(${level.toFixed(3)} ${(0.075 * Math.sin(angle)).toFixed(3)} ${(0.12 * Math.cos(angle)).toFixed(3)} / ${alpha})`;
}

/* What can be read on it. */
export const inkOn = (pitch) => (pitch === null ? "var(--ink)" : "oklch(0.2 0.02 260)");

const RAMPS = {
  light: ["#ffffff", "#e3ecf5", "#a9c7e6", "#5f8fd0", "#3454a4", "#1c2a63"],
  dark: ["#14171c", "#1f2747", "#4b3a7c", "#a14f7a", "#e58a5b", "#fbe6b3"],
};

/* Colours [r, g, b] of levels 0 to 255 of a spectrogram. */
export function ramp() {
  const stops = RAMPS[dark() ? "dark" : "light"].map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
  return Array.from({ length: 256 }, (_, level) => {
    const place = (level / 255) * (stops.length - 1);
    const [below, share] = [Math.min(Math.floor(place), stops.length - 2), place % 1];
    const rest = level === 255 ? 1 : share;
    return stops[below].map((value, i) => Math.round(value + (stops[below + 1][i] - value) * rest));
  });
}
