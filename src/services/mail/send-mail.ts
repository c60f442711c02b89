import { eq } from 'drizzle-orm'
import { payments, terms } from '#src/db/billing-tables.ts'
import type { Db } from '#src/db/index.ts'
import { checkouts, plans, subscriptions, users } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import type { Jobs, MailTemplate } from '#src/jobs/job-queue.ts'
import { formatCents } from '#src/lib/money.ts'
import { isTakenByAnother } from '#src/services/accounts/queries/taken-email.ts'
import {
  formerEmailOf,
  mintAccountToken,
  mintChangeToken,
  type NewToken,
} from '#src/services/accounts/tokens.ts'
import { linesOf } from '#src/services/billing/checkout-lines.ts'
import { LANGUAGES, readSetting } from '#src/services/settings/settings.ts'
import { type Letter, messageOf } from './letter.ts'
import { keepInOutbox } from './outbox.ts'
import { en } from './templates/en.ts'
import { ptBR } from './templates/pt-BR.ts'
import type { LetterFacts, Sender, Templates } from './templates/templates.ts'

type MailDeps = Pick<Deps, 'database' | 'env' | 'mail' | 'sealKey'>
type User = typeof users.$inferSelect
type Language = (typeof LANGUAGES)[number]

const TEMPLATES: Record<Language, Templates> = { 'pt-BR': ptBR, en }

/** About money: they go to accounts that are shut as well. */
const ABOUT_MONEY: MailTemplate[] = ['receipt', 'refunded']

/** What a letter is made with. */
interface Writing {
  deps: MailDeps
  user: User
  language: Language
  sender: Sender
  about: number | null
  now: Date
}

/**
 * Writes the mail of a job as things are now, and hands it over; where nobody delivers mail, it is kept in the outbox.
 * To an account that is gone, erased or shut nothing is written. Links and their tokens are made here, so that jobs
 * hold none.
 * @throws Unavailable when nobody takes it for now: the job is tried again.
 */
export async function sendMail(deps: MailDeps, job: Jobs['mail'], now: Date): Promise<void> {
  const { db } = deps.database
  const [user] = await db.select().from(users).where(eq(users.id, job.userId))
  if (!user || user.erasedAt !== null) return
  if (user.disabledAt !== null && !ABOUT_MONEY.includes(job.template)) return

  const language = await languageOf(db, user)
  const sender = { siteName: await readSetting(db, 'site_name'), siteLink: `${deps.env.BASE_URL}/` }
  const template = templateFor(job.template, user)
  const letter = await WRITE[template]({ deps, user, language, sender, about: job.about ?? null, now })
  if (letter === null) return
  const message = messageOf(letter, letter.to ?? user.email, language)
  if (deps.mail) await deps.mail.send({ ...message, senderName: sender.siteName })
  else await keepInOutbox(db, deps, user.id, message)
}

/** Between the wish and the mail an account may have found its owner; an account without one has no password to lose. */
function templateFor(template: MailTemplate, { claimedAt }: User): MailTemplate {
  if (template === 'claim' && claimedAt !== null) return 'already-registered'
  if (template === 'reset' && claimedAt === null) return 'claim'
  return template
}

/** Their own, else that of the site. */
async function languageOf(db: Db, { language }: User): Promise<Language> {
  const wished = language ?? (await readSetting(db, 'language'))
  return LANGUAGES.find((known) => known === wished) ?? 'pt-BR'
}

/** Null where there is nothing to tell any more. */
const WRITE: { [Name in MailTemplate]: (writing: Writing) => Promise<Letter | null> } = {
  claim: async (writing) => write(writing, 'claim', { link: await accountLink(writing, 'claim') }),
  reset: async (writing) => write(writing, 'reset', { link: await accountLink(writing, 'reset') }),
  'already-registered': async (writing) => writeAlreadyRegistered(writing),
  'password-changed': async (writing) =>
    write(writing, 'password-changed', { resetLink: linkTo(writing, '/reset') }),
  'confirm-email': writeConfirmEmail,
  'email-change-asked': async (writing) =>
    toFormerEmail(
      writing,
      write(writing, 'email-change-asked', { securityLink: linkTo(writing, '/account/security') }),
    ),
  'email-changed': async (writing) => toFormerEmail(writing, write(writing, 'email-changed', {})),
  receipt: writeReceipt,
  reminder: writeReminder,
  refunded: writeRefund,
  'order-moved': writeOrderMoved,
}

/** Until its owner has chosen one, the name of an account is what somebody typed who paid: it speaks to nobody. */
const provenName = ({ user }: Writing) => (user.claimedAt === null ? null : user.name)

const writeAlreadyRegistered = (writing: Writing) =>
  write(writing, 'already-registered', {
    signInLink: linkTo(writing, '/sign-in'),
    resetLink: linkTo(writing, '/reset'),
  })

/** To the address that an account is to have, which may be that of another. */
async function writeConfirmEmail(writing: Writing): Promise<Letter | null> {
  const { deps, user, now } = writing
  const { db } = deps.database
  const minted = await mintChangeToken(db, changeOf(writing), now)
  if (minted === null) return null
  const { newEmail: to, token } = minted
  if (await isTakenByAnother(db, to, user.id)) return { ...writeAlreadyRegistered(writing), to }
  return { ...write(writing, 'confirm-email', { link: linkTo(writing, `/account/link/${token}`) }), to }
}

/** To the address that the account had when another was asked for, whatever it has by now. */
async function toFormerEmail(writing: Writing, letter: Letter): Promise<Letter | null> {
  const to = await formerEmailOf(writing.deps.database.db, changeOf(writing))
  return to === null ? null : { ...letter, to }
}

const changeOf = ({ user, about }: Writing) => ({ id: about ?? 0, userId: user.id })

async function writeReceipt(writing: Writing) {
  const paid = await payment(writing)
  if (!paid?.payment.paidAt) return null
  const { checkout, term } = paid
  const { amountCents, method, paidAt } = paid.payment
  const price = (cents: number) => formatCents(cents, paid.payment.currency, writing.language)
  return write(writing, 'receipt', {
    name: provenName(writing),
    planName: checkout.planName ?? '',
    lines: linesOf(checkout).map(({ name, cents }) => ({ name, price: price(cents) })),
    total: price(amountCents),
    method,
    paidAt,
    accessUntil: term?.revokedAt === null ? term.endsAt : null,
    claimLink: writing.user.claimedAt === null ? await accountLink(writing, 'claim') : null,
    accountLink: linkTo(writing, '/account'),
  })
}

async function writeRefund(writing: Writing) {
  const back = await payment(writing)
  if (!back) return null
  const { amountCents, currency, method, status } = back.payment
  return write(writing, 'refunded', {
    name: provenName(writing),
    planName: back.checkout.planName ?? '',
    amount: formatCents(amountCents, currency, writing.language),
    method,
    isChargedBack: status === 'charged_back',
  })
}

/** To whose account the order was in until now. */
async function writeOrderMoved(writing: Writing) {
  const moved = await readPayment(writing)
  if (!moved?.payment.paidAt || moved.checkout.userId === writing.user.id) return null
  return write(writing, 'order-moved', {
    name: provenName(writing),
    planName: moved.checkout.planName ?? '',
    paidAt: moved.payment.paidAt,
  })
}

async function writeReminder(writing: Writing) {
  const [row] = await writing.deps.database.db
    .select({
      endsAt: subscriptions.endDate,
      status: subscriptions.status,
      userId: subscriptions.userId,
      planName: plans.name,
    })
    .from(subscriptions)
    .innerJoin(plans, eq(plans.id, subscriptions.planId))
    .where(eq(subscriptions.id, writing.about ?? 0))
  const isDue = row?.status === 'active' && row.userId === writing.user.id
  if (!isDue || row.endsAt === null || row.endsAt <= writing.now) return null
  return write(writing, 'reminder', {
    name: provenName(writing),
    planName: row.planName,
    endsAt: row.endsAt,
    plansLink: linkTo(writing, '/plans'),
  })
}

/** One that belongs to the reader; null for another. */
async function payment(writing: Writing) {
  const row = await readPayment(writing)
  return row?.checkout.userId === writing.user.id ? row : null
}

async function readPayment({ deps, about }: Writing) {
  const [row] = await deps.database.db
    .select({ payment: payments, checkout: checkouts, term: terms })
    .from(payments)
    .innerJoin(checkouts, eq(checkouts.id, payments.checkoutId))
    .leftJoin(terms, eq(terms.paymentId, payments.id))
    .where(eq(payments.id, about ?? 0))
  return row ?? null
}

function write<Name extends MailTemplate>(
  { language, sender }: Writing,
  name: Name,
  facts: Omit<LetterFacts[Name], keyof Sender>,
): Letter {
  return TEMPLATES[language][name]({ ...facts, ...sender } as LetterFacts[Name])
}

async function accountLink(writing: Writing, purpose: NewToken['purpose']): Promise<string> {
  const { deps, user, now } = writing
  const token = await mintAccountToken(deps.database.db, { userId: user.id, purpose }, now)
  return linkTo(writing, `/account/link/${token}`)
}

/** Of the address that the owner has set: nothing that a request says of the site gets into a mail. */
const linkTo = ({ deps }: Writing, path: string) => `${deps.env.BASE_URL}${path}`
