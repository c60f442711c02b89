import path from 'node:path'
import type { Env } from '#src/env.ts'
import { Misconfigured } from '#src/errors.ts'
import { openFolderAppStorage } from '#src/storage/app-storage-folder.ts'
import { openS3AppStorage } from '#src/storage/app-storage-s3.ts'

/**
 * Where CreatorFlix keeps what it makes itself: a folder, or a part of a bucket. Never among the owner's keys: a sync
 * leaves out whatever lies there. Keys are ours: letters, digits, `-`, `.` and slashes.
 * Every method may throw `Unavailable`.
 */
export interface AppStorage {
  /** For people: `folder /srv/creatorflix`, `s3://bucket/prefix/ at host`. Holds no secret. */
  readonly place: string
  /** Whole or not at all: who reads at the same moment gets what was there before, or this. */
  write(key: string, bytes: Uint8Array, contentType: string): Promise<void>
  read(key: string): Promise<Buffer | null>
  /** What lies below the prefix, which ends in a slash. What is not there is no error. */
  removeAll(prefix: string): Promise<void>
  close(): Promise<void>
}

/** `APP_STORAGE`, understood. */
export type AppStoragePlace = { folder: string } | { bucket: string; prefix: string }

const IN_BUCKET = /^s3:\/\/([^/]+)\/(.+)$/

/**
 * What `APP_STORAGE` names, or the folder `storage` in `DATA_DIR`.
 * @throws Misconfigured when it would lie on top of the library rather than beside or inside it.
 */
export function appStoragePlace(env: AppStorageEnv): AppStoragePlace {
  const [, bucket, prefix] = IN_BUCKET.exec(env.APP_STORAGE ?? '') ?? []
  const place =
    bucket && prefix
      ? { bucket, prefix: prefix.replace(/\/*$/, '/') }
      : { folder: path.resolve(env.APP_STORAGE ?? path.join(env.DATA_DIR, 'storage')) }
  refuseLibrary(env, place)
  return place
}

type AppStorageEnv = Pick<
  Env,
  | 'APP_STORAGE'
  | 'DATA_DIR'
  | 'MEDIA_DIR'
  | 'S3_BUCKET'
  | 'S3_PREFIX'
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
  | 'S3_ENDPOINT'
  | 'S3_REGION'
  | 'S3_FORCE_PATH_STYLE'
>

/** Opening asks nothing of the place itself. */
export async function openAppStorage(env: AppStorageEnv): Promise<AppStorage> {
  const place = appStoragePlace(env)
  if ('folder' in place) return openFolderAppStorage(place.folder)
  return openS3AppStorage({
    ...place,
    // The environment was refused if one of the keys were missing.
    accessKeyId: env.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? '',
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    forcePathStyle: env.S3_FORCE_PATH_STYLE,
  })
}

function refuseLibrary(env: AppStorageEnv, place: AppStoragePlace) {
  const isLibrary =
    'folder' in place
      ? place.folder === env.MEDIA_DIR
      : place.bucket === env.S3_BUCKET && env.S3_PREFIX.startsWith(place.prefix)
  if (!isLibrary) return
  throw new Misconfigured(
    'APP_STORAGE names the library itself. Name a place of its own, or one inside the library: a sync leaves that out.',
  )
}
