import { randomBytes } from 'node:crypto'
import type { MessageFault } from '../faults.ts'
import type { EventWire } from '../wire.ts'
import type { BookedCharge } from './charge.ts'

/** A webhook that has to be sent until it is taken; kept in the ledger, so that it outlives the process. */
export interface Message {
  id: string
  chargeId: string
  url: string
  /** Byte for byte the same at every try. */
  body: string
  at: string
  /** What is done wrong with it on purpose. */
  fault: Pick<MessageFault, 'kind' | 'copies' | 'milliseconds'> | null
}

/** How a message came to its end. */
export type MessageEnd = 'taken' | 'given up' | 'kept silent'

/** Tells what has become of the charge, or, with a fault, something else. */
export function messageOf(charge: BookedCharge, fault: MessageFault | null, now: Date): Message {
  const event: EventWire = {
    type: `charge.${charge.status}`,
    timestamp: now.toISOString(),
    data: {
      id: fault?.kind === 'other charge' ? `chg_${randomBytes(16).toString('hex')}` : charge.id,
      reference: charge.reference,
      status: charge.status,
      amountCents:
        fault?.kind === 'other amount' ? Math.max(1, charge.amountCents - 100) : charge.amountCents,
      currency: fault?.kind === 'other currency' ? otherCurrency(charge.currency) : charge.currency,
    },
  }
  return {
    id: `msg_${randomBytes(16).toString('hex')}`,
    chargeId: charge.id,
    url: charge.webhookUrl,
    body: JSON.stringify(event),
    at: event.timestamp,
    fault: fault && { kind: fault.kind, copies: fault.copies, milliseconds: fault.milliseconds },
  }
}

export const otherCurrency = (currency: string) => (currency === 'USD' ? 'EUR' : 'USD')
