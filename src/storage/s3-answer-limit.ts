import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { S3Failure } from '#src/storage/s3-failure.ts'

/** A listing page of 1,000 keys of 1,024 bytes, each of them percent-encoded, has less than 4 MiB. */
const LONGEST_ANSWER_BYTES = 16 * 1024 * 1024

/** The body of an answer that is read whole before it is understood; it fails where it gets too long to be one. */
export function limited(body: Readable): Readable {
  let bytes = 0
  const limit = new Transform({
    transform(part: Uint8Array, _, done) {
      bytes += part.length
      if (bytes <= LONGEST_ANSWER_BYTES) done(null, part)
      else done(tooLong())
    },
  })
  // Whoever reads `limit` hears of its errors.
  pipeline(body, limit).catch(() => {})
  return limit
}

const tooLong = () =>
  new S3Failure(
    'garbled',
    'The store answered with more than 16 MiB, which is no S3 answer. Check S3_ENDPOINT.',
    {
      isPassing: true,
    },
  )
