/* Colours of pitch classes, that colour-blind people can tell apart too.

Neighbours on the circle of fifths have neighbouring colours. The circle lies in a plane of lightness and of blue against
yellow, which everybody sees; red against green only goes along with the lightness. */

const LIGHT = { lightness: 0.77, depth: 0.1 };
const DARK = { lightness: 0.69, depth: 0.11 };

export const dark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;

/* Lightness and the two axes of a pitch class in Oklab. */
function placeOf(pitch) {
  const { lightness, depth } = dark() ? DARK : LIGHT;
  const angle = (2 * Math.PI * (7 * pitch)) / 12;
  return [lightness + depth * Math.sin(angle), 0.075 * Math.sin(angle), 0.12 * Math.cos(angle)];
}

/* CSS colour of a pitch class; null: of what has none. */
export function colourOf(pitch, alpha = 1) {
  if (pitch === null) return `oklch(${(dark() ? DARK : LIGHT).lightness} 0 0 / ${0.35 * alpha})`;
  return `oklab(${placeOf(pitch).map((value) => value.toFixed(3)).join(" ")} / ${alpha})`;
}

const SHADOW = 0.18; // luminance below which white can be read, above which black can (WCAG 2: 4.5 to 1 both ways)
const NIGHT = 0.1; // of the page in the dark, as a level of sRGB

/* What can be read on it, laid so thick over the page. */
export function inkOn(pitch, alpha = 1) {
  if (pitch === null) return "var(--ink)";
  if (!dark()) return "oklch(0.2 0.02 260)";
  return luminance(placeOf(pitch), alpha) < SHADOW ? "#fff" : "#000";
}

/* Relative luminance of a colour of Oklab (Ottosson 2020) over the dark page. */
function luminance([lightness, a, b], alpha) {
  const [l, m, s] = [lightness + 0.3963 * a + 0.2158 * b, lightness - 0.1056 * a - 0.0639 * b, lightness - 0.0895 * a - 1.2915 * b].map((cone) => cone ** 3);
  const linear = [4.0767 * l - 3.3077 * m + 0.2310 * s, -1.2684 * l + 2.6098 * m - 0.3413 * s, -0.0042 * l - 0.7034 * m + 1.7076 * s];
  const levels = linear.map((value) => Math.min(Math.max(value, 0), 1)).map((value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
  const [red, green, blue] = levels.map((value) => alpha * value + (1 - alpha) * NIGHT)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

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
