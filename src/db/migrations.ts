import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Misconfigured } from '#src/errors.ts'

const FOLDER = new URL('../../drizzle/', import.meta.url)
const BREAKPOINT = '--> statement-breakpoint'

const journalSchema = z.object({
  entries: z.array(z.object({ idx: z.number(), when: z.number(), tag: z.string() })),
})

/** A migration file, named and dated by the journal. */
export interface Migration {
  tag: string
  /** Milliseconds since 1970: what `drizzle.__drizzle_migrations` stores as `created_at`. */
  when: number
  /** SHA-256 of the file, in hex, as drizzle stores it. */
  hash: string
  statements: string[]
}

/** A row of `drizzle.__drizzle_migrations`. */
export interface AppliedMigration {
  when: number
  hash: string
}

export interface MigrationStatus {
  applied: Migration[]
  pending: Migration[]
  /** Applied, but the file has changed since. */
  edited: Migration[]
  /** Applied, but no file of that date is here. */
  missing: AppliedMigration[]
  /** Not applied although a later one is. */
  outOfOrder: Migration[]
}

/** The migrations of this version, in the order of the journal. */
export async function readMigrations(folder = FOLDER): Promise<Migration[]> {
  const journal = journalSchema.parse(
    JSON.parse(await readFile(new URL('meta/_journal.json', folder), 'utf8')),
  )
  return Promise.all(
    journal.entries.map(async ({ tag, when }) => {
      const text = await readFile(new URL(`${tag}.sql`, folder), 'utf8').catch((cause) => {
        throw new Misconfigured(
          `The migration drizzle/${tag}.sql is named by the journal but is not there. Restore the file from the release.`,
          { cause },
        )
      })
      return {
        tag,
        when,
        hash: createHash('sha256').update(text).digest('hex'),
        statements: text.split(BREAKPOINT),
      }
    }),
  )
}

/** How what a database has stands against what this version brings. */
export function compareMigrations(files: Migration[], rows: AppliedMigration[]): MigrationStatus {
  const applied = new Map(rows.map((row) => [row.when, row.hash]))
  const known = new Set(files.map((file) => file.when))
  const latest = Math.max(...applied.keys(), -Infinity)
  const waiting = files.filter((file) => !applied.has(file.when))
  return {
    applied: files.filter((file) => applied.get(file.when) === file.hash),
    pending: waiting.filter((file) => file.when > latest),
    edited: files.filter((file) => applied.has(file.when) && applied.get(file.when) !== file.hash),
    missing: rows.filter((row) => !known.has(row.when)),
    outOfOrder: waiting.filter((file) => file.when < latest),
  }
}

/** What is wrong, and the way out, one sentence a fault; empty when the migrations may go on. */
export function migrationFaults(status: MigrationStatus): string[] {
  const date = (row: AppliedMigration) => new Date(row.when).toISOString()
  return [
    ...status.edited.map(
      ({ tag }) =>
        `drizzle/${tag}.sql was edited after it was applied here. Restore the released file; put a change into a new migration.`,
    ),
    ...status.missing.map(
      (row) =>
        `The database has a migration of ${date(row)} that this version does not know. It was made by a newer version: start that one, or restore the file.`,
    ),
    ...status.outOfOrder.map(
      ({ tag }) =>
        `drizzle/${tag}.sql is older than the newest applied migration but was never applied. Give it a later date by generating it anew.`,
    ),
  ]
}
