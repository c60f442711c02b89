import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { anOrder, newSandboxSecrets, sandboxControl } from '#test/support/sandbox.ts'
import { openSandboxGateway } from '../gateway.ts'
import { openLedger } from './ledger.ts'

const PROGRAM = fileURLToPath(new URL('../../../../bin/creatorflix.mjs', import.meta.url))
const ROUNDS = 20
const BUYERS = 4

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'ledger-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const ledgerFile = () => path.join(folder, 'ledger.jsonl')

async function entriesIn(): Promise<unknown[]> {
  const entries: unknown[] = []
  const ledger = await openLedger(folder, (entry) => entries.push(entry))
  await ledger.close()
  return entries
}

test('entries are there again in their order, those written at once as well', async () => {
  const ledger = await openLedger<number>(folder, () => {})
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => ledger.append(index)))
  await ledger.append(1_000)
  await ledger.close()
  expect(await entriesIn()).toEqual(Array.from({ length: 1_001 }, (_, index) => index))
})

test('a line that was being written when the machine stopped is cut off, wherever it broke', async () => {
  const ledger = await openLedger<object>(folder, () => {})
  await ledger.append({ name: 'Olá' })
  await ledger.append({ name: 'ção' })
  await ledger.close()
  const whole = (await readFile(ledgerFile())).length
  for (let length = whole - 1; length > '{"name":"Olá"}\n'.length; length--) {
    await truncate(ledgerFile(), length)
    expect(await entriesIn()).toEqual([{ name: 'Olá' }])
    await appendFile(ledgerFile(), '{"name":"ção"}\n')
    expect(await entriesIn()).toEqual([{ name: 'Olá' }, { name: 'ção' }])
  }
})

test('a ledger that is damaged in its midst is refused, naming the line', async () => {
  await writeFile(ledgerFile(), '{"a":1}\n{"b":\n{"c":3}\n')
  await expect(entriesIn()).rejects.toThrow(/Line 2 .*damaged/)
})

test(`killed at any moment, ${ROUNDS} times, a sandbox has everything that it has acknowledged`, async () => {
  const secrets = newSandboxSecrets()
  const acknowledged = new Map<string, string>()
  for (let round = 0; round < ROUNDS; round++) {
    const { child, url } = await startChild(secrets)
    const gateway = openSandboxGateway(secrets, { sandboxUrl: async () => url }, 5_000)
    const { happen, ledger } = sandboxControl(url, secrets)
    const isThere = new Map((await ledger()).map(({ id, status }) => [id, status]))
    for (const [id, status] of acknowledged) {
      // What was sent and not answered may have been done as well.
      if (status === 'pending') expect(['pending', 'paid']).toContain(isThere.get(id))
      else expect(isThere.get(id)).toBe(status)
    }
    expect(new Set((await ledger()).map(({ reference }) => reference)).size).toBe(isThere.size)

    async function buy() {
      while (true) {
        const { externalId } = await gateway.createCharge(anOrder('pix'))
        acknowledged.set(externalId, 'pending')
        if ((await happen(externalId, 'pay')) === 200) acknowledged.set(externalId, 'paid')
      }
    }
    const buyers = Array.from({ length: BUYERS }, () => buy().catch(() => {}))
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150))
    child.kill('SIGKILL')
    await Promise.all([once(child, 'close'), ...buyers])
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS)
}, 180_000)

test('two sandboxes on one folder are refused; the second comes when the first has gone', async () => {
  const secrets = newSandboxSecrets()
  const first = await startChild(secrets)
  const second = spawnChild(secrets)
  const [words] = await once(second.stderr?.setEncoding('utf8') ?? second, 'data')
  expect(words).toContain(`Another sandbox works on ${folder}`)
  expect((await once(second, 'close'))[0]).toBe(1)

  const third = startChild(secrets)
  first.child.stdin?.end()
  // On the port of the first, so that pages which are open go on working.
  expect((await third).url).toBe(first.url)
  ;(await third).child.kill('SIGKILL')
})

function spawnChild(secrets: object): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, 'sandbox', '--with-parent', '--json', '--data', folder], {
    env: { PATH: process.env.PATH ?? '' },
  })
  child.stdin?.write(`${JSON.stringify(secrets)}\n`)
  child.stdin?.on('error', () => {})
  return child
}

async function startChild(secrets: object) {
  const child = spawnChild(secrets)
  const [text] = await once(child.stdout?.setEncoding('utf8') ?? child, 'data')
  return { child, url: JSON.parse(text).url as string }
}
