import { type Command, InvalidArgumentError } from 'commander'
import type { Db } from '#src/db/index.ts'
import { showMedia, showPost } from '#src/services/whitelabel/publishing.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'

interface Subject<Id> {
  noun: string
  argument: string
  explained: string
  parse: (text: string) => Id
  show: (db: Db, id: Id, isShown: boolean) => Promise<void>
}

/** `posts` and `media`: single posts and files taken off the site, and shown again. */
export function addTakedowns(program: Command, context: CommandContext) {
  addSubject(program, context, {
    noun: 'posts',
    argument: '<id>',
    explained: 'the number in the address of the post',
    parse: rowId,
    show: showPost,
  })
  addSubject(program, context, {
    noun: 'media',
    argument: '<key>',
    explained: 'the file as the bucket names it, folder/post/file.jpg',
    parse: String,
    show: showMedia,
  })
}

function addSubject<Id>(program: Command, context: CommandContext, subject: Subject<Id>) {
  const { noun, argument, explained, parse, show } = subject
  const group = program.command(noun).description(`take single ${noun} off the site, or show them again`)
  for (const verb of ['hide', 'show'] as const) {
    group
      .command(verb)
      .description(
        verb === 'hide' ? 'take it off the site; it stays hidden through every sync' : 'show it again',
      )
      .argument(argument, explained, parse)
      .option('--json', 'print JSON')
      .action((id: Id, { json }: { json?: boolean }) =>
        context.withDeps(async ({ database }) => {
          await show(database.db, id, verb === 'show')
          if (json) printJson(context.output, { changed: id })
          else printLine(context.output.stdout, `${verb === 'hide' ? 'Hidden' : 'Shown'}: ${id}`)
        }),
      )
  }
}

function rowId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
