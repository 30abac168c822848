// When the connection to the server was broken and is back, the server may be another process that
// knows nothing of this page: what the player asks then remains unanswered. Streamlit asks for the
// page again only if it was at work when the connection broke; otherwise this does.

const APP = "[data-testid=stApp]";
const CONNECTION = "data-test-connection-state";

// Calls `again` whenever the connection is back and nobody asked for the page; returns how to end it.
export function whenBack(again) {
  const app = document.querySelector(APP);
  if (!app) return () => {};
  const connected = () => app.getAttribute(CONNECTION) === "CONNECTED";
  let before = connected();
  const changes = new MutationObserver(() => {
    const now = connected(), back = now && !before;
    before = now;
    if (back && app.getAttribute("data-test-script-state") === "notRunning") again();
  });
  changes.observe(app, { attributeFilter: [CONNECTION] });
  return () => changes.disconnect();
}
