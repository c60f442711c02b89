import { sqlState } from '#src/db/database-error.ts'
import { explainDatabaseError } from '#src/db/explain-error.ts'
import type { Database, Db } from '#src/db/index.ts'
import { withRetry } from '#src/db/retry.ts'
import { Unavailable } from '#src/errors.ts'
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
/** Those that could not be settled with others; there are never so many that pages are left without a connection. */
const ALONE_SIDE_BY_SIDE = 3

/** For a row that somebody else holds, in milliseconds. Who shares a transaction must not wait for another's. */
const PATIENCE_MS = { together: 300, alone: 2_500 }

/** What this process has been told and has not settled yet. */
interface Queue {
  waiting: Waiting[]
  running: number
  alone: Waiting[]
  runningAlone: number
  /** Payments that are being settled: what else is told of one waits until it is done. */
  underWay: Set<number>
}

const queues = new WeakMap<Database, Queue>()

/** Settles it, alone where it is alone, else in one transaction with others of this process (docs/decisions/0015). */
export function settleWithOthers(database: Database, one: Told): Promise<Settlement> {
  const queue = queues.get(database) ?? newQueue()
  queues.set(database, queue)
  return new Promise((settled, failed) => {
    queue.waiting.push({ ...one, settled, failed })
    goOn(database, queue)
  })
}

const newQueue = (): Queue => ({ waiting: [], running: 0, alone: [], runningAlone: 0, underWay: new Set() })

function goOn(database: Database, queue: Queue) {
  while (queue.running < SIDE_BY_SIDE) {
    const together = takeNext(queue)
    if (together.length === 0) break
    queue.running++
    void settleTogether(database, queue, together).then(() => {
      queue.running--
      goOn(database, queue)
    })
  }
  while (queue.runningAlone < ALONE_SIDE_BY_SIDE) {
    const one = queue.alone.shift()
    if (!one) break
    queue.runningAlone++
    void settleLeftOver(database, queue, one).then(() => {
      queue.runningAlone--
      goOn(database, queue)
    })
  }
}

/** Each is told what came of it, or is left over to be settled alone; this itself never fails. */
async function settleTogether(database: Database, queue: Queue, together: Waiting[]): Promise<void> {
  try {
    const done = await tryTogether(database, together)
    for (const [one, settlement] of done) finish(queue, one, () => one.settled(settlement))
    const isDone = new Set(done.map(([one]) => one))
    queue.alone.push(...together.filter((one) => !isDone.has(one)))
  } catch (error) {
    for (const one of together) finish(queue, one, () => one.failed(error))
  }
}

/** The same for one alone. */
async function settleLeftOver(database: Database, queue: Queue, one: Waiting): Promise<void> {
  try {
    const settlement = await settleAlone(database, one)
    finish(queue, one, () => one.settled(settlement))
  } catch (error) {
    finish(queue, one, () => one.failed(error))
  }
}

/** In the order in which they came, of each payment one. */
function takeNext({ waiting, underWay }: Queue): Waiting[] {
  const taken: Waiting[] = []
  for (let index = 0; index < waiting.length && taken.length < MOST_TOGETHER; ) {
    const one = waiting[index]
    if (!one || underWay.has(one.paymentId)) {
      index++
      continue
    }
    underWay.add(one.paymentId)
    taken.push(one)
    waiting.splice(index, 1)
  }
  return taken
}

function finish({ underWay }: Queue, { paymentId }: Waiting, tell: () => void) {
  underWay.delete(paymentId)
  tell()
}

/**
 * Those that could be settled in one transaction; none when anything is wrong: alone, each says what is wrong with it.
 * @throws Unavailable when it is the database that is out of reach, for all of them.
 */
async function tryTogether(database: Database, told: Waiting[]): Promise<Array<[Waiting, Settlement]>> {
  const sorted = told.toSorted((a, b) => a.paymentId - b.paymentId)
  try {
    return await database.db.transaction((tx) => settleIn(tx, sorted, PATIENCE_MS.together))
  } catch (error) {
    const explained = explainDatabaseError(error)
    if (explained instanceof Unavailable) throw explained
    return []
  }
}

/** @throws Unavailable when somebody else holds what it bears on: whoever has told it tells it again. */
async function settleAlone(database: Database, one: Waiting): Promise<Settlement> {
  try {
    const [settled] = await withRetry(() =>
      database.db.transaction((tx) => settleIn(tx, [one], PATIENCE_MS.alone)),
    )
    if (!settled) throw new Error(`Payment ${one.paymentId} was put aside for no other.`)
    return settled[1]
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error
    throw new Unavailable('This payment is being looked at elsewhere. Try again in a moment.', {
      cause: error,
    })
  }
}

const LOCK_NOT_AVAILABLE = '55P03'

/** Of several payments of one buyer or checkout the first: what is decided of the next has to see what came of it. */
async function settleIn<Any extends Told>(
  tx: Db,
  told: Any[],
  patienceMs: number,
): Promise<Array<[Any, Settlement]>> {
  const all = await paymentFacts(
    tx,
    told.map(({ paymentId }) => paymentId),
    patienceMs,
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
