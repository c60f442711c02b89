import type { Command } from 'commander'
import { examine, renderExamination } from '#src/services/integrity/doctor.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'

interface Options {
  json?: boolean
}

export function addDoctor(program: Command, context: CommandContext) {
  program
    .command('doctor')
    .description(
      'examine the database: schema, constraints, indexes, copies, stray rows, money; changes nothing',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code: 0 sound, 1 something needs attention.')
    .action((options: Options) => examineDatabase(context, options))
}

const examineDatabase = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const examination = await examine(database)
    if (!examination.ok) context.exitCode = 1
    if (json) return printJson(context.output, examination)
    printLine(context.output.stdout, renderExamination(examination))
  }, 'any version')
