// The connection to /live: says when the journal's head moved, when presence changed, and how the
// connection stands. It comes back by itself, later each time, and rests while the page is hidden.

const longest = 30_000;

export class Stream extends EventTarget {
  constructor(head) {
    super();
    this.head = head;
    this.state = "begins";
    this.failed = 0;
    this.timer = 0;
    this.source = null;
  }

  open() {
    clearTimeout(this.timer);
    this.source?.close();
    if (document.visibilityState === "hidden") return;
    const source = (this.source = new EventSource(`/live?since=${this.head}`));
    source.onopen = () => {
      this.failed = 0;
      this.become("live");
    };
    source.addEventListener("head", (event) => {
      this.head = Number(event.data);
      this.say("head");
    });
    source.addEventListener("presence", () => this.say("presence"));
    source.addEventListener("restarting", () => this.again("restarts"));
    source.addEventListener("signed-out", () => this.end("signed-out"));
    source.addEventListener("crowded", () => this.end("crowded"));
    source.onerror = () => this.again("off");
  }

  // Tries again: soon at first, then less and less often, never all pages at the same instant.
  again(state) {
    this.rest();
    this.become(state);
    const wait = Math.min(longest, 400 * 2 ** this.failed++);
    this.timer = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  end(state) {
    this.rest();
    this.become(state);
  }

  rest() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.say("state");
  }

  say(what) {
    this.dispatchEvent(new Event(what));
  }
}
