/**
 * Contact sheets of the player in real Chromium, to be looked at: node contact-sheet.mjs <output folder> [persona]
 * Writes visemes.png, moods.png, blink.png, speech.png, boxes.png, unavailable.png and prints frames per second.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const frontend = fileURLToPath(new URL('../../../Frontend/', import.meta.url));
const require = createRequire(`${frontend}package.json`);
const { createServer } = await import(pathToFileURL(resolve(frontend, 'node_modules/vite/dist/node/index.js')).href);
const { chromium } = require('@playwright/test');
const [out = 'sheets', persona = 'maya'] = process.argv.slice(2);
const PORT = 5201;
await mkdir(out, { recursive: true });

const page = `<!doctype html><meta charset=utf-8><body style="margin:0;background:#555"><canvas id=c style="width:960px;height:720px;display:block"></canvas>
<script type=module>
import { AvatarPlayer } from '/src/features/room/avatar/avatar-player.ts';
import { VISEMES } from '/src/features/room/avatar/visemes.ts';
const canvas = document.getElementById('c');
const seeded = () => { let a = 12345; return () => ((a = (a * 1664525 + 1013904223) >>> 0) / 4294967296); };
const make = (url = '/avatar/${persona}/manifest.json') => new AvatarPlayer(canvas, url, 'M', seeded());
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
const drawn = async (p, n) => { const goal = p.framesDrawn + n; while (p.framesDrawn < goal) await wait(10); };
class Sheet {
  constructor(w, h, columns) { this.w = w; this.h = h; this.columns = columns; this.cells = []; }
  add(label, crop = [0, 0, canvas.width, canvas.height]) {
    const cell = document.createElement('canvas'); cell.width = this.w; cell.height = this.h;
    const g = cell.getContext('2d'); g.imageSmoothingQuality = 'high';
    g.drawImage(canvas, ...crop, 0, 0, this.w, this.h);
    g.fillStyle = '#ff0'; g.font = '13px sans-serif'; g.fillText(label, 5, 15); this.cells.push(cell);
  }
  url() {
    const s = document.createElement('canvas'); s.width = this.w * this.columns; s.height = this.h * Math.ceil(this.cells.length / this.columns);
    const g = s.getContext('2d'); this.cells.forEach((c, i) => g.drawImage(c, (i % this.columns) * this.w, Math.floor(i / this.columns) * this.h));
    return s.toDataURL('image/png');
  }
}
const FACE = [300, 140, 360, 360];
window.sheets = {
  async visemes() {
    const p = make(); await p.ready; p.setReducedMotion(true);
    const s = new Sheet(240, 240, 5);
    for (const v of VISEMES) { p.stopSpeaking(); p.speak([{ t: 0, v }, { t: 4000, v: 'sil' }], 0, () => 2); await drawn(p, 4); s.add(v, FACE); }
    p.destroy(); return s.url();
  },
  async moods() {
    const p = make(); await p.ready; const s = new Sheet(480, 360, 3);
    for (const m of ['idle', 'listening', 'thinking', 'speaking', 'away']) { p.setMood(m); await wait(2600); s.add(m); }
    p.setMood('listening'); await wait(1500); p.nod(); await wait(300); s.add('listening, nod'); p.destroy(); return s.url();
  },
  async blink() {
    const p = make(); await p.ready; p.setReducedMotion(true); const s = new Sheet(200, 120, 6);
    const until = performance.now() + 9000; let n = p.framesDrawn; const frames = [];
    while (performance.now() < until && frames.length < 400) { await drawn(p, 1); const lids = p.lastPose?.lids ?? 0; if (lids > 0.02) { s.add(lids.toFixed(2), [380, 190, 200, 120]); frames.push(1); if (frames.length > 17) break; } }
    p.destroy(); return s.url();
  },
  async speech() {
    const p = make(); await p.ready; p.setMood('speaking'); const s = new Sheet(160, 160, 10);
    const start = performance.now(); const clock = () => (performance.now() - start) / 1000;
    p.speakApprox('Hello, I am Maya, and I will be your interviewer today.', 3300, 0.1, clock);
    p.speakApprox('You moved the billing system to a new database. What was the hardest decision, and how did you make it?', 6000, 3.6, clock);
    for (let i = 0; i < 60; i++) { while (clock() < i * 0.165) await wait(4); s.add((i * 0.165).toFixed(2), FACE); }
    p.destroy(); return s.url();
  },
  async boxes() {
    const out = []; const s = new Sheet(320, 360, 4);
    for (const [w, h] of [[390, 700], [1280, 720], [300, 300], [700, 320]]) {
      canvas.style.width = w + 'px'; canvas.style.height = h + 'px'; const p = make(); await p.ready; await drawn(p, 3);
      const k = Math.min(320 / canvas.width, 360 / canvas.height); const cell = document.createElement('canvas'); cell.width = 320; cell.height = 360;
      cell.getContext('2d').drawImage(canvas, 0, 0, canvas.width * k, canvas.height * k); s.cells.push(cell); p.destroy();
    }
    canvas.style.width = '960px'; canvas.style.height = '720px'; return s.url();
  },
  async unavailable() { const p = make('/avatar/nobody/manifest.json'); await p.ready; const s = new Sheet(480, 360, 1); await drawn(p, 3); s.add(p.status + ': ' + p.whyUnavailable); p.destroy(); return s.url(); },
  async fps() {
    const p = make(); await p.ready; p.setMood('speaking'); const start = performance.now(); const clock = () => (performance.now() - start) / 1000;
    p.speakApprox('the quick brown fox jumps over the lazy dog '.repeat(4), 9000, 0, clock);
    const a = p.framesDrawn; await wait(5000); const f = (p.framesDrawn - a) / clock(); p.destroy(); return f.toFixed(1);
  },
};
window.loaded = true;
</script>`;

const server = await createServer({
  root: frontend,
  server: { port: PORT, strictPort: true, watch: null, hmr: false },
  logLevel: 'error',
  plugins: [{ name: 'preview', configureServer: (s) => { s.middlewares.use('/avatar-preview', (_q, r) => { r.setHeader('content-type', 'text/html'); r.end(page); }); } }],
});
await server.listen();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const tab = await browser.newPage({ viewport: { width: 1300, height: 800 } });
  tab.on('pageerror', (e) => console.error('page error:', e.message));
  await tab.goto(`http://localhost:${PORT}/avatar-preview`);
  await tab.waitForFunction(() => window.loaded, undefined, { timeout: 60_000 });
  const wanted = process.env.ONLY?.split(',') ?? ['visemes', 'moods', 'blink', 'speech', 'boxes', 'unavailable', 'fps'];
  for (const name of wanted) {
    const result = await tab.evaluate((n) => window.sheets[n](), name);
    if (name === 'fps') console.log('frames/s', result);
    else await writeFile(`${out}/${name}.png`, Buffer.from(result.split(',')[1], 'base64'));
  }
} finally {
  await browser.close();
  await server.close();
}
