import { type Command, InvalidArgumentError } from 'commander'
import {
  addContact,
  type Contact,
  listContacts,
  removeContact,
  showContact,
} from '#src/services/support/contacts.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

interface Options {
  json?: boolean
}

/** `support`: how visitors reach the owner. */
export function addSupport(program: Command, context: CommandContext) {
  const support = program.command('support').description('list and change how visitors reach you')

  support
    .command('list', { isDefault: true })
    .description('list the contacts')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))

  support
    .command('add')
    .description('show a contact on every page')
    .argument('<platform>', 'WhatsApp, Telegram, E-mail, or any name')
    .argument('<address>', 'a number, a @name, an e-mail address, or a link')
    .option('--json', 'print JSON')
    .action((platform: string, address: string, options: Options) =>
      context.withDeps(async ({ database }) => {
        const added = await addContact(database.db, platform, address)
        if (options.json) printJson(context.output, added)
        else printContact(context.output, added)
      }),
    )

  addChange(support, context, {
    name: 'remove',
    description: 'forget a contact',
    done: 'Removed',
    change: removeContact,
  })
  addChange(support, context, {
    name: 'enable',
    description: 'show a contact again',
    done: 'Shown',
    change: (db, id) => showContact(db, id, true),
  })
  addChange(support, context, {
    name: 'disable',
    description: 'take a contact off the pages and keep it',
    done: 'Not shown',
    change: (db, id) => showContact(db, id, false),
  })
}

interface Change {
  name: string
  description: string
  done: string
  change: typeof removeContact
}

function addChange(support: Command, context: CommandContext, { name, description, done, change }: Change) {
  support
    .command(name)
    .description(description)
    .argument('<id>', 'the number in the list', rowId)
    .option('--json', 'print JSON')
    .action((id: number, { json }: Options) =>
      context.withDeps(async ({ database }) => {
        await change(database.db, id)
        if (json) printJson(context.output, { changed: id })
        else printLine(context.output.stdout, `${done}: ${id}`)
      }),
    )
}

const list = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const contacts = await listContacts(database.db)
    if (json) return printJson(context.output, contacts)
    for (const contact of contacts) printContact(context.output, contact)
    if (contacts.length === 0) {
      printLine(
        context.output.stdout,
        'No contacts yet. Add one: npx creatorflix support add WhatsApp "+55 11 91234-5678"',
      )
    }
  })

function printContact({ stdout }: Output, { id, platform, url, isActive }: Contact) {
  const state = isActive ? '' : styled(stdout, 'yellow', '  (not shown)')
  printLine(stdout, `${id}  ${platform}  ${url}${state}`)
}

function rowId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
