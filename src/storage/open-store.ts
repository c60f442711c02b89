import path from 'node:path'
import type { Env } from '#src/env.ts'
import { type AppStoragePlace, appStoragePlace } from '#src/storage/app-storage.ts'
import { openFolderStore } from '#src/storage/folder-store.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { openS3Store } from '#src/storage/s3-store.ts'

/** What the library that comes with CreatorFlix calls itself, wherever its folder lies. */
export const SAMPLE_SOURCE = 'the sample library'

/**
 * The owner's media: the bucket when S3_BUCKET is set, else the folder MEDIA_DIR, else the sample library in DATA_DIR.
 * Opening asks nothing of the place itself.
 */
export async function openMediaStore(env: Env, { linkKey }: { linkKey: Buffer }): Promise<MediaStore> {
  const own = appStoragePlace(env)
  const { S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = env
  // The environment was refused if one of the keys were missing beside the bucket.
  if (S3_BUCKET && S3_ACCESS_KEY_ID && S3_SECRET_ACCESS_KEY) {
    return openS3Store({
      bucket: S3_BUCKET,
      accessKeyId: S3_ACCESS_KEY_ID,
      secretAccessKey: S3_SECRET_ACCESS_KEY,
      endpoint: env.S3_ENDPOINT,
      region: env.S3_REGION,
      forcePathStyle: env.S3_FORCE_PATH_STYLE,
      prefix: env.S3_PREFIX,
      linkSeconds: env.MEDIA_LINK_SECONDS,
      mediaBaseUrl: env.MEDIA_BASE_URL,
      ownKeys: ownKeys(own, env),
    })
  }
  const ownFolder = 'folder' in own ? own.folder : undefined
  const links = { ownFolder, linkKey, linkSeconds: env.MEDIA_LINK_SECONDS, baseUrl: env.MEDIA_BASE_URL }
  if (env.MEDIA_DIR) return openFolderStore({ root: env.MEDIA_DIR, ...links })
  return { ...openFolderStore({ root: path.join(env.DATA_DIR, 'library'), ...links }), source: SAMPLE_SOURCE }
}

/** Where `APP_STORAGE` lies among the keys of the library, or undefined when it lies elsewhere. */
function ownKeys(own: AppStoragePlace, { S3_BUCKET, S3_PREFIX }: Pick<Env, 'S3_BUCKET' | 'S3_PREFIX'>) {
  const isInside = 'bucket' in own && own.bucket === S3_BUCKET && own.prefix.startsWith(S3_PREFIX)
  return isInside ? own.prefix.slice(S3_PREFIX.length) : undefined
}
