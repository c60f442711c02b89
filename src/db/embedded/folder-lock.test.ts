import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUse, lockFolder } from './folder-lock.ts'

let folder: string
const children = new Set<ChildProcess>()

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'folder-lock-'))
})

afterEach(async () => {
  for (const child of children) await kill(child)
  await rm(folder, { recursive: true })
})

test('a second opener is refused within half a second, with the pid of the holder', async () => {
  const { child, outcome } = await start()
  expect(outcome).toEqual({ locked: child.pid })

  const began = performance.now()
  const refusal = await refusedBy(lockFolder(folder))
  expect(performance.now() - began).toBeLessThan(500)
  expect(refusal.pid).toBe(child.pid)
  expect(refusal.socket).toBeNull()
  expect(refusal.status).toBe(409)
  expect(refusal.message).toContain(`process ${child.pid}`)
})

test('the same process cannot open a folder twice', async () => {
  const lock = await lockFolder(folder)
  expect((await refusedBy(lockFolder(folder))).pid).toBe(process.pid)
  lock.release()
})

test('the refusal names the socket at which the holder answers', async () => {
  const lock = await lockFolder(folder)
  lock.announce('/run/creatorflix.sock')
  expect((await refusedBy(lockFolder(folder))).socket).toBe('/run/creatorflix.sock')
  lock.release()
})

test('a released folder can be opened again', async () => {
  const first = await lockFolder(folder)
  first.release()
  const second = await lockFolder(folder)
  second.release()
})

test('after kill -9 of the holder the next start takes over within a second', async () => {
  const { child } = await start()
  await kill(child)

  const began = performance.now()
  const lock = await lockFolder(folder)
  expect(performance.now() - began).toBeLessThan(1000)
  lock.release()
})

test('of two that start at once after a kill -9 exactly one wins, and the other names it, 20 times', async () => {
  let holder = (await start()).child
  for (let round = 0; round < 20; round++) {
    const racers = await Promise.all([ready(), ready()])
    await kill(holder)
    const starters = await Promise.all(racers.map(lockIn))

    const winners = starters.filter(({ outcome }) => 'locked' in outcome)
    expect(winners).toHaveLength(1)
    const [winner] = winners
    const loser = starters.find((starter) => starter !== winner)
    expect(loser?.outcome).toEqual({ refused: 'FolderInUse', pid: winner?.child.pid })
    if (winner) holder = winner.child
  }
}, 120_000)

async function refusedBy(locking: Promise<unknown>) {
  const refusal = await locking.catch((error) => error)
  expect(refusal).toBeInstanceOf(FolderInUse)
  return refusal as FolderInUse
}

const start = async () => lockIn(await ready())

/** A process of its own, loaded and waiting for the word to lock the folder. */
async function ready() {
  const child = fork(path.join(import.meta.dirname, 'drill/lock-holder.ts'), [folder], {
    execArgv: ['--import', 'tsx'],
  })
  children.add(child)
  await once(child, 'message')
  return child
}

async function lockIn(child: ChildProcess) {
  child.send('lock')
  const [outcome] = await once(child, 'message')
  return { child, outcome }
}

async function kill(child: ChildProcess) {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
