// One exception from the list to its decision with the keyboard alone, as a worker would: sign in, move,
// open, answer, complete, and see the case move on. The mouse is never used; nothing is set by script.

import assert from "node:assert/strict";

const moves = 60;

// Opens a one-time link and confirms it, where the page asks to.
export async function signIn(page, link) {
  await page.goto(link);
  for (let press = 0; press < 6 && !page.url().includes("/work"); press += 1) {
    await page.keyboard.press("Tab");
    const is = await page.evaluate(() => document.activeElement?.matches("main button, form button"));
    if (is) await Promise.all([page.waitForURL("**/work**"), page.keyboard.press("Enter")]);
  }
  assert.match(page.url(), /\/work/, "the link leads to the work list");
}

// Moves down the list until a row's words match, and gives that row's words and place.
export async function moveTo(page, words) {
  const picked = page.locator("tr[data-row].picked");
  for (let press = 0; press < moves; press += 1) {
    if ((await picked.count()) === 1 && words.test(await picked.innerText())) {
      return { text: await picked.innerText(), href: await picked.getAttribute("data-href") };
    }
    await page.keyboard.press("j");
    await page.waitForTimeout(20);
  }
  throw new Error(`no row matches ${words} within ${moves} moves`);
}

// Opens the picked row.
export async function open(page, row) {
  await Promise.all([page.waitForURL(`**${row.href}*`), page.keyboard.press("Enter")]);
}

// Takes the item, where it is only offered.
export async function claim(page) {
  if ((await page.locator("[data-claim]").count()) === 0) return;
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("c")]);
}

// Answers what the form asks: digits outside fields, then Tab from field to field.
export async function answer(page, digit) {
  if (await page.locator("main form input[type=radio]").count()) {
    await page.keyboard.press(digit);
    assert.equal(await page.locator("main form input[type=radio]:checked").count(), 1, "a digit answers");
  }
  const fields = await page.locator("main form :is(select, textarea, input:not([type=hidden], [type=radio], [type=checkbox]))").count();
  for (let press = 0, filled = 0; press < 80 && filled < fields; press += 1) {
    await page.keyboard.press("Tab");
    filled += await fill(page);
  }
}

// Fills the field that has the focus; gives how many it was.
async function fill(page) {
  const field = await page.evaluate(() => {
    const at = document.activeElement;
    if (!at?.closest("main form") || !at.matches("select, textarea, input")) return null;
    return { kind: at.tagName === "INPUT" ? at.type : at.tagName.toLowerCase(), value: at.value };
  });
  if (!field || ["radio", "checkbox", "hidden"].includes(field.kind)) return 0;
  if (field.kind === "select" && !field.value) await page.keyboard.press("ArrowDown");
  if (field.kind === "date" && !field.value) await page.keyboard.type("11012026");
  if (["text", "textarea"].includes(field.kind) && !field.value) {
    await page.keyboard.type("Checked with the buyer, by keyboard.");
  }
  return 1;
}

// Completes from wherever the focus is, and waits for what comes next.
export async function complete(page) {
  const before = page.url();
  await Promise.all([
    page.waitForURL((url) => url.href !== before, { timeout: 15_000 }),
    page.keyboard.press("Control+Enter"),
  ]);
}

// Where a case stands, in the words of its own page: its clocks and its newest event.
export async function standing(page, path) {
  await page.goto(path);
  return page.locator("main").innerText();
}
