import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '#test/support/free-port.ts'
import { buy } from '#test/support/shop/buyer.ts'
import { makeLibrary, type RunningSite, removeFolder, run, start, workFolder } from './drill/creatorflix.ts'

let folder: string
let site: RunningSite
let variables: Record<string, string>

beforeAll(async () => {
  folder = await workFolder()
  const port = String(await freePort())
  variables = { MEDIA_DIR: await makeLibrary(folder, ['Ana'], 1), PORT: port }
  site = await start(folder, variables)
})
afterAll(async () => {
  await site.process.stop()
  await removeFolder(folder)
})

async function says(...args: string[]) {
  const { code, stdout, stderr } = await run(folder, args, variables)
  return `${code} ${stdout}${stderr}`.trim()
}

test('an owner puts plans on sale, changes and retires them, and errors say what to do', async () => {
  expect(await says('plans')).toMatch(
    /^0 1 {2}Semana .*0 members\n2 {2}Mês .*0 members\n3 {2}Ano {2}R\$199\.90 {2}365 days {2}PIX and card {2}1 member$/,
  )
  expect(await says('plans', 'add', 'Trimestre', '--price', '1.079,90', '--days', '90', '--no-card')).toBe(
    '0 On sale: 4  Trimestre  R$1,079.90  90 days',
  )
  expect(await says('plans', 'change', '4', '--price', '79,90', '--benefit', 'Tudo', 'HD')).toBe(
    '0 Changed: 4  Trimestre  R$79.90  90 days',
  )
  expect(await says('plans', 'list')).toMatch(/4 {2}Trimestre {2}R\$79\.90 {2}90 days {2}PIX {2}0 members/)
  expect(await says('plans', 'retire', '4')).toBe('0 Plan 4: retired')
  expect(await says('plans', 'remove', '3')).toBe('0 Plan 3: retired, for somebody has ordered or had it')
  expect(await says('plans', 'restore', '3')).toBe('0 Plan 3: on sale')
  expect(await says('plans', 'remove', '4')).toBe('0 Plan 4: deleted')
  expect(await says('plans', 'retire', '4')).toBe('1 There is no plan 4. See: npx creatorflix plans list')
  expect(await says('plans', 'add', 'X', '--price', '1.234', '--days', '1')).toMatch(
    /^1 .*It must be a price such as 29\.90 or 29,90\./,
  )
  expect(await says('plans', 'add', 'X', '--price', '0', '--days', '1')).toMatch(/more than nothing/)
  expect(await says('plans', 'change', '1', '--no-pix', '--no-card')).toMatch(/must accept PIX or cards/)
})

test('an owner sees who pays, gives time, and gives money back', async () => {
  const bought = await buy(site.address, { email: 'cara@example.com' })
  expect(bought).not.toBe(null)
  expect(await says('members', 'reconcile')).toMatch(/^0 Asked for 1, /)
  expect(await says('members')).not.toContain('cara@example.com')
  expect(await says('members', 'orders')).toMatch(
    /^0 payment 1 {2}.* {2}cara@example\.com {2}Mês {2}R\$29\.90 {2}PIX {2}pending/,
  )

  expect(await says('members', 'give', 'press@example.com', '2')).toMatch(
    /^0 May watch until .*\nThe account is new: a link to it is mailed\.$/,
  )
  expect(await says('members', 'give', 'press@example.com', '99')).toMatch(/^1 Plan 99 is not on sale/)
  expect(await says('members', 'orders', 'zzz')).toBe('0 No order has zzz in its e-mail.')
  expect(await says('plans', 'frob')).toMatch(/^1 Unknown command 'plans frob'\. Choose one of: list, add, /)
  expect(await says('members', 'show', 'member@example.com')).toMatch(/Ano, active, until /)
  expect(await says('members', 'end', 'member@example.com')).toBe('0 Ended: member@example.com')
  expect(await says('members', 'end', 'member@example.com')).toMatch(/^1 This member has no membership/)
  expect(await says('members', 'give', 'member@example.com', '2', '--days', '3')).toMatch(
    /^0 May watch until /,
  )
  expect(await says('members', 'show', 'member@example.com')).toMatch(
    /\n {4}[-\d]{10} to [-\d]{10} {2}Mês {2}given$/,
  )
  expect(await says('members', 'disable', 'member@example.com')).toBe('0 Shut: member@example.com')
  expect(await says('members', 'list', 'member')).toMatch(/member@example\.com {2}Mês until .*\(shut\)/)
  expect(await says('members', 'enable', 'member@example.com')).toBe('0 Open: member@example.com')
  expect(await says('members', 'refund', '99')).toMatch(/^1 There is no payment 99\./)
  expect(await says('members', 'refund', '1')).toMatch(/^1 Payment 1 holds no money to give back\./)
  expect(await says('members', 'move', '1', 'right@example.com')).toMatch(/^1 Payment 1 gives no access/)
  expect(await says('members', 'move', '1', 'right')).toMatch(/^1 right is no e-mail address/)
  expect(await says('members', 'review')).toBe('0 No payment waits for you.')
  expect(await says('members', 'reviewed', '1')).toMatch(/waits for nobody/)
  expect(await says('jobs')).toBe('0 No job has failed.')
  expect(await says('jobs', 'replay')).toMatch(/Give the id of a job, or --all\./)
  expect(await says('jobs', 'replay', '--all')).toBe('0 Tried again: 0')
})
