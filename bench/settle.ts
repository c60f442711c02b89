import pg from 'pg'
import type { Database } from '#src/db/index.ts'
import { givenBilling, type Order, type TestBilling } from '#test/support/billing.ts'
import type { PostgresServer } from '#test/support/postgres-server.ts'
import { atOnce, openBenchDatabase, startBenchServer, timed } from './ground.ts'
import type { Row } from './row.ts'
import { BARE_TABLES, checkoutsOfMembers, writeBare, writeInOurTables } from './settle-peers.ts'
import { wholePath } from './whole-path.ts'

export const claim = 'Settling a payment, with all its rules, costs little more than writing three rows'

const ROUNDS = 5
const PAYMENTS_A_ROUND = 1_000
const AT_ONCE = 20
/** As many connections as the product's own pool has. */
const CONNECTIONS = 10

/** Payments a second. */
interface Rates {
  settled: number
  /** Three rows in tables of their own, and in ours. */
  bare: number
  inOurTables: number
  wholePath: number
}

export async function run(): Promise<Row[]> {
  const server = await startBenchServer()
  try {
    const database = await openBenchDatabase(server, 'money')
    const rates = await compare(server, database)
    await database.close()
    const path = await openBenchDatabase(server, 'path')
    const wholePathRate = await wholePath(path, PAYMENTS_A_ROUND, AT_ONCE)
    await path.close()
    return rowsOf({ ...rates, wholePath: wholePathRate })
  } finally {
    await server.stop()
  }
}

/** Turn by turn, each in the same number of connections; of each the best round. */
async function compare(server: PostgresServer, database: Database): Promise<Omit<Rates, 'wholePath'>> {
  const billing = await givenBilling(database)
  const pool = new pg.Pool({ connectionString: server.urlOf('money'), max: CONNECTIONS })
  await pool.query(BARE_TABLES)
  const settle = (order: Order) => billing.told(order, 'paid')
  const bare = (number: number) => writeBare(pool, number)
  await atOnce(await orders(billing, 200), AT_ONCE, settle)
  await atOnce(numbers(200), AT_ONCE, bare)

  const rates = { settled: 0, bare: 0, inOurTables: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const bought = await checkoutsOfMembers(pool, billing, PAYMENTS_A_ROUND)
    const inOurTables = await rateOf(pool, bought, (one) => writeInOurTables(pool, one))
    const settled = await rateOf(pool, await orders(billing, PAYMENTS_A_ROUND), settle)
    const written = await rateOf(pool, numbers(PAYMENTS_A_ROUND), bare)
    rates.inOurTables = Math.max(rates.inOurTables, inOurTables)
    rates.settled = Math.max(rates.settled, settled)
    rates.bare = Math.max(rates.bare, written)
  }
  await pool.end()
  return rates
}

async function rateOf<Item>(pool: pg.Pool, items: Item[], work: (item: Item) => Promise<unknown>) {
  await pool.query('checkpoint')
  return items.length / ((await timed(() => atOnce(items, AT_ONCE, work))) / 1_000)
}

function rowsOf(rates: Rates): Row[] {
  const [settled, bare, inOurTables, path] = [
    rates.settled,
    rates.bare,
    rates.inOurTables,
    rates.wholePath,
  ].map((rate) => rate.toFixed(0))
  return [
    {
      what: 'settle() of a first payment of a guest, 20 at once: account, subscription, term and receipt included',
      against: 'a bare transaction of three inserts, 20 at once',
      ratio: rates.settled / rates.bare,
      limit: 0.4,
      better: 'higher',
      detail:
        `${settled} a second against ${bare}, the best of ${ROUNDS} rounds of ${PAYMENTS_A_ROUND}; ` +
        `the whole path, from the gateway's message through the job to access: ${path} a second`,
    },
    {
      what: 'the same settle()',
      against: 'three inserts into our own tables, with their keys and rules, 20 at once',
      ratio: rates.settled / rates.inOurTables,
      limit: 0.4,
      better: 'higher',
      detail: `${settled} a second against ${inOurTables}: payment, subscription and term of a member whose checkout is there`,
    },
  ]
}

async function orders(billing: TestBilling, count: number): Promise<Order[]> {
  const made: Order[] = []
  await atOnce(numbers(count), AT_ONCE, async () => {
    made.push(await billing.order())
  })
  return made
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number)
