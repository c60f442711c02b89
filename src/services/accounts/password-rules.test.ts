import { hash } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { parseEmail } from './email-address.ts'
import { passwordFault } from './password-rules.ts'
import { hashPassword, isOutdated, NOBODYS_HASH, verifyPassword } from './passwords.ts'

const MEMBER = { role: 'user', email: 'ana.souza@example.com', siteName: 'Estúdio Mar' } as const
const fault = (password: string, owner: { role: 'user' | 'admin' } = MEMBER) =>
  passwordFault(password, { ...MEMBER, ...owner })

test.each([
  ['eight characters', 'x7 kq-2v'],
  ['a sentence', 'o mar estava calmo ontem'],
  ['only spaces around a word', '  calmaria  '],
  ['letters of other alphabets', 'пароль-длинный'],
  ['eight emoji', '🌊🐚🦀🐬🐙🦈🐳🐡'],
  ['accents', 'coração tranquilo'],
  ['72 bytes and more, where bcrypt would have cut', `${'qwe rty '.repeat(9)}!`],
  ['256 characters', 'ab cd '.repeat(50).slice(0, 256)],
  ['a control character that is no NUL', 'quiet\tharbour'],
])('a password of %s is taken', (_, password) => {
  expect(fault(password)).toBeNull()
})

test.each([
  ['nothing', '', 'missing'],
  ['seven characters', 'x7kq-2v', 'short'],
  ['seven emoji', '🌊🐚🦀🐬🐙🦈🐳', 'short'],
  ['257 characters', 'ab cd '.repeat(50).slice(0, 257), 'long'],
  ['a megabyte', 'x'.repeat(1_000_000), 'long'],
  ['256 characters of more than a kilobyte', '🌊🐚🦀🐬'.repeat(65), 'long'],
  ['a NUL', 'quiet\0harbour', 'characters'],
  ['everybody', 'password', 'common'],
  ['everybody, with ornaments', 'P@ssw0rd!', 'common'],
  ['everybody here', 'Senha123', 'common'],
  ['everybody here, by year', 'Mudar@2026', 'common'],
  ['a club', 'Flamengo10', 'common'],
  ['digits in order', '12345678', 'common'],
  ['digits in the other order', '987654321', 'common'],
  ['one key', 'aaaaaaaaaa', 'common'],
  ['two keys', '12121212121', 'common'],
  ['a row of keys', 'asdfghjkl', 'common'],
  ['another row of keys', 'QWERTYUIOP', 'common'],
  ['keys by columns', '1q2w3e4r', 'common'],
  ['the site', 'CreatorFlix', 'guessable'],
  ['the site of its owner', 'estudio', 'short'],
  ['the site of its owner, with ornaments', 'EstúdioMar2026', 'guessable'],
  ['the e-mail', 'ana.souza@example.com', 'guessable'],
  ['the name in the e-mail', 'AnaSouza99', 'guessable'],
])('a password of %s is refused', (_, password, why) => {
  expect(fault(password)).toBe(why)
})

test('an admin needs twelve characters, a member eight', () => {
  expect(fault('x7 kq-2v zz')).toBeNull()
  expect(fault('x7 kq-2v zz', { role: 'admin' })).toBe('short')
  expect(fault('x7 kq-2v zzz', { role: 'admin' })).toBeNull()
})

test('a hash is argon2id at the cost of today, and no two are alike', async () => {
  const [one, other] = await Promise.all([hashPassword('quiet harbour'), hashPassword('quiet harbour')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(other)
  expect(isOutdated(one)).toBe(false)
  // It stands for who has none, and so has to cost the same.
  expect(NOBODYS_HASH.split('$').slice(0, 4)).toEqual(one.split('$').slice(0, 4))
})

test('the whole password counts, to its last character and in its own case', async () => {
  const long = `${'quiet harbour '.repeat(18)}!`
  const stored = await hashPassword(long)
  expect(await verifyPassword(stored, long)).toBe(true)
  for (const wrong of [long.slice(0, -1), `${long} `, long.toUpperCase(), long.trimEnd().slice(1)]) {
    expect(await verifyPassword(stored, wrong)).toBe(false)
  }
})

test.each(['!', '', null, 'plain text'])(
  'what is no hash, such as %j, is matched by nothing',
  async (stored) => {
    for (const password of ['!', '', 'plain text', 'null']) {
      expect(await verifyPassword(stored, password)).toBe(false)
    }
  },
)

test('a hash of a lower cost is known as such', async () => {
  expect(isOutdated(await hash('x', { memoryCost: 8_192, timeCost: 2, parallelism: 1 }))).toBe(true)
  expect(isOutdated(await hash('x', { memoryCost: 19_456, timeCost: 1, parallelism: 1 }))).toBe(true)
})

test('of sixty who sign in at once four are looked at, fifty wait, and the others are told to come back', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => verifyPassword(null, 'x')))
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  expect(refused).toHaveLength(6)
  expect(refused[0].status).toBe(503)
})

test.each([
  ['ana@example.com', 'ana@example.com'],
  ['  Ana.Souza+films@Example.COM ', 'ana.souza+films@example.com'],
  ['ana@açaí.example', 'ana@xn--aa-4iaz.example'],
  ['ana', null],
  ['', null],
  ['ana@', null],
  ['@example.com', null],
  ['ana@example', null],
  ['ana souza@example.com', null],
  ['ana@example.com\nBcc: eva@example.com', null],
  ['ana@example.com,eva@example.com', null],
  ['<ana@example.com>', null],
  ['ana\0@example.com', null],
  [`${'a'.repeat(250)}@example.com`, null],
])('%j is the e-mail %j', (typed, email) => {
  expect(parseEmail(typed)).toBe(email)
})
