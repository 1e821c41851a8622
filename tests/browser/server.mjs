// The built binary as a child process on a data folder and a free loopback port: starts it, reads the
// one-time links it prints, waits until it answers, stops it. It judges nothing about pages.

import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const patience = 90_000;

// Where cargo put the binary; BATON_BIN names another one.
export function binary() {
  if (process.env.BATON_BIN) return process.env.BATON_BIN;
  const out = execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1"], {
    cwd: root,
    maxBuffer: 1 << 26,
  });
  const path = join(JSON.parse(out).target_directory, "debug", "baton");
  if (!existsSync(path)) throw new Error(`${path} is not there; run: cargo build --bins`);
  return path;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// The links a run printed, as { url, name } with the worker's name that stood beside each.
export function links(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const match = line.match(/^link: (http:\/\/\S+)\s+(.*)$/);
    if (match) found.push({ url: match[1], name: match[2] });
  }
  return found;
}

// A new one-time link for a worker, made by another process on the same folder.
export function invite(data, port, worker) {
  const out = execFileSync(binary(), ["link", "--data", data, worker], { cwd: root, encoding: "utf8" });
  const token = out.trim().split("/").pop();
  return `http://127.0.0.1:${port}/sign-in/${token}`;
}

// Lets a party step in on a lane, open items with it, as another process on the same folder.
export function stepIn(data, lane, party) {
  const how = ["--in-flight", "hand-over", "--reason", "site closed by a storm"];
  execFileSync(binary(), ["lane", "step-in", "--data", data, lane, party, ...how], { cwd: root });
}

// Starts `baton COMMAND --data FOLDER --listen 127.0.0.1:PORT MORE…` and waits until it answers.
export async function start(command, data, port, ...more) {
  const child = spawn(binary(), [command, "--data", data, "--listen", `127.0.0.1:${port}`, ...more], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const server = { url: `http://127.0.0.1:${port}`, output: "", exit: null };
  const gone = new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve((server.exit = code ?? signal)));
    child.on("error", (error) => resolve((server.exit = error.message)));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (server.output += text));
  }
  server.stop = async () => {
    if (server.exit === null) child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await gone;
    clearTimeout(late);
    return server.exit;
  };
  await answers(server);
  return server;
}

async function answers(server) {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (server.exit !== null) throw new Error(`baton ended with ${server.exit}:\n${server.output}`);
    const reply = await fetch(`${server.url}/health`).catch(() => null);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await server.stop();
  throw new Error(`baton did not answer within ${patience / 1000} s:\n${server.output}`);
}

// Waits for what a run prints, for instance its links.
export async function printed(server, read) {
  const until = Date.now() + patience;
  for (;;) {
    const found = read(server.output);
    if (found && found.length !== 0) return found;
    if (Date.now() > until || server.exit !== null) throw new Error(`not printed:\n${server.output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
