/**
 * Compiles the catalogues in src/locales into typed functions.
 *
 * Two forms of the same: one module per language for types, tests and development, with the pseudo-locale that a test
 * walks through the pages in; and one module per message for the build, so that a text travels with the page it stands on.
 * Nothing is asked of the network: the project is put together here, where the library would load its parts by address.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileProject } from '@inlang/paraglide-js';
import messageFormat from '@inlang/plugin-message-format';
import { loadProjectInMemory, newProject } from '@inlang/sdk';
import { PSEUDO, pseudo } from './pseudo-locale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
export const CATALOGUES = join(root, 'src/locales');
export const COMPILED = join(CATALOGUES, 'compiled');
export const COMPILED_FOR_BUILD = join(root, 'node_modules/.messages');
const BASE = 'en';

function localesThere() {
  const entries = readdirSync(CATALOGUES, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && entry.name !== 'compiled').map((entry) => entry.name);
}

/** One catalogue per feature; together they are one, in which no name stands twice. */
function catalogueOf(locale) {
  const all = {};
  for (const file of readdirSync(join(CATALOGUES, locale)).sort()) {
    const entries = JSON.parse(readFileSync(join(CATALOGUES, locale, file), 'utf8'));
    for (const [name, text] of Object.entries(entries)) {
      if (name in all) throw new Error(`src/locales/${locale}/${file}: ${name} stands in another catalogue, too`);
      all[name] = text;
    }
  }
  return all;
}

/** Files stay untouched where nothing changed, and are never half written: other tools read them meanwhile. */
function write(directory, files) {
  const wanted = new Set(Object.keys(files));
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    if (existing(path) === content) continue;
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.${process.pid}`;
    writeFileSync(part, content);
    renameSync(part, path);
  }
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.js$/.test(entry.name) && !wanted.has(path.slice(directory.length + 1)))
      rmSync(path, { force: true });
  }
}

function existing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

async function projectOf(catalogues) {
  const settings = { baseLocale: BASE, locales: Object.keys(catalogues) };
  const project = await loadProjectInMemory({ blob: await newProject({ settings }), providePlugins: [messageFormat] });
  const files = Object.entries(catalogues).map(([locale, texts]) => ({
    locale,
    content: new TextEncoder().encode(JSON.stringify(texts)),
  }));
  await project.importFiles({ pluginKey: messageFormat.key, files });
  return { project, settings };
}

async function compiled(project, outputStructure) {
  const files = await compileProject({
    project,
    compilerOptions: {
      outputStructure,
      strategy: ['baseLocale'],
      disableAsyncLocalStorage: true,
      emitReadme: false,
      emitGitIgnore: false,
      emitPrettierIgnore: false,
    },
  });
  delete files['server.js'];
  return files;
}

/** Does nothing when the catalogues are those of the last time. */
export async function compileMessages() {
  const catalogues = Object.fromEntries(localesThere().map((locale) => [locale, catalogueOf(locale)]));
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const sources = ['messages.mjs', 'pseudo-locale.mjs'].map((name) =>
    readFileSync(join(root, 'scripts', name), 'utf8'),
  );
  const digest = createHash('sha256')
    .update(JSON.stringify([catalogues, lock, sources]))
    .digest('hex');
  const stamps = [COMPILED, COMPILED_FOR_BUILD].map((directory) => join(directory, '.digest'));
  if (stamps.every((stamp) => existing(stamp) === digest)) return;

  const { project, settings } = await projectOf({ ...catalogues, [PSEUDO]: pseudo(catalogues[BASE]) });
  const withoutPseudo = { ...settings, locales: Object.keys(catalogues) };
  const forBuild = { ...project, settings: { get: () => Promise.resolve(withoutPseudo) } };
  write(COMPILED, { ...(await compiled(project, 'locale-modules')), '.digest': digest });
  write(COMPILED_FOR_BUILD, { ...(await compiled(forBuild, 'message-modules')), '.digest': digest });
  await project.close();
}

/** @returns {import('vite').Plugin[]} */
export function messages() {
  const ours = /^@\/locales\/compiled\//;
  return [
    {
      name: 'messages',
      config: async (_, { command }) => {
        await compileMessages();
        const directory = command === 'build' ? COMPILED_FOR_BUILD : COMPILED;
        return { resolve: { alias: [{ find: ours, replacement: `${directory}/` }] } };
      },
      handleHotUpdate: async ({ file }) => {
        if (file.startsWith(CATALOGUES) && file.endsWith('.json')) await compileMessages();
      },
    },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await compileMessages();
  // The library's database keeps its clocks running.
  process.exit(0);
}
