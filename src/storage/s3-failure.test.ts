import { expect, test } from 'vitest'
import { explainFailure, S3Failure } from '#src/storage/s3-failure.ts'

const store = { bucket: 'films', endpoint: 'https://s3.example.com', region: 'sa-east-1' }

const refusal = (status: number, name: string) =>
  Object.assign(new Error('as the SDK words it'), { name, $metadata: { httpStatusCode: status } })
const broken = (code: string) => Object.assign(new Error(code), { code })

test.each([
  [refusal(301, 'PermanentRedirect'), 'is not in region sa-east-1. Check S3_REGION'],
  [refusal(400, 'AuthorizationHeaderMalformed'), 'is not in region sa-east-1. Check S3_REGION'],
  [refusal(403, 'RequestTimeTooSkewed'), 'clocks'],
  [refusal(403, 'AccessDenied'), 's3:ListBucket'],
  [refusal(403, 'Unknown'), 's3:ListBucket'],
  [refusal(400, 'InvalidArgument'), 'refuses the request: 400 InvalidArgument'],
  [broken('CERT_HAS_EXPIRED'), 'certificate'],
  [broken('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate'],
  [broken('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'certificate'],
])('%s does not pass by itself: %s', (error, words) => {
  const failure = explainFailure(error, store)
  expect(failure).toBeInstanceOf(S3Failure)
  expect(failure).toMatchObject({
    isPassing: false,
    message: expect.stringContaining(words),
    cause: error,
    status: 503,
  })
})

test.each([
  [refusal(500, 'InternalError'), '500 InternalError'],
  [refusal(503, 'SlowDown'), '503 SlowDown'],
  [refusal(429, 'TooManyRequests'), '429 TooManyRequests'],
  [broken('ECONNRESET'), 'broke off'],
  [broken('EAI_AGAIN'), 'The host s3.example.com is not known'],
  [broken('ECONNREFUSED'), 'Nothing answers at https://s3.example.com'],
])('%s may pass: %s', (error, words) => {
  const failure = explainFailure(error, store)
  expect(failure).toMatchObject({ isPassing: true, message: expect.stringContaining(words) })
})

test.each(['\u001b]0;owned\u0007', 'A'.repeat(1_000_000), 'a\nb'])(
  'a code that is none is not repeated',
  (name) => {
    const failure = explainFailure(refusal(500, name), store)
    expect(failure).toMatchObject({
      message: 'The store at https://s3.example.com answers with an error: 500 without a code.',
    })
  },
)

test('a mistake of our own is not passed off as the fault of the store', () => {
  const mistake = new TypeError('undefined is not a function')
  expect(explainFailure(mistake, store)).toBe(mistake)
})
