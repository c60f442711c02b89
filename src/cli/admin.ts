import type { Command } from 'commander'
import {
  type AdminLink,
  adminLink,
  createAdmin,
  listAdmins,
  removeAdmin,
} from '#src/services/accounts/admins.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

interface Options {
  json?: boolean
}

/** `admin`: who manages the site. Passwords are chosen in a browser, by a link, and never typed here. */
export function addAdmin(program: Command, context: CommandContext) {
  const admin = program.command('admin').description('make and list those who manage the site')

  admin
    .command('list', { isDefault: true })
    .description('list the admins')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))

  admin
    .command('create')
    .description('make an admin, and print the link to choose a password by')
    .argument('<email>', 'of a new account, or of one that is there')
    .option('--json', 'print JSON')
    .action((email: string, options: Options) =>
      context.withDeps(async (deps) =>
        printLink(context.output, await createAdmin(deps, email, deps.now()), options),
      ),
    )

  admin
    .command('link')
    .description('print a new link to choose a password by')
    .argument('<email>', 'of an admin')
    .option('--json', 'print JSON')
    .action((email: string, options: Options) =>
      context.withDeps(async (deps) =>
        printLink(context.output, await adminLink(deps, email, deps.now()), options),
      ),
    )

  admin
    .command('remove')
    .description('make an admin a member again; the last one stays')
    .argument('<email>', 'of an admin')
    .option('--json', 'print JSON')
    .action((email: string, { json }: Options) =>
      context.withDeps(async (deps) => {
        await removeAdmin(deps, email)
        if (json) printJson(context.output, { removed: email })
        else printLine(context.output.stdout, `No admin any more, and signed out: ${email}`)
      }),
    )
}

const list = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const admins = await listAdmins(database.db)
    if (json) return printJson(context.output, admins)
    const { stdout } = context.output
    for (const { email, name, isReady, isDisabled } of admins) {
      const state = isDisabled ? '  (disabled)' : isReady ? '' : '  (has not chosen a password yet)'
      printLine(stdout, `${email}${name ? `  ${name}` : ''}${styled(stdout, 'yellow', state)}`)
    }
    if (admins.length === 0) {
      printLine(stdout, 'No admin yet. Make one: npx creatorflix admin create ana@example.com')
    }
  })

function printLink(output: Output, made: AdminLink, { json }: Options) {
  if (json) return printJson(output, made)
  const { stdout } = output
  printLine(stdout, `${made.email} chooses a password here, once, within 24 hours:`)
  printLine(stdout, `    ${styled(stdout, 'bold', made.link)}`)
}
