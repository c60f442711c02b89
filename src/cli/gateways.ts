import { type Command, InvalidArgumentError } from 'commander'
import { InvalidInput } from '#src/errors.ts'
import {
  activateGateway,
  deactivateGateway,
  knownKind,
  setGateway,
} from '#src/services/gateways/change-gateways.ts'
import { type GatewayView, listGateways } from '#src/services/gateways/list-gateways.ts'
import { askForFault, SANDBOX_FAULTS } from '#src/services/gateways/sandbox-faults.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'
import { readSecrets, SECRET_HELP, SECRET_OPTION, type SecretPlace, secretPlace } from './secret-options.ts'

interface Options {
  json?: boolean
}

interface SetOptions extends Options {
  secret: SecretPlace[]
  publicKey?: string
  iAcceptNoFsync?: boolean
}

interface ActivateOptions extends Options {
  pix?: boolean
  card?: boolean
  iAcceptNoFsync?: boolean
}

const METHOD_WORDS = { pix: 'PIX', credit_card: 'card' }
const NO_FSYNC = 'on the embedded database: its last words may be lost in a power cut'

/** `gateways`: who takes the money. */
export function addGateways(program: Command, context: CommandContext) {
  const gateways = program.command('gateways').description('list, set up and switch who takes the money')

  gateways
    .command('list', { isDefault: true })
    .description('list the payment gateways, with the last characters of their keys')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))

  gateways
    .command('set')
    .description('keep the keys of a gateway, sealed; they are never shown again')
    .argument('<name>', 'such as sandbox')
    .option(SECRET_OPTION, SECRET_HELP, secretPlace, [])
    .option('--public-key <key>', 'the key that browsers may see, where the gateway has one')
    .option('--i-accept-no-fsync', NO_FSYNC)
    .option('--json', 'print JSON')
    .action((name: string, options: SetOptions) => set(context, name, options))

  gateways
    .command('activate')
    .description('let a gateway take new payments')
    .argument('<name>', 'such as sandbox')
    .option('--pix', 'PIX alone, or with --card both')
    .option('--card', 'cards alone, or with --pix both')
    .option('--i-accept-no-fsync', NO_FSYNC)
    .option('--json', 'print JSON')
    .action((name: string, options: ActivateOptions) => activate(context, name, options))

  gateways
    .command('deactivate')
    .description('let a gateway take no new payments; the old ones are still looked after')
    .argument('<name>', 'such as sandbox')
    .option('--json', 'print JSON')
    .action((name: string, { json }: Options) =>
      context.withDeps(async ({ database }) => {
        await deactivateGateway({ database }, name)
        if (json) printJson(context.output, { deactivated: name })
        else printLine(context.output.stdout, `${name} takes no new payments.`)
      }),
    )

  gateways
    .command('sandbox-fault')
    .description('let the sandbox do something wrong, to see what comes of it; none forgets it')
    .argument('<fault>', faultNames())
    .option('--on <call>', `for faults of calls: ${SANDBOX_FAULTS.on.join(', ')}`, 'any')
    .option('--times <number>', 'how often', times, 1)
    .option('--json', 'print JSON')
    .action((fault: string, { on, times, json }: Options & { on: string; times: number }) =>
      context.withDeps(async (deps) => {
        await askForFault(deps, fault, { on, times })
        if (json) printJson(context.output, { fault, on, times })
        else if (fault === 'none')
          printLine(context.output.stdout, 'The sandbox does nothing wrong any more.')
        else printLine(context.output.stdout, `The sandbox does so next: ${fault}`)
      }),
    )
}

const faultNames = () =>
  ['none', ...SANDBOX_FAULTS.calls, ...SANDBOX_FAULTS.messages].map((name) => `"${name}"`).join(', ')

const list = (context: CommandContext, { json }: Options) =>
  context.withDeps(async (deps) => {
    const gateways = await listGateways(deps)
    if (json) return printJson(context.output, gateways)
    for (const gateway of gateways) printGateway(context.output, gateway)
    if (gateways.length === 0) printLine(context.output.stdout, 'No payment gateway is set up.')
  })

function printGateway({ stdout }: Output, gateway: GatewayView) {
  const { name, isActive, methods, isPretend, publicKey, secrets, obstacle } = gateway
  const takes = methods.map((method) => METHOD_WORDS[method]).join(' and ')
  const state = isActive ? `takes ${takes}` : 'switched off: takes no new payments'
  const pretend = isPretend ? '  (pretend money)' : ''
  printLine(stdout, `${styled(stdout, 'bold', name)}  ${state}${pretend}`)
  if (publicKey) printLine(stdout, `    public key = ${publicKey}`)
  for (const [key, end] of Object.entries(secrets)) printLine(stdout, `    ${key} = ${end}`)
  if (obstacle) printLine(stdout, styled(stdout, 'yellow', `    It cannot be used. ${obstacle}`))
}

async function set(context: CommandContext, name: string, options: SetOptions) {
  knownKind(name)
  const secrets = await readSecrets(context, options.secret)
  if (Object.keys(secrets).length === 0 && options.publicKey === undefined) {
    throw new InvalidInput('Give at least one key, for instance: --secret apiKey=key.txt')
  }
  await context.withDeps(async (deps) => {
    await setGateway(deps, name, {
      secrets,
      ...(options.publicKey !== undefined && { publicKey: options.publicKey }),
      acceptsNoFsync: options.iAcceptNoFsync ?? false,
    })
    const gateway = (await listGateways(deps)).find((one) => one.name === name)
    if (options.json) return printJson(context.output, gateway)
    if (gateway) printGateway(context.output, gateway)
    if (gateway?.isPretend && deps.env.SANDBOX_URL === undefined) {
      printLine(
        context.output.stdout,
        'The sandbox that starts with the site has these keys from its next start on.',
      )
    }
    if (gateway && !gateway.isActive) {
      printLine(context.output.stdout, `To use it: npx creatorflix gateways activate ${name}`)
    }
  })
}

const activate = (
  context: CommandContext,
  name: string,
  { pix, card, iAcceptNoFsync, json }: ActivateOptions,
) =>
  context.withDeps(async (deps) => {
    const chosen = [...(pix ? ['pix' as const] : []), ...(card ? ['credit_card' as const] : [])]
    const methods = await activateGateway(deps, name, {
      ...(chosen.length > 0 && { methods: chosen }),
      acceptsNoFsync: iAcceptNoFsync ?? false,
    })
    if (json) return printJson(context.output, { activated: name, methods })
    const takes = methods.map((method) => METHOD_WORDS[method]).join(' and ')
    printLine(context.output.stdout, `${name} takes payments by ${takes} from now on.`)
  })

function times(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
}
