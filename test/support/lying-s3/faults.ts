/**
 * What a listing may suffer. `page` counts the different listing requests from 1 as they arrive, the first being the
 * one for the folders at the top; a repeated request has the number it had. `times` lets it recover; without it, it lasts.
 */
export type ListingLie =
  | { kind: 'status'; status: 403 | 429 | 500 | 503 | 404; code: string; page: number; times?: number }
  /** Half of the answer, then the connection is reset. */
  | { kind: 'reset'; page: number; times?: number }
  /** No answer at all, and no end of the connection. */
  | { kind: 'silence'; page: number; times?: number }
  /** Half of the answer, and no end of the connection. */
  | { kind: 'stall'; page: number; times?: number }
  /** Half of the answer, ended as if that were all. */
  | { kind: 'half document'; page: number; times?: number }
  /** 200 with nothing in it. */
  | { kind: 'empty answer'; page: number; times?: number }
  /** 200 with a page for people, as a proxy's sign-in page. */
  | { kind: 'web page'; page: number; times?: number }
  /** Says that more follow and not how. */
  | { kind: 'truncated without token'; page: number; times?: number }
  /** Says that more follow and names nothing. */
  | { kind: 'empty page'; page: number; times?: number }
  /** Gives the token it was asked with, or that of its first page. */
  | { kind: 'same token'; page: number; times?: number }
  /** Leads back to the start of this page with a new token, as often as it is asked. */
  | { kind: 'repeated page'; page: number; times?: number }
  | { kind: 'out of order'; page: number; times?: number }
  /** Leaves out half of the keys it counted. */
  | { kind: 'miscounted'; page: number; times?: number }
  /** Names a key that does not begin with the prefix asked for. */
  | { kind: 'foreign key'; page: number; times?: number }
  /** Begins at the beginning whatever key it was to start after. */
  | { kind: 'deaf to start-after'; page: number; times?: number }

export interface Lies {
  listing?: ListingLie
  /** This share of the keys, 0 to 1, is in no listing, although every page ends cleanly; HEAD and GET still find them. */
  hiddenShare?: number
  /** Every request is told that there is no such bucket. */
  hasNoBucket?: boolean
}

export interface Library {
  /** Percent-encoded, so that keys that are not UTF-8 can be had too. */
  encodedKeys?: string[]
  /** `creator-000/post-00/000.jpg` and so on. */
  generate?: { creators: number; posts: number; media: number }
  /** Keys a page, for one listing request after another, in turn. */
  pageSizes?: number[]
}

export interface Tally {
  /** Different listing requests. */
  pages: number
  /** All listing requests, repeated ones included. */
  requests: number
}
