import type { Command } from 'commander'
import { InvalidInput } from '#src/errors.ts'

/**
 * A group without a command lists what it is about, so a word that is none of its commands would be taken for an argument
 * of `list`, which has none.
 * @throws InvalidInput naming the commands there are.
 */
export function insistOnKnownSubcommand(program: Command, [group, word]: string[]): void {
  const { commands = [] } = program.commands.find((command) => command.name() === group) ?? {}
  const list = commands.find((command) => command.name() === 'list')
  if (!list || list.registeredArguments.length > 0 || !word || word.startsWith('-')) return
  const names = commands.map((command) => command.name())
  if (names.includes(word) || word === 'help') return
  throw new InvalidInput(
    `Unknown command '${group} ${word}'. Choose one of: ${names.join(', ')}. See --help.`,
  )
}
