import { createHmac } from 'node:crypto'
import { RateLimiterDrizzle, type RateLimiterRes } from 'rate-limiter-flexible'
import { rateLimits } from '#src/db/media-tables.ts'
import type { Deps } from '#src/deps.ts'
import { TooManyRequests } from '#src/errors.ts'
import type { Viewer } from './viewer.ts'

const HOUR_SECONDS = 3_600

/**
 * Counts links to originals, on all nodes together: who takes a whole library away takes it slowly. Where a guest is
 * stands in no table, only a keyed hash of it.
 */
export interface LinkLimit {
  /**
   * Counts what this viewer is about to get.
   * @param perHour how many a viewer gets in an hour; 0 is no limit, and counts nothing.
   * @throws TooManyRequests when it would be more.
   */
  count(viewer: Viewer, links: number, perHour: number): Promise<void>
}

export function openLinkLimit({ database, hashKey }: Pick<Deps, 'database' | 'hashKey'>): LinkLimit {
  const limiter = new RateLimiterDrizzle({
    storeClient: database.db,
    schema: rateLimits,
    keyPrefix: 'links',
    // What a viewer may have is the owner's to change at any time, so it is compared here and not there.
    points: Number.MAX_SAFE_INTEGER,
    duration: HOUR_SECONDS,
  })
  return {
    async count(viewer, links, perHour) {
      if (perHour === 0 || links === 0) return
      const key = createHmac('sha256', hashKey).update('links ').update(viewer.limitKey).digest('base64url')
      const counted = await limiter.consume(key, links)
      if (counted.consumedPoints > perHour) throw tooMany(counted)
    },
  }
}

function tooMany({ msBeforeNext }: RateLimiterRes) {
  return new TooManyRequests(
    'You have opened more photos and videos than the site gives in an hour. Come back a little later.',
    Math.ceil(msBeforeNext / 1000),
  )
}
