import type { Database, Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { failpoint } from '#src/lib/failpoint.ts'
import {
  type ChargeReport,
  decideSettlement,
  type PaymentFacts,
  type Settlement,
} from './decide-settlement.ts'
import { paymentFacts, writeSettlements } from './queries/settlement.ts'

/** What was told of a payment, and what has to be committed with it. */
export interface Told {
  paymentId: number
  report: ChargeReport
  now: Date
  also: (tx: Db, settlement: Settlement) => Promise<void>
}

interface Waiting extends Told {
  settled(settlement: Settlement): void
  failed(error: unknown): void
}

/** What comes while so many transactions are under way shares the next one: half of the cost is that of a transaction. */
const SIDE_BY_SIDE = 2
const MOST_TOGETHER = 16

const queues = new WeakMap<Database, { waiting: Waiting[]; running: number }>()

/** Settles it, alone where it is alone, else in one transaction with others of this process (docs/decisions/0015). */
export function settleWithOthers(database: Database, one: Told): Promise<Settlement> {
  const queue = queues.get(database) ?? { waiting: [], running: 0 }
  queues.set(database, queue)
  return new Promise((settled, failed) => {
    queue.waiting.push({ ...one, settled, failed })
    go()
  })

  function go() {
    if (queue.running >= SIDE_BY_SIDE || queue.waiting.length === 0) return
    queue.running++
    settleAll(database, queue.waiting.splice(0, MOST_TOGETHER)).finally(() => {
      queue.running--
      go()
    })
  }
}

/** Each is told what came of it; this itself never fails. */
async function settleAll(database: Database, told: Waiting[]): Promise<void> {
  const together = told.length > 1 ? await tryTogether(database, told) : []
  for (const [one, settlement] of together) one.settled(settlement)
  const done = new Set(together.map(([one]) => one))
  const left = told.filter((one) => !done.has(one))
  await Promise.all(left.map((one) => settleAlone(database, one).then(one.settled, one.failed)))
}

async function settleAlone(database: Database, one: Told): Promise<Settlement> {
  const [settled] = await withRetry(() => database.db.transaction((tx) => settleIn(tx, [one])))
  if (!settled) throw new Error(`Payment ${one.paymentId} was put aside for no other.`)
  return settled[1]
}

/** Those that could be settled in one transaction; none when anything is wrong: alone, each says what is wrong with it. */
async function tryTogether(database: Database, told: Waiting[]): Promise<Array<[Waiting, Settlement]>> {
  const sorted = told.toSorted((a, b) => a.paymentId - b.paymentId)
  return database.db.transaction((tx) => settleIn(tx, sorted)).catch(() => [])
}

/** Of several payments of one buyer or checkout the first: what is decided of the next has to see what came of it. */
async function settleIn<Any extends Told>(tx: Db, told: Any[]): Promise<Array<[Any, Settlement]>> {
  const all = await paymentFacts(
    tx,
    told.map(({ paymentId }) => paymentId),
  )
  await failpoint('settle: read under its locks')
  const taken = new Set<string>()
  const decided = told.flatMap((one, index) => {
    const facts = all[index]
    if (!facts) throw new Error(`There is no payment ${one.paymentId}.`)
    const touched = whatItTouches(facts)
    if (touched.some((key) => taken.has(key))) return []
    for (const key of touched) taken.add(key)
    return [{ one, changes: decideSettlement(facts, one.report, one.now) }]
  })
  await writeSettlements(
    tx,
    decided.map(({ changes }) => changes),
  )
  await failpoint('settle: written')
  for (const { one, changes } of decided) await one.also(tx, changes.settlement)
  await failpoint('settle: before the commit')
  return decided.map(({ one, changes }) => [one, changes.settlement])
}

const whatItTouches = ({ checkout, member }: PaymentFacts) => [
  `checkout ${checkout.id}`,
  member === null ? `e-mail ${checkout.email}` : `user ${member.userId}`,
]
