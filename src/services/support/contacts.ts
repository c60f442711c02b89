import { asc, eq } from 'drizzle-orm'
import type { Db } from '#src/db/index.ts'
import { supportContacts } from '#src/db/schema.ts'
import { Conflict, InvalidInput, NotFound } from '#src/errors.ts'
import { contactAddress, isContactAddress } from './contact-address.ts'

/** A way to reach the owner. */
export interface Contact {
  id: number
  platform: string
  url: string
  isActive: boolean
}

const LONGEST_PLATFORM = 40

/** All of them, the oldest first. */
export async function listContacts(db: Db): Promise<Contact[]> {
  return db
    .select({
      id: supportContacts.id,
      platform: supportContacts.platform,
      url: supportContacts.url,
      isActive: supportContacts.isActive,
    })
    .from(supportContacts)
    .orderBy(asc(supportContacts.id))
}

/** Those that pages show. A row that somebody wrote by hand with another kind of address is left out. */
export async function shownContacts(db: Db): Promise<Contact[]> {
  return (await listContacts(db)).filter(({ isActive, url }) => isActive && isContactAddress(url))
}

/**
 * Adds a contact that pages show from now on.
 * @param address a link, or what people write instead: an e-mail address, a phone number for WhatsApp, `@name` for Telegram.
 * @throws InvalidInput when no browser should be led there, Conflict when it is among them.
 */
export async function addContact(db: Db, platform: string, address: string): Promise<Contact> {
  const name = platform.trim()
  if (name === '' || [...name].length > LONGEST_PLATFORM || /\p{Cc}/u.test(name)) {
    throw new InvalidInput(
      `The platform must be a name of at most ${LONGEST_PLATFORM} characters, such as WhatsApp.`,
    )
  }
  const url = contactAddress(name, address)
  const known = (await listContacts(db)).find((contact) => contact.platform === name && contact.url === url)
  if (known) throw new Conflict(`${name} ${url} is there already, as contact ${known.id}.`)
  const [added] = await db.insert(supportContacts).values({ platform: name, url }).returning({
    id: supportContacts.id,
    platform: supportContacts.platform,
    url: supportContacts.url,
    isActive: supportContacts.isActive,
  })
  if (!added) throw new Error('The contact was not stored.')
  return added
}

/** @throws NotFound */
export async function removeContact(db: Db, id: number): Promise<void> {
  const removed = await db
    .delete(supportContacts)
    .where(eq(supportContacts.id, id))
    .returning({ id: supportContacts.id })
  insistOnOne(removed, id)
}

/** Whether pages show it. @throws NotFound */
export async function showContact(db: Db, id: number, isActive: boolean): Promise<void> {
  const changed = await db
    .update(supportContacts)
    .set({ isActive })
    .where(eq(supportContacts.id, id))
    .returning({ id: supportContacts.id })
  insistOnOne(changed, id)
}

function insistOnOne(rows: unknown[], id: number) {
  if (rows.length === 0) {
    throw new NotFound(`There is no contact ${id}. To see them: npx creatorflix support list`)
  }
}
