import { Readable } from 'node:stream'
import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { linkWindow } from '#src/storage/link-window.ts'
import type {
  ByteRange,
  ListedObject,
  ListOptions,
  MediaStore,
  SignLink,
  Whereabouts,
} from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { s3Address } from '#src/storage/s3-address.ts'
import { limited } from '#src/storage/s3-answer-limit.ts'
import { explainFailure } from '#src/storage/s3-failure.ts'
import { listBucket, type PageRequest } from '#src/storage/s3-listing.ts'
import { readPage, withoutQuotes } from '#src/storage/s3-page.ts'
import { type Patience, persistently, withinTime } from '#src/storage/s3-patience.ts'
import { presigner } from '#src/storage/s3-signer.ts'

export interface S3StoreSettings {
  bucket: string
  region: string
  /** Of any S3-compatible service; Amazon's in the region without it. */
  endpoint?: string | undefined
  forcePathStyle?: boolean | undefined
  accessKeyId: string
  secretAccessKey: string
  /** What the keys of the library begin with: empty, or ending in a slash. */
  prefix: string
  linkSeconds: number
  mediaBaseUrl?: string | undefined
  /** What CreatorFlix itself keeps among the library's keys, left out of listings: without the library's prefix, ending in a slash. */
  ownKeys?: string | undefined
  patience?: Patience
}

const PATIENCE: Patience = { attempts: 4, requestMilliseconds: 15_000, pauseMilliseconds: 200 }
/** Whoever asks for readiness asks again soon, and must not wait for a store that is gone. */
const READINESS: Patience = { attempts: 1, requestMilliseconds: 2_000, pauseMilliseconds: 0 }

/** For a program on this machine that opens it at once: such a link lives one to two minutes. */
const PROGRAM_LINK_SECONDS = 60

/** The media in a bucket. Nothing is asked of it until it is used: it may be out of reach for a while. */
export async function openS3Store(settings: S3StoreSettings): Promise<MediaStore> {
  return new S3Store(settings, await loadAws())
}

export type Aws = typeof import('@aws-sdk/client-s3')

/** Loaded when a bucket is used, so that a library in a folder does without the SDK's memory and time to load. */
export async function loadAws(): Promise<Aws> {
  // The SDK reads this as it loads. Its advice is for whoever chooses our Node, not for the owner's log.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  return import('@aws-sdk/client-s3')
}

interface SendOptions {
  abortSignal: AbortSignal
}

class S3Store implements MediaStore {
  readonly source: string
  readonly signer: (now: Date) => SignLink
  readonly #settings: S3StoreSettings
  readonly #signForPrograms: (now: Date) => SignLink
  readonly #aws: Aws
  readonly #client: S3Client
  readonly #endpoint: string
  readonly #patience: Patience

  constructor(settings: S3StoreSettings, aws: Aws) {
    const { endpoint, pathStyle } = s3Address(settings)
    const { accessKeyId, secretAccessKey, region, bucket, prefix } = settings
    this.source = `s3://${bucket}/${prefix} at ${new URL(endpoint).host}`
    this.signer = presigner({ ...settings, endpoint, pathStyle, windowSeconds: settings.linkSeconds })
    this.#signForPrograms = presigner({
      ...settings,
      endpoint,
      pathStyle,
      windowSeconds: PROGRAM_LINK_SECONDS,
      mediaBaseUrl: undefined,
    })
    this.#settings = settings
    this.#aws = aws
    this.#endpoint = endpoint
    this.#patience = settings.patience ?? PATIENCE
    this.#client = new aws.S3Client({
      endpoint,
      forcePathStyle: pathStyle,
      region,
      credentials: { accessKeyId, secretAccessKey },
      // We try again ourselves, with answers that contradict themselves as well.
      maxAttempts: 1,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // Ends a body that stops coming after `read` has handed it out.
      requestHandler: { socketTimeout: this.#patience.requestMilliseconds },
    })
    limitAnswers(this.#client)
  }

  list({ signal }: ListOptions = {}): AsyncIterable<ListedObject[]> {
    const { bucket, prefix } = this.#settings
    const askPage = (request: PageRequest, signal: AbortSignal) => this.#page(request, this.#patience, signal)
    return this.#ownersObjects(listBucket({ name: `s3://${bucket}/${prefix}`, prefix, askPage }, signal))
  }

  async head(key: string): Promise<ListedObject | null> {
    if (key === '') return null
    const command = new this.#aws.HeadObjectCommand(this.#object(key))
    const answer = await this.#ask((options) => unlessMissing(this.#client.send(command, options)))
    if (answer !== null) return headedObject(key, answer)

    // The answer to a HEAD has no body to say whether the object is missing or the whole bucket.
    const { bucket: Bucket } = this.#settings
    await this.#ask((options) => this.#client.send(new this.#aws.HeadBucketCommand({ Bucket }), options))
    return null
  }

  async read(key: string, range?: ByteRange): Promise<Readable | null> {
    if (key === '') return null
    const span = range ? { Range: `bytes=${range.start}-${range.end}` } : {}
    const command = new this.#aws.GetObjectCommand({ ...this.#object(key), ...span })
    const answer = await this.#ask((options) => unlessMissing(this.#client.send(command, options)))
    return answer?.Body instanceof Readable ? answer.Body : null
  }

  async locate(key: string): Promise<Whereabouts | null> {
    return key === '' ? null : { url: this.#signForPrograms(new Date())(encodeKey(key)) }
  }

  windowEnd(now: Date): Date {
    return new Date(linkWindow(now, this.#settings.linkSeconds).end * 1000)
  }

  async ping(): Promise<void> {
    await this.#page({ Prefix: this.#settings.prefix, MaxKeys: 1 }, READINESS)
  }

  async close(): Promise<void> {
    this.#client.destroy()
  }

  async *#ownersObjects(listing: AsyncIterable<ListedObject[]>): AsyncGenerator<ListedObject[]> {
    const { ownKeys } = this.#settings
    for await (const batch of listing) {
      yield ownKeys === undefined ? batch : batch.filter(({ key }) => !key.startsWith(ownKeys))
    }
  }

  #object(key: string) {
    return { Bucket: this.#settings.bucket, Key: this.#settings.prefix + key }
  }

  #page(request: PageRequest, patience: Patience, signal?: AbortSignal) {
    const command = new this.#aws.ListObjectsV2Command({
      Bucket: this.#settings.bucket,
      // XML cannot hold every character that a key can.
      EncodingType: 'url',
      ...request,
    })
    return this.#ask(async (options) => readPage(await this.#client.send(command, options)), patience, signal)
  }

  #ask<T>(
    send: (options: SendOptions) => Promise<T>,
    patience = this.#patience,
    signal?: AbortSignal,
  ): Promise<T> {
    const attempt = async (abortSignal: AbortSignal) => {
      try {
        return await send({ abortSignal })
      } catch (error) {
        throw explainFailure(error, { ...this.#settings, endpoint: this.#endpoint })
      }
    }
    return persistently(() => withinTime(patience.requestMilliseconds, attempt, signal), patience, signal)
  }
}

/** Every answer but the file that was asked for is held in memory whole. */
function limitAnswers(client: S3Client) {
  client.middlewareStack.add(
    (next, context) =>
      async function limitAnswer(request) {
        const output = await next(request)
        const answer = output.response as { statusCode: number; body?: unknown }
        const isFile = context.commandName === 'GetObjectCommand' && answer.statusCode < 300
        if (!isFile && answer.body instanceof Readable) answer.body = limited(answer.body)
        return output
      },
    // Innermost, before the answer is read.
    { step: 'deserialize', priority: 'low', name: 'limitAnswer' },
  )
}

function headedObject(
  key: string,
  { ContentLength, ETag, LastModified }: HeadObjectCommandOutput,
): ListedObject {
  return {
    key,
    isUtf8: true,
    size: ContentLength ?? 0,
    etag: withoutQuotes(ETag ?? ''),
    lastModified: LastModified ?? new Date(0),
  }
}

/** A bucket that is missing says so by a name of its own, except to a HEAD. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound')) return null
    throw error
  }
}
