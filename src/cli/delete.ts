import type { Command } from 'commander'
import { InvalidInput } from '#src/errors.ts'
import { deleteRow } from '#src/services/integrity/delete-row.ts'
import { type Impact, impactOf, renderImpact } from '#src/services/integrity/impact.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine } from './output.ts'

interface Options {
  yes?: boolean
  json?: boolean
}

export function addDelete(program: Command, context: CommandContext) {
  program
    .command('delete')
    .description('delete a row and what depends on it, after showing what that is')
    .argument('<table>', 'such as whitelabel_models')
    .argument('<id>', 'of the row; of a composite key, its values as a JSON list')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print JSON')
    .action((table: string, id: string, options: Options) => deleteAfterAsking(context, table, id, options))
}

/** Exit code 1 when the answer was no. */
const deleteAfterAsking = (context: CommandContext, table: string, id: string, options: Options) =>
  context.withDeps(async ({ database }) => {
    const { output } = context
    const expected = await impactOf(database.db, table, id)
    if (!options.json) printLine(output.stdout, renderImpact(expected))
    if (expected.blocks === 0 && !options.yes && !(await agreed(output, expected))) {
      context.exitCode = 1
      printLine(output.stderr, 'Nothing was deleted.')
      return
    }
    const deleted = await deleteRow(database, table, id, { expected })
    if (options.json) return printJson(output, { deleted })
    printLine(output.stdout, 'Deleted.')
    if (table.startsWith('whitelabel_')) printLine(output.stdout, COMES_BACK)
  })

/** The bucket is the source of truth, and nothing is ever deleted there (spec §2). */
const COMES_BACK =
  'What the bucket still has comes back with the next sync, as new. To keep it off the site, hide it: npx creatorflix creators hide FOLDER'

async function agreed({ ask }: Output, { deletes }: Impact): Promise<boolean> {
  if (ask === null)
    throw new InvalidInput('Nobody can be asked here. Look with npx creatorflix impact, then add --yes.')
  const rows = deletes === 1 ? 'this row' : `these ${deletes.toLocaleString('en')} rows`
  return /^y(es)?$/i.test((await ask(`Delete ${rows}? (y/N) `)).trim())
}
