import type { z } from 'zod'

/**
 * What every payment gateway is to the rest of the program (spec §4). Amounts are integer cents; times are instants.
 * A gateway that passes `conformance.ts` may take money.
 */
export interface Gateway {
  /**
   * Makes a charge, once for each idempotency key: asking again with it answers the charge that is there.
   * @throws GatewayRefused when the gateway has certainly made none, and asking again is of no use.
   * @throws GatewayUncertain when nobody knows: time-outs, broken connections, answers that make no sense.
   */
  createCharge(order: ChargeOrder): Promise<Charge>
  /** The charge as the gateway has it now, or null. @throws GatewayUncertain */
  fetchCharge(externalId: string): Promise<Charge | null>
  /** The charge that was made with this idempotency key, or null. @throws GatewayUncertain */
  findCharge(idempotencyKey: string): Promise<Charge | null>
  /**
   * Gives all of the money back, once, however often it is asked.
   * @throws GatewayRefused when there is nothing to give back, or the gateway will not.
   * @throws GatewayUncertain
   */
  refund(externalId: string): Promise<Charge>
  /**
   * What the message of a webhook says, after its signature and its age were checked.
   * @throws ForgedWebhook whatever is wrong with it.
   */
  readWebhook(message: WebhookMessage, now: Date): GatewayEvent
}

export const GATEWAY_METHODS = ['pix', 'credit_card'] as const
export type GatewayMethod = (typeof GATEWAY_METHODS)[number]

export interface ChargeOrder {
  idempotencyKey: string
  method: GatewayMethod
  amountCents: number
  /** ISO 4217 */
  currency: string
  /** What the buyer reads on the gateway's page. */
  description: string
  /** Only what the gateway says it needs. */
  buyer: Buyer
  /** Where the gateway's page for cards sends the buyer afterwards. */
  returnUrl: string
  /** Where the gateway tells what became of the charge. */
  webhookUrl: string
}

export interface Buyer {
  name: string
  email: string
  /** Eleven or fourteen characters, without dots. */
  document: string | null
  phone: string | null
}

export const CHARGE_STATUSES = [
  'pending',
  'paid',
  'failed',
  'expired',
  'canceled',
  'refunded',
  'charged_back',
] as const
export type ChargeStatus = (typeof CHARGE_STATUSES)[number]

export interface Charge {
  externalId: string
  /** The idempotency key it was made with. */
  reference: string
  status: ChargeStatus
  amountCents: number
  currency: string
  /** When the money came; null until then. */
  paidAt: Date | null
  /** The code to copy and to draw; null for cards. */
  pixCode: string | null
  /** Until when it can be paid; null for no end. */
  expiresAt: Date | null
  /** The gateway's own page for cards; null for PIX. */
  payUrl: string | null
}

/** One message, in which a gateway tells of one charge. Status and amount are what it says, not yet what we believe. */
export interface GatewayEvent {
  eventId: string
  externalId: string
  reference: string | null
  status: ChargeStatus
  amountCents: number
  currency: string
  occurredAt: Date
}

export interface WebhookMessage {
  /** By name in lower case. */
  header(name: string): string | null
  /** As they came: a signature is over these. */
  body: Uint8Array
}

/** A kind of gateway: what an owner has to give, and how it is opened with that. */
export interface GatewayKind<Secrets = unknown> {
  name: string
  methods: readonly GatewayMethod[]
  /** What it wants to know of a buyer beside name and e-mail. */
  needsDocument: Record<GatewayMethod, boolean>
  needsPhone: Record<GatewayMethod, boolean>
  /** Whether no real money moves: a public site may not live on it. */
  isPretend: boolean
  /** The secrets, by the names an owner gives them. */
  secrets: z.ZodType<Secrets>
  open(secrets: Secrets, place: GatewayPlace): Gateway
}

/** What a gateway may need to know of where it is opened. */
export interface GatewayPlace {
  publicKey: string | null
  /** Where the sandbox of this site answers; null while there is none. */
  sandboxUrl(): Promise<string | null>
}
