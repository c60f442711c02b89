import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { databaseError } from '#src/db/database-error.ts'
import { openDatabase } from '#src/db/index.ts'
import { emptyGround, removeGround, type TestGround } from './support/database.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const COMMAND = 'npx creatorflix '

interface Step {
  kind: 'sh' | 'sql'
  text: string
  /** The `text` block after it, where there is one. */
  expected: string | null
}

test('a reader of docs/data-model.md gets what it says, step by step', async () => {
  const steps = stepsOf(await readFile(new URL('docs/data-model.md', `file://${ROOT}`), 'utf8'))
  const ground = await emptyGround()

  expect(steps.length).toBeGreaterThan(12)
  for (const { kind, text, expected } of steps) {
    const said = kind === 'sh' ? await runCommands(ground, text) : await runSql(ground, text)
    if (expected !== null) expect(said).toMatch(pattern(expected))
  }
  await removeGround(ground)
}, 240_000)

/** Each block of commands, with the answer shown after it. */
function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(/```(sh|sql|text)\n(.*?)```/gs)].map(([, kind = '', text = '']) => ({
    kind,
    text,
  }))
  return blocks.flatMap(({ kind, text }, index) => {
    if (kind !== 'sh' && kind !== 'sql') return []
    const next = blocks[index + 1]
    return [{ kind, text, expected: next?.kind === 'text' ? next.text.trim() : null }]
  })
}

/** `…` stands for what is left out; how wide a column is does not matter. */
function pattern(text: string) {
  const escaped = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*').replace(/ {2,}/g, ' +')}$`, 's')
}

async function runCommands(ground: TestGround, text: string) {
  const said = []
  for (const line of text.trim().split('\n')) {
    expect(line.startsWith(COMMAND)).toBe(true)
    said.push(await creatorflix(ground, line.slice(COMMAND.length).split(' ')))
  }
  return said.at(-1) ?? ''
}

/** What it prints, to both outputs and whatever its exit code. */
function creatorflix({ DATABASE_URL, DATA_DIR }: TestGround, words: string[]) {
  const env = {
    PATH: process.env.PATH,
    ...(DATABASE_URL ? { DATABASE_URL, APP_SECRET: 'a secret for tests, 32 characters' } : { DATA_DIR }),
  }
  return new Promise<string>((resolve) => {
    execFile(process.execPath, ['bin/creatorflix.mjs', ...words], { cwd: ROOT, env }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`.trim()),
    )
  })
}

/** The rows of the last statement, a line each, or the rule that refused it. */
async function runSql(ground: TestGround, text: string) {
  const database = await openDatabase(ground)
  try {
    let said = ''
    for (const statement of text.split(/;\n/).filter((one) => one.trim() !== '')) {
      const { rows } = await database.db.execute(sql.raw(statement))
      said = rows.map((row) => Object.values(row).join(' ')).join('\n')
    }
    return said
  } catch (error) {
    const refused = databaseError(error)
    if (!refused?.constraint) throw error
    return `ERROR ${refused.constraint}`
  } finally {
    await database.close()
  }
}
