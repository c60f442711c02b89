import { createHash, randomBytes } from 'node:crypto'
import { and, desc, eq, gt, inArray, isNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { checkouts, sessions } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { NotFound } from '#src/errors.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { CORRECTABLE_MS } from '#src/services/billing/email-correction.ts'
import { paidInBrowserUntil } from '#src/services/billing/queries/paid-in-browser.ts'

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 60 * MINUTE_SECONDS
const DAY_SECONDS = 24 * HOUR_SECONDS

type Role = Viewer['role']

/** Seconds until a session ends, whatever its last visit was. */
export const SESSION_SECONDS: Record<Role, number> = {
  guest: 90 * DAY_SECONDS,
  user: 30 * DAY_SECONDS,
  admin: 12 * HOUR_SECONDS,
}

/** Seconds without a visit after which it ends before that. A guest's keeps what was paid in it. */
const IDLE_SECONDS: Record<Role, number> = {
  guest: SESSION_SECONDS.guest,
  user: 14 * DAY_SECONDS,
  admin: 30 * MINUTE_SECONDS,
}

/** How exactly the last visit is known. */
const VISIT_SECONDS = 5 * MINUTE_SECONDS

/** What a browser keeps in its cookie: 256 random bits. The database holds only its hash. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url')

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

export interface NewSession {
  /** Null for a guest who buys. */
  userId: number | null
  role: Role
  /** As `deviceOf` names it. */
  device: string | null
  /** The browser's session until now: what was bought in it as a guest, or by the same account, goes along. */
  formerId?: number | null
}

/** A session of its own, never one that a browser brought: nobody can know its token beforehand. */
export async function startSession(
  db: Db,
  { userId, role, device, formerId = null }: NewSession,
  now: Date,
): Promise<{ sessionId: number; token: string }> {
  const token = newSessionToken()
  return db.transaction(async (tx) => {
    const [started] = await tx
      .insert(sessions)
      .values({ ...newRow(token, role, now), userId, device })
      .returning({ id: sessions.id })
    if (!started) throw new Error('A session was not stored.')
    if (formerId !== null) await replaceSession(tx, formerId, { id: started.id, userId })
    return { sessionId: started.id, token }
  })
}

/**
 * The session of a guest who buys, by the token in the browser's cookie: the row is made when it is first needed.
 * @throws NotFound when the token is that of somebody who signed in.
 */
export async function ensureGuestSession(
  db: Db,
  token: string,
  device: string | null,
  now: Date,
): Promise<number> {
  const row = { ...newRow(token, 'guest', now), device }
  const [added] = await db
    .insert(sessions)
    .values(row)
    .onConflictDoNothing({ target: sessions.tokenHash })
    .returning({ id: sessions.id })
  if (added) return added.id
  const [known] = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.tokenHash, row.tokenHash), isNull(sessions.userId), gt(sessions.expiresAt, now)))
  if (!known) throw new NotFound('This session has ended. Reload the page.')
  return known.id
}

const newRow = (token: string, role: Role, now: Date) => ({
  tokenHash: hashOf(token),
  createdAt: now,
  lastSeenAt: now,
  expiresAt: after(now, SESSION_SECONDS[role]),
})

/** What another account bought in the browser stays that account's. */
async function replaceSession(tx: Db, formerId: number, next: { id: number; userId: number | null }) {
  const [former] = await tx.select().from(sessions).where(eq(sessions.id, formerId)).for('update')
  if (!former) return
  if (former.userId === null || former.userId === next.userId) {
    await tx
      .update(checkouts)
      .set({
        sessionId: next.id,
        typedByOwner: sql`${checkouts.typedByOwner} or ${checkouts.userId} is not distinct from ${next.userId}`,
      })
      .where(eq(checkouts.sessionId, formerId))
  }
  await endSession(tx, formerId)
}

/** What a session says of its viewer. */
export type SessionViewer = Pick<Viewer, 'role' | 'accessUntil' | 'userId' | 'sessionId'> & {
  sessionId: number
}

/** Who the browser with this token is, by one query; null when the session is unknown, over, or its account shut. */
export async function viewerOfSession(
  { database }: Pick<Deps, 'database'>,
  token: string,
  now: Date,
): Promise<SessionViewer | null> {
  const row = await readSession(database.db, token)
  if (!row || row.is_shut) return null
  const role = row.user_id === null ? 'guest' : (row.role ?? 'user')
  const lastSeenAt = new Date(row.last_seen_at)
  if (new Date(row.expires_at) <= now || after(lastSeenAt, IDLE_SECONDS[role]) <= now) return null

  if (after(lastSeenAt, VISIT_SECONDS) <= now) await noteVisit(database.db, row.id, now)
  return {
    role,
    accessUntil: row.access_until === null ? null : new Date(row.access_until),
    userId: row.user_id,
    sessionId: row.id,
  }
}

/**
 * Access lasts until the latest end of the account's subscriptions, or, in the browser that paid as a guest, of what was
 * paid in it (spec §4). Where a term was revoked its subscription was ended or shortened with it.
 */
async function readSession(db: Db, token: string) {
  const { rows } = await db.execute<{
    id: number
    user_id: number | null
    role: 'user' | 'admin' | null
    is_shut: boolean
    last_seen_at: string
    expires_at: string
    access_until: string | null
  }>(sql`
    select session.id, session.user_id, account.role, session.last_seen_at, session.expires_at,
      coalesce(account.disabled_at is not null or account.erased_at is not null, false) as is_shut,
      greatest(
        (select max(end_date) from subscriptions
          where user_id = session.user_id and status in ('active', 'canceled')),
        ${paidInBrowserUntil(sql`session.id`)}
      ) as access_until
    from sessions session left join users account on account.id = session.user_id
    where session.token_hash = ${hashOf(token)}`)
  return rows[0] ?? null
}

/** Of visits at the same moment one is noted. */
async function noteVisit(db: Db, id: number, now: Date) {
  await db
    .update(sessions)
    .set({ lastSeenAt: now })
    .where(and(eq(sessions.id, id), lt(sessions.lastSeenAt, after(now, -VISIT_SECONDS + 1))))
}

export interface OpenSession {
  id: number
  device: string | null
  createdAt: Date
  /** To five minutes. */
  lastSeenAt: Date
  /** Whether it is the one that asks. */
  isThis: boolean
  /** Whether nobody has signed in there: it has paid for the account as a guest a week ago or more, and watches by that. */
  paidAsGuest: boolean
}

/** Where the account is signed in or watches, the one that asks first, then by last visit. */
export async function sessionsOf(
  db: Db,
  { userId, role, sessionId }: { userId: number; role: Role; sessionId: number | null },
  now: Date,
): Promise<OpenSession[]> {
  const rows = await db
    .select()
    .from(sessions)
    .where(
      and(
        gt(sessions.expiresAt, now),
        or(
          and(eq(sessions.userId, userId), gt(sessions.lastSeenAt, after(now, -IDLE_SECONDS[role]))),
          and(isNull(sessions.userId), inArray(sessions.id, browsersOf(db, userId, now)), watches(now)),
        ),
      ),
    )
    .orderBy(desc(eq(sessions.id, sessionId ?? 0)), desc(sessions.lastSeenAt), desc(sessions.id))
  return rows.map(({ id, device, createdAt, lastSeenAt, userId: signedIn }) => ({
    id,
    device,
    createdAt,
    lastSeenAt,
    isThis: id === sessionId,
    paidAsGuest: signedIn === null,
  }))
}

const browsersOf = (db: Db, userId: number, now: Date) =>
  db
    .select({ id: checkouts.sessionId })
    .from(checkouts)
    .where(isGuestsOrder(db, userId, now))

const watches = (now: Date) =>
  sql`${paidInBrowserUntil(sql`${sessions.id}`)} > ${sql.param(now, sessions.expiresAt)}`

/** Signs the browser out. What was bought in it stays with the accounts it went to. */
export async function endSession(db: Db, id: number): Promise<void> {
  await db.delete(sessions).where(eq(sessions.id, id))
}

/**
 * Signs the account out there, or takes from the browser of a guest what it has paid for the account.
 * @throws NotFound when the account has no such session: nobody learns whether others have.
 */
export async function endSessionOf(db: Db, userId: number, id: number, now: Date): Promise<void> {
  const ended = await db
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
    .returning({ id: sessions.id })
  if (ended.length > 0) return
  const left = await db
    .update(checkouts)
    .set({ sessionId: null })
    .where(and(eq(checkouts.sessionId, id), isGuestsOrder(db, userId, now)))
    .returning({ id: checkouts.id })
  if (left.length === 0) throw new NotFound('This session has ended already.')
}

/** Signs the account out everywhere. @param except a session that stays. */
export async function endSessionsOf(db: Db, userId: number, except?: number): Promise<void> {
  const others = except === undefined ? undefined : ne(sessions.id, except)
  await db.delete(sessions).where(and(eq(sessions.userId, userId), others))
}

/**
 * Browsers that paid for the account without signing in watch by that; from now on they do not, or not once they may no
 * longer say that another e-mail was meant: whoever reads a mistyped one shall not keep out who has paid.
 */
export async function endGuestsOf(db: Db, userId: number, now: Date): Promise<void> {
  await db
    .update(checkouts)
    .set({ sessionId: null })
    .where(isGuestsOrder(db, userId, now))
}

/** The same at once, and for whatever was paid when: for the owner, who shuts an account. */
export async function endAllGuestsOf(db: Db, userId: number): Promise<void> {
  await db
    .update(checkouts)
    .set({ sessionId: null })
    .where(and(eq(checkouts.userId, userId), inArray(checkouts.sessionId, guestSessions(db))))
}

/** Paid for the account in a browser that has not signed in, so long ago that its e-mail stands. */
const isGuestsOrder = (db: Db, userId: number, now: Date) =>
  and(
    eq(checkouts.userId, userId),
    inArray(checkouts.sessionId, guestSessions(db)),
    lte(checkouts.paidAt, new Date(now.getTime() - CORRECTABLE_MS)),
  )

const guestSessions = (db: Db) => db.select({ id: sessions.id }).from(sessions).where(isNull(sessions.userId))

const after = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000)
