import { readFile } from 'node:fs/promises'
import type { Db } from '#src/db/index.ts'
import { parseSchemaText, readSchemaLines, type SchemaLine } from './schema-lines.ts'

/**
 * What all migrations together give, line by line: the expectation the live catalog is held against. A test writes it
 * and compares both engines with it: npx vitest run src/services/integrity/schema-lines --update
 */
export const MANIFEST = new URL('./schema-manifest.txt', import.meta.url)

/** How the live schema differs from what the migrations of this version give, one sentence an object. */
export async function findDrift(db: Db): Promise<string[]> {
  const expected = parseSchemaText(await readFile(MANIFEST, 'utf8'))
  return differences(expected, await readSchemaLines(db))
}

function differences(expected: SchemaLine[], actual: SchemaLine[]): string[] {
  const there = new Map(actual.map((line) => [line.name, line.definition]))
  const wanted = new Map(expected.map((line) => [line.name, line.definition]))
  return [
    ...expected.flatMap(({ name, definition }) => {
      const found = there.get(name)
      if (found === undefined) return [`The ${name} is missing; it is: ${definition}`]
      return found === definition ? [] : [`The ${name} was changed to: ${found}; it is: ${definition}`]
    }),
    ...actual
      .filter(({ name }) => !wanted.has(name))
      .map(({ name, definition }) => `The ${name} is of no migration: ${definition}`),
  ]
}
