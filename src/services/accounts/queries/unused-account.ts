import { type SQL, sql } from 'drizzle-orm'

/** Of a row of `users`: the account was asked for, and never claimed, paid for or given anything. */
export const isUnused: SQL<boolean> = sql<boolean>`(users.claimed_at is null and users.role = 'user' and users.erased_at is null
  and not exists (select from checkouts where user_id = users.id)
  and not exists (select from subscriptions where user_id = users.id)
  and not exists (select from terms where user_id = users.id))`
