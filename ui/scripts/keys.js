// Single-letter keys outside fields, G and a letter to go, / to search, ? for the list, Ctrl+Enter and
// Esc inside fields. What a key does is a link or a form of the page; nothing works by key alone.

const off = () => localStorage.getItem("keys") === "off";
let going = 0;

export const inField = (target) =>
  target.closest?.("textarea, select, dialog, input:not([type=radio], [type=checkbox])") != null;

const submit = (form) => form?.requestSubmit();
const visible = (element) => element && element.getClientRects().length > 0;

function inside(event) {
  if (event.key === "Escape") return event.target.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.form?.matches("[data-complete], [data-confirm]") ? event.target.form : document.querySelector("form[data-complete]");
    if (form) {
      event.preventDefault();
      submit(form);
    }
  }
}

function go(letter) {
  const place = [...document.querySelectorAll("[data-go]")].find((link) => link.dataset.go === letter);
  if (place) location.href = place.href;
}

function digit(event) {
  const answer = document.querySelector(`[data-digit="${event.key}"]`);
  if (!answer) return;
  answer.checked = true;
  answer.focus();
  answer.dispatchEvent(new Event("input", { bubbles: true }));
}

const plain = {
  e: () => submit(document.querySelector("form[data-complete]")),
  c: () => {
    const bulk = document.querySelector("form.bulk");
    submit(visible(bulk) ? bulk : document.querySelector("form[data-claim]"));
  },
  a: () => document.querySelector("[data-assign]")?.focus(),
  p: () => {
    const menu = document.querySelector("[data-pause]");
    if (!visible(menu)) return;
    menu.open = true;
    menu.querySelector("textarea")?.focus();
  },
  g: () => {
    going = Date.now();
  },
  "/": () => [...document.querySelectorAll("#find, #q")].find(visible)?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (inField(event.target)) return inside(event);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return submit(document.querySelector("form[data-complete]"));
  }
  if (off() || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (Date.now() - going < 1500) {
    going = 0;
    event.preventDefault();
    return go(key);
  }
  if (/^[1-9]$/.test(key)) return digit(event);
  if (plain[key]) {
    event.preventDefault();
    plain[key]();
  }
});

// The button shows the key that works now.
const show = (field) => {
  for (const key of document.querySelectorAll("[data-key-in]")) {
    key.textContent = field ? key.dataset.keyIn : key.dataset.keyOut;
  }
};
document.addEventListener("focusin", (event) => show(inField(event.target)));
document.addEventListener("focusout", () => show(false));
show(document.activeElement != null && inField(document.activeElement));

document.querySelector("[data-keys]")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("keys")?.showModal();
});

// What just happened is said for nine seconds.
const said = document.querySelector("[data-said]");
if (said) setTimeout(() => said.remove(), 9000);
