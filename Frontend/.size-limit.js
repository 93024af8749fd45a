/**
 * What a browser has to fetch of JavaScript before the dashboard stands: the entry, the dashboard's chunk and everything
 * they import statically. Charts, room and results load on demand, what a closed tab left of a recording is looked for
 * when the page has stood for a while; none of these counts. Needs a build (`npm run build`).
 */
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('dist/.vite/manifest.json', import.meta.url), 'utf8'));
if (Object.keys(manifest).some((name) => name.includes('features/gallery'))) {
  throw new Error('the build carries the gallery, which is for development only');
}

/** @returns {string[]} */
function filesOf(names, files = new Set()) {
  for (const name of names) {
    const { file, imports = [] } = manifest[name];
    if (files.has(file)) continue;
    files.add(file);
    filesOf(imports, files);
  }
  return [...files];
}

export default [
  {
    name: 'First load of the dashboard, JavaScript gzipped',
    path: ['theme.js', ...filesOf(['index.html', 'src/features/dashboard/dashboard-page.tsx'])].map(
      (file) => `dist/${file}`,
    ),
    gzip: true,
    limit: '150 kB',
  },
];
