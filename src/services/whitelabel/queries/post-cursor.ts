import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

/**
 * Where one left off in a list of posts, newest first: when the last one was made and its id, so that what comes and
 * goes meanwhile gives no repeats and no gaps. A `Date` has milliseconds and PostgreSQL microseconds: the instant
 * goes through as a count of those.
 */
interface PostCursor {
  /** Microseconds since 1970. */
  made: bigint | 'infinity' | '-infinity'
  id: number
}

interface PostColumns {
  createdAt: AnyColumn
  id: AnyColumn
}

const CURSOR = /^(-?\d{1,19}|-?infinity)\.([1-9]\d{0,9})$/
/** PostgreSQL's integer. */
const LARGEST_ID = 2_147_483_647
const MICROSECONDS = 1_000_000n
/** Of what a `timestamptz` holds: from 4714 BC to the year 294276. */
const EARLIEST = -210_866_803_200n * MICROSECONDS
const LATEST = 9_224_318_016_000n * MICROSECONDS - 1n

/** A column of a select: the cursor of each row. */
export const cursorOf = ({ createdAt, id }: PostColumns): SQL<string> => sql<string>`concat(
  case when isfinite(${createdAt}) then (extract(epoch from ${createdAt}) * 1000000)::bigint::text
    else ${createdAt}::text end,
  '.', ${id})`

/** The posts older than that of the cursor; all of them where it is none. */
export function olderThan({ createdAt, id }: PostColumns, text: unknown): SQL | undefined {
  const cursor = parseCursor(text)
  return cursor ? sql`(${createdAt}, ${id}) < (${instant(cursor.made)}, ${cursor.id}::int)` : undefined
}

/** Null for whatever no page of ours has given out. */
function parseCursor(text: unknown): PostCursor | null {
  const [, instant = '', digits] = (typeof text === 'string' && CURSOR.exec(text)) || []
  const id = Number(digits)
  if (digits === undefined || id > LARGEST_ID) return null
  if (instant === 'infinity' || instant === '-infinity') return { made: instant, id }
  const made = BigInt(instant)
  return made >= EARLIEST && made <= LATEST ? { made, id } : null
}

/** Seconds and the rest apart: a factor of an interval is a double, which does not hold all microseconds. */
function instant(made: PostCursor['made']): SQL {
  if (typeof made !== 'bigint') return sql`${made}::timestamptz`
  const [seconds, rest] = [made / MICROSECONDS, made % MICROSECONDS]
  return sql`(timestamptz 'epoch' + ${String(seconds)}::float8 * interval '1 second'
    + ${String(rest)}::float8 * interval '1 microsecond')`
}
