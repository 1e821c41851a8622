// What must not happen on any page: an error on the console, a failed request, a row that runs out of the
// window, a control without a name. It opens no page itself; `run.mjs` asks it after each step.

// Gathers everything a page complains about, from now on.
export function listen(page) {
  const heard = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) heard.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => heard.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") heard.push(`request: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) heard.push(`status ${response.status()}: ${response.url()}`);
  });
  return heard;
}

// How far the page is wider than its window, with the elements that reach out.
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth - width;
    if (wide <= 0) return [];
    const scrolls = (node) => {
      for (let at = node.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== "visible" && at !== document.body && at !== document.documentElement) return true;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll("*")]
      .filter((node) => node.getBoundingClientRect().right > width + 1 && !scrolls(node))
      .slice(0, 5)
      .map((node) => `${node.tagName.toLowerCase()}.${node.className?.baseVal ?? node.className}`);
    return [`${wide} px too wide`, ...out];
  });
}

// Links, buttons and fields that nobody could name to a listener.
export function nameless(page) {
  return page.evaluate(() => {
    const seen = (node) => node.checkVisibility?.() ?? true;
    const label = (node) =>
      node.getAttribute("aria-label") ||
      node.getAttribute("aria-labelledby") ||
      node.getAttribute("title") ||
      node.textContent.trim() ||
      (node.labels?.length ? node.labels[0].textContent.trim() : "");
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")]
      .filter((node) => seen(node) && !label(node) && !node.matches("input[type=submit][value]"))
      .map((node) => node.outerHTML.slice(0, 100));
  });
}
