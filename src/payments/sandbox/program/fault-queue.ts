import type { CallFault, FaultsWire, MessageFault } from '../faults.ts'

export interface FaultQueue {
  replace(faults: FaultsWire): void
  /** What is still to happen. */
  waiting(): FaultsWire
  /** What happens to this call; null for nothing. */
  ofCall(call: Exclude<CallFault['on'], 'any'>): CallFault | null
  ofMessage(): MessageFault | null
}

export function openFaultQueue(): FaultQueue {
  let calls: CallFault[] = []
  let messages: MessageFault[] = []
  return {
    replace(faults) {
      calls = structuredClone(faults.calls)
      messages = structuredClone(faults.messages)
    },
    waiting: () => structuredClone({ calls, messages }),
    ofCall: (call) => takeOne(calls, ({ on }) => on === 'any' || on === call),
    ofMessage: () => takeOne(messages, () => true),
  }
}

function takeOne<Fault extends { times: number }>(
  queue: Fault[],
  suits: (fault: Fault) => boolean,
): Fault | null {
  const index = queue.findIndex(suits)
  const fault = queue[index]
  if (!fault) return null
  fault.times--
  if (fault.times === 0) queue.splice(index, 1)
  return fault
}
