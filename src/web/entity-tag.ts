import { hash } from 'node:crypto'

const TAG_LENGTH = 22

/**
 * By content: an answer of the same rows may differ, written by another release, with other secrets or by when more
 * was known of its pictures.
 */
export const entityTagOf = (body: Uint8Array): string =>
  `"${hash('sha256', body, 'base64url').slice(0, TAG_LENGTH)}"`

/** Whether `If-None-Match` names this entity tag (RFC 9110 §13.1.2, weak comparison). */
export function isSameEntity(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return (
    header === etag ||
    header === '*' ||
    header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  )
}
