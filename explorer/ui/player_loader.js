// A component's JS travels with every message. This loader is all that does: the player itself
// comes once, in the header of the packet that starts a run, and is kept for the whole tab.
const loaded = (globalThis.explorerPlayer ??= new Map());

export default function (component) {
  const bytes = component.data;
  if (!bytes || !bytes.byteLength) return;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  if (header.code && !loaded.has(header.version)) {
    const url = URL.createObjectURL(new Blob([header.code], { type: "text/javascript" }));
    loaded.set(header.version, import(url));
  }
  const player = loaded.get(header.version);
  const root = component.parentElement;
  if (!player) component.setStateValue("ask", { run: "", have: 0, n: Math.random() });
  else player.then((p) => p.show(component, header, bytes.subarray(4 + size)));
  return () => player?.then((p) => p.close(root));
}
