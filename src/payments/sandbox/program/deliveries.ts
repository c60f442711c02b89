import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { atOnce } from '#src/lib/at-once.ts'
import { signWebhook } from '../../standard-webhooks.ts'
import type { Message, MessageEnd } from './message.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** After each try that was not answered with 2xx; the last one again and again, for a day. */
const PAUSES_MS = [200, SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR]
const LONGEST_MS = 24 * HOUR
const ANSWER_MS = 10 * SECOND
const SIDE_BY_SIDE = 20
/** How long a message is held back for a younger one to overtake it. */
const OVERTAKING_MS = 3 * SECOND
/** How far back a stale message says it was sent. */
const STALE_SECONDS = 3_600

export interface Deliveries {
  /** Sends it until it is taken, for a day at most. */
  send(message: Message, ended: (how: MessageEnd) => void): void
  close(): void
}

export interface DeliveryOptions {
  webhookSecret: string
  now: () => Date
  pausesMs?: readonly number[]
}

export function openDeliveries({ webhookSecret, now, pausesMs = PAUSES_MS }: DeliveryOptions): Deliveries {
  const closing = new AbortController()
  // One a message that waits.
  setMaxListeners(0, closing.signal)
  const turn = atOnce({ atOnce: SIDE_BY_SIDE })
  /** Called when another message of the same charge has been taken. */
  const overtaken = new Map<string, () => void>()

  async function deliver(message: Message): Promise<MessageEnd> {
    const { fault, chargeId } = message
    if (fault?.kind === 'silence') return 'kept silent'
    if (fault?.kind === 'late') await pause(fault.milliseconds)
    if (fault?.kind === 'reorder') await untilOvertaken(chargeId)
    const copies = fault?.kind === 'duplicate' ? fault.copies : 1
    const ends = await Promise.all(Array.from({ length: copies }, () => tryUntilTaken(message)))
    overtaken.get(chargeId)?.()
    return ends.every((isTaken) => isTaken) ? 'taken' : 'given up'
  }

  async function tryUntilTaken(message: Message): Promise<boolean> {
    const end = Date.parse(message.at) + LONGEST_MS
    for (let tries = 0; ; tries++) {
      if (await turn(() => isTaken(message))) return true
      await pause(pausesMs[Math.min(tries, pausesMs.length - 1)] ?? HOUR)
      if (now().getTime() > end) return false
    }
  }

  async function isTaken({ id, url, body, fault }: Message): Promise<boolean> {
    const seconds = Math.floor(now().getTime() / SECOND) - (fault?.kind === 'stale' ? STALE_SECONDS : 0)
    const signature = fault?.kind === 'unsigned' ? null : signWebhook(webhookSecret, id, seconds, body)
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'creatorflix-sandbox',
          'Webhook-Id': id,
          'Webhook-Timestamp': String(seconds),
          ...(signature && { 'Webhook-Signature': signature }),
        },
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_MS)]),
      })
      await answer.body?.cancel()
      // Nobody would ever take these two, and nobody should.
      return answer.ok || fault?.kind === 'unsigned' || fault?.kind === 'stale'
    } catch {
      closing.signal.throwIfAborted()
      return false
    }
  }

  const pause = (milliseconds: number) => delay(milliseconds, undefined, { signal: closing.signal })

  async function untilOvertaken(chargeId: string) {
    await Promise.race([
      new Promise<void>((resolve) => overtaken.set(chargeId, resolve)),
      pause(OVERTAKING_MS),
    ])
    overtaken.delete(chargeId)
  }

  return {
    send(message, ended) {
      // Only closing ends it without an outcome; the ledger still has it then.
      void deliver(message).then(ended, () => {})
    },
    close: () => closing.abort(),
  }
}
