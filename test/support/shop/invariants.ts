import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import type { BookedCharge } from '#src/payments/sandbox/program/charge.ts'
import type { Acknowledged } from './buyer.ts'

interface Row {
  reference: string
  externalId: string | null
  status: string
  amountCents: number
  currency: string
  isPaidOnce: boolean
  isSurplus: boolean
  isFlagged: boolean
  checkoutStatus: string
  terms: number
  countingTerms: number
  termCents: number | null
}

const WAS_PAID = ['paid', 'refunded', 'charged_back']

/**
 * What of our database and the gateway's own ledger does not agree, after everything was delivered and asked for:
 * 1. a charge makes exactly one paid checkout and one term, claimed or not; 2. no term of source charge without a
 * charge of the right amount; 3. nothing acknowledged is lost; 4. no charge stays unknown; 5. the sums agree.
 */
export async function violations(
  db: Db,
  ledger: BookedCharge[],
  acknowledged: Acknowledged[],
): Promise<string[]> {
  const { rows } = await db.execute<Row & Record<string, unknown>>(sql`
    select payments.idempotency_key as reference, payments.external_id as "externalId", payments.status,
      payments.amount_cents as "amountCents", payments.currency, payments.paid_at is not null as "isPaidOnce",
      payments.is_surplus as "isSurplus", payments.review is not null as "isFlagged", checkouts.status as "checkoutStatus",
      count(terms.id)::int as terms, count(terms.id) filter (where terms.revoked_at is null)::int as "countingTerms",
      max(terms.amount_cents) as "termCents"
    from payments join checkouts on checkouts.id = payments.checkout_id left join terms on terms.payment_id = payments.id
    group by payments.id, checkouts.id`)
  const byReference = new Map(rows.map((row) => [row.reference, row]))
  const faults: string[] = []

  for (const charge of ledger) {
    const row = byReference.get(charge.reference)
    if (!row) faults.push(`4: charge ${charge.id} is unknown to us`)
    else faults.push(...chargeFaults(charge, row))
  }
  const charged = new Map(ledger.map((charge) => [charge.reference, charge]))
  for (const row of rows) faults.push(...rowFaults(row, charged.get(row.reference)))
  faults.push(...(await lost(db, acknowledged)), ...sumFaults(ledger, rows))
  return faults
}

function chargeFaults({ id, status, amountCents, currency }: BookedCharge, row: Row): string[] {
  const faults = []
  if (row.status !== status) faults.push(`4: charge ${id} is ${status} there and ${row.status} here`)
  if (row.externalId !== id) faults.push(`4: charge ${id} is ${row.externalId} here`)
  if (row.amountCents !== amountCents || row.currency !== currency)
    faults.push(`2: charge ${id} has another amount`)
  if (!WAS_PAID.includes(status)) return faults
  if (row.isSurplus) return row.terms === 0 ? faults : [...faults, `1: surplus charge ${id} made a term`]
  if (row.terms !== 1) faults.push(`1: charge ${id} made ${row.terms} terms`)
  if (row.checkoutStatus !== status)
    faults.push(`1: charge ${id} is ${status}, its checkout ${row.checkoutStatus}`)
  if (row.countingTerms !== Number(status === 'paid'))
    faults.push(`1: charge ${id} is ${status}, its term is not`)
  return faults
}

function rowFaults(row: Row, charge: BookedCharge | undefined): string[] {
  const faults = []
  if (row.status === 'unknown' || row.status === 'created')
    faults.push(`4: ${row.reference} stays ${row.status}`)
  if (
    row.terms > 0 &&
    (!charge || !WAS_PAID.includes(charge.status) || charge.amountCents !== row.termCents)
  ) {
    faults.push(`2: ${row.reference} made a term without its charge`)
  }
  if (row.isSurplus && row.status === 'paid' && !row.isFlagged)
    faults.push(`1: ${row.reference} is surplus and not flagged`)
  return faults
}

async function lost(db: Db, acknowledged: Acknowledged[]): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`select public_id::text as id from checkouts`)
  const known = new Set(rows.map(({ id }) => id))
  return acknowledged
    .filter(({ publicId }) => !known.has(publicId))
    .map(({ publicId }) => `3: order ${publicId} is lost`)
}

function sumFaults(ledger: BookedCharge[], rows: Row[]): string[] {
  const there = sum(ledger.filter(({ status }) => status === 'paid'))
  const here = sum(rows.filter(({ status }) => status === 'paid'))
  return there === here ? [] : [`5: the gateway holds ${there}, we know of ${here}`]
}

const sum = (amounts: Array<{ amountCents: number }>) =>
  amounts.reduce((total, { amountCents }) => total + amountCents, 0)
