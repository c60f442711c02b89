import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeFolder, run, workFolder } from './drill/creatorflix.ts'

let folder: string
beforeAll(async () => {
  folder = await workFolder()
  await run(folder, ['migrate'])
})
afterAll(() => removeFolder(folder))

const admin = (...args: string[]) => run(folder, ['admin', ...args])

test('an admin is made by a link, gets a new one, and the last one stays', async () => {
  expect((await admin('list')).stdout).toBe(
    'No admin yet. Make one: npx creatorflix admin create ana@example.com\n',
  )
  const made = await admin('create', 'Ana@Example.com')
  expect(made.stdout).toMatch(
    /^ana@example\.com chooses a password here, once, within 24 hours:\n {4}http:\/\/localhost:3000\/account\/link\/[\w-]{43}\n$/,
  )
  const { link } = JSON.parse((await admin('link', 'ana@example.com', '--json')).stdout)
  expect(made.stdout).not.toContain(link)
  expect((await admin('list')).stdout).toBe('ana@example.com  (has not chosen a password yet)\n')

  const last = await admin('remove', 'ana@example.com')
  expect(last).toMatchObject({ code: 1, stdout: '' })
  expect(last.stderr).toMatch(/^This is the last admin, who has to stay\./)

  await admin('create', 'bia@example.com')
  expect((await admin('remove', 'ana@example.com')).stdout).toContain('No admin any more')
  expect(JSON.parse((await admin('list', '--json')).stdout)).toMatchObject([{ email: 'bia@example.com' }])
})

test('what is no admin, and no e-mail, is told in words', async () => {
  expect((await admin('link', 'eva@example.com')).stderr).toMatch(/^eva@example\.com is no admin\./)
  expect((await admin('create', 'eva')).stderr).toBe('"eva" is no e-mail address.\n')
})
