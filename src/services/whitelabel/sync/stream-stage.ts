import { CopyRows, copyValue } from '#src/db/copy-rows.ts'
import type { DatabaseSession } from '#src/db/index.ts'
import type { ListedObject } from '#src/storage/media-store.ts'
import { encodeKey } from '#src/storage/object-key.ts'

const PLAYLIST_COLUMNS = ['post', 'folder', 's3_key', 'url', 'size', 'etag', 'modified_ms'] as const
const CAPTION_COLUMNS = ['folder', 's3_key', 'url', 'stem', 'language_stem', 'language'] as const
const OTHER_COLUMNS = ['folder', 'because', 'files'] as const

/** More reasons than that in one folder are counted in several rows. */
const REASONS_AT_ONCE = 100

/**
 * Collects what only the whole listing can judge: playlists, captions, and how many files that are no media lie in
 * each folder. A library without them never makes one.
 */
export class StreamStage {
  private readonly playlists = new CopyRows()
  private readonly captions = new CopyRows()
  private readonly others = new CopyRows()
  private counted = { folder: '', files: new Map<string, number>() }

  get isFull() {
    return this.playlists.isFull || this.captions.isFull || this.others.isFull
  }

  addPlaylist(post: number, { key, size, etag, lastModified }: ListedObject) {
    const values = [folderOf(key), key, encodeKey(key), String(size), etag, String(lastModified.getTime())]
    this.playlists.add(`${post}\t${values.map(copyValue).join('\t')}`)
  }

  addCaptions(key: string) {
    const stem = key.slice(0, key.lastIndexOf('.'))
    const { languageStem, language } = languageIn(stem)
    this.captions.add(
      [folderOf(key), key, encodeKey(key), stem, languageStem, language].map(copyValue).join('\t'),
    )
  }

  /** Listings name a folder's files together, so a folder seldom takes more than a row for each reason. */
  countOther(key: string, because: string) {
    const folder = folderOf(key)
    const { files } = this.counted
    if (folder !== this.counted.folder || files.size >= REASONS_AT_ONCE) this.addCounted(folder)
    this.counted.files.set(because, (this.counted.files.get(because) ?? 0) + 1)
  }

  /** @returns what sends the rows collected so far. */
  take(): (session: DatabaseSession) => Promise<void> {
    const rows = [
      ['listed_playlists', PLAYLIST_COLUMNS, this.playlists.take()],
      ['listed_captions', CAPTION_COLUMNS, this.captions.take()],
      ['listed_others', OTHER_COLUMNS, this.others.take()],
    ] as const
    return async (session) => {
      for (const [table, columns, bytes] of rows) {
        if (bytes.length > 0) await session.copyIn(table, columns, [bytes])
      }
    }
  }

  /** To be called before the last `take`. */
  finish() {
    this.addCounted('')
  }

  private addCounted(next: string) {
    const { folder, files } = this.counted
    for (const [because, count] of files)
      this.others.add(`${copyValue(folder)}\t${copyValue(because)}\t${count}`)
    this.counted = { folder: next, files: new Map() }
  }
}

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/'))

/** `film.pt-BR` → pt-BR of `film`. BCP 47, of which names of files use two or three letters and their subtags. */
const LANGUAGE = /\.([a-z]{2,3}(?:-[a-z0-9]{1,8})*)$/i

function languageIn(stem: string): { languageStem: string | null; language: string | null } {
  const language = LANGUAGE.exec(stem)?.[1]
  if (!language || !isLanguageTag(language)) return { languageStem: null, language: null }
  return { languageStem: stem.slice(0, -language.length - 1), language }
}

function isLanguageTag(tag: string) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
