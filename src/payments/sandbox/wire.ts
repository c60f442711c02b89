import { z } from 'zod'
import { MOST_CENTS } from '#src/lib/money.ts'
import { CHARGE_STATUSES, GATEWAY_METHODS } from '../gateway.ts'

/** What the sandbox and its client say to one another, as JSON. Times are ISO 8601. */

const instant = z.iso.datetime().transform((text) => new Date(text))
const address = z.url({ protocol: /^https?$/ }).max(2_000)

/** `POST /v1/charges`, with the idempotency key in the header of that name. */
export const orderWire = z.object({
  method: z.enum(GATEWAY_METHODS),
  amountCents: z.int().positive().max(MOST_CENTS),
  currency: z.string().regex(/^[A-Z]{3}$/),
  description: z.string().max(500),
  buyer: z.object({
    name: z.string().min(1).max(500),
    email: z.string().min(3).max(500),
    document: z.string().max(50).nullable(),
    phone: z.string().max(50).nullable(),
  }),
  returnUrl: address,
  webhookUrl: address,
  /** Where people see the pages of the sandbox. */
  pagesUrl: address,
})
export type OrderWire = z.infer<typeof orderWire>

export const chargeWire = z.object({
  id: z.string().min(1).max(200),
  reference: z.string().min(1).max(200),
  method: z.enum(GATEWAY_METHODS),
  status: z.enum(CHARGE_STATUSES),
  amountCents: z.int(),
  currency: z.string().length(3),
  paidAt: instant.nullable(),
  pixCode: z.string().nullable(),
  expiresAt: instant.nullable(),
  payUrl: z.string().nullable(),
})
/** As it is written. */
export type ChargeWire = z.input<typeof chargeWire>

/** The body of a webhook; the id of the event is in its header. */
export const eventWire = z.object({
  type: z.string(),
  timestamp: instant,
  data: chargeWire.pick({ id: true, reference: true, status: true, amountCents: true, currency: true }),
})
export type EventWire = z.input<typeof eventWire>
