import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openEmbedded } from '../open.ts'

export interface KillDrill {
  folder: string
  rounds: number
  /** Of the moments of the kills, from 0 to 1; `Math.random` unless a run is to be repeated. */
  random?: () => number
}

export interface WritingOutcome {
  acknowledged: number
  /** Numbers whose commit was acknowledged and that are not there any more. */
  lost: number[]
  /** Transactions of which one row is there and the other is not. */
  halves: number
}

/** Milliseconds. */
const LONGEST_WRITING = 400
const LONGEST_FIRST_START = 1_500

/**
 * Lets a process write, kills it with -9 at a random moment and counts what is left, round after round on the same
 * folder, which is made when it is not there.
 */
export async function killWhileWriting({
  folder,
  rounds,
  random = Math.random,
}: KillDrill): Promise<WritingOutcome> {
  const acknowledged: number[] = []
  for (let round = 0; round < rounds; round++) {
    acknowledged.push(...(await writeUntilKilled(folder, random() * LONGEST_WRITING)))
  }
  return await compare(folder, acknowledged)
}

async function writeUntilKilled(folder: string, afterMs: number) {
  const writer = startWriter(folder)
  const acknowledged: number[] = []
  const opened = new Promise<void>((resolve) => {
    writer.on('message', (message) => {
      if (message === 'opened') resolve()
      else if (typeof message === 'number') acknowledged.push(message)
    })
  })
  await Promise.race([opened, endedEarly(writer)])
  await delay(afterMs)
  await kill(writer)
  return acknowledged
}

async function compare(folder: string, acknowledged: number[]): Promise<WritingOutcome> {
  const { client, close } = await openEmbedded(folder)
  const { rows } = await client.query<{ number: number; half: number }>('select number, half from written')
  await close()

  const there = new Set(rows.map(({ number }) => number))
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((number) => !there.has(number) || !there.has(number + 1)),
    halves: rows.filter(({ number, half }) => !there.has(half === 1 ? number + 1 : number - 1)).length,
  }
}

/**
 * Kills the very first start at a random moment, each round in an empty folder, and opens the folder again.
 * Answers how often that worked.
 */
export async function killDuringFirstStart({
  folder,
  rounds,
  random = Math.random,
}: KillDrill): Promise<number> {
  let opened = 0
  for (let round = 0; round < rounds; round++) {
    await rm(folder, { recursive: true, force: true })
    const writer = startWriter(folder)
    await Promise.race([once(writer, 'message'), endedEarly(writer)])
    await delay(random() * LONGEST_FIRST_START)
    await kill(writer)

    const { client, close } = await openEmbedded(folder)
    const { rows } = await client.query('select 1 as one')
    await close()
    opened += rows.length
  }
  return opened
}

const startWriter = (folder: string) =>
  fork(path.join(import.meta.dirname, 'writer.ts'), [folder], { execArgv: ['--import', 'tsx'] })

/** Settles only to reject: a writer never ends by itself. */
async function endedEarly(writer: ReturnType<typeof fork>): Promise<never> {
  const [code] = await once(writer, 'exit')
  throw new Error(`The writer ended with ${code} before it was killed`)
}

async function kill(writer: ReturnType<typeof fork>) {
  const closed = once(writer, 'close')
  writer.kill('SIGKILL')
  await closed
}
