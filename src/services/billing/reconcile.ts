import { and, asc, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import { payments } from '#src/db/billing-tables.ts'
import { atOnce } from '#src/lib/at-once.ts'
import { type Answer, askGateway } from './ask-gateway.ts'
import type { ChargeDeps } from './charge.ts'
import { OPEN_PAYMENTS } from './states.ts'

type Payment = typeof payments.$inferSelect

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The request that asks for a charge may yet be under way. */
const YOUNG_MS = 10 * SECOND_MS
/** How long after it ended unpaid a charge may be paid all the same. */
const LATE_MONEY_MS = 7 * DAY_MS
/** How long banks and card companies can take money back. */
const CHARGEBACK_MS = 180 * DAY_MS
const MOST_AT_A_TIME = 200
const SIDE_BY_SIDE = 4

/** What the asking came to. */
export interface Reconciliation {
  asked: number
  /** For how many there was news. */
  settled: number
  /** How many the gateway did not answer for. */
  unanswered: number
}

/**
 * Asks the gateways what became of every charge that is open, of those that ended unpaid a while ago and of those that
 * may be taken back: a webhook that was lost costs a minute, not a sale.
 * @param isForced asks for all open ones, however lately they were asked for.
 */
export async function reconcile(deps: ChargeDeps, { isForced = false } = {}): Promise<Reconciliation> {
  const due = await duePayments(deps, isForced)
  const inTurn = atOnce({ atOnce: SIDE_BY_SIDE })
  const answers = await Promise.all(due.map((payment) => inTurn(() => reconcilePayment(deps, payment))))
  const count = (answer: Answer) => answers.filter((one) => one === answer).length
  return { asked: due.length, settled: count('news'), unanswered: count('unanswered') }
}

async function duePayments({ database, now }: ChargeDeps, isForced: boolean): Promise<Payment[]> {
  const at = now().getTime()
  const before = (milliseconds: number) => new Date(at - milliseconds)
  const isOpen = inArray(payments.status, [...OPEN_PAYMENTS])
  const age = sql`(${new Date(at)}::timestamptz - ${payments.createdAt})`
  // The older it is, the longer one waits before asking again: a minute in the first hour, a day after two months.
  const notLately = sql`coalesce(${payments.checkedAt}, '-infinity') < ${new Date(at)}::timestamptz - greatest(${age} / 60, interval '50 seconds')`
  // A webhook may tell of a charge before the answer that brings its code; the buyer waits for that.
  const hasNoCode = and(isNull(payments.pixCode), isNull(payments.payUrl))
  return database.db
    .select()
    .from(payments)
    .where(
      or(
        and(
          isOpen,
          isForced ? undefined : and(lt(payments.createdAt, before(YOUNG_MS)), or(notLately, hasNoCode)),
        ),
        and(
          inArray(payments.status, ['failed', 'expired', 'canceled']),
          gt(payments.createdAt, before(LATE_MONEY_MS)),
          lt(sql`coalesce(${payments.checkedAt}, ${payments.createdAt})`, before(HOUR_MS)),
        ),
        and(
          inArray(payments.status, ['paid', 'refunded']),
          gt(payments.createdAt, before(CHARGEBACK_MS)),
          lt(sql`coalesce(${payments.checkedAt}, ${payments.createdAt})`, before(DAY_MS)),
        ),
      ),
    )
    .orderBy(sql`${payments.checkedAt} asc nulls first`, asc(payments.id))
    .limit(MOST_AT_A_TIME)
}

/** One that goes wrong does not hold up the others. */
async function reconcilePayment(deps: ChargeDeps, payment: Payment): Promise<Answer> {
  try {
    return await askGateway(deps, payment)
  } catch (error) {
    deps.log.error({ err: error, payment: payment.id }, 'a charge could not be reconciled')
    return 'unanswered'
  }
}
