import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import type { EmbeddedDatabase } from './embedded/open.ts'
import { type Database, type DatabaseSession, type Db, schema } from './index.ts'

/** PostgreSQL inside this process, which alone may open its folder. */
export function embeddedDatabase(embedded: EmbeddedDatabase): Database {
  const db = drizzle({ client: embedded.client as never, schema }) as unknown as Db
  const held = new Set<string>()

  const session = <T>(work: (session: DatabaseSession) => Promise<T>) =>
    embedded.client.session(() =>
      work({
        db,
        async copyIn(table, columns, chunks) {
          await embedded.copyIn(`copy ${table} (${columns.join(', ')}) from stdin`, chunksOf(chunks))
        },
      }),
    )

  return {
    kind: 'embedded',
    db,
    reader: db,
    session,
    // The folder's lock keeps other processes out, so a name in this process is lock enough.
    async tryLock(name, work) {
      if (held.has(name)) return null
      held.add(name)
      try {
        return await session(work)
      } finally {
        held.delete(name)
      }
    },
    async script(statements) {
      await embedded.client.exec(statements)
    },
    async ping() {
      await db.execute(sql`select 1`)
    },
    announce: (socket) => embedded.announce(socket),
    onFailure: (listener) => embedded.onFailure(listener),
    close: () => embedded.close(),
  }
}

async function* chunksOf(chunks: Iterable<Buffer> | AsyncIterable<Buffer>) {
  yield* chunks
}
