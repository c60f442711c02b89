import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Hono } from 'hono'
import type { Database } from '#src/db/index.ts'
import { whitelabelMedia, whitelabelModels, whitelabelPosts } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { programFolders, readEnv } from '#src/env.ts'
import { openImaging } from '#src/imaging/imaging.ts'
import { openJobQueue } from '#src/jobs/job-queue.ts'
import { openLog } from '#src/log.ts'
import type { AccessMode } from '#src/services/access/can-watch.ts'
import { writeSetting } from '#src/services/settings/settings.ts'
import { openFolderAppStorage } from '#src/storage/app-storage-folder.ts'
import { openFolderStore } from '#src/storage/folder-store.ts'
import { mediaType } from '#src/storage/media-type.ts'
import { encodeKey } from '#src/storage/object-key.ts'
import { createApp } from '#src/web/app.tsx'
import type { AppEnv } from '#src/web/app-env.ts'

const LINK_KEY = Buffer.alloc(32, 1)
export const PICTURE_KEY = Buffer.alloc(32, 2)
export const STREAM_KEY = Buffer.alloc(32, 3)
export const SEAL_KEY = Buffer.alloc(32, 4)
export const HASH_KEY = Buffer.alloc(32, 5)

export interface TestSite {
  app: Hono<AppEnv>
  deps: Deps
  /** Where the media lie. */
  mediaRoot: string
  /** What was logged, a line each. */
  log: string[]
  /** A page, as a browser asks for it that speaks English. */
  page(address: string, headers?: Record<string, string>): Promise<Response>
  /** A published creator with posts of these files, the newest post first. */
  addCreator(name: string, posts?: Record<string, FileContents>): Promise<number>
  close(): Promise<void>
}

/** Bytes by file name; what is not given is a few bytes. */
export type FileContents = string[] | Record<string, Uint8Array>

export interface TestSiteOptions {
  access?: AccessMode
  /** As the owner would set them. */
  env?: Record<string, string>
  /** Otherwise the media lie in a folder of their own, removed at the end. */
  mediaRoot?: string
}

/** The whole site on this database, its media in a folder. */
export async function openTestSite(
  database: Database,
  { access = 'open', env = {}, mediaRoot }: TestSiteOptions = {},
): Promise<TestSite> {
  const root = mediaRoot ?? (await mkdtemp(path.join(os.tmpdir(), 'site-media-')))
  // Media that are given stay as they are: what the app makes lies elsewhere.
  const data = mediaRoot ? await mkdtemp(path.join(os.tmpdir(), 'site-data-')) : root
  const log: string[] = []
  const deps = testDeps(database, { root, data }, env, log)
  await writeSetting(database.db, 'access', access)
  const app = createApp(deps)

  return {
    app,
    deps,
    mediaRoot: root,
    log,
    page: async (address, headers = {}) =>
      app.request(address, { headers: { Accept: 'text/html', 'Accept-Language': 'en', ...headers } }),
    addCreator: (name, posts = {}) => addCreator(deps, root, name, posts),
    async close() {
      await deps.imaging.close()
      // Everything, unless the media were given.
      await rm(data, { recursive: true, force: true })
    },
  }
}

function testDeps(
  database: Database,
  { root, data }: { root: string; data: string },
  variables: Record<string, string>,
  lines: string[],
): Deps {
  const env = readEnv({ MEDIA_DIR: root, DATA_DIR: data, ...variables })
  const ownFolder = variables.APP_STORAGE ?? path.join(data, 'storage')
  const links = { linkKey: LINK_KEY, linkSeconds: env.MEDIA_LINK_SECONDS, baseUrl: env.MEDIA_BASE_URL }
  return {
    env,
    database,
    media: openFolderStore({ root, ownFolder, ...links }),
    appStorage: openFolderAppStorage(ownFolder),
    imaging: openImaging({ programFolders: programFolders() }),
    linkKey: LINK_KEY,
    pictureKey: PICTURE_KEY,
    streamKey: STREAM_KEY,
    sealKey: SEAL_KEY,
    hashKey: HASH_KEY,
    mail: null,
    jobs: openJobQueue(),
    log: openLog('debug', { write: (line) => lines.push(line) }),
    now: () => new Date(),
  }
}

async function addCreator(
  { database }: Deps,
  root: string,
  name: string,
  posts: Record<string, FileContents>,
) {
  const [model] = await database.db
    .insert(whitelabelModels)
    .values({ folderName: name, status: 'active' })
    .returning({ id: whitelabelModels.id })
  const modelId = model?.id ?? 0

  const newest = Date.UTC(2026, 0, 31)
  for (const [index, [folder, files]] of Object.entries(posts).entries()) {
    const createdAt = new Date(newest - index * 86_400_000)
    const [post] = await database.db
      .insert(whitelabelPosts)
      .values({ whitelabelModelId: modelId, folderName: folder, title: folder, createdAt })
      .returning({ id: whitelabelPosts.id })
    await addFiles(database, root, post?.id ?? 0, path.posix.join(name, folder), files)
  }
  return modelId
}

async function addFiles(
  database: Database,
  root: string,
  postId: number,
  folder: string,
  files: FileContents,
) {
  const contents = Array.isArray(files) ? Object.fromEntries(files.map((file) => [file, undefined])) : files
  await mkdir(path.join(root, folder), { recursive: true })
  for (const [file, bytes] of Object.entries(contents)) {
    const key = `${folder}/${file}`
    await writeFile(path.join(root, key), bytes ?? file)
    await database.db.insert(whitelabelMedia).values({
      whitelabelPostId: postId,
      s3Key: key,
      url: encodeKey(key),
      type: mediaType(file)?.kind ?? 'image',
    })
  }
}
