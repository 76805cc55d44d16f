// The page: sends a picture, shows what comes back. Whatever is known of pictures is the services'.
"use strict";

const at = (id) => document.getElementById(id);

// How often the services are asked how they are, and how many answers a line shows.
const EVERY = 2000;
const LINE = 60;

// Where time goes, in the order in which it goes there, and what that is called.
const PARTS = [
  ["decoding", "Decoding"],
  ["inference", "Inference"],
  ["guest", "Guests"],
  ["encoding", "Encoding"],
  ["keeping", "History"],
  ["between", "In between"],
];

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// Styles go through the object: the page allows none that are written into tags.
function styled(made, name, value) {
  made.style.setProperty(name, value);
  return made;
}

function say(message, bad = false) {
  at("status").textContent = message;
  at("status").classList.toggle("bad", bad);
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached.");
  }
  if (response.ok) return response.json();
  const told = await response.json().catch(() => ({}));
  const message = told.message || `the server says ${response.status}`;
  throw new Error(message[0].toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? "" : "."));
}

const ms = (time) => (time < 9.95 ? `${time.toFixed(1)} ms` : `${Math.round(time)} ms`);
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(bytes < 100 * 2 ** 20 ? 1 : 0)} MiB`;
const size = (bytes) => (bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} KiB` : mib(bytes));
const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

// What model makers write in small letters and several words.
const word = (label) => label.split(",")[0].replace(/^./, (first) => first.toUpperCase());

// --- The picture, and what is said of it

let current = new AbortController();
let shownUrl;

function show(source, alt) {
  at("shown").src = source;
  at("shown").alt = alt;
  at("shown").hidden = false;
  at("drop").classList.add("full");
}

function showGrey(source, alt) {
  at("grey").src = source;
  at("grey").alt = `${alt}, in grey`;
  at("grey").hidden = false;
  at("twin").classList.add("full");
  document.querySelector(".look").classList.add("full");
}

// What stands below a picture: something short in bold, and more.
function about(id, short = "", more = "") {
  at(id).replaceChildren(element("b", short), ` ${more}`);
}

function clear() {
  about("about");
  about("about-grey");
  at("grey").hidden = at("shown").hidden = true;
  at("grey").removeAttribute("src");
  for (const full of document.querySelectorAll(".full")) full.classList.remove("full");
  showLabels([]);
  showTimes();
}

function showLabels(labels) {
  const rows = labels.map(({ label, share }) => {
    const row = element("li");
    const bar = styled(element("i"), "--share", `${Math.min(100, 100 * share)}%`);
    row.append(element("span", word(label), { title: label }), element("span", percent(share)), bar);
    return row;
  });
  at("labels").replaceChildren(...rows);
  if (!rows.length) at("labels").append(element("li", "Nothing yet: send a picture.", { class: "none" }));
}

function showTimes(times) {
  at("bar").replaceChildren();
  at("times").replaceChildren();
  at("total").textContent = times ? ms(times.total) : "";
  at("bar").setAttribute("aria-label", times ? `${ms(times.total)} in all` : "no picture yet");
  if (!times) return;
  const known = PARTS.reduce((sum, [part]) => sum + (times[part] || 0), 0);
  const all = { ...times, between: Math.max(0, times.total - known) };
  for (const [part, name] of PARTS) {
    const colour = `var(--${part})`;
    const piece = styled(element("span", undefined, { title: `${name}: ${ms(all[part])}` }), "--colour", colour);
    at("bar").append(styled(piece, "--ms", String(Math.max(all[part], 0.01))));
    const row = styled(element("div"), "--colour", colour);
    row.append(element("dt", name), element("dd", ms(all[part])));
    at("times").append(row);
  }
}

async function send(file) {
  current.abort();
  current = new AbortController();
  const signal = current.signal;
  clear();
  if (shownUrl) URL.revokeObjectURL(shownUrl);
  shownUrl = URL.createObjectURL(file);
  const image = at("shown");
  // What is no picture is not shown as a broken one.
  image.onerror = () => {
    image.hidden = true;
    at("drop").classList.remove("full");
  };
  show(shownUrl, file.name);
  at("drop").classList.add("busy");
  say("");
  try {
    const path = `/api/recognise?name=${encodeURIComponent(file.name)}`;
    const told = await ask(path, { method: "POST", body: file, signal });
    showLabels(told.labels);
    showTimes(told.times);
    showGrey(told.grey, file.name);
    const { format, width, height } = told.picture;
    about("about", file.name, `${format}, ${width} × ${height}, ${size(file.size)}`);
    about("about-grey", ms(told.times.kernel), "to make it grey in WebAssembly");
    if (told.labels[0]) document.title = word(told.labels[0].label);
    if (told.note) say(`Seen, but ${told.note}`, true);
    await list();
  } catch (error) {
    if (error.name === "AbortError") return;
    image.hidden = true;
    at("drop").classList.remove("full");
    document.title = "What is on it?";
    say(`${file.name}: ${error.message}`, true);
    at("status").scrollIntoView({ block: "nearest" });
  } finally {
    if (!signal.aborted) at("drop").classList.remove("busy");
  }
}

// --- The history

function ago(time) {
  const seconds = Math.max(0, (Date.now() - time) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(time).toLocaleDateString();
}

function entry(seen) {
  const best = seen.best ? word(seen.best.label) : "?";
  const place = `/api/pictures/${encodeURIComponent(seen.id)}`;
  const button = element("button", undefined, { type: "button", title: `${seen.name} — ${best}` });
  const frame = element("span");
  const image = element("img", undefined, { src: `${place}/thumbnail`, alt: seen.name, loading: "lazy" });
  // It was pressed into a square for the model; here it has its own proportions again.
  styled(image, "aspect-ratio", `${seen.width} / ${seen.height}`);
  image.onerror = () => image.remove();
  frame.append(image);
  const share = seen.best ? `${percent(seen.best.share)}, ` : "";
  button.append(frame, element("b", best), element("small", share + ago(seen.at)));
  button.addEventListener("click", () => {
    current.abort();
    clear();
    show(`${place}/thumbnail`, seen.name);
    showGrey(`${place}/grey`, seen.name);
    if (seen.best) showLabels([seen.best]);
    about("about", seen.name, `${seen.width} × ${seen.height}, as the model saw it`);
    about("about-grey", "", "from the history");
    say("");
    window.scrollTo({ top: 0 });
  });
  const item = element("li");
  item.append(button);
  return item;
}

async function list() {
  try {
    const all = await ask("/api/history");
    at("history").replaceChildren(...all.map(entry));
    at("count").textContent = all.length ? `${all.length} kept` : "";
    if (!all.length) at("history").append(element("li", "What you send is kept here.", { class: "none" }));
  } catch (error) {
    at("history").replaceChildren(element("li", error.message, { class: "none" }));
  }
}

// --- The services

const NAMES = { web: "Web", classify: "Classify", grey: "Grey" };
const before = new Map();

function line(values) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${LINE - 1} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  const low = Math.min(...values), high = Math.max(...values);
  // What moves by less than a sixteenth looks as it is: flat.
  const span = Math.max(high - low, high / 16, 1);
  // One answer alone is a line, too.
  const all = values.length === 1 ? [values[0], values[0]] : values;
  const points = all.map((value, index) => {
    const x = LINE - all.length + index;
    return `${x},${(18 - (16 * (value - low)) / span).toFixed(2)}`;
  });
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  drawn.setAttribute("points", points.join(" "));
  drawn.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(drawn);
  return svg;
}

function figure(name, value) {
  const pair = element("div");
  pair.append(element("dt", name), element("dd", value));
  return pair;
}

function service(told, shared) {
  const item = element("li", undefined, { "data-service": told.service });
  const head = element("header");
  head.append(element("b", NAMES[told.service] || told.service));
  item.append(head);
  if (told.away) {
    item.className = "away";
    head.append(element("em", "does not answer"));
    return item;
  }
  const now = performance.now();
  const kept = before.get(told.service) || { memory: [] };
  const same = kept.process === told.process;
  const seconds = same ? (now - kept.time) / 1000 : 0;
  const rate = seconds > 0 ? (told.calls - kept.calls) / seconds : 0;
  const memory = (same ? [...kept.memory, told.resident_bytes] : [told.resident_bytes]).slice(-LINE);
  before.set(told.service, { time: now, calls: told.calls, process: told.process, memory });
  head.append(element("em", shared ? "in one process with all" : `process ${told.process}`));
  head.append(element("strong", mib(told.resident_bytes), { title: "resident memory of the process" }));
  item.append(line(memory));
  const figures = element("dl");
  figures.append(
    figure("Calls", told.calls.toLocaleString()),
    figure("Rate", `${rate.toFixed(1)}/s`),
    figure("Failed", told.failed.toLocaleString()),
    figure("Instances", String(told.instances)),
    figure("Guest", mib(told.guest_memory_bytes)),
  );
  item.append(figures);
  return item;
}

async function watch() {
  if (!document.hidden) {
    try {
      const all = await ask("/api/figures");
      const processes = all.filter((told) => !told.away).map((told) => told.process);
      const shared = processes.length > 1 && new Set(processes).size === 1;
      at("services").replaceChildren(...all.map((told) => service(told, shared)));
    } catch {
      const away = Object.keys(NAMES).map((name) => service({ service: name, away: true }));
      at("services").replaceChildren(...away);
    }
  }
  setTimeout(watch, EVERY);
}

// --- What one does here

at("file").addEventListener("change", () => {
  const [file] = at("file").files;
  // Choosing the same file once more is a change, too.
  if (file) send(file).finally(() => (at("file").value = ""));
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  window.addEventListener(kind, (event) => {
    event.preventDefault();
    at("drop").classList.toggle("over", kind === "dragover");
    const [file] = (kind === "drop" && event.dataTransfer && event.dataTransfer.files) || [];
    if (file) send(file);
  });
}
window.addEventListener("paste", (event) => {
  const [file] = event.clipboardData.files;
  if (file) send(file);
});
clear();
list();
watch();
