import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'
import { users } from './schema.ts'

/** Our own tables around accounts: who is signed in where, the links that were mailed, and mail that is not sent. */

const instant = (name: string) => timestamp(name, { withTimezone: true })

export const ACCOUNT_TOKEN_PURPOSES = ['claim', 'reset', 'sign_in', 'setup', 'change_email'] as const

/** The links an owner or a member gets: each works once, and until it expires. */
export const accountTokens = pgTable(
  'account_tokens',
  {
    id: serial('id').primaryKey(),
    /** Null for `setup`, which makes the first admin. */
    userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
    purpose: text('purpose', { enum: ACCOUNT_TOKEN_PURPOSES }).notNull(),
    /** Of `change_email`: the address that becomes the account's, and the one that it had when it was asked for. */
    newEmail: text('new_email'),
    formerEmail: text('former_email'),
    /** SHA-256 of the token, in hexadecimal; the token itself is nowhere but in the link. */
    tokenHash: text('token_hash').notNull().unique(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [
    check(
      'account_tokens_purpose_known',
      sql`${table.purpose} in ('claim', 'reset', 'sign_in', 'setup', 'change_email')`,
    ),
    check(
      'account_tokens_emails_of_a_change',
      sql`(${table.newEmail} is not null) = (${table.purpose} = 'change_email') and (${table.formerEmail} is not null) = (${table.purpose} = 'change_email')`,
    ),
    check('account_tokens_for_a_user', sql`(${table.userId} is null) = (${table.purpose} = 'setup')`),
    index('account_tokens_by_user').on(table.userId),
    index('account_tokens_by_expiry').on(table.expiresAt),
  ],
)

/** Mail of a site without SMTP, to be read in a browser while the site is being tried. */
export const outboxMails = pgTable(
  'outbox_mails',
  {
    id: serial('id').primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Recipient, subject and text as JSON, sealed. */
    sealed: text('sealed').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('outbox_mails_by_user').on(table.userId)],
)
