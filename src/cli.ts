import { INTERRUPTED } from './cli/explain-failure.ts'
import { commandLog, LocalContext } from './cli/local-context.ts'
import { runCommand } from './cli/run-command.ts'
import { processOutput } from './cli/terminal.ts'
import { readEnv } from './env.ts'

/** Runs the command line `argv` (without node and program) in this process and answers its exit code. */
export function runCli(argv: string[]): Promise<number> {
  const context = new LocalContext(argv, processOutput(), interruption())
  return runCommand(argv, context, logFault)
}

/** The first signal asks the command to end, the second ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return controller.signal
}

async function logFault(error: unknown) {
  const log = await commandLog(readEnv())
  log.debug({ err: error }, 'command failed')
}
