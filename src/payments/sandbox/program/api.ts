import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { ChargeStatus } from '../../gateway.ts'
import { type CallFault, faultsWire } from '../faults.ts'
import { type ChargeWire, orderWire } from '../wire.ts'
import { type Book, Refusal } from './book.ts'
import { type BookedCharge, wireOf } from './charge.ts'
import type { FaultQueue } from './fault-queue.ts'
import { type Answer, type Call, type Handler, json, type Route } from './http.ts'
import { otherCurrency } from './message.ts'

const REFERENCE = /^[\x21-\x7e]{1,200}$/

/** What happens to a charge on its other side, as the buyer's bank or the card's would have it. */
const EVENTS: Record<string, ChargeStatus> = {
  pay: 'paid',
  decline: 'failed',
  expire: 'expired',
  cancel: 'canceled',
  dispute: 'charged_back',
}

interface ApiOptions {
  book: Book
  faults: FaultQueue
  apiKey: string
}

/** What programs ask; every route wants the key. */
export function apiRoutes({ book, faults, apiKey }: ApiOptions): Route[] {
  const route = (method: Route['method'], path: string, handle: Handler): Route => ({
    method,
    path: `/v1${path}`,
    handle: async (call) => {
      insistOnKey(call, apiKey)
      return handle(call)
    },
  })
  /** One of the calls that a shop makes: it may be asked to go wrong. */
  const shopCall = (
    method: Route['method'],
    path: string,
    kind: Exclude<CallFault['on'], 'any'>,
    act: (call: Call) => Promise<BookedCharge>,
  ) => route(method, path, (call) => withFault(faults.ofCall(kind), async () => wireOf(await act(call))))

  return [
    shopCall('POST', '/charges', 'create', async (call) => {
      const reference = call.header('idempotency-key') ?? ''
      if (!REFERENCE.test(reference)) throw new Refusal(400, 'The header Idempotency-Key is needed.')
      const order = parsed(orderWire, call)
      // As with the banks of PIX, which want to know who pays.
      if (order.method === 'pix' && !order.buyer.document)
        throw new Refusal(422, 'PIX needs the document of the buyer.')
      return book.create(reference, order)
    }),
    shopCall('GET', '/charges', 'find', async ({ query }) =>
      existing(await book.findByReference(query.get('reference') ?? '')),
    ),
    shopCall('GET', '/charges/:id', 'fetch', async ({ params }) =>
      existing(await book.find(params.id ?? '')),
    ),
    shopCall('POST', '/charges/:id/refund', 'refund', ({ params }) => refund(book, params.id ?? '')),
    ...Object.entries(EVENTS).map(([event, status]) =>
      route('POST', `/charges/:id/${event}`, async ({ params }) =>
        json(200, wireOf(await book.move(params.id ?? '', status))),
      ),
    ),
    route('GET', '/ledger', async () => json(200, { charges: await book.all() })),
    route('GET', '/faults', async () => json(200, faults.waiting())),
    route('PUT', '/faults', async (call) => {
      faults.replace(parsed(faultsWire, call))
      return json(200, faults.waiting())
    }),
  ]
}

/** Once, however often it is asked. */
async function refund(book: Book, id: string): Promise<BookedCharge> {
  const charge = existing(await book.find(id))
  return charge.status === 'refunded' ? charge : book.move(id, 'refunded')
}

function existing(charge: BookedCharge | null): BookedCharge {
  if (!charge) throw new Refusal(404, 'There is no such charge.')
  return charge
}

function insistOnKey(call: Call, apiKey: string) {
  const given = call.header('authorization') ?? ''
  if (!timingSafeEqual(sha256(given), sha256(`Bearer ${apiKey}`)))
    throw new Refusal(401, 'This is not the API key.')
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()

function parsed<T>(form: z.ZodType<T>, { body }: Call): T {
  try {
    return form.parse(JSON.parse(body.toString('utf8')))
  } catch (cause) {
    throw new Refusal(400, `This is not understood: ${(cause as Error).message}`)
  }
}

/** What was asked for is done, or not, and answered, or not. */
async function withFault(fault: CallFault | null, act: () => Promise<ChargeWire>): Promise<Answer> {
  if (fault === null) return json(200, await act())
  switch (fault.kind) {
    case 'time out before':
      return null
    case 'break before':
      return 'broken connection'
    case 'fail before':
      return json(500, { error: 'Internal error.' })
    case 'unavailable':
      return json(503, { error: 'Try again later.' })
    case 'too many':
      return json(429, { error: 'Too many requests.' })
    case 'unauthorized':
      return json(401, { error: 'Unknown key.' })
    case 'refuse':
      return json(422, { error: 'Not with this shop.' })
    case 'slow':
      await delay(fault.milliseconds, undefined, { ref: false })
      return json(200, await act())
    default:
      return afterwards(fault.kind, await act())
  }
}

/** It was done: only the answer goes wrong. */
function afterwards(kind: CallFault['kind'], charge: ChargeWire): Answer {
  switch (kind) {
    case 'time out after':
      return null
    case 'break after':
      return 'broken connection'
    case 'fail after':
      return json(500, { error: 'Internal error.' })
    case 'garbage after':
      return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '\u0000{]' }
    case 'half an answer after':
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(charge).slice(0, 40),
      }
    case 'a page after':
      return {
        status: 200,
        headers: { 'Content-Type': 'text/html' },
        body: '<!doctype html><h1>Welcome</h1>',
      }
    case 'nothing after':
      return { status: 204, headers: {}, body: '' }
    case 'other id after':
      return json(200, { ...charge, id: `${charge.id.slice(0, -1)}x` })
    case 'other reference after':
      return json(200, { ...charge, reference: `${charge.reference}x` })
    case 'other amount after':
      return json(200, { ...charge, amountCents: charge.amountCents + 1 })
    case 'other currency after':
      return json(200, { ...charge, currency: otherCurrency(charge.currency) })
    default:
      throw new Error(`${kind} is no fault of an answer.`)
  }
}
