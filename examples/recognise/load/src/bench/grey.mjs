// The loop that makes pixels grey, in JavaScript: `loop PIXELS TIMES` measures it, `once FILE` runs it once.
import { readFileSync } from "node:fs";

// As in kernel/src/lib.rs.
function grey(rgb) {
  const count = Math.floor(rgb.length / 3);
  const made = new Uint8Array(count);
  for (let to = 0, from = 0; to < count; to += 1, from += 3) {
    made[to] = (77 * rgb[from] + 150 * rgb[from + 1] + 29 * rgb[from + 2] + 128) >> 8;
  }
  return made;
}

function sum(bytes) {
  let all = 0;
  for (const byte of bytes) all = (Math.imul(all, 31) + byte) >>> 0;
  return all;
}

function pixels(count) {
  const rgb = new Uint8Array(3 * count);
  let state = 1;
  for (let at = 0; at < rgb.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgb[at] = state >>> 24;
  }
  return rgb;
}

const [what, first, second] = process.argv.slice(2);
if (what === "once") {
  console.log(sum(grey(readFileSync(first))));
} else {
  const rgb = pixels(Number(first));
  const times = Number(second);
  // Until its compiler has made of it what it will.
  for (let run = 0; run < 40; run += 1) grey(rgb);
  const start = performance.now();
  let made;
  for (let run = 0; run < times; run += 1) made = grey(rgb);
  const took = (performance.now() - start) / times;
  console.log(took, sum(made), process.versions.node);
}
