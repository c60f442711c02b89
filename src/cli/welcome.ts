import type { Deps } from '#src/deps.ts'
import { libraryOf } from '#src/services/settings/settings.ts'
import type { SyncReport } from '#src/services/whitelabel/sync/sync-report.ts'
import { type Output, printJson, printLine, styled } from './output.ts'
import type { StartLinks } from './start-links.ts'
import { heldWords, unpublishedWords } from './sync-words.ts'

interface Options {
  json: boolean
}

interface ReadyOptions extends Options {
  links: StartLinks
}

/** Says where the site is: in words on a terminal, else as the first lines of the log. */
export function tellReady(
  output: Output,
  { env, database, media, log }: Deps,
  port: number,
  { json, links }: ReadyOptions,
) {
  const address = env.PORT === port ? env.BASE_URL : `http://localhost:${port}`
  const facts = { address, database: database.kind, library: media.source, process: process.pid }
  if (json) return printJson(output, { ...facts, links })
  if (!output.stdout.isTerminal) {
    log.info(facts, `CreatorFlix is ready at ${address}`)
    // A link that makes an admin is nothing for a log.
    if (links.admin) log.info('there is no admin yet: npx creatorflix admin create YOUR@EMAIL')
    return
  }

  const { stdout } = output
  const bold = (text: string) => styled(stdout, 'bold', text)
  const lines = [
    '',
    `CreatorFlix is ready at ${bold(address)}`,
    '',
    ...(libraryOf(env).isSample
      ? [
          'It shows the sample library. For your own, stop with Ctrl-C and start with your folder or bucket:',
          `    ${bold('MEDIA_DIR=/path/to/your/media npm start')}`,
          'Each folder in it is a creator, each folder in that a post. Buckets: docs/operating.md',
        ]
      : [`Its library is ${media.source}; what is new in there appears with the next sync.`]),
    ...(links.admin
      ? ['', 'Make yourself the admin with this link, which works once:', `    ${bold(links.admin)}`]
      : []),
    ...(links.member
      ? [
          '',
          'Payments are pretended by the sandbox: buy a plan at /plans, or sign in as a member who has paid, once:',
          `    ${bold(links.member)}`,
        ]
      : []),
    '',
    `All commands: ${bold('npx creatorflix --help')}`,
    '',
  ]
  for (const line of lines) printLine(stdout, line)
}

/** What a sync in the background leaves for the owner to do. */
export function tellSynced(output: Output, report: SyncReport, { json }: Options) {
  if (json || !output.stdout.isTerminal) return
  const { status, reason } = report
  if (status === 'failed') printLine(output.stdout, `The sync failed: ${reason}`)
  if (status === 'held') printLine(output.stdout, `The sync is held: ${reason}`)
  for (const line of [...heldWords(report), ...unpublishedWords(report)]) printLine(output.stdout, line)
}
