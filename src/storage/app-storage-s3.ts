import type { AppStorage } from '#src/storage/app-storage.ts'
import { s3Address } from '#src/storage/s3-address.ts'
import { explainFailure } from '#src/storage/s3-failure.ts'
import { persistently, withinTime } from '#src/storage/s3-patience.ts'
import { type Aws, loadAws, unlessMissing } from '#src/storage/s3-store.ts'

export interface S3AppStorageSettings {
  bucket: string
  /** What the keys begin with; ends in a slash. */
  prefix: string
  region: string
  endpoint?: string | undefined
  forcePathStyle?: boolean | undefined
  accessKeyId: string
  secretAccessKey: string
}

const PATIENCE = { attempts: 3, requestMilliseconds: 15_000, pauseMilliseconds: 200 }
const NEEDS = 's3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket'

/** In a part of a bucket: the library's own or another, at the same endpoint and with the same keys. */
export async function openS3AppStorage(settings: S3AppStorageSettings): Promise<AppStorage> {
  const aws = await loadAws()
  const { bucket: Bucket, prefix, region, accessKeyId, secretAccessKey } = settings
  const { endpoint, pathStyle } = s3Address(settings)
  const client = newClient(aws, { endpoint, forcePathStyle: pathStyle, region, accessKeyId, secretAccessKey })
  const asked = { ...settings, endpoint, variable: 'APP_STORAGE', needs: NEEDS }
  const at = (key: string) => ({ Bucket, Key: prefix + key })

  const ask = <T>(send: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> =>
    persistently(
      () =>
        withinTime(PATIENCE.requestMilliseconds, (abortSignal) =>
          send({ abortSignal }).catch((error) => {
            throw explainFailure(error, asked)
          }),
        ),
      PATIENCE,
    )

  return {
    place: `s3://${Bucket}/${prefix} at ${new URL(endpoint).host}`,
    async write(key, Body, ContentType) {
      const object = { ...at(key), Body, ContentType, ContentLength: Body.byteLength }
      await ask((options) => client.send(new aws.PutObjectCommand(object), options))
    },
    read: (key) =>
      ask(async (options) => {
        const answer = await unlessMissing(client.send(new aws.GetObjectCommand(at(key)), options))
        const bytes = await answer?.Body?.transformToByteArray()
        return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : null
      }),
    async removeAll(below) {
      const Prefix = prefix + below
      const page = await ask((options) =>
        client.send(new aws.ListObjectsV2Command({ Bucket, Prefix }), options),
      )
      for (const { Key } of page.Contents ?? []) {
        await ask((options) => client.send(new aws.DeleteObjectCommand({ Bucket, Key }), options))
      }
    },
    async close() {
      client.destroy()
    },
  }
}

interface ClientSettings {
  endpoint: string
  forcePathStyle: boolean
  region: string
  accessKeyId: string
  secretAccessKey: string
}

function newClient({ S3Client }: Aws, { accessKeyId, secretAccessKey, ...place }: ClientSettings) {
  return new S3Client({
    ...place,
    credentials: { accessKeyId, secretAccessKey },
    // We try again ourselves.
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}
