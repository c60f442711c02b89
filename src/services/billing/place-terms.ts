import { asc, eq, inArray } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { users } from '#src/db/schema.ts'
import { memberChanges, type NewTerm, type Revocation } from './member-changes.ts'
import { memberFacts, writeMemberChanges } from './queries/settlement.ts'

/** Gives a term its place among the others of its user, and the user the access that follows, in this transaction. */
export async function grantTerm(tx: Db, userId: number, grant: NewTerm, now: Date): Promise<void> {
  await writeMemberChanges(tx, userId, memberChanges(await memberFacts(tx, userId), { grant }, now))
}

/** Takes terms back: the access of their user is what the others make. Twice is once. */
export async function revokeTerms(tx: Db, userId: number, revoke: Revocation, now: Date): Promise<void> {
  await writeMemberChanges(tx, userId, memberChanges(await memberFacts(tx, userId), { revoke }, now))
}

/** One at a time for each user. Whoever also locks subscriptions locks their users first. */
export async function lockMember(tx: Db, userId: number): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')
}

/** Several at once, always in the same order. */
export async function lockMembers(tx: Db, userIds: number[]): Promise<void> {
  await tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, userIds))
    .orderBy(asc(users.id))
    .for('no key update')
}
