// Tells the server that this page has a case or an item open, and whether something is being typed, for
// as long as it is seen. Colleagues are shown it; nothing of it is kept.

import { touchedForm } from "./morph.js";

const every = 10_000;
const page = Math.random().toString(36).slice(2, 12);
const head = () => document.querySelector("[data-case]");
let edits = false;

function words(more) {
  const { case: of, item = "" } = head().dataset;
  const token = document.querySelector("input[name=token]")?.value ?? "";
  return new URLSearchParams({ token, page, case: of, item, edits: edits ? "1" : "0", ...more });
}

function beat() {
  if (!head() || document.visibilityState === "hidden") return;
  fetch("/presence", { method: "POST", body: words({}) }).catch(() => {
    // The next beat says it.
  });
}

function leave() {
  if (head()) navigator.sendBeacon("/presence", words({ left: "1" }));
}

// Typing is told at once, and so is its end.
function look() {
  const form = document.getElementById("work");
  const now = form?.matches("[data-complete]") === true && touchedForm(form);
  if (now === edits) return;
  edits = now;
  beat();
}

if (head()) {
  beat();
  setInterval(beat, every);
  document.addEventListener("baton:live", beat);
  document.addEventListener("input", look);
  document.addEventListener("focusout", () => setTimeout(look));
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave() : beat()));
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && beat());
}
