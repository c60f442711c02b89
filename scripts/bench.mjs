// `npm run bench`, or `npm run bench -- sync signing`: measures the claims of bench/, prints them and writes
// docs/benchmarks.md. Each runs in a process of its own, one after the other.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { isReached, table, writeResults } from './bench/results.mjs'
import { installPackages, ROOT } from './packages.mjs'
import { say } from './say.mjs'

installPackages({ forDevelopment: true })
const results = []
for (const name of wantedBenches()) {
  say(`\n${name} …`)
  const result = { name, ...(await measure(name)) }
  say(table(result.rows))
  for (const { what, detail } of result.rows) say(`  ${what}: ${detail}`)
  results.push(result)
}
writeResults(results)
const missed = results.flatMap(({ rows }) => rows).filter((row) => !isReached(row))
for (const { what } of missed) console.error(`MISSED: ${what}`)
process.exit(missed.length > 0 ? 1 : 0)

/** Those named on the command line, else all. */
function wantedBenches() {
  const all = readdirSync(path.join(ROOT, 'bench'))
    .filter(isBench)
    .map((file) => path.basename(file, '.ts'))
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !all.includes(name))
  if (unknown.length === 0) return wanted.length > 0 ? wanted : all.sort()
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${all.join(', ')}`)
  process.exit(1)
}

function isBench(file) {
  return (
    file.endsWith('.ts') &&
    /^export (async function|const) run\b/m.test(readFileSync(path.join(ROOT, 'bench', file), 'utf8'))
  )
}

async function measure(name) {
  const child = fork(path.join(ROOT, 'scripts/bench/measure.mjs'), [path.join(ROOT, 'bench', `${name}.ts`)], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })
  let result = null
  child.on('message', (message) => {
    result = message
  })
  await once(child, 'exit')
  if (result !== null) return result
  console.error(`The benchmark ${name} broke off.`)
  process.exit(1)
}
