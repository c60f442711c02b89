import { CopyRows, copyValue } from '#src/db/copy-rows.ts'
import type { Database } from '#src/db/index.ts'
import { postTitle } from '#src/services/whitelabel/folder-names.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { creatorFolder, generateObjects, type LibrarySize, postFolder } from './generated-library.ts'

/**
 * The peer of the first sync: the rows of the generated library by COPY, ids and copies given, in one transaction.
 * With `status` the creators are public, for the benchmarks of reading.
 */
export async function copyGivenLibrary(database: Database, size: LibrarySize, status = 'new') {
  await database.session(async ({ db, copyIn }) => {
    await db.execute('begin')
    await copyIn(
      'whitelabel_models',
      ['id', 'folder_name', 'status', 'post_count', 'created_at'],
      buffers(modelRows(size, status)),
    )
    await copyIn(
      'whitelabel_posts',
      [
        'id',
        'whitelabel_model_id',
        'folder_name',
        'title',
        'media_cdns',
        'image_count',
        'video_count',
        'created_at',
      ],
      buffers(postRows(size)),
    )
    await copyIn(
      'whitelabel_media',
      ['id', 'whitelabel_post_id', 's3_key', 'url', 'type', 'created_at', 'size', 'etag'],
      buffers(mediaRows(size)),
    )
    await db.execute('commit')
  })
}

function* modelRows(size: LibrarySize, status: string) {
  for (let creator = 0; creator < size.creators; creator++) {
    yield `${creator + 1}\t${creatorFolder(creator)}\t${status}\t${size.posts}\t${day(creator)}`
  }
}

function* postRows(size: LibrarySize) {
  let id = 0
  for (const keys of keysByPost(size)) {
    const creator = Math.floor(id / size.posts)
    const folder = postFolder(id % size.posts)
    const media = {
      images: keys.filter((key) => key.endsWith('.jpg')),
      videos: keys.filter((key) => key.endsWith('.mp4')),
    }
    const counts = `${media.images.length}\t${media.videos.length}`
    id++
    yield `${id}\t${creator + 1}\t${folder}\t${postTitle(folder)}\t${JSON.stringify(media)}\t${counts}\t${folder.slice(0, 7)}-01`
  }
}

function* mediaRows(size: LibrarySize) {
  let index = 0
  for (const batch of generateObjects(size)) {
    for (const object of batch) {
      const post = Math.floor(index++ / size.media) + 1
      const type = object.key.endsWith('.mp4') ? 'video' : 'image'
      const when = object.lastModified.toISOString()
      yield `${index}\t${post}\t${copyValue(object.key)}\t${encodeKey(object.key)}\t${type}\t${when}\t${object.size}\t${object.etag}`
    }
  }
}

function* keysByPost(size: LibrarySize) {
  let keys: string[] = []
  for (const batch of generateObjects(size)) {
    for (const { key } of batch) {
      keys.push(encodeKey(key))
      if (keys.length < size.media) continue
      yield keys
      keys = []
    }
  }
}

const day = (creator: number) => new Date(Date.UTC(2020, 0, 1 + (creator % 2_000))).toISOString()

function* buffers(lines: Iterable<string>) {
  const rows = new CopyRows()
  for (const line of lines) {
    rows.add(line)
    if (rows.isFull) yield rows.take()
  }
  yield rows.take()
}
