import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '#src/db/index.ts'
import { supportContacts } from '#src/db/schema.ts'
import { InvalidInput, NotFound } from '#src/errors.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { addContact, listContacts, removeContact, showContact, shownContacts } from './contacts.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
beforeEach(() => database.db.delete(supportContacts))
afterAll(() => database.close())

test.each([
  ['WhatsApp', '+55 (11) 91234-5678', 'https://wa.me/5511912345678'],
  ['whatsapp', 'https://wa.me/5511912345678?text=Oi', 'https://wa.me/5511912345678?text=Oi'],
  ['WhatsApp', 'https://chat.whatsapp.com/AbC', 'https://chat.whatsapp.com/AbC'],
  ['Telegram', '@films', 'https://t.me/films'],
  ['telegram', 'https://t.me/films', 'https://t.me/films'],
  ['E-mail', 'help@films.example', 'mailto:help@films.example'],
  ['email', 'mailto:help@films.example', 'mailto:help@films.example'],
  ['Instagram', 'https://instagram.com/films', 'https://instagram.com/films'],
  ['Ajuda', 'https://films.example/ajuda?a=1&b=2#x', 'https://films.example/ajuda?a=1&b=2#x'],
])('%s at %s is a contact', async (platform, address, url) => {
  const added = await addContact(database.db, platform, address)
  expect(added).toMatchObject({ platform, url, isActive: true })
  expect(await shownContacts(database.db)).toEqual([added])
})

const HOSTILE = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  '\u0001javascript:alert(1)',
  'javascript://https://wa.me/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'http://films.example/',
  'ftp://films.example/',
  'blob:https://films.example/1',
  '//films.example',
  '/creators',
  'https:films.example',
  'https:\\\\films.example',
  'https://',
  'https://user:secret@films.example/',
  'https://films.example/a b',
  'https://films.example/\u202Egpj.exe',
  'mailto:',
  'mailto:nobody',
  'mailto:a@b.example%0aBcc:x@y.example',
  `https://films.example/${'x'.repeat(500)}`,
  'films.example',
  '',
]
test.each(HOSTILE)('nobody is ever led to %j', async (address) => {
  for (const platform of ['Site', 'WhatsApp', 'Telegram', 'E-mail']) {
    const refusal = await addContact(database.db, platform, address).catch((error) => error)
    expect(refusal).toBeInstanceOf(InvalidInput)
    expect(refusal.message).toMatch(/^The address of .* must be /)
  }
  // As somebody could write it by hand.
  await database.db.insert(supportContacts).values({ platform: 'Site', url: address })
  expect(await shownContacts(database.db)).toEqual([])
})

test.each([
  ['WhatsApp', 'https://wa.me.elsewhere.example/5511912345678'],
  ['WhatsApp', '12'],
  ['Telegram', 'https://elsewhere.example/t.me'],
  ['Telegram', 'films'],
])('an address that is not of %s is refused for it: %s', async (platform, address) => {
  await expect(addContact(database.db, platform, address)).rejects.toThrow(InvalidInput)
})

test.each(['', '   ', 'x'.repeat(41), 'two\nlines'])('a platform needs a name: %j', async (platform) => {
  await expect(addContact(database.db, platform, 'https://films.example')).rejects.toThrow(InvalidInput)
})

test('the same contact twice is said, and stays one', async () => {
  const { id } = await addContact(database.db, 'WhatsApp', '+55 11 98888-7777')
  await expect(addContact(database.db, 'WhatsApp', '+5511988887777')).rejects.toThrow(`contact ${id}`)
  await addContact(database.db, 'Vendas', 'https://wa.me/5511988887777')
})

test('a contact that is turned off is kept and not shown', async () => {
  const { id } = await addContact(database.db, 'Telegram', '@films')
  await showContact(database.db, id, false)
  expect(await shownContacts(database.db)).toEqual([])
  expect(await listContacts(database.db)).toMatchObject([{ id, isActive: false }])
  await showContact(database.db, id, true)
  expect(await shownContacts(database.db)).toHaveLength(1)
  await removeContact(database.db, id)
  expect(await listContacts(database.db)).toEqual([])
})

test('a contact that is not there is said', async () => {
  await expect(removeContact(database.db, 99)).rejects.toThrow(NotFound)
  await expect(showContact(database.db, 99, true)).rejects.toThrow(/There is no contact 99/)
})
