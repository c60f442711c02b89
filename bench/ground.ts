import pg from 'pg'
import { pino } from 'pino'
import type { Database } from '#src/db/index.ts'
import { migrate } from '#src/db/migrate.ts'
import { openServer } from '#src/db/server.ts'
import { type PostgresServer, startPostgres } from '#test/support/postgres-server.ts'
import { createDatabase } from '#test/support/server-database.ts'

/** A PostgreSQL server of the benchmark's own, which waits for the disk as one in production does. */
export const startBenchServer = () => startPostgres({ durable: true })

/** A fresh, migrated database on it. */
export async function openBenchDatabase(server: PostgresServer, name: string): Promise<Database> {
  await createDatabase(server.url, { name })
  const database = openServer(server.urlOf(name))
  await migrate(database)
  return database
}

/** Takes the triggers of migrations 0008 and 0009 away, for the peer that is given the copies. */
export async function dropCopyTriggers(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`do $$ declare it record; begin
    for it in select tgname, tgrelid::regclass as of from pg_trigger where not tgisinternal loop
      execute format('drop trigger %I on %s', it.tgname, it.of);
    end loop;
  end $$`)
  await client.end()
}

export const quiet = pino({ level: 'error' })

export const median = (values: number[]) =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN

/** Milliseconds that the work took. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`

/** Works through the items, so many side by side. */
export async function atOnce<Item>(
  items: Item[],
  sideBySide: number,
  work: (item: Item) => Promise<unknown>,
) {
  const waiting = items.values()
  await Promise.all(
    Array.from({ length: sideBySide }, async () => {
      for (const item of waiting) await work(item)
    }),
  )
}
