import { eq } from 'drizzle-orm'
import { paymentGateways } from '#src/db/schema.ts'
import type { Deps } from '#src/deps.ts'
import { InvalidInput, NotFound, Unavailable } from '#src/errors.ts'
import {
  CALL_FAULTS,
  CALLS,
  type CallFaultKind,
  type FaultsAsked,
  MESSAGE_FAULTS,
  type MessageFaultKind,
} from '#src/payments/sandbox/faults.ts'
import { sandbox } from '#src/payments/sandbox/gateway.ts'
import { openingOf } from './openings.ts'
import { sandboxUrl } from './sandbox-place.ts'

const ANSWER_MS = 10_000

/** Everything the sandbox can be asked to do wrong: with calls of its API, and with its messages. */
export const SANDBOX_FAULTS = { calls: CALL_FAULTS, messages: MESSAGE_FAULTS, on: CALLS }

/**
 * What the sandbox does wrong next; nothing takes back what was asked for before.
 * @throws InvalidInput for a fault it does not know, Unavailable when it does not answer.
 */
export async function askForFault(
  deps: Pick<Deps, 'database' | 'env' | 'sealKey'>,
  fault: string,
  { times = 1, on = 'any' }: { times?: number; on?: string } = {},
): Promise<void> {
  await putFaults(deps, faultsOf(fault, times, on))
}

function faultsOf(fault: string, times: number, on: string): FaultsAsked {
  if (fault === 'none') return {}
  const call = CALLS.find((known) => known === on)
  if (!call) throw new InvalidInput(`A call is one of ${CALLS.join(', ')}.`)
  if (isOneOf(CALL_FAULTS, fault))
    return { calls: [{ kind: fault satisfies CallFaultKind, on: call, times }] }
  if (isOneOf(MESSAGE_FAULTS, fault)) return { messages: [{ kind: fault satisfies MessageFaultKind, times }] }
  const known = [...CALL_FAULTS, ...MESSAGE_FAULTS].map((one) => `"${one}"`).join(', ')
  throw new InvalidInput(`The sandbox knows no fault "${fault}". There are: "none", ${known}.`)
}

const isOneOf = <T extends string>(all: readonly T[], text: string): text is T =>
  (all as readonly string[]).includes(text)

async function putFaults(deps: Pick<Deps, 'database' | 'env' | 'sealKey'>, faults: FaultsAsked) {
  const [row] = await deps.database.db
    .select()
    .from(paymentGateways)
    .where(eq(paymentGateways.name, sandbox.name))
  const opening = row && openingOf(deps, row)
  if (!opening || opening.obstacle !== null) throw new NotFound('This site has no sandbox that can be used.')
  const { apiKey, url } = sandbox.secrets.parse(opening.secrets)
  const address = url ?? (await sandboxUrl(deps))
  try {
    const answer = await fetch(`${address}/v1/faults`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(faults),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    if (!answer.ok) throw new Error(`It answered with ${answer.status}.`)
  } catch (cause) {
    throw new Unavailable(
      'The sandbox does not answer, or has other keys. It runs while the site does, and gets new keys when that starts.',
      { cause },
    )
  }
}
