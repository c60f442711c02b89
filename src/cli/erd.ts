import type { Command } from 'commander'
import { entityDiagram } from '#src/services/integrity/erd.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'

interface Options {
  json?: boolean
}

export function addErd(program: Command, context: CommandContext) {
  program
    .command('erd')
    .description('draw the tables and their relations, as they are in the database, for Mermaid')
    .option('--json', 'print JSON')
    .action((options: Options) => drawDiagram(context, options))
}

const drawDiagram = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const mermaid = await entityDiagram(database.db)
    if (json) return printJson(context.output, { mermaid })
    printLine(context.output.stdout, mermaid)
  })
