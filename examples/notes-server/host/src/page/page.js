// The page: sends what is typed, shows what comes back. Whatever is known of Markdown is the
// server's.
"use strict";

const tenant = new URLSearchParams(location.search).get("tenant") || "demo";
const api = `/api/${encodeURIComponent(tenant)}`;
const [text, name, words, shown, hits, status] =
  ["text", "name", "words", "shown", "hits", "status"].map((id) => document.getElementById(id));

// How long nobody types before the text is rendered.
const PAUSE = 120;

const STYLE = `<!doctype html><meta charset="utf-8"><base target="_blank"><style>
  body { margin: 1rem 1.2rem; font: 1rem/1.6 system-ui, sans-serif; color: #1d2433; overflow-wrap: break-word; }
  h1, h2, h3 { line-height: 1.25; } img { max-width: 100%; }
  pre { padding: .8rem 1rem; border-radius: .4rem; background: #f2f4f8; overflow-x: auto; }
  code { font-family: ui-monospace, Menlo, monospace; font-size: .92em; }
  table { border-collapse: collapse; } td, th { padding: .3rem .6rem; border: 1px solid #d9dee8; }
  blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #d9dee8; color: #5c6579; }
</style>`;

function say(message, bad = false) {
  status.textContent = message;
  status.classList.toggle("bad", bad);
}

// What the server answers; an error with its message where it refuses.
async function ask(path, options) {
  const response = await fetch(api + path, options);
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw Object.assign(new Error(told.message || `the server says ${response.status}`), { kind: told.error });
}

function show(page) {
  shown.srcdoc = STYLE + page.html;
  document.title = page.title || "Notes";
  say(`${page.words} ${page.words === 1 ? "word" : "words"}`);
}

function failed(error) {
  if (error.name !== "AbortError") say(error.message, true);
}

// A request that is not over when the next one begins is given up, and with it what the server
// does for it.
let current = new AbortController();
function next() {
  current.abort();
  current = new AbortController();
  return current.signal;
}

async function render() {
  const signal = next();
  if (!text.value.trim()) {
    shown.srcdoc = STYLE;
    document.title = "Notes";
    return say("");
  }
  try {
    const response = await ask("/render", { method: "POST", body: text.value, signal });
    show(await response.json());
  } catch (error) {
    failed(error);
  }
}

async function search() {
  try {
    const response = await ask(`/notes?words=${encodeURIComponent(words.value)}`);
    hits.replaceChildren(...(await response.json()).map(entry));
  } catch (error) {
    failed(error);
  }
}

function entry(hit) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = hit.title || hit.name;
  button.title = hit.line || hit.name;
  if (hit.name === name.value) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => open(hit.name));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

async function open(note) {
  const signal = next();
  try {
    const response = await ask(`/notes/${encodeURIComponent(note)}/markdown`, { signal });
    text.value = await response.text();
    name.value = note;
    await render();
    await search();
  } catch (error) {
    failed(error);
  }
}

async function save(event) {
  event.preventDefault();
  const signal = next();
  try {
    const path = `/notes/${encodeURIComponent(name.value)}`;
    const response = await ask(path, { method: "PUT", body: text.value, signal });
    show(await response.json());
    await search();
    say(`saved as ${name.value}`);
  } catch (error) {
    failed(error);
  }
}

function later(work) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, PAUSE);
  };
}

text.addEventListener("input", later(render));
words.addEventListener("input", later(search));
document.getElementById("keep").addEventListener("submit", save);
document.getElementById("find").addEventListener("submit", (event) => event.preventDefault());
search();
