import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { tellPrecache } from './build/precache.ts';

const BASE = '/phone/';
const WORKER = 'worker.js';

/**
 * Served below /phone/ by the server; nothing inline, so that its content security policy allows no inline script. The
 * components are React's as the console's are; Preact stands in for it, for it comes over the air in a tenth of the size.
 */
export default defineConfig({
  base: BASE,
  plugins: [react(), tellPrecache({ base: BASE, worker: WORKER })],
  resolve: {
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom/client': 'preact/compat/client',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: `${import.meta.dirname}/index.html`, worker: `${import.meta.dirname}/src/worker/worker.ts` },
      output: { entryFileNames: ({ name }) => (name === 'worker' ? WORKER : 'assets/[name]-[hash].js') },
    },
  },
});
