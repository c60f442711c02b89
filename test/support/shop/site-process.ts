import { runCli } from '#src/cli.ts'
import { armFailpoint, type Failpoint, type FailpointMode } from '#src/lib/failpoint.ts'

/** The site in a process of its own, which a test may let fail at a place of its choice. */
export interface ArmMessage {
  failpoint: Failpoint
  mode: FailpointMode
  /** How many times it is passed before. */
  after: number
}

process.on('message', ({ failpoint, mode, after }: ArmMessage) => {
  armFailpoint(failpoint, mode, { after })
  process.send?.('armed')
})
process.exit(await runCli(['start']))
