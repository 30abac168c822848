// Colours as numbers.

export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
export const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);
// As a pixel of ImageData.
export const word = ([r, g, b]) => (255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);

// Whether a colour as the browser reports it is dark.
export function isDark(colour) {
  const long = colour.length === 4 ? "#" + [...colour.slice(1)].map((c) => c + c).join("") : colour;
  const parts = long.startsWith("#") ? rgb(long) : (long.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 128;
}
