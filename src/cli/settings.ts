import type { Command } from 'commander'
import { InvalidInput } from '#src/errors.ts'
import { accentWords } from '#src/services/settings/accent.ts'
import {
  allSettings,
  clearSetting,
  libraryOf,
  readSetting,
  type SettingState,
  settingKey,
  shortened,
  textOfFile,
  writeSetting,
} from '#src/services/settings/settings.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

interface Options {
  json?: boolean
}

interface SetOptions extends Options {
  file?: string
}

export function addSettings(program: Command, context: CommandContext) {
  const settings = program
    .command('settings')
    .description('list the settings of the site, or read and write one')
    .option('--json', 'print JSON')

  settings
    .command('list', { isDefault: true })
    .description('list the settings of the site')
    .option('--json', 'print JSON')
    .action((_, command: Command) => listSettings(context, command.optsWithGlobals()))

  settings
    .command('get')
    .description('print the value of one setting')
    .argument('<key>', 'such as access')
    .option('--json', 'print JSON')
    .action((key: string, _, command: Command) => getSetting(context, key, command.optsWithGlobals()))

  settings
    .command('set')
    .description('change one setting')
    .argument('<key>', 'such as access')
    .argument('[value]', 'such as members')
    .option('--file <path>', 'what is in this file: a text, or a picture for the logo')
    .option('--json', 'print JSON')
    .action((key: string, value: string | undefined, _, command: Command) =>
      setSetting(context, key, value, command.optsWithGlobals()),
    )

  settings
    .command('reset')
    .description('forget what was chosen: the default counts again')
    .argument('<key>', 'such as access')
    .option('--json', 'print JSON')
    .action((key: string, _, command: Command) => resetSetting(context, key, command.optsWithGlobals()))
}

const listSettings = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database, env }) => {
    const settings = await allSettings(database.db, libraryOf(env))
    if (json) return printJson(context.output, settings)
    for (const setting of settings) printSetting(context.output, setting)
  })

function printSetting({ stdout }: Output, { key, value, chosen, help }: SettingState) {
  const origin = chosen ? '' : styled(stdout, 'dim', ' (default)')
  printLine(stdout, `${styled(stdout, 'bold', key)} = ${shortened(value)}${origin}`)
  printLine(stdout, `    ${help}`)
}

const getSetting = (context: CommandContext, name: string, { json }: Options) =>
  context.withDeps(async ({ database, env }) => {
    const key = settingKey(name)
    const value = await readSetting(database.db, key, libraryOf(env))
    if (json) return printJson(context.output, { key, value })
    printLine(context.output.stdout, String(value))
  })

async function setSetting(
  context: CommandContext,
  name: string,
  value: string | undefined,
  { json, file }: SetOptions,
) {
  const key = settingKey(name)
  const text = file === undefined ? value : textOfFile(key, await context.readFile(file))
  if (text === undefined || (file !== undefined && value !== undefined)) {
    throw new InvalidInput(`Give a value for ${key}, or --file with the path of a file that holds it.`)
  }
  await context.withDeps(async ({ database, env }) => {
    const written = await writeSetting(database.db, key, text)
    if (json) return printJson(context.output, { key, value: written })
    printLine(context.output.stdout, `${key} = ${shortened(written)}`)
    if (key === 'accent_color' && written) printLine(context.output.stdout, accentWords(String(written)))
    if (written === 'provider' && !env.AGE_CHECK_MODULE) printLine(context.output.stdout, NOBODY_ENTERS)
  })
}

const NOBODY_ENTERS =
  'From now on nobody enters the site: AGE_CHECK_MODULE, which names your check, is not set. Set it and start again, or: npx creatorflix settings set age_check notice'

const resetSetting = (context: CommandContext, name: string, { json }: Options) =>
  context.withDeps(async ({ database, env }) => {
    const key = settingKey(name)
    await clearSetting(database.db, key)
    const value = await readSetting(database.db, key, libraryOf(env))
    if (json) return printJson(context.output, { key, value })
    printLine(context.output.stdout, `${key} = ${shortened(value)} (default)`)
  })
