import { Unavailable } from '#src/errors.ts'
import type { ListingFault } from '#src/storage/listing-incomplete.ts'

/** The store did not do what it was asked; `reason` sorts the ways of failing, the message tells people what to check. */
export class S3Failure extends Unavailable {
  readonly reason: ListingFault
  /** Whether the same request may succeed a moment later. */
  readonly isPassing: boolean

  constructor(
    reason: ListingFault,
    message: string,
    { isPassing, ...options }: ErrorOptions & { isPassing: boolean },
  ) {
    super(message, options)
    this.reason = reason
    this.isPassing = isPassing
  }
}

export interface AskedStore {
  bucket: string
  endpoint: string
  region: string
  /** The variable that names the bucket. */
  variable?: string
  /** What the keys have to be allowed. */
  needs?: string
}

type Explanation = [reason: ListingFault, words: string]

const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'])
const NO_WAY_THERE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL'])
const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_CONSTANT'])
/** As OpenSSL and Node name what they find wrong with a certificate or a handshake. */
const TLS_FAULT = /CERT|SIGNATURE|ISSUER|CRL|^ERR_(TLS|SSL)|^EPROTO$|^HOSTNAME_MISMATCH$/

/** What went wrong, for people; an error that did not come from asking the store is returned as it is. */
export function explainFailure(error: unknown, store: AskedStore): unknown {
  if (!(error instanceof Error) || error instanceof S3Failure) return error
  const refusal = statusOf(error)
  if (refusal !== undefined && refusal >= 300) return refused(error, refusal, store)

  const code = 'code' in error ? String(error.code) : ''
  const broken = connectionFault(code, store)
  if (broken) return new S3Failure(...broken, { isPassing: !TLS_FAULT.test(code), cause: error })
  if (!('$response' in error)) return error

  const words = `${store.endpoint} answered with something that is no S3 answer. Does S3_ENDPOINT name an S3 service?`
  return new S3Failure('garbled', words, { isPassing: true, cause: error })
}

function refused(error: Error, status: number, store: AskedStore) {
  const isPassing = status >= 500 || status === 429 || status === 408 || error.name === 'SlowDown'
  const explanation: Explanation = isPassing
    ? ['server error', `The store at ${store.endpoint} answers with an error: ${status} ${codeOf(error)}.`]
    : lastingRefusal(codeOf(error), status, store)
  return new S3Failure(...explanation, { isPassing, cause: error })
}

const PLAUSIBLE_CODE = /^[\w.-]{1,64}$/

/** The store's own word for it, when it is one: a terminal and a log will show it. */
const codeOf = ({ name }: Error) => (PLAUSIBLE_CODE.test(name) ? name : 'without a code')

function lastingRefusal(name: string, status: number, store: AskedStore): Explanation {
  const { bucket, endpoint, region, variable = 'S3_BUCKET', needs = 's3:ListBucket and s3:GetObject' } = store
  if (name === 'InvalidAccessKeyId') {
    return ['refused', 'The store does not know the access key. Check S3_ACCESS_KEY_ID.']
  }
  if (name === 'SignatureDoesNotMatch') {
    return ['refused', 'The store does not accept the signature. Check S3_SECRET_ACCESS_KEY.']
  }
  if (name === 'RequestTimeTooSkewed') {
    return ['refused', 'The clocks of this machine and of the store differ too much. Set this one right.']
  }
  if (status === 301 || status === 307 || name === 'AuthorizationHeaderMalformed') {
    return ['refused', `The bucket "${bucket}" is not in region ${region}. Check S3_REGION and S3_ENDPOINT.`]
  }
  if (status === 401 || status === 403) {
    const need = `They need ${needs} (${name}).`
    return ['refused', `The credentials do not allow reading the bucket "${bucket}". ${need}`]
  }
  if (status === 404) {
    return ['not found', `There is no bucket "${bucket}" at ${endpoint}. Check ${variable} and S3_ENDPOINT.`]
  }
  return ['refused', `The store at ${endpoint} refuses the request: ${status} ${name}.`]
}

function connectionFault(code: string, { endpoint }: AskedStore): Explanation | null {
  const { hostname } = new URL(endpoint)
  if (UNKNOWN_HOST.has(code)) return ['unreachable', `The host ${hostname} is not known. Check S3_ENDPOINT.`]
  if (NO_WAY_THERE.has(code)) {
    return ['unreachable', `Nothing answers at ${endpoint} (${code}). Check S3_ENDPOINT.`]
  }
  if (TLS_FAULT.test(code)) {
    return ['unreachable', `No secure connection to ${endpoint} (${code}). Check its certificate.`]
  }
  if (BROKEN_OFF.has(code)) return ['unreachable', `The connection to ${endpoint} broke off (${code}).`]
  return null
}

/** Status of the answer, if there was one; the SDK leaves a 200 there when it could not read what followed. */
function statusOf(error: Error) {
  if (!('$metadata' in error)) return undefined
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode
}
