import { eq, getTableColumns, inArray, type SQL } from 'drizzle-orm'
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { payments } from '#src/db/billing-tables.ts'
import { type Db, schema } from '#src/db/index.ts'
import { checkouts, sessions, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { unseal } from '#src/lib/seal.ts'

/** All rows about a person, by table. */
export type PersonalData = Record<string, Array<Record<string, unknown>>>

type Row = Record<string, unknown>

/** What proves who one is would be worth something to a thief of the file, and tells its owner nothing. */
const SECRET = /(^|_)(password|token_hash|document_hash|idempotency_key)$/

/**
 * Everything this site holds about the account: its row, every row that refers to it, and every row that refers to
 * those, in whatever table the schema has them. What is sealed is opened. Orders that guests have not paid are not here,
 * although they may name its e-mail: whose they are is not proved. Of those that a guest has paid for, what they typed is
 * left out, unless they signed in in that browser: whoever reads a mistyped e-mail gets nobody's CPF by it.
 */
export async function personalData(
  { database, sealKey }: Pick<Deps, 'database' | 'sealKey'>,
  userId: number,
): Promise<PersonalData> {
  const found = new Map<PgTable, Map<unknown, Row>>()
  await database.db.transaction((tx) => collect(tx, found, users, eq(users.id, userId)))
  leaveOutStrangers(found)
  const tables = [...found].map(([table, rows]) => {
    const { name } = getTableConfig(table)
    return [name, [...rows.values()].map((row) => opened(row, table, sealKey))]
  })
  return Object.fromEntries(tables)
}

/** Of an order that is paid for, and was typed by nobody who has proved to own the account. */
const LEFT_OUT = { customerName: null, customerDocument: null, customerPhone: null }
/** They lead to the gateway, which knows who paid. */
const LEFT_OUT_OF_PAYMENT = { pixCode: null, payUrl: null }

function leaveOutStrangers(found: Map<PgTable, Map<unknown, Row>>) {
  for (const order of found.get(checkouts)?.values() ?? []) {
    if (order.typedByOwner || order.paidAt === null) continue
    Object.assign(order, LEFT_OUT)
    for (const payment of found.get(payments)?.values() ?? []) {
      if (payment.checkoutId === order.id) Object.assign(payment, LEFT_OUT_OF_PAYMENT)
    }
  }
}

const TABLES = Object.values<unknown>(schema).filter((one) => one instanceof PgTable)

/** Adds rows, and whatever refers to those that are new. */
async function collect(db: Db, found: Map<PgTable, Map<unknown, Row>>, table: PgTable, where: SQL) {
  const rows: Row[] = await db.select().from(table).where(where)
  const known = found.get(table) ?? new Map<unknown, Row>()
  const fresh = rows.filter(({ id }) => !known.has(id))
  if (fresh.length === 0) return
  for (const row of fresh) known.set(row.id, row)
  found.set(table, known)

  for (const child of TABLES) {
    for (const { column, foreignColumn } of referencesTo(table, child)) {
      const property = propertyOf(table, foreignColumn)
      const values = fresh.map((row) => row[property]).filter((value) => value !== null)
      if (values.length > 0) await collect(db, found, child, inArray(column, values))
    }
  }
}

/** By the id alone: keys of several columns repeat one that is there. */
function referencesTo(parent: PgTable, child: PgTable) {
  return getTableConfig(child).foreignKeys.flatMap((key) => {
    const { columns, foreignColumns, foreignTable } = key.reference()
    const [column, ...others] = columns
    const [foreignColumn] = foreignColumns
    // In one browser several people buy: what somebody else has ordered in it is not the account's.
    if (foreignTable === sessions && child === checkouts) return []
    if (foreignTable !== parent || !column || !foreignColumn || others.length > 0) return []
    return [{ column, foreignColumn }]
  })
}

function propertyOf(table: PgTable, column: PgColumn): string {
  const entry = Object.entries(getTableColumns(table)).find(([, { name }]) => name === column.name)
  return entry?.[0] ?? column.name
}

/** With the names of the columns, in their order. */
function opened(row: Row, table: PgTable, sealKey: Buffer): Row {
  const { name: tableName } = getTableConfig(table)
  const columns = Object.entries(getTableColumns(table)).filter(([, { name }]) => !SECRET.test(name))
  const entries = columns.map(([property, { name }]) => {
    const value = row[property]
    return [name, typeof value === 'string' ? unsealed(value, `${tableName}.${name}`, row, sealKey) : value]
  })
  return Object.fromEntries(entries)
}

/** A sealed value names a key of its row as a part of its place. */
function unsealed(text: string, column: string, row: Row, sealKey: Buffer): string {
  if (!text.startsWith('v1.')) return text
  for (const key of Object.values(row)) {
    if (typeof key !== 'string' && typeof key !== 'number') continue
    const value = unseal(sealKey, `${column}:${key}`, text)
    if (value !== null) return value
  }
  return text
}
