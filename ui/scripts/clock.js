// Remaining times and zone clocks count on by the minute between two refreshes; only clocks that run carry
// data-left. Figures counted without a connection carry a "~".

const known = new WeakMap();

// The time of day in the viewer's zone, as the server writes it; the browser's own where the page names none.
export function time(zone = document.querySelector("[data-zone]")?.dataset.zone) {
  return new Date().toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
}

const hours = (micros) => {
  const minutes = Math.floor(Math.abs(micros) / 60_000_000);
  return `${micros < 0 ? "−" : ""}${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
};

// When a figure came: it counts from then. A figure that comes again is never quite the same.
function since(left) {
  const figure = left.dataset.left;
  if (known.get(left)?.figure !== figure) known.set(left, { figure, at: Date.now() });
  return known.get(left).at;
}

function learn() {
  for (const left of document.querySelectorAll("[data-left]")) since(left);
}

function tick() {
  const on = navigator.onLine && (document.documentElement.dataset.connection ?? "live") === "live";
  for (const left of document.querySelectorAll("[data-left]")) {
    const figure = left.querySelector("b");
    const passed = (Date.now() - since(left)) * 1000;
    if (figure) figure.textContent = (on ? "" : "~") + hours(Number(left.dataset.left) - passed);
  }
  for (const zone of document.querySelectorAll("[data-zone]")) {
    zone.querySelector("b").textContent = time(zone.dataset.zone);
  }
}

learn();
setInterval(tick, 60_000);
document.addEventListener("baton:fresh", learn);
for (const news of ["baton:live", "baton:off"]) document.addEventListener(news, tick);
for (const news of ["online", "offline"]) window.addEventListener(news, tick);
