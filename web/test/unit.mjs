/* Bundles the TypeScript tests of the core (Node 20 does not read TypeScript) and runs them with node:test. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { build } from 'vite'

const names = readdirSync('test/unit').filter(name => name.endsWith('.test.ts'))
const out = 'test/.unit' // not below node_modules, where node:test looks for no tests since 21

await build({
  configFile: false, logLevel: 'warn',
  build: {
    ssr: true, outDir: out, emptyOutDir: true, target: 'node20',
    rolldownOptions: { input: names.map(name => `test/unit/${name}`), output: { entryFileNames: '[name].mjs' } },
  },
})
const run = spawnSync(process.execPath, ['--test', ...names.map(name => `${out}/${name.replace('.ts', '.mjs')}`)], { stdio: 'inherit' })
process.exit(run.status ?? 1)
