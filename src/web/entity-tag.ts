/** Whether `If-None-Match` names this entity tag (RFC 9110 §13.1.2, weak comparison). */
export function isSameEntity(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return (
    header === etag ||
    header === '*' ||
    header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
  )
}
