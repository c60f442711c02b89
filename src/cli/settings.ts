import type { Command } from 'commander'
import {
  allSettings,
  libraryOf,
  readSetting,
  type SettingState,
  settingKey,
  writeSetting,
} from '#src/services/settings/settings.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

interface Options {
  json?: boolean
}

export function addSettings(program: Command, context: CommandContext) {
  const settings = program
    .command('settings')
    .description('list the settings of the site, or read and write one')
    .option('--json', 'print JSON')
    .action((options: Options) => listSettings(context, options))

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
    .argument('<value>', 'such as members')
    .option('--json', 'print JSON')
    .action((key: string, value: string, _, command: Command) =>
      setSetting(context, key, value, command.optsWithGlobals()),
    )
}

const listSettings = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database, env }) => {
    const settings = await allSettings(database.db, libraryOf(env))
    if (json) return printJson(context.output, settings)
    for (const setting of settings) printSetting(context.output, setting)
  })

function printSetting({ stdout }: Output, { key, value, chosen, help }: SettingState) {
  const origin = chosen ? '' : styled(stdout, 'dim', ' (default)')
  printLine(stdout, `${styled(stdout, 'bold', key)} = ${value}${origin}`)
  printLine(stdout, `    ${help}`)
}

const getSetting = (context: CommandContext, name: string, { json }: Options) =>
  context.withDeps(async ({ database, env }) => {
    const key = settingKey(name)
    const value = await readSetting(database.db, key, libraryOf(env))
    if (json) return printJson(context.output, { key, value })
    printLine(context.output.stdout, String(value))
  })

const setSetting = (context: CommandContext, name: string, text: string, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const key = settingKey(name)
    const value = await writeSetting(database.db, key, text)
    if (json) return printJson(context.output, { key, value })
    printLine(context.output.stdout, `${key} = ${value}`)
  })
