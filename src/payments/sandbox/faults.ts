import { z } from 'zod'

/** Everything that gateways have been seen to do wrong, to be asked of the sandbox at will. */

export const CALLS = ['create', 'fetch', 'find', 'refund', 'any'] as const

/** What happens to a call of the API; `after` means that what was asked is done all the same. */
export const CALL_FAULTS = [
  'time out before',
  'time out after',
  'fail before',
  'fail after',
  'break before',
  'break after',
  'unavailable',
  'too many',
  'unauthorized',
  'refuse',
  'slow',
  'garbage after',
  'half an answer after',
  'a page after',
  'nothing after',
  'other id after',
  'other reference after',
  'other amount after',
  'other currency after',
] as const
export type CallFaultKind = (typeof CALL_FAULTS)[number]

/** What happens to the message that tells of a change. */
export const MESSAGE_FAULTS = [
  'silence',
  'late',
  'duplicate',
  'reorder',
  'other amount',
  'other currency',
  'other charge',
  'unsigned',
  'stale',
] as const
export type MessageFaultKind = (typeof MESSAGE_FAULTS)[number]

const most = 10_000

export const callFault = z.object({
  on: z.enum(CALLS).default('any'),
  kind: z.enum(CALL_FAULTS),
  /** How many calls it happens to. */
  times: z.int().positive().max(most).default(1),
  /** Of a slow answer. */
  milliseconds: z.int().positive().max(600_000).default(60_000),
})
export type CallFault = z.infer<typeof callFault>

export const messageFault = z.object({
  kind: z.enum(MESSAGE_FAULTS),
  /** How many messages it happens to. */
  times: z.int().positive().max(most).default(1),
  /** How often a duplicate is sent in all. */
  copies: z.int().min(2).max(1_000).default(2),
  /** Of a late one. */
  milliseconds: z.int().positive().max(600_000).default(10_000),
})
export type MessageFault = z.infer<typeof messageFault>

/** `PUT /v1/faults`: what happens next, in this order; whatever was asked for before is forgotten. */
export const faultsWire = z.object({
  calls: z.array(callFault).max(most).default([]),
  messages: z.array(messageFault).max(most).default([]),
})
export type FaultsWire = z.infer<typeof faultsWire>
export type FaultsAsked = z.input<typeof faultsWire>
