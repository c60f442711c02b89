/**
 * Named places where a test may let the program die, fail or hang. Nothing happens at them unless a test armed one,
 * in a process of its own making.
 */
export type FailpointMode = 'die' | 'throw' | 'time out'

interface Armed {
  name: Failpoint
  mode: FailpointMode
  hangMs: number
  /** How many times it is passed before it fails. */
  after: number
}

let armed: Armed | null = null

/** Every place, so that the test which fails at each of them misses none. */
export const FAILPOINTS = [
  'checkout: before its row',
  'checkout: row committed',
  'charge: before the gateway is asked',
  'charge: the gateway has answered',
  'charge: answer recorded',
  'webhook: verified',
  'webhook: event stored, not committed',
  'webhook: committed, not answered',
  'settle: read under its locks',
  'settle: written',
  'settle: before the commit',
  'settle: committed',
  'refund: before the gateway is asked',
  'refund: the gateway has answered',
] as const
export type Failpoint = (typeof FAILPOINTS)[number]

/** Marks such a place. */
export async function failpoint(name: Failpoint): Promise<void> {
  if (armed?.name !== name || armed.after-- > 0) return
  const { mode, hangMs } = armed
  armed = null
  if (mode === 'die') process.kill(process.pid, 'SIGKILL')
  if (mode === 'time out') await new Promise((resolve) => setTimeout(resolve, hangMs))
  throw new Error(`Failed at "${name}", as a test has asked.`)
}

/** Fails once, when the program comes there. */
export function armFailpoint(name: Failpoint, mode: FailpointMode, { hangMs = 500, after = 0 } = {}): void {
  armed = { name, mode, hangMs, after }
}
