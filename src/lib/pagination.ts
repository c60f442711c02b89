/** One page of a list. */
export interface Page<Row> {
  data: Row[]
  /** Rows in all pages. */
  total: number
  /** From 1. */
  page: number
  limit: number
  totalPages: number
}

export interface PageRequest {
  page: number
  limit: number
  offset: number
}

export const DEFAULT_LIMIT = 20
export const MAX_LIMIT = 100
/** Beyond it every page is empty; it keeps the offset within PostgreSQL's bigint. */
const MAX_PAGE = 1_000_000_000

/** Any input as a page: what is not a positive integer is page 1, and the usual limit; at most 100 rows (spec §3). */
export function pageRequest(page?: unknown, limit?: unknown): PageRequest {
  const number = Math.min(positiveInteger(page) ?? 1, MAX_PAGE)
  const size = Math.min(positiveInteger(limit) ?? DEFAULT_LIMIT, MAX_LIMIT)
  return { page: number, limit: size, offset: (number - 1) * size }
}

export function pageOf<Row>(data: Row[], total: number, { page, limit }: PageRequest): Page<Row> {
  return { data, total, page, limit, totalPages: Math.ceil(total / limit) }
}

function positiveInteger(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : null
}
