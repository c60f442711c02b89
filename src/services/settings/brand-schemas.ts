import { z } from 'zod'
import { parseLogo } from './logo.ts'

export const CONTENT_RATINGS = ['general', '14', '16', '18'] as const
export type ContentRating = (typeof CONTENT_RATINGS)[number]

/** The most that terms and privacy may have. */
const LONGEST_DOCUMENT_BYTES = 100_000

/** One line of text, without control characters; empty is none. */
export function line(most: number) {
  return z
    .string()
    .trim()
    .max(most, `must have at most ${most} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line of text')
}

/** Markdown; empty is none. */
export function document() {
  return z
    .string()
    .refine((text) => Buffer.byteLength(text) <= LONGEST_DOCUMENT_BYTES, 'must have at most 100 kB')
    .refine((text) => !/[^\P{Cc}\n\r\t]/u.test(text), 'must be text without control characters')
}

/** `#rrggbb` in lower case; empty is the colour that CreatorFlix comes with. */
export function colour() {
  return z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^(#[0-9a-f]{6})?$/, 'must be a colour such as #e5484d')
}

/** A picture as `logoText` writes it; empty is the mark that CreatorFlix comes with. */
export function logo() {
  return z.string().superRefine((text, context) => {
    if (text === '') return
    const parsed = parseLogo(text)
    if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed })
  })
}
