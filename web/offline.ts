/* Writes the grid worker's service worker: its file list is whatever the worker's page loads in this build. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

export function offlineShell(entry: string, source: string, target: string): Plugin {
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
