import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { offlineShell } from './offline'

const page = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/* One page per kind of person.  Nothing is inlined: the server's policy allows neither inline scripts and styles nor
 * data: addresses. */
export default defineConfig({
  plugins: [vue(), offlineShell('grid', page('src/grid/sw.js'), 'grid/sw.js')],
  build: {
    target: ['chrome90', 'safari15'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        entrance: page('index.html'),
        resident: page('resident/index.html'),
        grid: page('grid/index.html'),
        desk: page('desk/index.html'),
      },
    },
  },
})
