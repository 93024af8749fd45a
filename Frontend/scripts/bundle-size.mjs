/**
 * Adds up the JavaScript, gzipped, that a browser has to fetch before the dashboard stands: the entry, the
 * dashboard's chunk and everything they import statically. Charts, room and results load on demand,
 * what a closed tab left of a recording is looked for when the page has stood for a while; none of these counts.
 * Fails over the limit. Needs a build (`npm run build`). `--json` prints the figure for `make bench`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 150;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));

const wanted = new Set();
const visit = (name) => {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`the build has no ${name}; run npm run build first`);
  if (wanted.has(chunk.file)) return;
  wanted.add(chunk.file);
  for (const imported of chunk.imports ?? []) visit(imported);
};
if (Object.keys(manifest).some((name) => name.includes('features/gallery'))) throw new Error('the build carries the gallery, which is for development only');
visit('index.html');
visit('src/features/dashboard/dashboard-page.tsx');

const sizes = [...wanted, 'theme.js'].map((file) => [file, gzipSync(readFileSync(dist + file), { level: 9 }).length]);
const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0) / 1000;

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ dashboard_kb_gzip: Number(total.toFixed(1)), limit_kb: LIMIT_KB, files: sizes.length }));
} else {
  for (const [file, bytes] of sizes.sort((a, b) => b[1] - a[1])) console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
  console.log(`${total.toFixed(1).padStart(8)} kB  in all, of ${LIMIT_KB} kB allowed`);
}
if (total > LIMIT_KB) {
  console.error(`The dashboard's first load is over ${LIMIT_KB} kB of gzipped JavaScript.`);
  process.exitCode = 1;
}
