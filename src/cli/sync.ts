import type { Command } from 'commander'
import type { Deps } from '#src/deps.ts'
import { sweepDerivatives } from '#src/services/derivatives/sweep.ts'
import { runSync } from '#src/services/whitelabel/sync/run-sync.ts'
import type { SyncOptions, SyncReport } from '#src/services/whitelabel/sync/sync-report.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine } from './output.ts'
import { progressLine } from './progress-line.ts'
import { reportWords } from './sync-words.ts'

interface Options {
  dryRun?: boolean
  allowDeletes?: boolean
  approve?: string
  json?: boolean
}

const EXIT_CODES: Record<SyncReport['status'], number> = { applied: 0, unchanged: 0, held: 2, failed: 1 }

export function addSync(program: Command, context: CommandContext) {
  program
    .command('sync')
    .description('make the site show what is in the bucket or folder')
    .option('--dry-run', 'only say what would change')
    .option('--allow-deletes', 'remove what is gone, even when it is much')
    .option('--approve <run>', 'release the removals of a run that was held')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code: 0 applied or nothing to do, 2 something is held, 1 failed.')
    .action((options: Options) => context.withDeps((deps) => sync(context, deps, options)))
}

async function sync(context: CommandContext, deps: Deps, options: Options) {
  const { output } = context
  const progress = progressLine(output.stderr)
  const report = await runSync(deps, {
    ...syncOptions(options),
    startedBy: 'cli',
    signal: context.signal,
    onProgress: progress.show,
  }).finally(progress.clear)
  context.exitCode = EXIT_CODES[report.status]
  tell(output, report, options)
  if (report.status === 'applied' && !options.dryRun) await sweepDerivatives(deps)
}

function syncOptions({ dryRun, allowDeletes, approve }: Options): Omit<SyncOptions, 'startedBy'> {
  return {
    dryRun: dryRun ?? false,
    allowDeletes: allowDeletes ?? false,
    ...(approve !== undefined && { approve }),
  }
}

function tell(output: Output, report: SyncReport, { json }: Options) {
  if (json) return printJson(output, report)
  const sink = report.status === 'failed' ? output.stderr : output.stdout
  for (const line of reportWords(report)) printLine(sink, line)
}
