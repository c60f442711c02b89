import { createInterface } from 'node:readline'
import { type Command, InvalidArgumentError } from 'commander'
import { InvalidInput } from '#src/errors.ts'
import { type SandboxSecrets, sandboxSecrets } from '#src/payments/sandbox/gateway.ts'
import type { CommandContext } from './command-context.ts'
import { printJson, printLine } from './output.ts'
import { readSecrets, SECRET_HELP, SECRET_OPTION, type SecretPlace, secretPlace } from './secret-options.ts'

interface Options {
  json?: boolean
  host: string
  port: number
  data: string
  secret: SecretPlace[]
  pixMinutes: number
  withParent?: boolean
}

const MINUTE_MS = 60_000

/** `sandbox`: the pretend gateway by itself. A site starts one of its own, unless SANDBOX_URL names another. */
export function addSandbox(program: Command, context: CommandContext) {
  program
    .command('sandbox')
    .description('run the pretend payment gateway by itself, until SIGTERM or Ctrl-C')
    .requiredOption('--data <folder>', 'where it keeps its ledger')
    .option('--host <address>', 'on which address it listens', '127.0.0.1')
    .option('--port <number>', '0 takes any free one', wholeNumber(0, 65_535), 0)
    .option('--pix-minutes <number>', 'how long a PIX code can be paid', wholeNumber(1, 10_000), 30)
    .option(SECRET_OPTION, `${SECRET_HELP}: apiKey and webhookSecret`, secretPlace, [])
    .option('--with-parent', 'read the secrets as a line of JSON from standard input, and end when that ends')
    .option('--json', 'print JSON when it is ready')
    .action((options: Options) => run(context, options))
}

/** @throws whatever ended it, when that was not the caller. */
async function run(context: CommandContext, options: Options) {
  const { startProgram } = await import('#src/payments/sandbox/program/sandbox-program.ts')
  const end = new AbortController()
  context.signal.addEventListener('abort', () => end.abort(null))
  const secrets = options.withParent
    ? await secretsOfParent(() => end.abort(null))
    : await readSecrets(context, options.secret)
  const { apiKey, webhookSecret } = validSecrets(secrets)
  const sandbox = await startProgram({
    folder: options.data,
    apiKey,
    webhookSecret,
    host: options.host,
    port: options.port,
    pixLifetimeMs: options.pixMinutes * MINUTE_MS,
    onFault: (error) => printLine(context.output.stderr, `The sandbox has failed: ${String(error)}`),
    onFailure: (error) => end.abort(error),
  })
  if (options.json) printJson(context.output, { url: sandbox.url })
  else
    printLine(context.output.stdout, `The sandbox answers at ${sandbox.url}; its bank is ${sandbox.url}/bank`)
  const reason = await aborted(end.signal)
  // What could not be written must not be told to anybody either.
  if (reason !== null) throw reason
  await sandbox.close()
}

/** The first line; whatever ends the pipe afterwards, the parent's death included, calls `onEnd`. */
function secretsOfParent(onEnd: () => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    createInterface({ input: process.stdin })
      .once('line', (line) => {
        try {
          resolve(JSON.parse(line))
        } catch {
          reject(new InvalidInput('The first line of standard input must be the secrets as JSON.'))
        }
      })
      .once('close', () => {
        onEnd()
        reject(new InvalidInput('Standard input ended before the secrets came.'))
      })
  })
}

function validSecrets(given: unknown): SandboxSecrets {
  const parsed = sandboxSecrets.safeParse(given)
  if (parsed.success) return parsed.data
  const mistakes = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`)
  throw new InvalidInput(`The secrets need a correction:\n${mistakes.join('\n')}`)
}

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason)
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true })
  })

function wholeNumber(least: number, most: number) {
  return (text: string) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
}
