import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SyncPhase } from '#src/services/whitelabel/sync/sync-report.ts'

/** What a syncing process works on. */
export interface DrillGround {
  DATABASE_URL: string | undefined
  DATA_DIR: string
  /** Of the bucket. */
  endpoint: string
}

export interface KillDrill {
  ground: DrillGround
  rounds: number
  /** Makes the bucket say something else before each round. */
  change: (round: number) => Promise<void>
  /** Looks at the library while a process syncs; answers what no reader may see. */
  look?: () => Promise<string[]>
  /** Of the moments of the kills, from 0 to 1. */
  random: () => number
}

export interface KillOutcome {
  /** How often the process was killed in which phase; `ended` when it was faster. */
  killedIn: Record<string, number>
  looks: number
  half: string[]
}

const PHASES: readonly SyncPhase[] = ['listing', 'deciding', 'confirming', 'applying']
/** Milliseconds after a phase began. */
const LONGEST_PHASE = 150

/**
 * Lets a process sync and kills it with -9, in each phase in turn and at a random moment of it, round after round.
 */
export async function killWhileSyncing({
  ground,
  rounds,
  change,
  look,
  random,
}: KillDrill): Promise<KillOutcome> {
  const outcome: KillOutcome = { killedIn: {}, looks: 0, half: [] }
  for (let round = 0; round < rounds; round++) {
    await change(round)
    const process = startSync(ground)
    const ended = once(process, 'close')
    const watching = look && watch(look, ended, outcome)
    const phase = await killIn(process, PHASES[round % PHASES.length] ?? 'listing', random() * LONGEST_PHASE)
    await ended
    await watching
    outcome.killedIn[phase] = (outcome.killedIn[phase] ?? 0) + 1
  }
  return outcome
}

/** Syncs in a process of its own, to the end. @returns what the run said. */
export async function syncToTheEnd(ground: DrillGround): Promise<{ status: string; reason: string | null }> {
  const process = startSync(ground)
  const ended = once(process, 'close')
  for await (const [message] of messagesOf(process)) {
    if ('status' in message) {
      await ended
      return message
    }
  }
  throw new Error('The sync ended without a word')
}

const startSync = (ground: DrillGround) =>
  fork(path.join(import.meta.dirname, 'syncing-process.ts'), [JSON.stringify(ground)], {
    execArgv: ['--import', 'tsx'],
  })

/** @returns the phase the process was last heard of in. */
async function killIn(process: ChildProcess, wanted: SyncPhase, afterMs: number) {
  let heard = 'starting'
  for await (const [message] of messagesOf(process)) {
    if ('status' in message) return 'ended'
    heard = message.phase
    if (heard === wanted) break
  }
  await Promise.race([delay(afterMs), once(process, 'exit')])
  process.kill('SIGKILL')
  return heard
}

async function* messagesOf(process: ChildProcess) {
  const waiting: unknown[][] = []
  let wake = () => {}
  process.on('message', (message) => {
    waiting.push([message])
    wake()
  })
  let isOver = false
  process.once('close', () => {
    isOver = true
    wake()
  })
  while (true) {
    const next = waiting.shift()
    if (next) yield next as [{ phase: string } | { status: string; reason: string | null }]
    else if (isOver) return
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}

async function watch(look: () => Promise<string[]>, ended: Promise<unknown>, outcome: KillOutcome) {
  let isOver = false
  ended.then(() => {
    isOver = true
  })
  while (!isOver) {
    outcome.half.push(...(await look()))
    outcome.looks++
    await delay(5)
  }
}
