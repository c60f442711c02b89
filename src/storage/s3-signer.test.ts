import { S3Client } from '@aws-sdk/client-s3'
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeKey } from '#src/storage/object-key.ts'
import { bucketUrl } from '#src/storage/s3-address.ts'
import { type PresignerSettings, presigner } from '#src/storage/s3-signer.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'

/** The keys of Amazon's own published example, not anybody's. */
const PUBLISHED: PresignerSettings = {
  endpoint: 'https://s3.amazonaws.com',
  pathStyle: false,
  region: 'us-east-1',
  bucket: 'examplebucket',
  prefix: '',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  windowSeconds: 43_200,
}
const MIDNIGHT = new Date('2013-05-24T00:00:00Z')

const STORES = {
  'a bucket in the host name': PUBLISHED,
  'a bucket in the path': { ...PUBLISHED, endpoint: 'http://127.0.0.1:7480', pathStyle: true },
  'an endpoint under a path': { ...PUBLISHED, endpoint: 'https://storage.example/s3', pathStyle: true },
  'a prefix that needs encoding': { ...PUBLISHED, region: 'sa-east-1', prefix: 'acervo são/2024+/' },
}

test("the link of Amazon's published example has the published signature", () => {
  expect(presigner(PUBLISHED)(MIDNIGHT)('test.txt')).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
      '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  )
})

describe.each(Object.entries(STORES))('in %s', (_, settings) => {
  const sign = presigner(settings)(MIDNIGHT)

  test('hard keys are signed as the AWS SDK signs them', async () => {
    for (const key of HARD_KEYS) {
      const encodedKey = encodeKey(key)
      expect(parts(sign(encodedKey)), JSON.stringify(key)).toEqual(await signedBySdk(settings, encodedKey))
    }
  })

  test('any key is signed as the AWS SDK signs it', async () => {
    const anyKey = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).map(encodeKey)
    await fc.assert(
      fc.asyncProperty(anyKey, async (encodedKey) => {
        expect(parts(sign(encodedKey))).toEqual(await signedBySdk(settings, encodedKey))
      }),
      { numRuns: 300 },
    )
  })
})

test('a link is the same for its whole window and another in the next', () => {
  const signer = presigner({ ...PUBLISHED, windowSeconds: 1800 })
  const link = signer(new Date('2026-03-01T10:30:00Z'))('a/b.jpg')

  expect(signer(new Date('2026-03-01T10:59:59.999Z'))('a/b.jpg')).toBe(link)
  expect(signer(new Date('2026-03-01T11:00:00Z'))('a/b.jpg')).not.toBe(link)
  expect(signer(new Date('2026-03-01T10:30:00Z'))('a/b.jpg')).toBe(link)
  expect(link).toContain('X-Amz-Date=20260301T103000Z&X-Amz-Expires=3600')
})

test('with a CDN in front only the origin of a link changes', () => {
  const atEndpoint = new URL(presigner(PUBLISHED)(MIDNIGHT)('a/b.jpg'))
  const atCdn = new URL(presigner({ ...PUBLISHED, mediaBaseUrl: 'https://cdn.example' })(MIDNIGHT)('a/b.jpg'))

  expect(atCdn.origin).toBe('https://cdn.example')
  expect(atCdn.pathname + atCdn.search).toBe(atEndpoint.pathname + atEndpoint.search)
})

function parts(link: string) {
  const [address = '', query] = link.split('?')
  return { address, parameters: Object.fromEntries(new URLSearchParams(query)) }
}

/** What the SDK signs when asked for what we promise: a GET of that path with only the host signed. */
async function signedBySdk(settings: PresignerSettings, encodedKey: string) {
  const url = bucketUrl(settings, settings.bucket)
  const path = `${url.pathname.replace(/\/$/, '')}/${encodeKey(settings.prefix)}${encodedKey}`
  const { accessKeyId, secretAccessKey, region } = settings
  const client = new S3Client({ region, credentials: { accessKeyId, secretAccessKey } })
  const presigned = await new S3RequestPresigner(client.config).presign(
    {
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      path,
      query: {},
      headers: { host: url.host },
    },
    {
      signingDate: MIDNIGHT,
      expiresIn: 2 * settings.windowSeconds,
      unhoistableHeaders: new Set(['x-amz-content-sha256']),
      unsignableHeaders: new Set(['x-amz-content-sha256']),
    },
  )
  return { address: url.origin + presigned.path, parameters: presigned.query }
}
