// Makes a part of the page like its newer self without making it anew: what is the same stays, so that
// focus, caret, selection, scroll, open details and everything a person typed stay too.

// What tells an element from its siblings, where something does.
export const key = (node) =>
  node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.item || node.dataset.href || null : null;

// Whether the person, not the server, made a field what it is.
export function touched(field) {
  if (field === document.activeElement && field.matches("input, select, textarea")) return true;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("input, textarea")) return field.value !== field.defaultValue;
  if (field.matches("select")) return chosen(field) !== field.value;
  return false;
}

// What a list of choices was drawn with.
const chosen = (select) =>
  ([...select.options].find((option) => option.defaultSelected) ?? select.options[0])?.value ?? "";

// Whether anything of a form was changed or has the focus.
export const touchedForm = (form) =>
  [...(form?.elements ?? [])].some((field) => !field.matches("button, fieldset, [type=hidden]") && touched(field));

const same = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && key(one) === key(other);

// What belongs to the page and not to the server.
const own = (from, name) =>
  (name === "open" && from.matches("details, dialog")) || (name === "aria-current" && from.closest(".anchors, .places"));

function attributes(from, to) {
  const picked = from.matches("[data-row]") && from.classList.contains("picked");
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !own(from, name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (!own(from, name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (from.matches("[data-row]")) from.classList.toggle("picked", picked);
}

export function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (from.hasAttribute("data-keep")) return;
  if (from.matches("input, select, textarea") && touched(from)) return;
  attributes(from, to);
  children(from, to);
}

export function children(from, to) {
  const keyed = new Map([...from.children].filter(key).map((child) => [key(child), child]));
  let at = from.firstChild;
  for (const next of [...to.childNodes]) {
    let match = key(next) ? keyed.get(key(next)) : at && same(at, next) ? at : null;
    if (match && !same(match, next)) match = null;
    if (!match) {
      from.insertBefore(document.importNode(next, true), at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else from.insertBefore(match, at);
    morph(match, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}
