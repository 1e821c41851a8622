// Remaining times and zone clocks count on by the minute; only clocks that run carry data-left. Figures
// counted while offline carry a "~".

const start = Date.now();

const hours = (micros) => {
  const minutes = Math.floor(Math.abs(micros) / 60_000_000);
  return `${micros < 0 ? "−" : ""}${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
};

function tick() {
  const passed = (Date.now() - start) * 1000;
  const guess = navigator.onLine ? "" : "~";
  for (const left of document.querySelectorAll("[data-left]")) {
    const figure = left.querySelector("b");
    if (figure) figure.textContent = guess + hours(Number(left.dataset.left) - passed);
  }
  for (const zone of document.querySelectorAll("[data-zone]")) {
    const options = { timeZone: zone.dataset.zone, hour: "2-digit", minute: "2-digit" };
    zone.querySelector("b").textContent = new Date().toLocaleTimeString("en-GB", options);
  }
}

// The band that says since when there is no connection.
function line() {
  const band = document.querySelector("[data-offline]");
  if (!band) return;
  band.querySelector("[data-since]").textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  band.hidden = navigator.onLine;
  tick();
}

setInterval(tick, 60_000);
window.addEventListener("online", line);
window.addEventListener("offline", line);
