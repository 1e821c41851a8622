// A list of rows: J and K move, Enter opens, X chooses; the preview follows. The address keeps the item,
// so that a reload shows the same row.
import { inField } from "./keys.js";

const rows = () => [...document.querySelectorAll("[data-list] [data-row]")];
const preview = document.getElementById("preview");
let waiting = 0;

const at = () => rows().findIndex((row) => row.classList.contains("picked"));

async function load(address) {
  if (window.htmx) return window.htmx.ajax("GET", address, { target: preview, swap: "innerHTML" });
  const answer = await fetch(address);
  if (answer.ok) preview.innerHTML = await answer.text();
}

function pick(row, scroll) {
  if (!row || row.classList.contains("picked")) return;
  for (const other of rows()) other.classList.toggle("picked", other === row);
  if (scroll) {
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("a")?.focus({ preventScroll: true });
  }
  if (row.dataset.item) {
    const address = new URL(location.href);
    address.searchParams.set("item", row.dataset.item);
    history.replaceState(null, "", address);
  }
  const address = row.dataset.preview;
  if (!address || !preview || preview.getClientRects().length === 0) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => load(address), 80);
}

function open(row) {
  if (row) location.href = row.dataset.href;
}

function key(event) {
  if (event.defaultPrevented || inField(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
  const all = rows();
  const now = at();
  switch (event.key) {
    case "j": case "J": return pick(all[Math.min(now + 1, all.length - 1)], true);
    case "k": case "K": return pick(all[Math.max(now - 1, 0)], true);
    case "x": case "X": return all[now]?.querySelector(".check")?.click();
    case "Escape": return document.getElementById("bulk")?.reset();
    case "Enter": {
      if (event.target.closest("a, button, summary")) return;
      return open(all[now]);
    }
  }
}

// The list may come while the page stands: everything is heard at the document.
document.addEventListener("keydown", (event) => rows().length > 0 && key(event));
document.addEventListener("click", (event) => {
  if (event.target.closest("a, input, label")) return;
  const row = event.target.closest("[data-list] [data-row]");
  if (!row) return;
  if (row.dataset.preview && preview?.getClientRects().length) pick(row, false);
  else open(row);
});
document.addEventListener("dblclick", (event) => open(event.target.closest("[data-list] [data-row]")));
