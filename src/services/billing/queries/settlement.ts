import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { PaymentFacts, SettlementChanges } from '../decide-settlement.ts'
import type { MemberChanges, MemberFacts } from '../member-changes.ts'

/**
 * All that each of the payments bears on, in their order; their checkouts, themselves and their users stay locked until
 * the transaction ends. Null where there is no such payment.
 * @param patienceMs how long the transaction waits for a row that somebody else holds, before it fails with 55P03.
 */
export async function paymentFacts(
  tx: Db,
  paymentIds: number[],
  patienceMs: number,
): Promise<Array<PaymentFacts | null>> {
  const { rows } = await tx.execute<{ facts: unknown }>(sql`
    with patience as materialized (select set_config('lock_timeout', ${`${patienceMs}ms`}, true))
    select payment_facts(id) as facts from patience, unnest(${sql.param(paymentIds)}::int[]) as wanted (id)`)
  return rows.map(({ facts }) => withInstants(facts) as PaymentFacts | null)
}

/** What a user has; the user stays locked until the transaction ends. */
export async function memberFacts(tx: Db, userId: number): Promise<MemberFacts> {
  const { rows } = await tx.execute<{ facts: unknown }>(sql`select member_facts(${userId}) as facts`)
  return withInstants(rows[0]?.facts) as MemberFacts
}

/** Writes what was decided, one after the other, the jobs of the mails included. */
export async function writeSettlements(tx: Db, changes: SettlementChanges[]): Promise<void> {
  await tx.execute(
    sql`select write_settlement(change) from jsonb_array_elements(${JSON.stringify(changes)}::jsonb) as change`,
  )
}

export async function writeMemberChanges(tx: Db, userId: number, changes: MemberChanges): Promise<void> {
  await tx.execute(sql`select write_member_changes(${userId}, ${JSON.stringify(changes)}::jsonb)`)
}

const INSTANTS = new Set([
  'grantedAt',
  'startsAt',
  'endsAt',
  'revokedAt',
  'startDate',
  'endDate',
  'paidAt',
  'createdAt',
])

/** JSON knows no instants; which of its texts are some is known by their names. */
function withInstants(facts: unknown): unknown {
  if (Array.isArray(facts)) return facts.map(withInstants)
  if (typeof facts !== 'object' || facts === null) return facts
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      INSTANTS.has(key) && typeof value === 'string' ? new Date(value) : withInstants(value),
    ]),
  )
}
