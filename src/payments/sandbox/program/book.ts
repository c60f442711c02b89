import { createHmac, randomBytes } from 'node:crypto'
import type { ChargeStatus } from '../../gateway.ts'
import type { MessageFault } from '../faults.ts'
import type { OrderWire } from '../wire.ts'
import { type BookedCharge, moved } from './charge.ts'
import type { FaultQueue } from './fault-queue.ts'
import { openLedger } from './ledger.ts'
import { type Message, type MessageEnd, messageOf } from './message.ts'
import { pixCodeOf } from './pix-code.ts'

/** A change of a charge and the message that tells of it stand in one line: neither is ever there without the other. */
interface Entry {
  charge?: BookedCharge
  message?: Message
  ended?: { id: string; how: MessageEnd; at: string }
}

/** What cannot be done, in the words of the API. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** All charges there ever were. What it answers is on the disk by then. */
export interface Book {
  /** @throws Refusal for another order under the same key. */
  create(reference: string, order: OrderWire): Promise<BookedCharge>
  find(id: string): Promise<BookedCharge | null>
  findByReference(reference: string): Promise<BookedCharge | null>
  findByPixCode(code: string): Promise<BookedCharge | null>
  all(): Promise<BookedCharge[]>
  /**
   * @param fault of the message that tells of it; otherwise the next that was asked for
   * @throws Refusal when there is no such charge, or nothing can lead it there.
   */
  move(id: string, status: ChargeStatus, fault?: MessageFault | null): Promise<BookedCharge>
  close(): Promise<void>
}

export interface BookOptions {
  folder: string
  digestKey: string
  faults: FaultQueue
  /** How long a charge can be paid. */
  lifetimeMs: Record<OrderWire['method'], number>
  now: () => Date
  /** Sends it; called again after a restart for those that have not ended. */
  send(message: Message, ended: (how: MessageEnd) => void): void
  /** The disk takes nothing more: the process must not go on. */
  onFailure(error: unknown): void
}

/** Timers of Node hold no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export async function openBook(options: BookOptions): Promise<Book> {
  const { faults, lifetimeMs, now } = options
  const charges = new Map<string, BookedCharge>()
  const byReference = new Map<string, string>()
  const byPixCode = new Map<string, string>()
  const unended = new Map<string, Message>()
  const timers = new Map<string, NodeJS.Timeout>()
  const ledger = await openLedger<Entry>(options.folder, apply)

  for (const charge of charges.values()) watchExpiry(charge)
  for (const message of unended.values()) send(message)

  function apply({ charge, message, ended }: Entry) {
    if (charge) {
      charges.set(charge.id, charge)
      byReference.set(charge.reference, charge.id)
      if (charge.pixCode) byPixCode.set(charge.pixCode, charge.id)
    }
    if (message) unended.set(message.id, message)
    if (ended) unended.delete(ended.id)
  }

  async function record(entry: Entry) {
    apply(entry)
    await ledger.append(entry).catch((error) => {
      options.onFailure(error)
      throw error
    })
  }

  /** Says so as soon as it is on the disk, and not before. */
  async function keep(charge: BookedCharge, fault = faults.ofMessage()): Promise<BookedCharge> {
    const message = messageOf(charge, fault, now())
    watchExpiry(charge)
    await record({ charge, message })
    send(message)
    return charge
  }

  function send(message: Message) {
    options.send(message, (how) => {
      // A write that fails has been told of already.
      void record({ ended: { id: message.id, how, at: now().toISOString() } }).catch(() => {})
    })
  }

  function watchExpiry({ id, status, expiresAt }: BookedCharge) {
    clearTimeout(timers.get(id))
    timers.delete(id)
    if (status !== 'pending' || expiresAt === null) return
    const wait = Math.min(Math.max(Date.parse(expiresAt) - now().getTime(), 0), LONGEST_TIMER_MS)
    timers.set(
      id,
      setTimeout(() => void expireInTime(id).catch(() => {}), wait),
    )
  }

  async function expireInTime(id: string) {
    const charge = charges.get(id)
    if (charge && isOver(charge)) await move(id, 'expired')
    else if (charge) watchExpiry(charge)
  }

  const isOver = ({ status, expiresAt }: BookedCharge) =>
    status === 'pending' && expiresAt !== null && Date.parse(expiresAt) <= now().getTime()

  async function move(id: string, status: ChargeStatus, fault?: MessageFault | null): Promise<BookedCharge> {
    const charge = charges.get(id)
    if (!charge) throw new Refusal(404, 'There is no such charge.')
    const next = moved(charge, status, now())
    if (!next) throw new Refusal(409, `A charge that is ${charge.status} cannot become ${status}.`)
    return keep(next, fault ?? undefined)
  }

  /** What somebody has been told outlives the process. */
  async function settled<T>(value: T): Promise<T> {
    await ledger.flushed()
    return value
  }

  return {
    async create(reference, order) {
      const orderDigest = digestOf(options.digestKey, order)
      const known = charges.get(byReference.get(reference) ?? '')
      if (known && known.orderDigest !== orderDigest) {
        throw new Refusal(409, 'This idempotency key was used for another order.')
      }
      if (known) return settled(known)
      return keep(newCharge(reference, order, orderDigest, lifetimeMs[order.method], now()))
    },
    find: (id) => settled(charges.get(id) ?? null),
    findByReference: (reference) => settled(charges.get(byReference.get(reference) ?? '') ?? null),
    findByPixCode: (code) => settled(charges.get(byPixCode.get(code) ?? '') ?? null),
    all: () => settled([...charges.values()]),
    move,
    async close() {
      for (const timer of timers.values()) clearTimeout(timer)
      await ledger.close()
    },
  }
}

function newCharge(
  reference: string,
  order: OrderWire,
  orderDigest: string,
  lifetimeMs: number,
  now: Date,
): BookedCharge {
  const token = randomBytes(16).toString('hex')
  const id = `chg_${token}`
  const { method, amountCents, currency, description, returnUrl, webhookUrl, pagesUrl } = order
  return {
    id,
    reference,
    orderDigest,
    method,
    amountCents,
    currency,
    description,
    returnUrl,
    webhookUrl,
    status: 'pending',
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + lifetimeMs).toISOString(),
    paidAt: null,
    pixCode: method === 'pix' ? pixCodeOf(token) : null,
    payUrl: method === 'credit_card' ? `${pagesUrl}/pay/${id}` : null,
    history: [{ status: 'pending', at: now.toISOString() }],
  }
}

/** Of what is sold to whom; addresses may change from one try to the next. Keyed, so that it tells nothing of the buyer. */
const digestOf = (key: string, { method, amountCents, currency, buyer }: OrderWire) =>
  createHmac('sha256', key)
    .update(JSON.stringify([method, amountCents, currency, buyer]))
    .digest('base64url')
