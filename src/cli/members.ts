import { type Command, InvalidArgumentError } from 'commander'
import type { Deps } from '#src/deps.ts'
import { formatCents } from '#src/lib/money.ts'
import {
  closeReview,
  disableMember,
  enableMember,
  listMembers,
  listOrders,
  type MemberRow,
  memberByEmail,
  paymentOwner,
  paymentsToReview,
  showMember,
} from '#src/services/billing/members.ts'
import { endMembership, giveTermTo } from '#src/services/billing/membership.ts'
import { reassignOrder } from '#src/services/billing/reassign-order.ts'
import { reconcile } from '#src/services/billing/reconcile.ts'
import { REVIEW_REFUND_REFUSED, requestRefund } from '#src/services/billing/refunds.ts'
import type { CommandContext } from './command-context.ts'
import { type Output, printJson, printLine, styled } from './output.ts'

interface Options {
  json?: boolean
}

/** `members`: who has an account, what they paid, and what an owner does about it. */
export function addMembers(program: Command, context: CommandContext) {
  const members = program.command('members').description('see and change members and their payments')

  members
    .command('list', { isDefault: true })
    .description('list the newest accounts')
    .argument('[words]', 'only those whose e-mail or name holds them')
    .option('--json', 'print JSON')
    .action((words: string | undefined, { json }: Options) =>
      context.withDeps(async ({ database, now }) => {
        const rows = await listMembers(database.db, words ?? null, now())
        if (json) return printJson(context.output, rows)
        for (const row of rows) printMember(context.output, row)
        if (rows.length === 0)
          printLine(
            context.output.stdout,
            words ? `Nobody has ${words} in their e-mail or name.` : 'Nobody yet.',
          )
      }),
    )

  members
    .command('show')
    .description('print all about one member')
    .argument('<email>')
    .option('--json', 'print JSON')
    .action((email: string, { json }: Options) =>
      context.withDeps(async (deps) => {
        const member = await showMember(deps, email)
        if (json) printJson(context.output, member)
        else printWhole(context.output, member)
      }),
    )

  members
    .command('give')
    .description('give somebody time that nobody pays for, and an account where they have none')
    .argument('<email>')
    .argument('<plan>', 'the number of the plan', rowId)
    .option('--days <days>', 'instead of the duration of the plan', days)
    .option('--json', 'print JSON')
    .action((email: string, plan: number, { json, days }: Options & { days?: number }) =>
      context.withDeps(async (deps) => {
        const { isNew } = await giveTermTo(deps, email, plan, days)
        const { subscription } = await showMember(deps, email)
        if (json) return printJson(context.output, { ...subscription, isNew })
        printLine(context.output.stdout, `May watch until ${subscription?.endsAt.toISOString()}`)
        if (isNew) printLine(context.output.stdout, 'The account is new: a link to it is mailed.')
      }),
    )

  addChange(members, context, {
    name: 'end',
    description: 'end the access of a member now, giving no money back',
    done: 'Ended',
    change: async (deps, email) => endMembership(deps, (await memberByEmail(deps.database.db, email)).id),
  })
  addChange(members, context, {
    name: 'disable',
    description: 'shut an account: its sessions end, nobody signs in to it',
    done: 'Shut',
    change: disableMember,
  })
  addChange(members, context, {
    name: 'enable',
    description: 'open an account again',
    done: 'Open',
    change: enableMember,
  })

  members
    .command('orders')
    .description('list the newest orders, paid or not')
    .argument('[words]', 'only those whose e-mail holds them')
    .option('--json', 'print JSON')
    .action((words: string | undefined, { json }: Options) =>
      context.withDeps(async ({ database }) => {
        const orders = await listOrders(database.db, words ?? null)
        if (json) return printJson(context.output, orders)
        for (const order of orders) printOrder(context.output, order)
        if (orders.length === 0)
          printLine(context.output.stdout, words ? `No order has ${words} in its e-mail.` : 'No orders yet.')
      }),
    )

  members
    .command('refund')
    .description(
      'give the money of a payment back: access ends at once, the gateway is asked until it is done',
    )
    .argument('<payment>', 'its number, as "members orders" and "members show" print it', rowId)
    .option('--json', 'print JSON')
    .action((payment: number, { json }: Options) =>
      context.withDeps(async (deps) => {
        await requestRefund(deps, payment)
        if (json) return printJson(context.output, { refundRequested: payment })
        const { email, amountCents, currency } = await paymentOwner(deps.database.db, payment)
        const amount = formatCents(amountCents, currency, 'en')
        printLine(
          context.output.stdout,
          `${amount} of ${email ?? 'nobody'} is on its way back: payment ${payment}`,
        )
      }),
    )

  members
    .command('move')
    .description('give what a payment opened to the account of another e-mail, for who mistyped theirs')
    .argument('<payment>', 'its number, as "members orders" and "members show" print it', rowId)
    .argument('<email>', 'the right one; the receipt goes there')
    .option('--json', 'print JSON')
    .action((payment: number, typed: string, { json }: Options) =>
      context.withDeps(async (deps) => {
        const email = await reassignOrder(deps, payment, typed)
        if (json) printJson(context.output, { moved: payment, email })
        else printLine(context.output.stdout, `Payment ${payment} is that of ${email} now.`)
      }),
    )

  members
    .command('review')
    .description('list the payments that wait for you')
    .option('--json', 'print JSON')
    .action(({ json }: Options) =>
      context.withDeps(async ({ database }) => {
        const waiting = await paymentsToReview(database.db)
        if (json) return printJson(context.output, waiting)
        for (const { id, email, amountCents, currency, review } of waiting) {
          const amount = formatCents(amountCents, currency, 'en')
          printLine(context.output.stdout, `${id}  ${email ?? 'nobody'}  ${amount}  ${review}`)
        }
        const [first] = waiting
        if (!first) return printLine(context.output.stdout, 'No payment waits for you.')
        const refundable = waiting.find(({ review }) => review !== REVIEW_REFUND_REFUSED)
        const next = [
          refundable && `Give money back: npx creatorflix members refund ${refundable.id}`,
          `When seen to: npx creatorflix members reviewed ${first.id}`,
        ]
        printLine(context.output.stdout, next.filter(Boolean).join('   '))
      }),
    )

  members
    .command('reviewed')
    .description('take a payment off that list, when you have seen to it')
    .argument('<payment>', 'its number in the list', rowId)
    .option('--json', 'print JSON')
    .action((payment: number, { json }: Options) =>
      context.withDeps(async (deps) => {
        await closeReview(deps, payment)
        if (json) printJson(context.output, { reviewed: payment })
        else printLine(context.output.stdout, `Seen to: payment ${payment}`)
      }),
    )

  members
    .command('reconcile')
    .description('ask the gateways what became of every open charge, now')
    .option('--json', 'print JSON')
    .action(({ json }: Options) =>
      context.withDeps(async (deps) => {
        const report = await reconcile(deps, { isForced: true })
        if (json) return printJson(context.output, report)
        const { asked, settled, unanswered } = report
        printLine(
          context.output.stdout,
          `Asked for ${asked}, news of ${settled}, no answer for ${unanswered}.`,
        )
      }),
    )
}

interface Change {
  name: string
  description: string
  done: string
  change: (deps: Deps, email: string) => Promise<void>
}

function addChange(members: Command, context: CommandContext, { name, description, done, change }: Change) {
  members
    .command(name)
    .description(description)
    .argument('<email>')
    .option('--json', 'print JSON')
    .action((email: string, { json }: Options) =>
      context.withDeps(async (deps) => {
        await change(deps, email)
        if (json) printJson(context.output, { changed: email })
        else printLine(context.output.stdout, `${done}: ${email}`)
      }),
    )
}

function printMember({ stdout }: Output, row: MemberRow) {
  const plan = row.endsAt ? `${row.planName} until ${dayOf(row.endsAt)}` : 'no membership'
  const state = row.isDisabled ? styled(stdout, 'yellow', '  (shut)') : row.isClaimed ? '' : '  (not claimed)'
  printLine(stdout, `${row.email}  ${plan}${state}`)
}

function printOrder({ stdout }: Output, order: Awaited<ReturnType<typeof listOrders>>[number]) {
  const { paymentId, createdAt, email, planName, bumpName, totalAmount, currency, paymentMethod, status } =
    order
  const what = bumpName === null ? planName : `${planName} + ${bumpName}`
  const amount = formatCents(totalAmount, currency, 'en')
  const method = paymentMethod === 'pix' ? 'PIX' : 'card'
  const when = `${createdAt.toISOString().slice(0, 16)}Z`
  printLine(
    stdout,
    `${paymentId === null ? 'no payment' : `payment ${paymentId}`}  ${when}  ${email ?? 'erased'}  ${what}  ${amount}  ${method}  ${status.replace('_', ' ')}`,
  )
}

function printWhole({ stdout }: Output, member: Awaited<ReturnType<typeof showMember>>) {
  printLine(stdout, `${styled(stdout, 'bold', member.email)}  ${member.name ?? ''}`.trimEnd())
  printLine(
    stdout,
    `    account ${member.disabledAt ? 'shut' : member.claimedAt ? 'in use' : 'not claimed yet'}`,
  )
  const { subscription } = member
  printLine(
    stdout,
    subscription
      ? `    ${subscription.planName}, ${subscription.status}, until ${subscription.endsAt.toISOString()}`
      : '    no membership',
  )
  for (const { planName, startsAt, endsAt, paymentId } of member.terms) {
    const source = paymentId === null ? 'given' : `payment ${paymentId}`
    printLine(stdout, `    ${dayOf(startsAt)} to ${dayOf(endsAt)}  ${planName}  ${source}`)
  }
  for (const {
    id,
    planName,
    amountCents,
    currency,
    method,
    status,
    paidAt,
    isRefundRequested,
  } of member.payments) {
    const amount = formatCents(amountCents, currency, 'en')
    const state = isRefundRequested ? 'on its way back' : status.replace('_', ' ')
    printLine(
      stdout,
      `    payment ${id}  ${dayOf(paidAt)}  ${planName}  ${amount}  ${method === 'pix' ? 'PIX' : 'card'}  ${state}`,
    )
  }
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10)

function days(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number of days, 1 or more.')
}

function rowId(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
