import type { LibraryCounts } from '#src/db/library-tables.ts'
import type { SyncPhase, SyncReport } from '#src/services/whitelabel/sync/sync-report.ts'

const LISTED_REASONS = 20
const NUMBER = new Intl.NumberFormat('en-US')

export const number = (value: number) => NUMBER.format(value)

export const PHASE_WORDS: Record<SyncPhase, string> = {
  listing: 'Listing',
  deciding: 'Comparing',
  confirming: 'Confirming what is gone',
  applying: 'Applying',
}

/** How a sync went, for a person. */
export function reportWords(report: SyncReport): string[] {
  return [
    headline(report),
    ...(report.reason === null ? [] : [report.reason]),
    ...changeWords(report),
    ...heldWords(report),
    ...ignoredWords(report),
    ...quarantineWords(report),
    ...unpublishedWords(report),
  ]
}

function headline(report: SyncReport): string {
  const isDryRun = report.plan !== undefined
  const seconds = (report.durationMs / 1000).toFixed(1)
  const listed = `${number(report.listed)} files listed in ${seconds} s`
  switch (report.status) {
    case 'applied':
      return isDryRun ? `Dry run, ${listed}. This would change:` : `Applied, ${listed}.`
    case 'unchanged':
      return `Nothing to do, ${listed}.`
    case 'held':
      return isDryRun ? `Dry run, ${listed}. Removals would be held.` : `Removals are held, ${listed}.`
    case 'failed':
      return `Failed, ${listed}.`
  }
}

function changeWords({ added, changed, removed, plan }: SyncReport): string[] {
  return [
    ...countLine('added', added),
    ...nameLines('+', plan?.added),
    ...countLine('changed', changed),
    ...nameLines('~', plan?.changed),
    ...countLine('removed', removed),
    ...nameLines('-', plan?.removed),
  ]
}

function countLine(verb: string, counts: LibraryCounts): string[] {
  if (counts.models + counts.posts + counts.media === 0) return []
  return [`  ${verb.padEnd(8)} ${countWords(counts)}`]
}

const countWords = ({ models, posts, media }: LibraryCounts) =>
  [counted(models, 'creator'), counted(posts, 'post'), counted(media, 'file')].join(', ')

const counted = (count: number, noun: string) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`

/** Those of creators and posts only where there are any: a file's key begins with them. */
const nameLines = (sign: string, names: { media: string[] } | undefined) =>
  (names?.media ?? []).map((key) => `    ${sign} ${key}`)

/** What waits for an approval, and the command that gives it. */
export function heldWords({ held, run }: SyncReport): string[] {
  if (held === null) return []
  const release = run === null ? [] : [`Release exactly these with: npx creatorflix sync --approve ${run}`]
  return [`  waiting  ${countWords(held)}`, ...release]
}

function ignoredWords({ ignored, ignoredBy }: SyncReport): string[] {
  if (ignored === 0) return []
  const reasons = Object.entries(ignoredBy).toSorted(([, left], [, right]) => right - left)
  const words = reasons.slice(0, LISTED_REASONS).map(([reason, count]) => `${number(count)} ${reason}`)
  return [`  ignored  ${number(ignored)} files that are no media: ${words.join(', ')}`]
}

function quarantineWords({ quarantined }: SyncReport): string[] {
  if (quarantined.length === 0) return []
  const keys = quarantined.slice(0, LISTED_REASONS).map(({ key, reason }) => `    ${key}: ${reason}`)
  const rest = quarantined.length > LISTED_REASONS ? ['    … all of them: npx creatorflix sync --json'] : []
  return [`  left out ${number(quarantined.length)} files that no browser could fetch:`, ...keys, ...rest]
}

/** Creators nobody sees yet, and the command that changes it. */
export function unpublishedWords({ unpublished, status, plan }: SyncReport): string[] {
  if (unpublished === 0 || status === 'failed' || plan !== undefined) return []
  const creators = unpublished === 1 ? '1 creator is' : `${number(unpublished)} creators are`
  return [
    `${creators} not public yet. Look: npx creatorflix creators list --status new. Publish: npx creatorflix creators publish --all`,
  ]
}
