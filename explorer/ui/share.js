// Copies the page's address, which holds the whole experiment.
export default function ({ parentElement }) {
  const root = parentElement.querySelector(".root");
  let button = root.querySelector("button");
  if (!button) {
    root.innerHTML = '<button type="button">Copy link</button><span role="status"></span>';
    button = root.querySelector("button");
  }
  const done = (text) => {
    button.textContent = text;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { button.textContent = "Copy link"; }, 2000);
  };
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      done("Link copied");
    } catch {
      // Without permission or a secure origin, offer the address to be copied by hand.
      const field = root.querySelector("input") ?? root.appendChild(document.createElement("input"));
      field.readOnly = true;
      field.value = location.href;
      field.setAttribute("aria-label", "The link to this experiment");
      field.select();
      field.onblur = () => field.remove();
    }
  };
  return () => clearTimeout(button.timer);
}
