import { LRUCache } from 'lru-cache'
import type { Deps } from '#src/deps.ts'
import { Unavailable } from '#src/errors.ts'
import { Unreadable } from '#src/imaging/unreadable.ts'
import { atOnce } from '#src/lib/at-once.ts'
import { contentTypeOf, type Derivative, etagOf, folderOf } from './derivative.ts'
import { type Made, makePictures } from './make.ts'
import { onOneNode } from './on-one-node.ts'
import type { Variant } from './picture-links.ts'
import { keepDetails } from './queries/keep-details.ts'
import type { ShownObject } from './queries/shown-object.ts'
import {
  countAsked,
  forgetUnreadable,
  recordUnreadable,
  type UnreadableReason,
} from './queries/unreadable-objects.ts'

export type DerivativeDeps = Pick<Deps, 'database' | 'media' | 'appStorage' | 'imaging'>

/** A picture, or why there is none. */
export type Outcome = Derivative | UnreadableReason | 'no ffmpeg'

export interface Derivatives {
  /**
   * What the server makes of an object: kept in APP_STORAGE, made when it is not there yet, once however many ask.
   * What cannot be read is put on a list and not read again until its content changes; what is missing is looked for
   * again after a minute.
   * @param asker no one of them takes all the places of those that wait.
   * @throws Unavailable when too many wait already, or when the store does not answer.
   */
  of(object: ShownObject, variant: Variant, asker: string): Promise<Outcome>
}

const MADE_AT_ONCE = 2
const MOST_WAITING = 200
const MOST_WAITING_EACH = 100
/** How long the etag of an object counts that no sync keeps. */
const ETAG_MS = 60_000
const MOST_ETAGS = 5_000

/** One content of an object. */
interface Content extends ShownObject {
  etag: string
  /** Where what is made of it is kept. */
  folder: string
}

export function openDerivatives(deps: DerivativeDeps): Derivatives {
  const etags = new LRUCache<string, string>({ max: MOST_ETAGS, ttl: ETAG_MS })
  const makings = new Map<string, Promise<Outcome>>()
  const waiting = new Map<string, number>()
  const inTurn = atOnce({ atOnce: MADE_AT_ONCE, waiting: MOST_WAITING, full: tooMany })

  /** Whoever asks for the same meanwhile gets the same answer. */
  function makeOnce(content: Content, variant: Variant, asker: string): Promise<Outcome> {
    const name = content.folder + (content.type === 'video' ? 'all' : variant)
    const known = makings.get(name)
    if (known) return known
    if ((waiting.get(asker) ?? 0) >= MOST_WAITING_EACH) throw tooMany()

    count(waiting, asker, 1)
    const making = inTurn(() => makeOnOneNode(deps, name, content, variant))
    makings.set(name, making)
    const isOver = () => {
      makings.delete(name)
      count(waiting, asker, -1)
    }
    making.then(isOver, isOver)
    return making
  }

  return {
    async of(object, variant, asker) {
      const content = await contentOf(deps, etags, object)
      if (content === null) return 'missing'
      const { unreadable } = content
      if (unreadable && unreadable.reason !== 'missing' && unreadable.etag === content.etag) {
        await countAsked(deps.database.db, content.key)
        return unreadable.reason
      }
      const kept = await keptPicture(deps, content, variant)
      if (kept) return kept
      return (await isToBeTried(deps, content)) ? makeOnce(content, variant, asker) : 'missing'
    },
  }
}

/** Null when it is not there, as far as that shows without reading it. */
async function contentOf(
  deps: DerivativeDeps,
  etags: LRUCache<string, string>,
  object: ShownObject,
): Promise<Content | null> {
  const known = object.etag ?? etags.get(object.key)
  if (known !== undefined) return { ...object, etag: known, folder: folderOf(object.key, known) }
  if (!(await isToBeTried(deps, object))) return null

  const headed = await deps.media.head(object.key)
  if (headed === null) {
    await recordUnreadable(deps.database.db, object.key, null, 'missing')
    return null
  }
  etags.set(object.key, headed.etag)
  const found = { ...object, size: headed.size, etag: headed.etag, folder: folderOf(object.key, headed.etag) }
  if (object.unreadable?.reason !== 'missing') return found
  await forgetUnreadable(deps.database.db, object.key)
  return { ...found, unreadable: null }
}

/** What was missing is looked for once a minute, and counted each time it is asked for. */
async function isToBeTried({ database }: DerivativeDeps, { key, unreadable }: ShownObject): Promise<boolean> {
  if (unreadable?.reason !== 'missing') return true
  return (await countAsked(database.db, key)).mayTryAgain
}

async function keptPicture(
  { appStorage }: DerivativeDeps,
  { folder }: Content,
  variant: Variant,
): Promise<Derivative | null> {
  const bytes = await appStorage.read(folder + variant)
  return bytes && { bytes, contentType: contentTypeOf(variant), etag: etagOf(folder, variant) }
}

/** The other nodes wait, and find what one has made. */
async function makeOnOneNode(
  deps: DerivativeDeps,
  name: string,
  content: Content,
  variant: Variant,
): Promise<Outcome> {
  const find = () => keptPicture(deps, content, variant)
  return onOneNode(deps.database, name, find, () => make(deps, content, variant))
}

async function make(deps: DerivativeDeps, content: Content, variant: Variant): Promise<Outcome> {
  const { db } = deps.database
  try {
    const made = await makePictures(deps, content, variant)
    if (made === 'no ffmpeg') return made
    if (made !== 'missing') return await keep(deps, content, made, variant)
    await recordUnreadable(db, content.key, null, 'missing')
    return made
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    await recordUnreadable(db, content.key, content.etag, error.reason)
    return error.reason
  }
}

/** The details first: by them a sweep finds later what is kept of an object that left. */
async function keep(
  deps: DerivativeDeps,
  content: Content,
  made: Made,
  variant: Variant,
): Promise<Derivative> {
  const { appStorage, database } = deps
  if (content.detailsEtag !== content.etag) await keepNewDetails(deps, content, made)
  for (const { name, bytes, contentType } of made.pictures) {
    await appStorage.write(content.folder + name, bytes, contentType)
  }
  if (content.unreadable) await forgetUnreadable(database.db, content.key)

  const bytes = made.pictures.find(({ name }) => name === variant)?.bytes ?? new Uint8Array()
  return { bytes, contentType: contentTypeOf(variant), etag: etagOf(content.folder, variant) }
}

async function keepNewDetails(
  { database, appStorage }: DerivativeDeps,
  { key, etag, detailsEtag }: Content,
  { width, height, durationMs, thumbhash }: Made,
) {
  await keepDetails(database.db, { objectKey: key, etag, width, height, durationMs, thumbhash })
  if (detailsEtag !== null) await appStorage.removeAll(folderOf(key, detailsEtag))
}

function count(waiting: Map<string, number>, asker: string, change: number) {
  const left = (waiting.get(asker) ?? 0) + change
  if (left > 0) waiting.set(asker, left)
  else waiting.delete(asker)
}

const tooMany = () => new Unavailable('Too many pictures wait to be made.')
