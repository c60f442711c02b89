import { type Command, InvalidArgumentError } from 'commander'
import type { Db } from '#src/db/index.ts'
import {
  listUnreadable,
  type UnreadableObject,
} from '#src/services/derivatives/queries/unreadable-objects.ts'
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
  const media = addSubject(program, context, {
    noun: 'media',
    argument: '<key>',
    explained: 'the file as the bucket names it, folder/post/file.jpg',
    parse: String,
    show: showMedia,
  })
  addUnreadable(media, context)
}

function addSubject<Id>(program: Command, context: CommandContext, subject: Subject<Id>): Command {
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
  return group
}

function addUnreadable(media: Command, context: CommandContext) {
  media
    .command('unreadable')
    .description('list the files that no picture could be made of, and why')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: boolean }) =>
      context.withDeps(async ({ database }) => {
        const objects = await listUnreadable(database.db)
        if (json) return printJson(context.output, objects)
        for (const line of unreadableLines(objects)) printLine(context.output.stdout, line)
      }),
    )
}

function unreadableLines(objects: UnreadableObject[]) {
  if (objects.length === 0) return ['A picture could be made of every file that was asked for.']
  return objects.map(({ key, reason, since, times }) =>
    [reason.padEnd(13), since.toISOString().slice(0, 10), `asked ${times}x`.padEnd(11), key].join('  '),
  )
}

function rowId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
