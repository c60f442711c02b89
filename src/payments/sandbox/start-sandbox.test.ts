import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { anOrder, newSandboxSecrets } from '#test/support/sandbox.ts'
import { readAddress } from './address-file.ts'
import { openSandboxGateway } from './gateway.ts'
import { startSandbox } from './start-sandbox.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'own-sandbox-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const secrets = newSandboxSecrets()
const gateway = openSandboxGateway(secrets, {
  sandboxUrl: async () => (await readAddress(folder))?.url ?? null,
})

function start() {
  const warnings: unknown[] = []
  const log = { info: () => {}, warn: (...words: unknown[]) => void warnings.push(words) }
  return { warnings, child: startSandbox({ folder, secrets, log: log as never }) }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('it answers as soon as it says so, and ends when it is closed', async () => {
  const { child } = start()
  await child.ready
  const charge = await gateway.createCharge(anOrder('pix'))
  expect(await gateway.fetchCharge(charge.externalId)).toEqual(charge)
  const { pid } = child
  await child.close()
  expect(isAlive(pid ?? 0)).toBe(false)
})

test('one that dies is started again, and knows what it knew', async () => {
  const { child, warnings } = start()
  await child.ready
  const charge = await gateway.createCharge(anOrder('credit_card'))
  const former = child.pid ?? 0
  process.kill(former, 'SIGKILL')
  await until(async () => (await gateway.fetchCharge(charge.externalId).catch(() => null)) !== null)
  expect(await gateway.fetchCharge(charge.externalId)).toEqual(charge)
  expect(child.pid).not.toBe(former)
  expect(warnings).toHaveLength(1)
  await child.close()
})

test('its secrets are in no argument and no variable of its process', async () => {
  const { child } = start()
  await child.ready
  const { stdout } = spawn('cat', [`/proc/${child.pid}/cmdline`, `/proc/${child.pid}/environ`])
  let seen = ''
  for await (const text of stdout) seen += text
  expect(seen).toContain('sandbox')
  for (const secret of Object.values(secrets)) expect(seen).not.toContain(secret)
  await child.close()
})

test('when its parent is killed, it ends by itself', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { spawn } from 'node:child_process'
       const child = spawn(process.execPath, ['bin/creatorflix.mjs', 'sandbox', '--with-parent', '--data', ${JSON.stringify(folder)}], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
       child.stdin.write(${JSON.stringify(`${JSON.stringify(secrets)}\n`)})
       console.log(child.pid)
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [pid] = await new Promise<number[]>((resolve) =>
    parent.stdout.once('data', (text) => resolve([Number(text)])),
  )
  await until(async () => (await gateway.findCharge('nothing').catch(() => 'silent')) === null)
  parent.kill('SIGKILL')
  await until(() => !isAlive(pid ?? 0))
})
