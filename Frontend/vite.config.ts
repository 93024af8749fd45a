import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { messages } from './scripts/messages.mjs';

const backend = process.env.BACKEND_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [messages(), react(), tailwindcss()],
  resolve: {
    alias: [{ find: /^@\/(?!locales\/compiled\/)/, replacement: fileURLToPath(new URL('./src/', import.meta.url)) }],
  },
  build: {
    target: 'es2022',
    manifest: true,
    // Data URLs would need `data:` in the content security policy's font and media sources.
    assetsInlineLimit: 0,
    // hls.js alone is larger than the default of 500 kB; it is loaded only for adaptive videos.
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': { target: backend, ws: true, changeOrigin: false } },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    // A loaded machine types slowly; a test that hangs still ends.
    testTimeout: 30_000,
    // Vitest would leave one core to whoever watches it, which on a machine with two is half of it.
    maxWorkers: '100%',
    restoreMocks: true,
    unstubGlobals: true,
  },
});
