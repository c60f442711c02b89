import { bodyLimit } from 'hono/body-limit'
import { TooLarge } from '#src/errors.ts'
import { passing } from '../policies.ts'

/** Bytes. The largest form of the site has a few hundred. */
const LARGEST_BODY = 64 * 1024

const limit = bodyLimit({
  maxSize: LARGEST_BODY,
  onError: () => {
    throw new TooLarge('What was sent is larger than anything this site reads.')
  },
})

/** Keeps every route from reading more than this, whether its length was announced or not. What GET sends is not read. */
export const limitBody = passing((c, next) =>
  c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : limit(c, next),
)
