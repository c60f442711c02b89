import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'

/**
 * Until when what was paid for in a session lets its browser watch, as an expression; null for nothing. A guest's term
 * may stand behind others of the account whose e-mail was typed. The account has all of them; the browser has the days
 * that it paid for, one after the other, and learns nothing of the others.
 */
export const paidInBrowserUntil = (sessionId: SQL | number) => sql`(
  select least(max(ends_at), max(granted_at + days_since * interval '1 day')) from (
    select term.ends_at, term.granted_at, sum(term.days) over (order by term.granted_at desc, term.id desc) as days_since
    from checkouts checkout join terms term on term.checkout_id = checkout.id
    where checkout.session_id = ${sessionId} and term.revoked_at is null
  ) paid)`

/** The same as an instant. */
export async function accessPaidInBrowser(db: Db, sessionId: number): Promise<Date | null> {
  const { rows } = await db.execute<{ until: string | null }>(
    sql`select ${paidInBrowserUntil(sessionId)} as until`,
  )
  const until = rows[0]?.until ?? null
  return until === null ? null : new Date(until)
}
