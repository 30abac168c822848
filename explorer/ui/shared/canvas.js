// Canvases that are as sharp as the screen.

export const pixelRatio = () => Math.min(3, window.devicePixelRatio || 1);

// A canvas of so many CSS pixels, cleared, with a pen in CSS pixels.
export function sharp(canvas, width, height, ratio = pixelRatio()) {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

// A canvas for a picture of width x height pixels, each shown as a whole number of the screen's, on
// at most `room` CSS pixels: a pen in pixels of the screen, and how many of them a pixel is wide.
export function magnified(canvas, width, height, room) {
  const ratio = window.devicePixelRatio || 1;
  const times = Math.max(1, Math.floor((room * ratio) / width));
  const pen = sharp(canvas, width * times, height * times, 1);
  canvas.style.width = `${(width * times) / ratio}px`;
  canvas.style.height = `${(height * times) / ratio}px`;
  return { pen, times, ratio };
}

// Calls `paint` before the next frame, once however often it is asked; `stop` ends that, and what
// `watch`es the size of a node.
export function painter(paint) {
  let due = 0;
  const again = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(paint);
  };
  const sizes = new ResizeObserver(again);
  return {
    again,
    watch: (node) => sizes.observe(node),
    stop: () => { cancelAnimationFrame(due); sizes.disconnect(); },
  };
}
