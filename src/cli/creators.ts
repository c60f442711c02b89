import { type Command, Option } from 'commander'
import type { Db } from '#src/db/index.ts'
import { LIBRARY_STATUSES } from '#src/db/schema.ts'
import { InvalidInput } from '#src/errors.ts'
import {
  type CreatorState,
  featureCreators,
  hideCreators,
  listCreators,
  publishCreators,
  unfeatureCreators,
} from '#src/services/whitelabel/publishing.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

const NO_LONGER_FEATURED = 'No longer featured'

interface ListOptions {
  status?: CreatorState['status']
  json?: boolean
}

interface ChangeOptions {
  all?: boolean
  json?: boolean
}

export function addCreators(program: Command, context: CommandContext) {
  const creators = program
    .command('creators')
    .description('list, publish, feature and hide the creators of the library')

  creators
    .command('list')
    .description('list the creators: new (not public yet), active (public) or hidden')
    .addOption(new Option('--status <status>', 'only these').choices([...LIBRARY_STATUSES]))
    .option('--json', 'print JSON')
    .action((options: ListOptions) => list(context, options))

  addChange(creators, context, {
    name: 'publish',
    description: 'make creators public',
    all: 'all that are new',
    done: 'Published',
    change: publishCreators,
  })
  addChange(creators, context, {
    name: 'hide',
    description: 'take creators off the site',
    all: 'all of them',
    done: 'Hidden',
    change: hideCreators,
  })
  addFeature(creators, context)
  addChange(creators, context, {
    name: 'unfeature',
    description: 'take creators away from the top of the home page',
    all: 'all of them',
    done: NO_LONGER_FEATURED,
    change: unfeatureCreators,
  })
}

/** Not all: what everybody is, nobody is. */
function addFeature(creators: Command, context: CommandContext) {
  creators
    .command('feature')
    .description('show creators at the top of the home page, in this order')
    .argument('<folders...>', 'the folder names of the creators')
    .option('--json', 'print JSON')
    .action((folders: string[], options: ChangeOptions) =>
      context.withDeps(async ({ database }) => {
        tellChange(context.output, 'Featured', await featureCreators(database.db, folders), options)
      }),
    )
}

interface ChangeCommand {
  name: string
  description: string
  /** What `--all` takes. */
  all: string
  done: string
  change: (db: Db, names: string[] | 'all') => Promise<string[]>
}

function addChange(
  creators: Command,
  context: CommandContext,
  { name, description, all, done, change }: ChangeCommand,
) {
  creators
    .command(name)
    .description(description)
    .argument('[folders...]', 'the folder names of the creators')
    .option('--all', all)
    .option('--json', 'print JSON')
    .action((folders: string[], options: ChangeOptions) =>
      context.withDeps(async ({ database }) => {
        const changed = await change(database.db, chosen(folders, options))
        tellChange(context.output, done, changed, options)
      }),
    )
}

function chosen(folders: string[], { all }: ChangeOptions): string[] | 'all' {
  if (all && folders.length > 0) throw new InvalidInput('Give folder names or --all, not both.')
  if (all) return 'all'
  if (folders.length > 0) return folders
  throw new InvalidInput(
    'Which creators? Give their folder names, or --all. To see them: npx creatorflix creators list',
  )
}

function tellChange(output: Output, done: string, changed: string[], options: ChangeOptions) {
  if (options.json) return printJson(output, { changed })
  for (const folder of changed) printLine(output.stdout, `${done}: ${folder}`)
  if (changed.length === 0) printLine(output.stdout, unchangedWords(done, options))
}

/** Publishing all leaves out what was hidden on purpose. */
function unchangedWords(done: string, { all }: ChangeOptions) {
  if (all && done === 'Published') {
    return 'Nothing to do: no creator is new. Hidden ones are published by name.'
  }
  if (done === NO_LONGER_FEATURED) return 'Nothing to do: none of them is featured.'
  return `Nothing to do: ${done.toLowerCase()} already.`
}

const list = (context: CommandContext, { status, json }: ListOptions) =>
  context.withDeps(async ({ database }) => {
    const { output } = context
    const creators = (await listCreators(database.db)).filter(
      (creator) => !status || creator.status === status,
    )
    if (json) return printJson(output, creators)
    for (const creator of creators) printCreator(output, creator)
    printLine(output.stderr, `${creators.length} creators`)
  })

function printCreator({ stdout }: Output, { folderName, status, postCount, featuredAt }: CreatorState) {
  const isPublic = status === 'active'
  const word = status.padEnd('hidden'.length)
  const posts = postCount === 1 ? '1 post' : `${postCount} posts`
  const counts = featuredAt ? `${posts}, featured` : posts
  printLine(stdout, `${isPublic ? word : styled(stdout, 'yellow', word)}  ${folderName}  (${counts})`)
}
