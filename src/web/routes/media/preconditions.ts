/** What identifies the content that is there now. */
export interface Validators {
  /** With its quotes. */
  etag: string
  lastModified: Date
}

export interface ConditionalHeaders {
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
  ifModifiedSince: string | undefined
  ifUnmodifiedSince: string | undefined
}

/** What the conditions of a GET or HEAD come to, in the order of RFC 9110 §13.2.2. */
export function evaluatePreconditions(
  { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: ConditionalHeaders,
  { etag, lastModified }: Validators,
): 'proceed' | 'not modified' | 'failed' {
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag)) return 'failed'
  } else if (isBefore(ifUnmodifiedSince, lastModified)) return 'failed'

  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag) ? 'not modified' : 'proceed'
  return isNotBefore(ifModifiedSince, lastModified) ? 'not modified' : 'proceed'
}

/** Whether a range may be answered with a part: what the client has a part of is still what is there. */
export function rangeStillCounts(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  if (ifRange === undefined) return true
  if (ifRange.startsWith('"')) return ifRange === etag
  // An HTTP date must match exactly; a weak etag never does.
  return Date.parse(ifRange) === wholeSeconds(lastModified)
}

/** Ours are strong, so that weak and strong comparison come to the same but for the client's `W/`. */
function names(list: string, etag: string) {
  return list.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
}

function isBefore(httpDate: string | undefined, moment: Date) {
  return Date.parse(httpDate ?? '') < wholeSeconds(moment)
}

function isNotBefore(httpDate: string | undefined, moment: Date) {
  return Date.parse(httpDate ?? '') >= wholeSeconds(moment)
}

/** HTTP dates have no fractions. */
const wholeSeconds = (moment: Date) => Math.floor(moment.getTime() / 1000) * 1000
