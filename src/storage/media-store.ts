/** One object as a listing names it. */
export interface ListedObject {
  /** The key, decoded, without `S3_PREFIX`. For a key that is not valid UTF-8: its percent-encoded bytes. */
  key: string
  isUtf8: boolean
  /** Bytes. */
  size: number
  /** As the store gives it, without quotes: changes whenever the content does. */
  etag: string
  lastModified: Date
}

/** An inclusive span of bytes, as of RFC 9110 §14.1.2 after resolution against the size. */
export interface ByteRange {
  start: number
  end: number
}

export interface ListOptions {
  signal?: AbortSignal
  /** Told of what lies in a folder and is no object of the library: symbolic links are never followed. */
  onSkip?: (key: string, reason: 'symbolic link' | 'no regular file') => void
}

/** Where a program on this machine opens an object: a file, or an address that works for a minute or two. */
export type Whereabouts = { path: string } | { url: string }

/** Turns a percent-encoded key (the form `whitelabel_media.url` holds) into a link that works for now. */
export type SignLink = (encodedKey: string) => string

/**
 * Where the owner's media lie: a folder or a bucket. CreatorFlix reads it and never writes to it.
 * Every method may throw `Unavailable` when the store does not answer.
 */
export interface MediaStore {
  /** Names the place for people and tells one source from another: `s3://bucket/prefix at host`, `folder /srv/media`. Holds no secret. */
  readonly source: string
  /**
   * Every object, in batches; batches of different prefixes come interleaved. Ends normally only when every
   * page of every prefix ended cleanly.
   * @throws ListingIncomplete with the page and the reason; what was yielded before proves nothing.
   */
  list(options?: ListOptions): AsyncIterable<ListedObject[]>
  /** The object as the store has it now, or null when it is not there. */
  head(key: string): Promise<ListedObject | null>
  /** The object's bytes, the whole or a span, or null when it is not there. */
  read(key: string, range?: ByteRange): Promise<NodeJS.ReadableStream | null>
  /**
   * What a program on this machine opens the object by, or null when that is sure to be in vain. The address holds a
   * permission of ours: it is for programs that we start, and for no page.
   */
  locate(key: string): Promise<Whereabouts | null>
  /** A signer for the window that `now` falls in: the same key gives the same link until the window ends. */
  signer(now: Date): SignLink
  /** When links signed at `now` may change, for cache headers. */
  windowEnd(now: Date): Date
  /** Resolves when the store answers, for readiness. */
  ping(): Promise<void>
  close(): Promise<void>
}
