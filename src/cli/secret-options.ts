import { InvalidInput } from '#src/errors.ts'
import type { CommandContext } from './command-context.ts'

/** Where a secret is to be read: never given itself, because arguments are seen by everybody on the machine. */
export interface SecretPlace {
  name: string
  /** A file, or `-` for what is typed or piped in. */
  from: string
}

export const SECRET_OPTION = '--secret <name=file>'
export const SECRET_HELP = 'a secret, as the file that holds it alone; name=- reads it from standard input'

/** Collects what is given once or several times. */
export function secretPlace(text: string, former: SecretPlace[] = []): SecretPlace[] {
  const [, name = '', from = ''] = /^(\w+)=(.+)$/.exec(text) ?? []
  // What was given must not be repeated, as commander would: it may be the secret itself.
  if (name === '') throw new InvalidInput('--secret takes a name, = and a file, such as apiKey=key.txt.')
  if (former.some((one) => one.name === name)) throw new InvalidInput(`${name} is given twice.`)
  return [...former, { name, from }]
}

/** The secrets by name, without the line end that editors leave behind. To be asked before `withDeps`. */
export async function readSecrets(
  context: CommandContext,
  places: SecretPlace[],
): Promise<Record<string, string>> {
  if (places.filter(({ from }) => from === '-').length > 1) {
    throw new InvalidInput('Only one secret can be read from standard input. Give the others as files.')
  }
  const secrets: Record<string, string> = {}
  for (const place of places) secrets[place.name] = await readSecret(context, place)
  return secrets
}

async function readSecret(context: CommandContext, { name, from }: SecretPlace): Promise<string> {
  try {
    return Buffer.from(await context.readFile(from))
      .toString('utf8')
      .replace(/\r?\n$/, '')
  } catch {
    // Nor must what stands for the file be repeated.
    throw new InvalidInput(`The file for ${name} cannot be read. Give its path, never the secret itself.`)
  }
}
