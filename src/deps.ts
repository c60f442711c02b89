import { hkdfSync } from 'node:crypto'
import type { Logger } from 'pino'
import { type Database, openDatabase } from '#src/db/index.ts'
import { type Env, programFolders } from '#src/env.ts'
import { type Imaging, openImaging } from '#src/imaging/imaging.ts'
import { type JobQueue, openJobQueue } from '#src/jobs/job-queue.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import { sealKeyOf } from '#src/seal-key.ts'
import { type AppStorage, openAppStorage } from '#src/storage/app-storage.ts'
import type { MediaStore } from '#src/storage/media-store.ts'
import { openMediaStore } from '#src/storage/open-store.ts'

/** What use-cases work with; each takes the part it needs, `Pick<Deps, 'database' | 'now'>`, first. */
export interface Deps {
  env: Env
  database: Database
  media: MediaStore
  /** What the app makes itself. */
  appStorage: AppStorage
  imaging: Imaging
  /** What the links of the folder store are signed with. */
  linkKey: Buffer
  /** What the links to pictures that the server makes are signed with. */
  pictureKey: Buffer
  /** What the links to playlists and captions are signed with. */
  streamKey: Buffer
  /** What secrets and buyers' documents are sealed with. */
  sealKey: Buffer
  /** What hashes are keyed with by which sealed values are found again. */
  hashKey: Buffer
  /** Who delivers mail; null where nobody does, and mail stays in the outbox. */
  mail: Mailer | null
  jobs: JobQueue
  log: Logger
  now: () => Date
}

/** Opens the database, the stores and what makes pictures; the caller closes both with `closeDeps`. */
export async function openDeps(env: Env, secret: string, log: Logger): Promise<Deps> {
  const linkKey = deriveKey(secret, 'media links')
  const media = await openMediaStore(env, { linkKey })
  const database = await openDatabase(env)
  const appStorage = await openAppStorage(env)
  const imaging = openImaging({ programFolders: programFolders() })
  const pictureKey = deriveKey(secret, 'pictures')
  const streamKey = deriveKey(secret, 'hls links')
  return {
    env,
    database,
    media,
    appStorage,
    imaging,
    linkKey,
    pictureKey,
    streamKey,
    sealKey: await sealKeyOf(env, secret),
    hashKey: deriveKey(secret, 'keyed hashes'),
    // Read only where there is a mail server to speak to.
    mail: env.SMTP_URL ? (await import('#src/mail/smtp.ts')).openMailer(env) : null,
    jobs: openJobQueue(),
    log,
    now: () => new Date(),
  }
}

export async function closeDeps(deps: Pick<Deps, 'database' | 'media' | 'appStorage' | 'imaging'>) {
  const { database, media, appStorage, imaging } = deps
  await Promise.allSettled([imaging.close(), appStorage.close(), media.close(), database.close()])
}

/** One key for each purpose, so that what one signs means nothing to another. */
function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `creatorflix ${purpose}`, 32))
}
