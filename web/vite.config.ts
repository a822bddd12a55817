import vue from '@vitejs/plugin-vue'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

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
      checks: { pluginTimings: false },
    },
  },
})

/* Writes the grid worker's service worker: its file list is whatever the worker's page loads in this build. */
function offlineShell(entry: string, source: string, target: string): Plugin {
  return {
    name: 'offline-shell',
    generateBundle(_, bundle) {
      const files = new Set<string>()
      const visit = (name: string): void => {
        const chunk = bundle[name]
        if (files.has(name) || chunk?.type !== 'chunk') return
        files.add(name)
        chunk.imports.forEach(visit)
        chunk.viteMetadata?.importedCss.forEach(css => files.add(css))
        chunk.viteMetadata?.importedAssets.forEach(asset => files.add(asset))
      }
      Object.values(bundle).filter(one => one.type === 'chunk' && one.isEntry && one.name === entry).forEach(one => visit(one.fileName))
      const shell = [...files].sort().map(name => `/${name}`)
      const version = createHash('sha256').update(shell.join()).digest('hex').slice(0, 12)
      const text = readFileSync(source, 'utf8').replace('__SHELL__', JSON.stringify(shell)).replace('__VERSION__', version)
      this.emitFile({ type: 'asset', fileName: target, source: text })
    },
  }
}
