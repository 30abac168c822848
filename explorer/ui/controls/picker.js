// Radio buttons that are pictures. data: { label, chosen, options: [{ key, label, src, ink }] };
// `ink` pictures are masks drawn in a colour of the theme. A choice is sent as trigger "picked".
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data.options);
  if (root.signature !== signature) {
    root.signature = signature;
    root.setAttribute("role", "radiogroup");
    root.replaceChildren(...data.options.map(tile));
  }
  root.setAttribute("aria-label", data.label);
  root.send = (key) => setTriggerValue("picked", key);
  show(root, data.chosen);

  root.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) choose(root, button, 0);
  };
  root.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...root.children];
    const at = all.indexOf(event.target.closest("button"));
    choose(root, all[(at + step + all.length) % all.length], 250); // pass by without a run each
  };
  return () => clearTimeout(root.timer);
}

function choose(root, button, wait) {
  show(root, button.dataset.key);
  button.focus();
  clearTimeout(root.timer);
  root.timer = setTimeout(() => root.send(button.dataset.key), wait);
}

function show(root, chosen) {
  const known = [...root.children].some((button) => button.dataset.key === chosen);
  [...root.children].forEach((button, index) => {
    const on = button.dataset.key === chosen;
    button.setAttribute("aria-checked", on);
    button.tabIndex = on || (!known && index === 0) ? 0 : -1;
  });
}

function tile({ key, label, src, ink }) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = key;
  button.setAttribute("role", "radio");
  const picture = document.createElement(ink ? "i" : "img");
  if (ink) picture.style.setProperty("--picture", `url(${src})`);
  else Object.assign(picture, { src, alt: "" });
  const words = document.createElement("span");
  words.textContent = label;
  button.append(picture, words);
  return button;
}
