/** A fresh installation of the product: its own data folder, its own port, the real server. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../../..');
export const python = join(projectRoot, 'Backend/.venv/bin/python');

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Resolves once the server answers; rejects with what it printed if it ends before. */
async function startServer(dataDir, port, environment) {
  const server = spawn(python, ['-m', 'app.serve', '--port', String(port)], {
    cwd: join(projectRoot, 'Backend'),
    env: { ...process.env, DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ready = new Promise((done, fail) => {
    const read = (text) => {
      printed += text;
      if (printed.includes('Stop with')) done();
    };
    server.stdout.setEncoding('utf8').on('data', read);
    server.stderr.setEncoding('utf8').on('data', read);
    server.once('exit', (code) => fail(new Error(`the server ended with ${code}:\n${printed}`)));
  });
  await ready;
  return { server, output: () => printed };
}

/** @returns an installation with `url`, `restart()` (SIGKILL, then a new start on the same data), `output()` and `stop()`. */
export async function install(environment = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'interviewdost-e2e-'));
  const port = await freePort();
  let running = await startServer(dataDir, port, environment);
  const end = (signal) =>
    new Promise((done) => {
      if (running.server.exitCode !== null) return done();
      running.server.once('exit', done);
      running.server.kill(signal);
    });
  return {
    url: `http://localhost:${port}`,
    dataDir,
    output: () => running.output(),
    async restart() {
      await end('SIGKILL');
      running = await startServer(dataDir, port, environment);
    },
    async stop() {
      await end('SIGINT');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
