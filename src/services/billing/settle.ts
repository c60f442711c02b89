import type { Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import type { Deps } from '#src/deps.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import { type ChargeReport, decideSettlement, type Settlement } from './decide-settlement.ts'
import { paymentFacts, writeSettlement } from './queries/settlement.ts'

/**
 * The one way in which money moves: whoever hears of a charge, the webhook, the return page or the reconciler, comes
 * here. Everything it bears on is read under its locks, what follows is decided without looking anywhere else, and is
 * written at once.
 * @param also what has to be committed with it.
 * @returns what came of it. Told twice, it happens once.
 */
export async function settle(
  deps: Pick<Deps, 'database' | 'jobs'>,
  paymentId: number,
  report: ChargeReport,
  now: Date,
  also: (tx: Db, settlement: Settlement) => Promise<void> = async () => {},
): Promise<Settlement> {
  const settlement = await withRetry(() =>
    deps.database.db.transaction(async (tx) => {
      const settlement = await settleIn(tx, paymentId, report, now)
      await also(tx, settlement)
      await failpoint('settle: before the commit')
      return settlement
    }),
  )
  await failpoint('settle: committed')
  if (settlement === 'settled') deps.jobs.wake('mail')
  return settlement
}

async function settleIn(tx: Db, paymentId: number, report: ChargeReport, now: Date): Promise<Settlement> {
  const facts = await paymentFacts(tx, paymentId)
  if (facts === null) throw new Error(`There is no payment ${paymentId}.`)
  await failpoint('settle: read under its locks')
  const changes = decideSettlement(facts, report, now)
  await writeSettlement(tx, changes)
  await failpoint('settle: written')
  return changes.settlement
}
