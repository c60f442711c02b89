import { Unavailable } from '#src/errors.ts'

/** Why a listing proves nothing. */
export type ListingFault =
  | 'unreachable'
  | 'timed out'
  | 'refused'
  | 'not found'
  | 'server error'
  | 'garbled'
  | 'cut short'
  | 'no token'
  | 'same token'
  | 'empty page'
  | 'out of order'
  | 'outside the prefix'
  | 'changed meanwhile'

export interface ListingPlace {
  /** Counted from 1 within what `prefix` names. */
  page: number
  /** What was being listed: a prefix or a range of keys in a bucket, a folder on disk. */
  prefix: string
  reason: ListingFault
}

/** The store did not name all of its objects, so nothing may be concluded from those it did not name. */
export class ListingIncomplete extends Unavailable {
  readonly page: number
  readonly prefix: string
  readonly reason: ListingFault

  constructor(explanation: string, { page, prefix, reason }: ListingPlace, options?: ErrorOptions) {
    super(`The listing of ${prefix} stopped at page ${page}: ${explanation}`, options)
    this.page = page
    this.prefix = prefix
    this.reason = reason
  }
}
