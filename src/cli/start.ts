import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

interface Options {
  json?: boolean
  newSecret?: boolean
}

export function addStart(program: Command, context: CommandContext) {
  program
    .command('start')
    .description('serve the site, until SIGTERM or Ctrl-C')
    .option('--new-secret', 'go on although the secret this database was set up with is lost')
    .option('--json', 'print JSON when the site is ready')
    .action(async ({ json, newSecret }: Options) => {
      const { main } = await import('#src/main.ts')
      await main(context, { json: json ?? false, newSecret: newSecret ?? false })
    })
}
