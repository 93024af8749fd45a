/** A fresh installation of the product: its own data folder, its own port, the real server. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../../..');
const python = join(projectRoot, 'Backend/.venv/bin/python');

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
async function startServer(dataDir, port, environment, command = ['app.serve']) {
  const server = spawn(python, ['-m', ...command, '--port', String(port)], {
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
export async function install(environment = {}, command = ['app.serve']) {
  const dataDir = await mkdtemp(join(tmpdir(), 'interviewdost-e2e-'));
  const port = await freePort();
  let running = await startServer(dataDir, port, environment, command);
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
      running = await startServer(dataDir, port, environment, command);
    },
    async stop() {
      await end('SIGINT');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * The product with every vendor switched on, as `make run-vendors` starts it, but for an interviewer who speaks fast.
 * @returns an installation with `fakes` (their addresses) and `fail(fake, mode, times)`; an empty mode switches all off.
 */
export async function installWithVendors(environment = {}) {
  const installation = await install(environment, ['fakes.run_vendors', '--free-ports', '--pace', '0.03']);
  const fakes = JSON.parse(installation.output().match(/^FAKES (.*)$/m)[1]);
  const post = async (fake, path, body) => {
    const answer = await fetch(`${fakes[fake]}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${fake} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    ...installation,
    fakes,
    post,
    fail: (fake, mode, times) => post(fake, '/_fake/modes', times ? { mode, times } : { mode }),
    asked: async (fake) => (await fetch(`${fakes[fake]}/_fake/requests`)).json(),
  };
}
