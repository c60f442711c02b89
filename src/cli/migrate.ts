import type { Command } from 'commander'
import { migrate, migrationStatus } from '#src/db/migrate.ts'
import { type MigrationStatus, migrationFaults } from '#src/db/migrations.ts'
import { renderMigrationStatus } from '#src/services/integrity/migration-words.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'

interface Options {
  json?: boolean
}

export function addMigrate(program: Command, context: CommandContext) {
  const command = program
    .command('migrate')
    .description('bring the database to this version; start does it by itself')
    .option('--json', 'print JSON')
    .action((options: Options) => applyMigrations(context, options))

  command
    .command('status')
    .description('show what is applied, pending, edited, missing and out of order')
    .option('--json', 'print JSON')
    .action((_, command: Command) => showStatus(context, command.optsWithGlobals()))
}

const applyMigrations = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const applied = (await migrate(database)).map(({ tag }) => tag)
    if (json) return printJson(context.output, { applied })
    const { stdout } = context.output
    for (const tag of applied) printLine(stdout, `Applied ${tag}.`)
    if (applied.length === 0) printLine(stdout, 'Nothing to do: the database is of this version.')
  }, 'any version')

/** Exit code 1 when something is wrong; pending migrations are not. */
const showStatus = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const status = await migrationStatus(database.db)
    const faults = migrationFaults(status)
    if (faults.length > 0) context.exitCode = 1
    if (json) return printJson(context.output, statusJson(status, faults))
    printLine(context.output.stdout, renderMigrationStatus(status))
  }, 'any version')

function statusJson(status: MigrationStatus, faults: string[]) {
  const tags = (migrations: Array<{ tag: string }>) => migrations.map(({ tag }) => tag)
  return {
    applied: tags(status.applied),
    pending: tags(status.pending),
    edited: tags(status.edited),
    missing: status.missing.map(({ when, hash }) => ({ date: new Date(when).toISOString(), hash })),
    outOfOrder: tags(status.outOfOrder),
    faults,
  }
}
