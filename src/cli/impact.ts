import type { Command } from 'commander'
import { impactOf, renderImpact } from '#src/services/integrity/impact.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'

interface Options {
  json?: boolean
}

export function addImpact(program: Command, context: CommandContext) {
  program
    .command('impact')
    .description('show what deleting a row would take, block or touch, at every depth')
    .argument('<table>', 'such as whitelabel_models')
    .argument('<id>', 'of the row; of a composite key, its values as a JSON list')
    .option('--json', 'print JSON')
    .action((table: string, id: string, options: Options) => showImpact(context, table, id, options))
}

const showImpact = (context: CommandContext, table: string, id: string, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const impact = await impactOf(database.db, table, id)
    if (json) return printJson(context.output, impact)
    printLine(context.output.stdout, renderImpact(impact))
  })
