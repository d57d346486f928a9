import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Served below /phone/ by the server; nothing inline, so that its content security policy allows no inline script. The
 * components are React's as the console's are; Preact stands in for it, because a
 * guest's first page comes over the air (`npm run bench -- web` prints its size).
 */
export default defineConfig({
  base: '/phone/',
  plugins: [react()],
  resolve: {
    alias: {
      'react/jsx-runtime': 'preact/jsx-runtime',
      'react-dom/client': 'preact/compat/client',
      'react-dom': 'preact/compat',
      react: 'preact/compat',
    },
  },
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
});
