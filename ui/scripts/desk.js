// The desk's form: a draft is saved on the server a second after the last stroke, and kept in words
// beside the heading. A draft that could not be sent is tried again when the line is back.

import { time } from "./clock.js";

const form = document.getElementById("work");
const place = document.querySelector("[data-saved]");
let waiting = 0;
let dirty = false;

const say = (text) => {
  if (place) place.textContent = text;
};

async function save() {
  if (!dirty || !form) return;
  dirty = false;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(`/items/${encodeURIComponent(form.dataset.item)}/draft`, {
      method: "POST",
      body,
      headers: { accept: "application/json" },
      redirect: "manual",
      keepalive: true,
    });
    // Somebody else has the item: sending again and again would not change that, and the page says who.
    if ([403, 404, 409].includes(answer.status)) return say("Draft not saved on the server; it stays here");
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
    say(`✓ Draft saved ${time()}`);
  } catch {
    dirty = true;
    clearTimeout(waiting);
    say(navigator.onLine ? "Draft not saved; it stays here, trying again" : "No connection; the draft waits here");
    waiting = setTimeout(save, 10000);
  }
}

if (form?.matches("[data-complete]")) {
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 1000);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    dirty = false;
  });
  window.addEventListener("online", save);
  document.addEventListener("baton:live", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
}
