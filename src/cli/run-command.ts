import type { CommandContext } from './command-context.ts'
import { explainFailure } from './explain-failure.ts'
import { insistOnKnownSubcommand } from './known-subcommand.ts'
import { printLine } from './output.ts'
import { buildProgram } from './program.ts'

/**
 * Runs one command line.
 * @returns the exit code; failures are told in words, `onUnexpected` hears of those that are faults of ours.
 */
export async function runCommand(
  argv: string[],
  context: CommandContext,
  onUnexpected: (error: unknown) => void | Promise<void>,
): Promise<number> {
  try {
    const program = buildProgram(context)
    insistOnKnownSubcommand(program, argv)
    await program.parseAsync(argv, { from: 'user' })
    return context.exitCode
  } catch (error) {
    const { words, exitCode, isUnexpected } = explainFailure(error, context.signal)
    if (words !== null) printLine(context.output.stderr, words)
    if (isUnexpected) await onUnexpected(error)
    return exitCode
  }
}
