// What a browser can measure of a page. Loaded before it: labels that a canvas draws beyond its edge,
// how much the page jumped without anybody's doing, and window.cutOff(), the text that is cut off.

{
  window.beyond = new Map();
  const plain = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
    const { canvas } = this, size = this.measureText(text), ratio = window.devicePixelRatio;
    const part = Math.min(1, most / size.width);
    const [l, r] = [x - part * size.actualBoundingBoxLeft, x + part * size.actualBoundingBoxRight];
    const [t, b] = [y - size.actualBoundingBoxAscent, y + size.actualBoundingBoxDescent];
    const at = [[l, t], [r, t], [l, b], [r, b]].map(([px, py]) => this.getTransform().transformPoint({ x: px, y: py }));
    const off = Math.max(...at.map((p) => Math.max(-p.x, p.x - canvas.width, -p.y, p.y - canvas.height))) / ratio;
    const scrolls = canvas.closest("[data-testid=stDataFrame]");
    if (off > 1 && !scrolls) window.beyond.set(text, `${Math.round(off)} px beyond its canvas of ${Math.round(canvas.width / ratio)} x ${Math.round(canvas.height / ratio)} px`);
    return most === Infinity ? plain.call(this, text, x, y) : plain.call(this, text, x, y, most);
  };

  window.jumped = 0;
  window.jumps = [];
  const key = (node) => node?.closest?.('[class*=st-key-]')?.className.match(/st-key-[\w-]+/)?.[0] ?? '';
  const said = (node) => `${key(node)} ${node?.getAttribute?.('data-testid') ?? node?.className ?? node?.nodeName} ${(node?.textContent ?? '').trim().slice(0, 20)}`;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.jumped += entry.value;
      window.jumps.push([+entry.value.toFixed(4), Math.round(entry.startTime),
        ...entry.sources.map((each) => [said(each.node), ...[each.previousRect, each.currentRect].flatMap((r) => [r.x, r.y, r.width, r.height].map(Math.round))])]);
    }
  }).observe({ type: 'layout-shift', buffered: true });

  // Text that cannot be read where it stands: cut by whatever hides what flows over, or out of the page.
  window.cutOff = () => {
    const found = new Map(), wide = document.documentElement.clientWidth;
    const hides = (value) => value === 'hidden' || value === 'clip';
    const scrolls = (value) => value === 'auto' || value === 'scroll';
    const above = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
    const words = document.createRange();
    const name = (node) => node.getAttribute('data-testid') || node.getAttribute('class') || node.localName;
    function cut(rect, from) {
      let [x, y] = [true, true];
      for (let node = from; node && node !== document.body; node = above(node)) {
        const style = getComputedStyle(node), box = node.getBoundingClientRect();
        if (style.display === 'contents' || style.display === 'inline') continue;
        if (box.width < 3 || box.height < 3 || style.clipPath !== 'none') return null; // only read out
        const why = (how) => `${how} by ${name(node)}`;
        if (x && hides(style.overflowX) && (rect.left < box.left - 1 || rect.right > box.right + 1)) return why('cut');
        if (y && hides(style.overflowY) && (rect.top < box.top - 4 || rect.bottom > box.bottom + 4)) return why('cut off');
        if (x && scrolls(style.overflowX)) x = node.scrollWidth <= node.clientWidth && x;
        if (y && scrolls(style.overflowY)) y = false;
        if (node.getAttribute('data-testid') === 'stSidebar' && box.right < 1) return null; // folded away
        if (style.position === 'fixed') break;
      }
      return x && (rect.left < -1 || rect.right > wide + 1) ? 'out of the page' : null;
    }
    function look(root) {
      for (const node of root.querySelectorAll('*')) {
        if (node.shadowRoot) look(node.shadowRoot);
        if (node.closest('[data-testid=stIconMaterial], .katex-mathml, script, style, option')) continue;
        const own = [...node.childNodes].filter((each) => each.nodeType === 3 && each.data.trim());
        const field = node.matches('input[type=number], select');
        if (!own.length && !field) continue;
        if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const said = field ? node.value : node.textContent.trim();
        const style = getComputedStyle(node);
        if (hides(style.overflowX) && node.clientWidth > 2 && node.scrollWidth > node.clientWidth + 1)
          found.set(said.slice(0, 60), `cut by itself: ${node.scrollWidth} in ${node.clientWidth} px`);
        for (const text of own) {
          words.selectNodeContents(text);
          for (const rect of words.getClientRects()) {
            const why = rect.width > 0.5 && cut(rect, node);
            if (why) found.set(said.slice(0, 60), why);
          }
        }
        if (field && node.scrollWidth > node.clientWidth + 1) found.set(said, 'cut in its field');
      }
    }
    look(document);
    for (const [text, why] of window.beyond ?? []) found.set(text, why);
    window.beyond?.clear();
    return [...found];
  };
}
