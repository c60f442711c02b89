import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

interface Row {
  statement: string
  file: string
  test: string
  /** A part of the name of a test in that file, or empty for the file as a whole. */
  claim: string
  verdict: string
}

/** `src/x.test.ts` the words of a claim. */
const TEST_CELL = /^`([^`]+)`(.*)$/

test('every row of the spec map names a file and a test that are there', async () => {
  const rows = rowsOf(await readFile(path.join(ROOT, 'docs/spec-map.md'), 'utf8'))
  const faults = []
  for (const row of rows) faults.push(...(await faultsOf(row)))

  expect(rows.length).toBeGreaterThan(50)
  expect(faults).toEqual([])
})

test('all twelve tables of the document and all its files are mapped', async () => {
  const map = await readFile(path.join(ROOT, 'docs/spec-map.md'), 'utf8')
  const snapshot = JSON.parse(await readFile(path.join(ROOT, 'drizzle/meta/0006_snapshot.json'), 'utf8'))

  for (const table of Object.values<{ name: string; columns: object }>(snapshot.tables)) {
    const row = map.split('\n').find((line) => line.startsWith(`| ${table.name.toUpperCase()}: `)) ?? ''
    const missing = Object.keys(table.columns).filter((column) => !new RegExp(`\\b${column}\\b`).test(row))
    expect([table.name, missing]).toEqual([table.name, []])
  }
})

test('a row whose file, test or claim is not there is caught', async () => {
  const row = (file: string, cell: string) => rowsOf(`| a statement | \`${file}\` | ${cell} | Same |`)
  const faults = async (rows: Row[]) => (await Promise.all(rows.map(faultsOf))).flat()
  const here = '`test/spec-map.test.ts` is caught'

  expect(await faults(row('src/errors.ts', here))).toEqual([])
  expect(await faults(row('src/gone.ts', here))).toHaveLength(1)
  expect(await faults(row('src/errors.ts', '`test/gone.test.ts`'))).toHaveLength(1)
  expect(
    await faults(row('src/errors.ts', '`test/spec-map.test.ts` no such claim, '.concat('or is there'))),
  ).toHaveLength(1)
  expect(await faults(row('src/errors.ts', ''))).toHaveLength(1)
})

function rowsOf(page: string): Row[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| statement |'))
    .map((line) => {
      const [statement = '', file = '', cell = '', verdict = ''] = line.slice(2, -2).split(' | ')
      const [, test = '', claim = ''] = TEST_CELL.exec(cell.trim()) ?? []
      return { statement, file: file.replaceAll('`', ''), test, claim: claim.trim(), verdict }
    })
}

async function faultsOf({ statement, file, test, claim, verdict }: Row): Promise<string[]> {
  const faults = []
  if (!isThere(file)) faults.push(`${statement}: there is no file ${file}`)
  if (verdict === '') faults.push(`${statement}: same, or differs and why?`)
  if (!isThere(test) || !/\.test\.tsx?$/.test(test)) faults.push(`${statement}: there is no test ${test}`)
  else if (!(await readFile(path.join(ROOT, test), 'utf8')).includes(claim)) {
    faults.push(`${statement}: ${test} makes no claim "${claim}"`)
  }
  return faults
}

const isThere = (file: string) => file !== '' && existsSync(path.join(ROOT, file))
