import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Served below /console/ by the server; nothing inline, so that its content security policy allows no inline script. */
export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: { target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
});
