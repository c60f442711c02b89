import type { Db } from '#src/db/index.ts'
import type { Deps } from '#src/deps.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import type { ChargeReport, Settlement } from './decide-settlement.ts'
import { settleWithOthers } from './settle-together.ts'

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
  const settlement = await settleWithOthers(deps.database, { paymentId, report, now, also })
  await failpoint('settle: committed')
  if (settlement === 'settled') deps.jobs.wake('mail')
  return settlement
}
