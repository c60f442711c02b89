import { z } from 'zod'
import { ForgedWebhook, GatewayRefused, GatewayUncertain } from '../failures.ts'
import type {
  Charge,
  ChargeOrder,
  Gateway,
  GatewayEvent,
  GatewayKind,
  GatewayPlace,
  WebhookMessage,
} from '../gateway.ts'
import { FEWEST_KEY_BYTES, isWebhookSecret, verifyWebhook } from '../standard-webhooks.ts'
import { chargeWire, eventWire, type OrderWire } from './wire.ts'

const ANSWER_MS = 10_000
/** Far more than any of its answers has. */
const MOST_ANSWER_BYTES = 100_000
const FEWEST_KEY_CHARACTERS = 24

/** Nothing was done in these cases, and asking again would be of no use. */
const REFUSALS = [400, 401, 403, 404, 405, 413, 415, 422]

export const sandboxSecrets = z.strictObject({
  apiKey: z.string().min(FEWEST_KEY_CHARACTERS, `must have at least ${FEWEST_KEY_CHARACTERS} characters`),
  webhookSecret: z
    .string()
    .refine(isWebhookSecret, `must be whsec_ and the base64 of at least ${FEWEST_KEY_BYTES} random bytes`),
  /** Of a sandbox that runs elsewhere; otherwise the one of this site is meant. */
  url: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
})
export type SandboxSecrets = z.infer<typeof sandboxSecrets>

/** The pretend gateway: everything is as with a real one, but the money. */
export const sandbox: GatewayKind<SandboxSecrets> = {
  name: 'sandbox',
  methods: ['pix', 'credit_card'],
  needsDocument: { pix: true, credit_card: false },
  needsPhone: { pix: false, credit_card: false },
  isPretend: true,
  secrets: sandboxSecrets,
  open: (secrets, place) => openSandboxGateway(secrets, place),
}

/** @param answerMs how long an answer is waited for */
export function openSandboxGateway(
  secrets: SandboxSecrets,
  place: Pick<GatewayPlace, 'sandboxUrl'>,
  answerMs = ANSWER_MS,
): Gateway {
  const ask = asker(secrets, place, answerMs)
  return {
    async createCharge(order) {
      const charge = await ask('POST', '/charges', orderOf(order), order.idempotencyKey)
      if (charge === null) throw new GatewayRefused('The sandbox takes no orders at this address.')
      return insistOn(charge, charge.reference === order.idempotencyKey)
    },
    async fetchCharge(externalId) {
      const charge = await ask('GET', `/charges/${encodeURIComponent(externalId)}`).catch(unsure)
      return charge && insistOn(charge, charge.externalId === externalId)
    },
    async findCharge(idempotencyKey) {
      const charge = await ask('GET', `/charges?reference=${encodeURIComponent(idempotencyKey)}`).catch(
        unsure,
      )
      return charge && insistOn(charge, charge.reference === idempotencyKey)
    },
    async refund(externalId) {
      const charge = await ask('POST', `/charges/${encodeURIComponent(externalId)}/refund`)
      if (charge === null) throw new GatewayRefused('The sandbox knows no such charge.')
      return insistOn(charge, charge.externalId === externalId && charge.status !== 'pending')
    },
    readWebhook: (message, now) => readWebhook(secrets.webhookSecret, message, now),
  }
}

function readWebhook(secret: string, message: WebhookMessage, now: Date): GatewayEvent {
  const eventId = verifyWebhook(secret, message, now)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(message.body)
    const { timestamp, data } = eventWire.parse(JSON.parse(text))
    const { id, reference, status, amountCents, currency } = data
    return { eventId, externalId: id, reference, status, amountCents, currency, occurredAt: timestamp }
  } catch (cause) {
    throw new ForgedWebhook({ cause })
  }
}

type Ask = (method: string, path: string, body?: unknown, idempotencyKey?: string) => Promise<Charge | null>

/** What the sandbox answers: a charge, or null where it knows none. */
function asker(
  { apiKey, url }: SandboxSecrets,
  { sandboxUrl }: Pick<GatewayPlace, 'sandboxUrl'>,
  answerMs: number,
): Ask {
  return async function ask(method, path, body, idempotencyKey) {
    const address = url ?? (await sandboxUrl())
    if (address === null) throw new GatewayUncertain('The sandbox is not running.')
    const { status, text } = await answerOf(`${address}/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
    })
    if (status === 200) return chargeIn(text)
    if (status === 404) return null
    if (status === 409 && idempotencyKey === undefined) throw refused(status)
    if (REFUSALS.includes(status)) throw refused(status)
    throw new GatewayUncertain(`The sandbox answered with ${status}.`)
  }
}

async function answerOf(address: string, request: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(address, request)
    return { status: answer.status, text: await beginningOf(answer) }
  } catch (cause) {
    throw new GatewayUncertain('The sandbox did not answer.', { cause })
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MOST_ANSWER_BYTES) throw new Error('The answer does not end.')
  }
  return text
}

/** @throws GatewayUncertain for whatever is no charge; nobody else needs to see what it was. */
function chargeIn(text: string): Charge {
  try {
    const { id, reference, status, amountCents, currency, paidAt, pixCode, expiresAt, payUrl } =
      chargeWire.parse(JSON.parse(text))
    return { externalId: id, reference, status, amountCents, currency, paidAt, pixCode, expiresAt, payUrl }
  } catch {
    throw new GatewayUncertain('The sandbox answered with something that is no charge.')
  }
}

function insistOn(charge: Charge, isAskedFor: boolean): Charge {
  if (isAskedFor) return charge
  throw new GatewayUncertain('The sandbox answered with another charge than it was asked for.')
}

const refused = (status: number) => new GatewayRefused(`The sandbox refused with ${status}.`)

/** Whoever only asks is never told that there is nothing: it is not known. */
function unsure(error: unknown): never {
  if (!(error instanceof GatewayRefused)) throw error
  throw new GatewayUncertain(error.message, { cause: error })
}

function orderOf({
  method,
  amountCents,
  currency,
  description,
  buyer,
  returnUrl,
  webhookUrl,
}: ChargeOrder): OrderWire {
  const pagesUrl = `${new URL(returnUrl).origin}/sandbox`
  return { method, amountCents, currency, description, buyer, returnUrl, webhookUrl, pagesUrl }
}
