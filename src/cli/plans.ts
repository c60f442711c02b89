import { type Command, InvalidArgumentError } from 'commander'
import type { Db } from '#src/db/index.ts'
import { InvalidInput } from '#src/errors.ts'
import { formatCents, parseCents } from '#src/lib/money.ts'
import {
  addPlan,
  changePlan,
  listAllPlans,
  type PlanTerms,
  removePlan,
  restorePlan,
  retirePlan,
} from '#src/services/billing/plans.ts'
import type { Plan } from '#src/services/billing/views.ts'
import { readSetting } from '#src/services/settings/settings.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

interface Options {
  json?: boolean
}

interface PlanOptions extends Options {
  name?: string
  price?: number
  days?: number
  benefit?: string[]
  cta?: string
  checkoutUrl?: string
  pix?: boolean
  card?: boolean
}

type ListedPlan = Awaited<ReturnType<typeof listAllPlans>>[number]

/** `plans`: what is sold. */
export function addPlans(program: Command, context: CommandContext) {
  const plans = program.command('plans').description('list and change what you sell')

  plans
    .command('list', { isDefault: true })
    .description('list the plans, the retired ones too')
    .option('--json', 'print JSON')
    .action((options: Options) => list(context, options))

  withTerms(plans.command('add').description('put a plan on sale').argument('<name>', 'such as "3 months"'))
    .requiredOption('--price <amount>', 'such as 79.90', cents)
    .requiredOption('--days <days>', 'how long it lasts', days)
    .action((name: string, options: PlanOptions) =>
      context.withDeps(async ({ database }) => {
        const plan = await addPlan(database.db, {
          ...NEW_PLAN,
          ...termsOf(options),
          name,
        } as PlanTerms)
        await toldOf(context, database.db, 'On sale', plan, options)
      }),
    )

  withTerms(
    plans.command('change').description('change what is offered from now on').argument('<id>', ID, rowId),
  )
    .option('--name <name>', 'what it is called')
    .option('--price <amount>', 'such as 79.90', cents)
    .option('--days <days>', 'how long it lasts', days)
    .action((id: number, options: PlanOptions) =>
      context.withDeps(async ({ database }) => {
        const changes = termsOf(options)
        if (Object.keys(changes).length === 0)
          throw new InvalidInput('Say what to change, such as --price 34.90.')
        await toldOf(context, database.db, 'Changed', await changePlan(database.db, id, changes), options)
      }),
    )

  plans
    .command('retire')
    .description('take a plan off sale; who has it keeps it')
    .argument('<id>', ID, rowId)
    .option('--json', 'print JSON')
    .action((id: number, options: Options) =>
      context.withDeps(async ({ database, now }) => {
        await retirePlan(database.db, id, now())
        told(context, options, id, 'retired')
      }),
    )

  plans
    .command('restore')
    .description('put a retired plan on sale again')
    .argument('<id>', ID, rowId)
    .option('--json', 'print JSON')
    .action((id: number, options: Options) =>
      context.withDeps(async ({ database }) => {
        await restorePlan(database.db, id)
        told(context, options, id, 'on sale')
      }),
    )

  plans
    .command('remove')
    .description('delete a plan that nobody ever had; one with history is retired instead')
    .argument('<id>', ID, rowId)
    .option('--json', 'print JSON')
    .action((id: number, options: Options) =>
      context.withDeps(async ({ database, now }) =>
        told(context, options, id, await removePlan(database.db, id, now()), REASONS),
      ),
    )
}

const ID = 'the number in the list'
const REASONS = { retired: ', for somebody has ordered or had it' }

const NEW_PLAN = { benefits: [], ctaText: null, checkoutUrl: null, acceptsPix: true, acceptsCard: true }

function withTerms(command: Command) {
  return command
    .option('--benefit <text...>', 'what it brings; give it once for each')
    .option('--cta <text>', 'what its button says')
    .option('--checkout-url <address>', 'where it is sold instead of here')
    .option('--pix', 'accepts PIX')
    .option('--no-pix', 'does not accept PIX')
    .option('--card', 'accepts cards')
    .option('--no-card', 'does not accept cards')
    .option('--json', 'print JSON')
}

/** Only what was said. An empty text takes away what is there. */
function termsOf(options: PlanOptions): Partial<PlanTerms> {
  const said = {
    name: options.name,
    priceCents: options.price,
    days: options.days,
    benefits: options.benefit,
    ctaText: orNull(options.cta),
    checkoutUrl: orNull(options.checkoutUrl),
    acceptsPix: options.pix,
    acceptsCard: options.card,
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

const orNull = (text: string | undefined) => (text === '' ? null : text)

const list = (context: CommandContext, { json }: Options) =>
  context.withDeps(async ({ database }) => {
    const plans = await listAllPlans(database.db)
    if (json) return printJson(context.output, plans)
    const currency = await readSetting(database.db, 'currency')
    for (const plan of plans) printPlan(context.output, plan, currency)
    if (plans.length === 0) {
      printLine(
        context.output.stdout,
        'No plans yet. Add one: npx creatorflix plans add Month --price 29.90 --days 30',
      )
    }
  })

function printPlan({ stdout }: Output, plan: ListedPlan, currency: string) {
  const methods = [plan.acceptsPix && 'PIX', plan.acceptsCard && 'card'].filter(Boolean).join(' and ')
  const state = plan.retiredAt ? styled(stdout, 'yellow', '  (retired)') : ''
  const price = formatCents(plan.priceCents, currency, 'en')
  const length = `${plan.days} ${plan.days === 1 ? 'day' : 'days'}`
  const members = `${plan.members} ${plan.members === 1 ? 'member' : 'members'}`
  printLine(stdout, `${plan.id}  ${plan.name}  ${price}  ${length}  ${methods}  ${members}${state}`)
}

/** As it was understood: "1.234,56" may be read in two ways. */
async function toldOf({ output }: CommandContext, db: Db, done: string, plan: Plan, { json }: Options) {
  if (json) return printJson(output, plan)
  const price = formatCents(plan.priceCents, await readSetting(db, 'currency'), 'en')
  printLine(output.stdout, `${done}: ${plan.id}  ${plan.name}  ${price}  ${plan.days} days`)
}

function told(
  { output }: CommandContext,
  { json }: Options,
  id: number,
  state: string,
  reasons: Record<string, string> = {},
) {
  if (json) printJson(output, { changed: id, state })
  else printLine(output.stdout, `Plan ${id}: ${state}${reasons[state] ?? ''}`)
}

function cents(text: string): number {
  const amount = parseCents(text)
  if (amount !== null) return amount
  throw new InvalidArgumentError('It must be a price such as 29.90 or 29,90.')
}

function days(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number of days.')
}

function rowId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
