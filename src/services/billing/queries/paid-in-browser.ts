import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'

/**
 * Until when what was paid for in a session lets its browser watch, as an expression; null for nothing. It has the days
 * that it paid for, one after the other, whatever else the account has whose e-mail was typed and whatever becomes of
 * that: the browser learns nothing of it. What its own account has paid for counts among all that this has.
 */
export const paidInBrowserUntil = (sessionId: SQL | number) => sql`(
  select max(granted_at + days_since * interval '1 day') from (
    select term.granted_at, sum(term.days) over (order by term.granted_at desc, term.id desc) as days_since
    from checkouts checkout join sessions browser on browser.id = checkout.session_id
      join terms term on term.checkout_id = checkout.id
    where checkout.session_id = ${sessionId} and term.revoked_at is null
      and term.user_id is distinct from browser.user_id
  ) paid)`

/** The same as an instant. */
export async function accessPaidInBrowser(db: Db, sessionId: number): Promise<Date | null> {
  const { rows } = await db.execute<{ until: string | null }>(
    sql`select ${paidInBrowserUntil(sessionId)} as until`,
  )
  const until = rows[0]?.until ?? null
  return until === null ? null : new Date(until)
}
