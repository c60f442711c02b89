import { desc, eq, sql } from 'drizzle-orm'
import { outboxMails } from '#src/db/account-tables.ts'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { seal, unseal } from '#src/lib/seal.ts'
import type { Message } from '#src/mail/mailer.ts'
import { isPublicSite } from '#src/services/settings/public-site.ts'

/** Where the mail of a site without SMTP goes, to be read in a browser. */
export interface OutboxMail extends Pick<Message, 'to' | 'subject' | 'text'> {
  id: number
  createdAt: Date
}

/** More are not shown, and not kept. */
export const MOST_IN_OUTBOX = 200

/** Whether mail is read in the browser: a public site without SMTP keeps it, and shows it to nobody. */
export const hasOutbox = ({
  env,
  mail,
}: {
  env: Pick<Deps['env'], 'BASE_URL'>
  mail: Deps['mail']
}): boolean => mail === null && !isPublicSite(env)

export async function keepInOutbox(
  db: Db,
  { sealKey }: Pick<Deps, 'sealKey'>,
  userId: number,
  { to, subject, text }: Message,
): Promise<void> {
  // The id is a part of what is sealed, so that no row can be put in the place of another.
  const { rows } = await db.execute<{ id: string }>(
    sql`select nextval(pg_get_serial_sequence('outbox_mails', 'id'))::text as id`,
  )
  const id = Number(rows[0]?.id)
  const sealed = seal(sealKey, placeOf(id), JSON.stringify({ to, subject, text }))
  await db.insert(outboxMails).values({ id, userId, sealed })
}

/**
 * The newest first. A mail to an admin may hold the way to everything: it is left out for everybody but admins, who
 * get their links on the command line.
 */
export async function outbox(
  { database, sealKey }: Pick<Deps, 'database' | 'sealKey'>,
  reader: { isAdmin: boolean },
): Promise<OutboxMail[]> {
  const rows = await database.db
    .select({
      id: outboxMails.id,
      sealed: outboxMails.sealed,
      createdAt: outboxMails.createdAt,
      role: users.role,
    })
    .from(outboxMails)
    .innerJoin(users, eq(users.id, outboxMails.userId))
    .orderBy(desc(outboxMails.id))
    .limit(MOST_IN_OUTBOX)
  return rows
    .filter(({ role }) => reader.isAdmin || role !== 'admin')
    .flatMap(({ id, sealed, createdAt }) => {
      const opened = unseal(sealKey, placeOf(id), sealed)
      return opened === null ? [] : [{ id, createdAt, ...(JSON.parse(opened) as Omit<Message, 'html'>) }]
    })
}

const placeOf = (id: number) => `outbox_mails.sealed:${id}`
