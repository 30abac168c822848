// A component's JavaScript travels with every message, so this loader is all that does. The player
// itself comes in the header of the first answer and is kept, by its version, for the whole tab.
const loaded = (globalThis.explorerPlayer ??= new Map());

export default function (component) {
  const bytes = component.data;
  if (!bytes?.byteLength) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  if (header.code && !loaded.has(header.version)) {
    const address = URL.createObjectURL(new Blob([header.code], { type: "text/javascript" }));
    loaded.set(header.version, import(address));
  }
  const root = component.parentElement.querySelector(".root");
  const player = loaded.get(header.version);
  if (!player) component.setStateValue("ask", { n: Math.random() }); // without a version: send it
  else player.then((module) => module.show(root, component, header, bytes.subarray(4 + size)));
  return () => player?.then((module) => module.leave(root));
}
