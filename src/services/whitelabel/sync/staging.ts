import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { CopyRows, copyValue } from '#src/db/copy-rows.ts'
import type { DatabaseSession, Db } from '#src/db/index.ts'
import { creatorName, folderDate, postTitle } from '#src/services/whitelabel/folder-names.ts'
import type { ListedObject, MediaStore } from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { resolveCaptions } from './captions.ts'
import { meaningOf, printableKey } from './key-grammar.ts'
import { StreamStage } from './stream-stage.ts'
import { countStreams, createStreamStaging, resolveStreams } from './streams.ts'
import type { QuarantinedKey } from './sync-report.ts'

/** What the staging tables do not hold of a listing. */
export interface ListingSummary {
  listed: number
  ignored: number
  ignoredBy: Record<string, number>
  /** The first `QUARANTINE_LIST`; `quarantinedCount` counts all. */
  quarantined: QuarantinedKey[]
  quarantinedCount: number
}

const PART_OF_STREAM = 'part of a stream'
const QUARANTINE_LIST = 1_000
/** A folder of backups may have as many extensions as files. */
const IGNORED_REASONS = 100
/** Listings name a folder's files together, so few folders need remembering; a forgotten one is staged twice, harmlessly. */
const REMEMBERED_POSTS = 1_024

const MEDIA_COLUMNS = ['post', 's3_key', 'url', 'type', 'size', 'etag', 'modified_ms'] as const
const POST_COLUMNS = ['post', 'model', 'folder', 'title', 'dated'] as const
const ART_COLUMNS = ['model', 'art', 's3_key', 'url'] as const

/**
 * Temporary tables of this session that hold one listing. `post` numbers the folders in the order they were seen;
 * `url` is null where the key needs no encoding.
 */
export async function createStaging(db: Db) {
  await db.execute(sql`drop table if exists pg_temp.staged_media, pg_temp.staged_posts, pg_temp.staged_art`)
  await db.execute(sql`
    create temporary table staged_media (
      post integer not null, s3_key text not null, url text, type text not null,
      size bigint not null, etag text not null, modified_ms bigint not null
    )`)
  await db.execute(sql`
    create temporary table staged_posts (
      post integer not null, model text not null, folder text not null, title text not null, dated timestamptz
    )`)
  await db.execute(sql`
    create temporary table staged_art (model text not null, art text not null, s3_key text not null, url text)`)
  await createStreamStaging(db)
}

/**
 * Copies a whole listing into the staging tables, in constant memory.
 * @throws what the listing throws; the staging tables prove nothing then.
 */
export async function stageListing(
  session: DatabaseSession,
  media: MediaStore,
  { signal, onListed }: StageOptions,
): Promise<ListingSummary> {
  const stage = new ListingStage(session)
  const onSkip = (_key: string, reason: string) => stage.countIgnored(reason)
  try {
    for await (const batch of media.list({ onSkip, ...(signal && { signal }) })) {
      for (const object of batch) stage.add(object)
      if (stage.isFull) await stage.flush()
      await onListed(stage.summary.listed)
      // Batches that are there at once would keep the event loop to themselves, and no row would leave meanwhile.
      await nextTurn()
    }
    await stage.finish()
  } finally {
    await stage.settled()
  }
  await stage.judgeStreams()
  await session.db.execute(sql`analyze staged_media, staged_posts, staged_art`)
  return stage.summary
}

interface StageOptions {
  signal?: AbortSignal | undefined
  onListed: (listed: number) => void | Promise<void>
}

class ListingStage {
  readonly summary: ListingSummary = {
    listed: 0,
    ignored: 0,
    ignoredBy: {},
    quarantined: [],
    quarantinedCount: 0,
  }
  private readonly session: DatabaseSession
  private readonly media = new CopyRows()
  private readonly posts = new CopyRows()
  private readonly art = new CopyRows()
  private readonly postNumbers = new Map<string, number>()
  /** Made for the first file that is no media by itself. */
  private streams: StreamStage | null = null
  private hasPlaylists = false
  private hasCaptions = false
  private nextPost = 0
  private lastPost = { model: '', post: '', number: -1 }
  /** The rows that are on their way to the database while the listing goes on. */
  private copying: Promise<void> = Promise.resolve()

  constructor(session: DatabaseSession) {
    this.session = session
  }

  get isFull() {
    return this.media.isFull || this.posts.isFull || this.art.isFull || this.streams?.isFull === true
  }

  add(object: ListedObject) {
    this.summary.listed++
    const meaning = meaningOf(object.key, object.isUtf8)
    switch (meaning.kind) {
      case 'media':
        return this.addMedia(object, meaning)
      case 'art':
        return this.addArt(object.key, meaning.model, meaning.art)
      case 'playlist':
        return this.addPlaylist(object, meaning)
      case 'captions':
        return this.addCaptions(object.key)
      case 'other':
        return this.countOther(object.key, meaning.because)
      case 'ignored':
        return this.countIgnored(meaning.because)
      case 'quarantined':
        return this.quarantine(object.key, meaning.reason)
    }
  }

  /** Sends what was collected, after what was sent before has arrived: one load is under way at a time. */
  async flush() {
    const rows = [this.posts.take(), this.media.take(), this.art.take()] as const
    const copyStreams = this.streams?.take()
    await this.copying
    this.copying = this.copyAll(...rows).then(() => copyStreams?.(this.session))
    // It is awaited by the next flush; a failure in between must not count as unhandled.
    this.copying.catch(() => {})
  }

  async finish() {
    this.streams?.finish()
    await this.flush()
    await this.copying
  }

  /** When a listing breaks off, rows on their way must not arrive in the tables of the next. */
  async settled() {
    await Promise.allSettled([this.copying])
  }

  /** Once all is listed: which folders are streams, and which captions belong to which video. */
  async judgeStreams() {
    const { db } = this.session
    if (this.hasPlaylists) await resolveStreams(db)
    if (this.hasCaptions) await resolveCaptions(db)
    if (!this.hasPlaylists && !this.hasCaptions) return

    const { parts, others, unusedCaptions } = await countStreams(db)
    this.countIgnored('.vtt', unusedCaptions)
    this.countIgnored(PART_OF_STREAM, parts)
    for (const { because, files } of others) {
      this.uncountIgnored(because, files)
      this.countIgnored(PART_OF_STREAM, files)
    }
  }

  countIgnored(because: string, files = 1) {
    if (files === 0) return
    const { summary } = this
    const isKnown = because in summary.ignoredBy
    const reason = isKnown || Object.keys(summary.ignoredBy).length < IGNORED_REASONS ? because : 'other'
    summary.ignored += files
    summary.ignoredBy[reason] = (summary.ignoredBy[reason] ?? 0) + files
  }

  private uncountIgnored(because: string, files: number) {
    const { summary } = this
    const reason = because in summary.ignoredBy ? because : 'other'
    const left = (summary.ignoredBy[reason] ?? 0) - files
    summary.ignored -= files
    if (left > 0) summary.ignoredBy[reason] = left
    else delete summary.ignoredBy[reason]
  }

  private addPlaylist(object: ListedObject, { model, post }: { model: string; post: string }) {
    this.hasPlaylists = true
    this.streams ??= new StreamStage()
    this.streams.addPlaylist(this.postNumber(model, post), object)
  }

  private addCaptions(key: string) {
    this.hasCaptions = true
    this.streams ??= new StreamStage()
    this.streams.addCaptions(key)
  }

  private countOther(key: string, because: string) {
    this.countIgnored(because)
    this.streams ??= new StreamStage()
    this.streams.countOther(key, because)
  }

  private addMedia(
    { key, size, etag, lastModified }: ListedObject,
    { model, post, type }: { model: string; post: string; type: string },
  ) {
    const number = this.postNumber(model, post)
    const url = encodeKey(key)
    // What needs no encoding for a link needs none for COPY either.
    const keyAndUrl = url === key ? `${key}\t\\N` : `${copyValue(key)}\t${url}`
    this.media.add(`${number}\t${keyAndUrl}\t${type}\t${size}\t${copyValue(etag)}\t${lastModified.getTime()}`)
  }

  private postNumber(model: string, post: string) {
    const { lastPost } = this
    if (lastPost.post === post && lastPost.model === model) return lastPost.number

    const path = `${model}/${post}`
    const number = this.postNumbers.get(path) ?? this.addPost(path, model, post)
    this.lastPost = { model, post, number }
    return number
  }

  private addPost(path: string, model: string, post: string) {
    const number = this.nextPost++
    const title = post === '' ? creatorName(model) : postTitle(post)
    const dated = folderDate(post)?.toISOString() ?? null
    this.posts.add(
      `${number}\t${copyValue(model)}\t${copyValue(post)}\t${copyValue(title)}\t${copyValue(dated)}`,
    )
    this.postNumbers.set(path, number)
    if (this.postNumbers.size > REMEMBERED_POSTS) this.forgetOldestPost()
    return number
  }

  private addArt(key: string, model: string, art: string) {
    this.art.add(`${copyValue(model)}\t${art}\t${copyValue(key)}\t${copyValue(urlUnlessKey(key))}`)
  }

  private forgetOldestPost() {
    const [oldest] = this.postNumbers.keys()
    if (oldest !== undefined) this.postNumbers.delete(oldest)
  }

  private quarantine(key: string, reason: string) {
    this.summary.quarantinedCount++
    if (this.summary.quarantined.length < QUARANTINE_LIST) {
      this.summary.quarantined.push({ key: printableKey(key), reason })
    }
  }

  private async copyAll(posts: Buffer, media: Buffer, art: Buffer) {
    await this.copy('staged_posts', POST_COLUMNS, posts)
    await this.copy('staged_media', MEDIA_COLUMNS, media)
    await this.copy('staged_art', ART_COLUMNS, art)
  }

  private async copy(table: string, columns: readonly string[], rows: Buffer) {
    if (rows.length > 0) await this.session.copyIn(table, columns, [rows])
  }
}

function urlUnlessKey(key: string) {
  const url = encodeKey(key)
  return url === key ? null : url
}
