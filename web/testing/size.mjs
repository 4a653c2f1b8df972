// Gzipped script that the first page loads: the entry and all that it imports statically, from Vite's manifest.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 350;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const each of manifest[key].imports ?? []) closure(each, seen);
  return seen;
}

function gzipped(keys) {
  return (
    [...keys].reduce(
      (sum, key) => sum + gzipSync(readFileSync(new URL(manifest[key].file, dist))).length,
      0,
    ) / 1000
  );
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shared = closure(entry);
const pages = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry)
  .map((key) => [key, gzipped(new Set([...shared, ...closure(key)]))])
  .sort((a, b) => b[1] - a[1]);
console.log(`entry: ${gzipped(shared).toFixed(1)} kB gzipped script`);
for (const [key, size] of pages) console.log(`  with ${key}: ${size.toFixed(1)} kB`);
const firstPages = pages.filter(([key]) => /routes\/(SignIn|Overview|Dashboard)\.tsx$/.test(key));
const worst = Math.max(...firstPages.map(([, size]) => size));
if (worst > BUDGET_KB) {
  console.error(`The first page loads ${worst.toFixed(1)} kB of script; the budget is ${BUDGET_KB} kB.`);
  process.exit(1);
}
