// `npm run test:chaos`: the drills of which `npm test` runs a tenth, in full. Takes about an hour and a half.
import process from 'node:process'
import { installPackages } from './packages.mjs'
import { say } from './say.mjs'
import { projectsHere } from './test/projects.mjs'
import { runVitest } from './test/vitest.mjs'

installPackages({ forDevelopment: true })
process.env.CHAOS_ROUNDS ??= '100'
process.env.PROPERTY_RUNS ??= '400'
process.env.MONEY_ROUNDS ??= '200'
process.env.MONEY_HISTORIES ??= '20000'
process.env.ENDLESS_POSTS ??= '5000'
const { passed, failed, skipped } = runVitest(projectsHere(), [
  'kill-',
  'embedded/open',
  'sync-property',
  'test/money',
])
say(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 ? 1 : 0)
