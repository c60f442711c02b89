import { bodyLimit } from 'hono/body-limit'
import { TooLarge } from '#src/errors.ts'
import { passing } from '../policies.ts'

/** Bytes. The largest form of the site has a few hundred. */
const LARGEST_BODY = 64 * 1024

/** Keeps every route from reading more than this, whether its length was announced or not. */
export const limitBody = passing(
  bodyLimit({
    maxSize: LARGEST_BODY,
    onError: () => {
      throw new TooLarge('What was sent is larger than anything this site reads.')
    },
  }),
)
