import { createHash, createHmac } from 'node:crypto'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type PresignerSettings, presigner } from '#src/storage/s3-signer.ts'
import type { Row } from './row.ts'

export const claim = 'Signing an S3 link costs at most twice a bare HMAC-SHA256'

const ROUNDS = 9
const LINKS = 20_000
/** The SDK needs about as long for these as we do for the 20,000. */
const SDK_LINKS = 200

const NOW = new Date('2026-03-01T10:30:00Z')
const settings: PresignerSettings = {
  endpoint: 'https://s3.sa-east-1.amazonaws.com',
  pathStyle: false,
  region: 'sa-east-1',
  bucket: 'creatorflix-benchmark',
  prefix: '',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  windowSeconds: 1800,
}

const keys = Array.from(
  { length: LINKS },
  (_, index) => `creator-${index % 500}/2026-02-${1 + (index % 28)}-tour-${index % 100}/${index}.jpg`,
)

/** Links a second on one core: ours, the HMAC of the same strings with nothing around it, and the AWS SDK's. */
export async function run(): Promise<Row[]> {
  const sign = presigner(settings)(NOW)
  const key = signingKey()
  const stringsToSign = keys.map((key) => stringToSign(sign(key)))
  insistOnSameSignatures(sign, key, stringsToSign)

  const rates = { ours: [] as number[], bare: [] as number[], sdk: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    rates.ours.push(await perSecond(LINKS, () => keys.forEach((key) => void sign(key))))
    rates.bare.push(await perSecond(LINKS, () => stringsToSign.forEach((text) => void bareHmac(key, text))))
    rates.sdk.push(await perSecond(SDK_LINKS, signWithSdk))
  }
  const [ours, bare, sdk] = [median(rates.ours), median(rates.bare), median(rates.sdk)]

  return [
    {
      what: 'signed S3 links a second, one core',
      against: 'bare HMAC-SHA256 of the same string',
      ratio: ours / bare,
      limit: 0.5,
      better: 'higher',
      detail: `ours ${thousands(ours)}/s, bare HMAC ${thousands(bare)}/s, AWS presigner ${thousands(sdk)}/s`,
    },
  ]
}

function bareHmac(key: Buffer, text: string) {
  return createHmac('sha256', key).update(text).digest('hex')
}

/** A fast answer counts only when it is the right one. */
function insistOnSameSignatures(sign: (key: string) => string, key: Buffer, stringsToSign: string[]) {
  keys.forEach((objectKey, index) => {
    const expected = bareHmac(key, stringsToSign[index] ?? '')
    if (!sign(objectKey).endsWith(`&X-Amz-Signature=${expected}`))
      throw new Error(`${objectKey} is signed wrongly`)
  })
}

/** Laid out anew from the finished link, so that a mistake of the signer shows. */
function stringToSign(link: string) {
  const url = new URL(link)
  url.searchParams.delete('X-Amz-Signature')
  const request = [
    'GET',
    url.pathname,
    url.search.slice(1),
    `host:${url.host}`,
    '',
    'host',
    'UNSIGNED-PAYLOAD',
  ]
  const hashedRequest = createHash('sha256').update(request.join('\n')).digest('hex')
  return ['AWS4-HMAC-SHA256', '20260301T103000Z', '20260301/sa-east-1/s3/aws4_request', hashedRequest].join(
    '\n',
  )
}

function signingKey() {
  const chain = ['20260301', 'sa-east-1', 's3', 'aws4_request']
  return chain.reduce(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${settings.secretAccessKey}`),
  )
}

const { accessKeyId, secretAccessKey, region } = settings
const client = new S3Client({ region, credentials: { accessKeyId, secretAccessKey } })

async function signWithSdk() {
  for (const key of keys.slice(0, SDK_LINKS)) {
    await getSignedUrl(client, new GetObjectCommand({ Bucket: settings.bucket, Key: key }), {
      expiresIn: 2 * settings.windowSeconds,
      signingDate: NOW,
    })
  }
}

async function perSecond(count: number, task: () => unknown) {
  const start = process.hrtime.bigint()
  await task()
  return count / (Number(process.hrtime.bigint() - start) / 1e9)
}

function median(values: number[]) {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0
}

function thousands(rate: number) {
  return rate < 10_000 ? `${(rate / 1000).toFixed(1)} k` : `${Math.round(rate / 1000)} k`
}
