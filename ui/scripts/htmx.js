// htmx, pinned in package.json, for those parts of a page that are fetched alone.
import htmx from "htmx.org";

window.htmx = htmx;
