// The bundle's entry. Without Node, build.rs serves the modules below as they are and leaves htmx out.
import "./htmx.js";
import "./keys.js";
import "./list.js";
import "./desk.js";
import "./clock.js";
import "./drop.js";
import "./live.js";
