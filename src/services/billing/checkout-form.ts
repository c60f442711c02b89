import { z } from 'zod'
import { type DocumentMistake, readBrazilianDocument } from '#src/lib/brazilian-document.ts'
import { type PhoneMistake, readBrazilianPhone } from '#src/lib/brazilian-phone.ts'
import type { CheckoutForm, Offer, PaymentMethod } from './views.ts'

/**
 * The form of a checkout. Every field says what is wrong with it by a word that pages turn into a sentence; whatever
 * else is sent, amounts above all, is not read.
 */

/** In the order of the page. */
export const CHECKOUT_FIELDS = ['name', 'email', 'document', 'phone', 'method'] as const
export type CheckoutField = (typeof CHECKOUT_FIELDS)[number]

export type FieldMistake =
  | 'missing'
  | 'method_missing'
  | 'method_not_accepted'
  | 'name_short'
  | 'name_long'
  | 'name_characters'
  | 'email_invalid'
  | 'email_long'
  | DocumentMistake
  | PhoneMistake

/** What a form can be about. */
export type FormOffer = Pick<Offer, 'plan' | 'bump' | 'methods' | 'needs'>

const FEWEST_IN_NAME = 2
const MOST_IN_NAME = 100
/** RFC 5321 §4.5.3.1: what fits between the brackets of a path, and the part before the @. */
const LONGEST_EMAIL = 254
const LONGEST_MAILBOX = 64

/** What a browser sends for a field; a file, or nothing at all, is nothing written. */
const written = z.string().catch('')
const filledIn = written.refine((text) => text.trim() !== '', say('missing'))

const name = filledIn
  .transform((text) => text.normalize('NFC').trim().replace(/ +/g, ' '))
  .refine((text) => !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text), say('name_characters'))
  .refine((text) => /\p{L}/u.test(text), say('name_characters'))
  .refine((text) => [...text].length >= FEWEST_IN_NAME, say('name_short'))
  .refine((text) => [...text].length <= MOST_IN_NAME, say('name_long'))

const email = filledIn
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => text.length <= LONGEST_EMAIL, say('email_long'))
  .refine((text) => z.email().safeParse(text).success, say('email_invalid'))
  .refine((text) => text.indexOf('@') <= LONGEST_MAILBOX, say('email_invalid'))

const document = filledIn.transform((text, context) => {
  const read = readBrazilianDocument(text)
  if ('document' in read) return read.document
  context.addIssue({ code: 'custom', message: say(read.mistake) })
  return z.NEVER
})

const phone = filledIn.transform((text, context) => {
  const read = readBrazilianPhone(text)
  if ('phone' in read) return read.phone
  context.addIssue({ code: 'custom', message: say(read.mistake) })
  return z.NEVER
})

/** Where nobody needs it, it is not even read. */
const unasked = z.unknown().transform(() => null)

/** The fields of an order by this method, as a browser sends them, to the order. */
export function checkoutForm({ plan, bump, methods, needs }: FormOffer, by: PaymentMethod | null) {
  const asked = by === null ? { document: false, phone: false } : needs[by]
  return z
    .object({
      method: written
        .refine((text) => text !== '', { message: say('method_missing'), abort: true })
        .refine((text) => methods.some((method) => method === text), say('method_not_accepted'))
        .transform((text) => text as PaymentMethod),
      bump: written.transform((text) => bump !== null && text !== ''),
      name,
      email,
      document: asked.document ? document : unasked,
      phone: asked.phone ? phone : unasked,
    })
    .transform(({ bump, ...rest }): CheckoutForm => ({ ...rest, planId: plan.id, withBump: bump }))
}

export type FieldMistakes = Partial<Record<CheckoutField, FieldMistake>>

/** @returns the order, or what is wrong with which field: with each the first thing. */
export function readCheckoutForm(
  offer: FormOffer,
  fields: Record<string, unknown>,
): { form: CheckoutForm } | { mistakes: FieldMistakes } {
  const method = offer.methods.find((method) => method === fields.method) ?? null
  // What was not sent is as good as empty.
  const sent = { ...Object.fromEntries(CHECKOUT_FIELDS.map((field) => [field, ''])), bump: '', ...fields }
  const parsed = checkoutForm(offer, method).safeParse(sent)
  return parsed.success ? { form: parsed.data } : { mistakes: firstMistakes(parsed.error) }
}

function firstMistakes({ issues }: z.ZodError): FieldMistakes {
  // Of several with the same field the last one written stays.
  return Object.fromEntries(issues.toReversed().map(({ path, message }) => [path[0], message]))
}

/** A message that the compiler knows. */
function say(mistake: FieldMistake) {
  return mistake
}
