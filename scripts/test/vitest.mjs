import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BIN, ROOT } from '../packages.mjs'

/** Runs those projects, or of them the files whose paths hold one of the words, and counts how it went. A file that could not even be loaded counts as one failure. */
export function runVitest(projects, words = []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'creatorflix-test-'))
  const outputFile = path.join(folder, 'results.json')
  const { status } = spawnSync(
    path.join(BIN, 'vitest'),
    [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      ...words,
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`],
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const counts = existsSync(outputFile) ? count(JSON.parse(readFileSync(outputFile, 'utf8'))) : NOTHING
  rmSync(folder, { recursive: true })
  // An error outside of any test: no count shows it, the exit code does.
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

const NOTHING = { passed: 0, failed: 0, skipped: 0 }

function count({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    skipped: numPendingTests + numTodoTests,
  }
}
