// Numbers as text, and within limits. explorer/draw/axes.py writes them alike.

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// A number with three significant digits.
export function three(value) {
  if (value === null || value === undefined || !isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return size >= 100 ? String(Math.round(value)) : String(+value.toPrecision(3));
}

// A step is written in full when it is whole: 12,400.
export const whole = (value) => (Number.isInteger(value) ? value.toLocaleString("en") : three(value));

export const percent = (share) => `${share >= 0.0995 ? Math.round(100 * share) : (100 * share).toFixed(1)} %`;
