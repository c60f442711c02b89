import type { Command } from 'commander'
import { type FailedJob, failedJobs, replayJob } from '#src/jobs/failed-jobs.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'

interface Options {
  json?: boolean
}

/** `jobs`: what was tried too often, and waits for a person. */
export function addJobs(program: Command, context: CommandContext) {
  const jobs = program.command('jobs').description('see work that failed, and let it be tried again')

  jobs
    .command('failed', { isDefault: true })
    .description('list the jobs whose last try failed')
    .option('--json', 'print JSON')
    .action(({ json }: Options) =>
      context.withDeps(async ({ database }) => {
        const failed = await failedJobs(database.db)
        if (json) return printJson(context.output, failed)
        for (const job of failed) printLine(context.output.stdout, lineOf(job))
        if (failed.length === 0) printLine(context.output.stdout, 'No job has failed.')
      }),
    )

  jobs
    .command('replay')
    .description('let a failed job be tried again, or all of them')
    .argument('[id]', 'as in the list')
    .option('--all', 'every job that failed')
    .option('--json', 'print JSON')
    .action((id: string | undefined, { all, json }: Options & { all?: boolean }, command: Command) => {
      if ((id === undefined) === (all !== true)) command.error('Give the id of a job, or --all.')
      return context.withDeps(async ({ database }) => {
        const ids = id === undefined ? (await failedJobs(database.db)).map((job) => job.id) : [id]
        for (const one of ids) await replayJob(database.db, one)
        if (json) printJson(context.output, { replayed: ids })
        else printLine(context.output.stdout, `Tried again: ${ids.length}`)
      })
    })
}

const lineOf = ({ id, name, failedAt, tries, reason }: FailedJob) =>
  `${id}  ${name}  ${failedAt.toISOString()}  after ${tries} ${tries === 1 ? 'try' : 'tries'}: ${reason}`
