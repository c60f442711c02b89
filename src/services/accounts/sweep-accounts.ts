import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { MOST_IN_OUTBOX } from '#src/services/mail/outbox.ts'
import { isUnused } from './queries/unused-account.ts'

const DAY_MS = 86_400_000

/** As long as the link to claim it works. */
const UNCLAIMED_STAYS_MS = 7 * DAY_MS
/** Guests get a session with their first order; one that came to nothing is a row for nobody. */
const IDLE_GUEST_STAYS_MS = DAY_MS
/** Of tokens that are used or over: so that a link that is opened late is told from nonsense in a search for faults. */
const TOKEN_STAYS_MS = 30 * DAY_MS

/** Of links that change an e-mail: they name addresses, one of which may be a stranger's. Mails about them are sent by then. */
const EMAIL_CHANGE_STAYS_MS = DAY_MS

/**
 * Removes what has no use any more: accounts that nobody claimed and nobody paid for, sessions and tokens that are
 * over or were for nothing, and mails of the outbox but the newest.
 */
export async function sweepAccounts(db: Db, now: Date): Promise<void> {
  const before = (milliseconds: number) => sql`${new Date(now.getTime() - milliseconds)}::timestamptz`
  await db.execute(sql`delete from sessions where expires_at <= ${now}::timestamptz`)
  await db.execute(sql`
    delete from sessions where user_id is null and last_seen_at <= ${before(IDLE_GUEST_STAYS_MS)}
      and not exists (select from checkouts where session_id = sessions.id)`)
  await db.execute(sql`delete from account_tokens where expires_at <= ${before(TOKEN_STAYS_MS)}`)
  await db.execute(sql`
    delete from account_tokens where purpose = 'change_email'
      and least(used_at, expires_at) <= ${before(EMAIL_CHANGE_STAYS_MS)}`)
  await db.execute(sql`
    delete from outbox_mails where id <= (
      select id from outbox_mails order by id desc offset ${MOST_IN_OUTBOX} limit 1)`)
  await db.execute(sql`
    delete from users
    where ${isUnused} and created_at <= ${before(UNCLAIMED_STAYS_MS)}
      and not exists (select from account_tokens where user_id = users.id and used_at is null
        and expires_at > ${now}::timestamptz)`)
}
