// `npm test`: every check there is, each to its end. On a bare machine it installs the packages first. What needs a
// server or a browser that is not here is left out and said so; with --all, leaving out is a failure.
import process from 'node:process'
import { installPackages } from './packages.mjs'
import { say } from './say.mjs'
import { checks } from './test/checks.mjs'
import { leftOut, projectsHere } from './test/projects.mjs'
import { runVitest } from './test/vitest.mjs'

const SET_UP = 'npm run test:setup'

installPackages({ forDevelopment: true })
const nothingMayBeLeftOut = process.argv.includes('--all')
const missing = leftOut()
const results = []

for (const { name, run } of checks) {
  say(`\n── ${name}`)
  const passed = await run()
  results.push({ passed: Number(passed), failed: Number(!passed), skipped: 0 })
  if (!passed) say(`FAILED: ${name}`)
}

say('\n── tests')
results.push(runVitest(projectsHere()))

for (const { needs, tests } of missing) {
  say(`\nLEFT OUT: ${tests} tests that need ${needs}, which is not on this machine. Bring it: ${SET_UP}`)
  results.push(
    nothingMayBeLeftOut ? { passed: 0, failed: tests, skipped: 0 } : { passed: 0, failed: 0, skipped: tests },
  )
}

const sum = (kind) => results.reduce((total, result) => total + result[kind], 0)
say(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exit(sum('failed') > 0 ? 1 : 0)
