// Pages that move by themselves: when the journal's head moves, the parts marked data-live are fetched from
// the page's own address and changed in place. What somebody typed, chose or looks at is never taken away.

import { time } from "./clock.js";
import { children, morph, touchedForm } from "./morph.js";
import "./presence.js";
import { list, show } from "./rows.js";
import { inField } from "./keys.js";
import { Stream } from "./stream.js";

const apart = 1000; // the least time between two refreshes, and ten times as long as the last one took
const patience = 2500; // how long a connection may be gone before the band says so
const stream = new Stream(Number(document.body.dataset.head));
let [wanted, running, next, leaving] = [false, false, 0, 0];
let [known, late, band] = [time(), 0, null];
let gone = false; // the page shows what its reader may not see any more

// ---- what is fetched

// The page's own address, or that of the page it shows where a form brought it.
function address() {
  const own = document.querySelector("[data-self]")?.dataset.self ?? location.pathname;
  return own === location.pathname ? location.pathname + location.search : own;
}

const at = () => address().split("?")[0] === location.pathname;

async function refresh() {
  const answer = await fetch(address(), { headers: { "x-live": "1", accept: "text/html" } });
  if (new URL(answer.url).pathname.startsWith("/sign-in")) return stream.end("signed-out");
  if (answer.status === 404) return lost();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  tokens(fresh);
  await changed();
  for (const part of document.querySelectorAll("[data-live]")) {
    const newer = fresh.getElementById(part.id);
    if (newer && (at() || part.closest(".top, .foot, .desk-head"))) bring(part, newer);
  }
  known = time();
  document.dispatchEvent(new Event("baton:fresh"));
}

// The case went out of sight while its page was open: asking again would only count as an attempt.
function lost() {
  gone = true;
  const place = document.querySelector("[data-changed]");
  if (!place) return;
  const sign = '<svg class="icon" aria-hidden="true"><use href="#i-warn"/></svg>';
  place.innerHTML = `<div class="note risk" role="status">${sign}<div><b>This is not with your party any more.</b> What you typed stays here. <a class="opens" href="/work">Back to my work</a></div></div>`;
  place.hidden = false;
}

// Whoever signed in again has a new session: the forms of this page go on under it.
function tokens(fresh) {
  const newer = fresh.querySelector("input[name=token]")?.value;
  for (const field of document.querySelectorAll("input[name=token]")) if (newer) field.value = newer;
}

function bring(part, newer) {
  switch (part.dataset.live) {
    case "list": return list(part, newer);
    case "preview": return preview(part, newer);
    case "form": return form(part, newer);
    default: return morph(part, newer);
  }
}

// The preview belongs to the picked row; another row's is not put in its place.
function preview(part, newer) {
  const picked = (root) => root.querySelector("[data-row].picked")?.dataset.item;
  if (picked(document) && picked(document) === picked(newer.ownerDocument)) children(part, newer);
}

// A form is left alone from the first stroke on, and when its item is gone.
function form(part, newer) {
  const own = part.querySelector("#work");
  if (own && (touchedForm(own) || newer.querySelector("#work")?.dataset.item !== own.dataset.item)) return;
  children(part, newer);
}

// What others did with the item while its form was open, in words above it; the button says so too.
async function changed() {
  const place = document.querySelector("[data-changed]");
  if (!place) return;
  const answer = await fetch(place.dataset.changed);
  const text = answer.status === 200 ? await answer.text() : "";
  if (place.dataset.said === text) return;
  place.dataset.said = text;
  place.innerHTML = text;
  place.hidden = text === "";
  // An item that is over asks for nothing more: whatever was typed is shown beside the other answer.
  const own = document.getElementById("work");
  if (own) own.noValidate = place.querySelector("[data-over]") !== null;
  const words = document.querySelector("[data-complete-words]");
  if (!words) return;
  words.dataset.plain ??= words.textContent;
  words.textContent = place.querySelector("[data-button]")?.dataset.button ?? words.dataset.plain;
}

// ---- when it is fetched

async function want() {
  wanted = true;
  if (running || gone || document.visibilityState === "hidden") return;
  running = true;
  while (wanted && !gone && document.visibilityState !== "hidden") {
    const wait = Math.max(next, leaving) - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    wanted = false;
    const began = Date.now();
    await refresh().catch(() => {
      // The stream knows better whether there is a connection, and asks again when there is.
    });
    next = began + Math.max(apart, 10 * (Date.now() - began));
  }
  running = false;
}

// ---- how the connection stands

const words = {
  live: () => "Live",
  begins: () => `As of ${known}`,
  restarts: () => "Baton restarts…",
  off: () => `Not live: figures of ${known}`,
  "signed-out": () => "Signed out",
  crowded: () => `Not live: open in too many windows, figures of ${known}`,
};

const bands = {
  off: () => `<b>No connection since ${band}.</b> You can read and write on; what you type waits here. Nothing is lost, nothing is sent twice.`,
  restarts: () => `<b>Baton restarts, since ${band}.</b> You can read and write on; what you type waits here.`,
  "signed-out": () => `<b>You are signed out.</b> What you typed stays here. <a class="opens" href="/sign-in" target="_blank">Sign in in another window</a>, then try again.`,
};

function state() {
  const now = stream.state;
  document.documentElement.dataset.connection = now;
  for (const place of document.querySelectorAll("[data-live-state]")) {
    place.querySelector("use").setAttribute("href", now === "live" ? "#i-baton" : "#i-hollow");
    place.querySelector("span").textContent = words[now]();
  }
  clearTimeout(late);
  if (now === "live" || !bands[now]) cover(null);
  else late = setTimeout(() => cover(now), now === "signed-out" || document.querySelector("[data-offline]:not([hidden])") ? 0 : patience);
  document.dispatchEvent(new Event(now === "live" ? "baton:live" : "baton:off"));
}

function cover(why) {
  const place = document.querySelector("[data-offline]");
  if (!place) return;
  band = why ? (band ?? time()) : null;
  place.hidden = !why;
  if (why) place.querySelector("[data-offline-words]").innerHTML = bands[why]();
}

// ---- the page

if (document.querySelector("[data-live]")) {
  let fresh = true; // as it came from the server; later it may have missed something
  stream.addEventListener("state", () => {
    state();
    if (stream.state === "live" && !fresh) want();
    fresh = false;
  });
  for (const news of ["head", "presence"]) stream.addEventListener(news, want);
  setInterval(() => stream.state === "live" && want(), 60_000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") return stream.rest();
    stream.open();
    want();
  });
  window.addEventListener("online", () => stream.open());
  window.addEventListener("offline", () => stream.again("off"));
  window.addEventListener("pagehide", () => stream.rest());
  window.addEventListener("pageshow", (event) => event.persisted && stream.open());
  document.querySelector("[data-try]")?.addEventListener("click", () => stream.open());
  // A page that is about to be left by its own form need not learn what that form did.
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method === "post") leaving = Date.now() + 8000;
  });
  document.addEventListener("keydown", (event) => {
    const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !inField(event.target);
    if (plain && event.key.toLowerCase() === "n" && localStorage.getItem("keys") !== "off") show();
  });
  stream.open();
}
