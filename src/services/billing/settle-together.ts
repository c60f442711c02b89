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

/** Something to settle, and what has to be committed with it. */
export interface Order {
  paymentId: number
  report: ChargeReport
  now: Date
  also: (tx: Db, settlement: Settlement) => Promise<void>
}

interface Waiting extends Order {
  settled(settlement: Settlement): void
  failed(error: unknown): void
}

/** What comes while so many transactions are under way shares the next one: half of the cost is that of a transaction. */
const SIDE_BY_SIDE = 2
const MOST_TOGETHER = 16

const queues = new WeakMap<Database, { waiting: Waiting[]; running: number }>()

/** Settles it, alone where it is alone, else in one transaction with others of this process (docs/decisions/0015). */
export function settleWithOthers(database: Database, order: Order): Promise<Settlement> {
  const queue = queues.get(database) ?? { waiting: [], running: 0 }
  queues.set(database, queue)
  return new Promise((settled, failed) => {
    queue.waiting.push({ ...order, settled, failed })
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
async function settleAll(database: Database, orders: Waiting[]): Promise<void> {
  const together = orders.length > 1 ? await tryTogether(database, orders) : []
  for (const [order, settlement] of together) order.settled(settlement)
  const done = new Set(together.map(([order]) => order))
  const left = orders.filter((order) => !done.has(order))
  await Promise.all(left.map((order) => settleAlone(database, order).then(order.settled, order.failed)))
}

async function settleAlone(database: Database, order: Order): Promise<Settlement> {
  const [settled] = await withRetry(() => database.db.transaction((tx) => settleIn(tx, [order])))
  if (!settled) throw new Error(`Payment ${order.paymentId} was put aside for no other.`)
  return settled[1]
}

/** Those that could be settled in one transaction; none when anything is wrong with any: then each is by itself. */
async function tryTogether(database: Database, orders: Waiting[]): Promise<Array<[Waiting, Settlement]>> {
  const sorted = orders.toSorted((a, b) => a.paymentId - b.paymentId)
  return database.db.transaction((tx) => settleIn(tx, sorted)).catch(() => [])
}

/** Of several payments of one buyer or checkout the first: what is decided of the next has to see what came of it. */
async function settleIn<Any extends Order>(tx: Db, orders: Any[]): Promise<Array<[Any, Settlement]>> {
  const all = await paymentFacts(
    tx,
    orders.map(({ paymentId }) => paymentId),
  )
  await failpoint('settle: read under its locks')
  const taken = new Set<string>()
  const decided = orders.flatMap((order, index) => {
    const facts = all[index]
    if (!facts) throw new Error(`There is no payment ${order.paymentId}.`)
    const touched = whatItTouches(facts)
    if (touched.some((one) => taken.has(one))) return []
    for (const one of touched) taken.add(one)
    return [{ order, changes: decideSettlement(facts, order.report, order.now) }]
  })
  await writeSettlements(
    tx,
    decided.map(({ changes }) => changes),
  )
  await failpoint('settle: written')
  for (const { order, changes } of decided) await order.also(tx, changes.settlement)
  await failpoint('settle: before the commit')
  return decided.map(({ order, changes }) => [order, changes.settlement])
}

const whatItTouches = ({ checkout, member }: PaymentFacts) => [
  `checkout ${checkout.id}`,
  member === null ? `e-mail ${checkout.email}` : `user ${member.userId}`,
]
