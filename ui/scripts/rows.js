// A list that stays open: rows that changed change where they stand, rows that left are greyed with a word,
// rows that are new wait behind a count until N or a click. Nothing under the cursor ever moves.

import { children, key, morph } from "./morph.js";

let waiting = null;

const rows = (root) => [...root.querySelectorAll("[data-row]")];
const table = (root) => root.querySelector("[data-list]");

// Brings the column of a list up to date with its newer self.
export function list(column, fresh) {
  if (!table(column) || !table(fresh)) {
    // Nothing stood there that could move; or all that stood there left.
    if (!table(column)) children(column, fresh);
    else leave(rows(column));
    return groups(column);
  }
  const newer = new Map(rows(fresh).map((row) => [key(row), row]));
  const older = new Map(rows(column).map((row) => [key(row), row]));
  for (const [name, row] of older) if (newer.has(name)) morph(row, newer.get(name));
  const added = [...newer.keys()].filter((name) => !older.has(name)).length;
  leave(missing([...older.values()], newer, added));
  groups(column);
  waiting = { column, fresh };
  count(column, added);
}

// Rows that are not in the newer list. What only fell off its end made room for new rows: it stays.
function missing(older, newer, added) {
  const gone = older.filter((row) => !newer.has(key(row)));
  if (older[0]?.dataset.item) return gone;
  const last = older.findLastIndex((row) => newer.has(key(row)));
  return gone.filter((row) => added === 0 || older.indexOf(row) < last);
}

// A group's count is of the rows that are still there.
function groups(column) {
  for (const group of column.querySelectorAll("tbody:has(.group)")) {
    group.querySelector(".group span").textContent = group.querySelectorAll("[data-row]:not(.gone)").length;
  }
}

function count(column, added) {
  const button = column.querySelector("[data-new]");
  if (!button) return;
  button.hidden = added === 0;
  if (added > 0) button.innerHTML = `<b>${added} new</b> <span class="key">N</span>`;
}

// Greys rows; what became of their items is asked in one request.
async function leave(gone) {
  const news = gone.filter((row) => !row.classList.contains("gone"));
  if (news.length === 0) return;
  const items = news.map((row) => row.dataset.item).filter(Boolean).slice(0, 50);
  for (const row of news) grey(row, row.dataset.item ? "…" : "not in this view");
  if (items.length === 0) return;
  const query = new URLSearchParams(items.map((item) => ["item", item]));
  const answer = await fetch(`/work/left?${query}`).catch(() => null);
  const words = answer?.ok ? await answer.json() : {};
  for (const row of news) grey(row, words[row.dataset.item] ?? "gone");
}

function grey(row, word) {
  row.classList.add("gone");
  const check = row.querySelector(".check");
  if (check) check.checked = !(check.disabled = true);
  const place = row.querySelector(".c-here, .c-state") ?? row.lastElementChild;
  place.replaceChildren(Object.assign(document.createElement("span"), { className: "word", textContent: word }));
}

// Shows what waited: the list as it is now, the picked row where it was on the screen.
export function show() {
  if (!waiting) return;
  const { column, fresh } = waiting;
  waiting = null;
  const picked = column.querySelector("[data-row].picked");
  const at = rows(column).indexOf(picked);
  const [name, top, within] = [picked && key(picked), picked?.getBoundingClientRect().top, picked?.contains(document.activeElement)];
  const checked = new Set([...column.querySelectorAll(".check:checked")].map((check) => check.value));
  children(table(column), table(fresh));
  const all = rows(column);
  const now = all.find((row) => key(row) === name) ?? all[Math.min(Math.max(at, 0), all.length - 1)];
  for (const row of all) row.classList.toggle("picked", row === now);
  for (const check of column.querySelectorAll(".check")) if (checked.has(check.value)) check.checked = true;
  if (now && top !== undefined) table(column).closest(".scroll").scrollTop += now.getBoundingClientRect().top - top;
  if (within) now?.querySelector("a")?.focus({ preventScroll: true });
  count(column, 0);
}

document.addEventListener("click", (event) => event.target.closest("[data-new]") && show());
