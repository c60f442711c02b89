import type { checkouts } from '#src/db/schema.ts'
import type { Viewer } from '#src/services/access/viewer.ts'
import { TOKEN_SECONDS } from '#src/services/accounts/tokens.ts'

/** Milliseconds: as long as the link that went to the wrong address works. */
export const CORRECTABLE_MS = TOKEN_SECONDS.claim * 1000

/** Whether it is the browser that paid as a guest, and may still say whose e-mail it meant. */
export function mayCorrectEmail(
  { status, paidAt, sessionId }: Pick<typeof checkouts.$inferSelect, 'status' | 'paidAt' | 'sessionId'>,
  asker: Pick<Viewer, 'userId' | 'sessionId'>,
  now: Date,
): boolean {
  if (asker.userId !== null || sessionId === null || sessionId !== asker.sessionId) return false
  if (status !== 'paid' || paidAt === null) return false
  return now.getTime() < paidAt.getTime() + CORRECTABLE_MS
}
