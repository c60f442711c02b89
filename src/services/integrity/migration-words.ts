import { type MigrationStatus, migrationFaults } from '#src/db/migrations.ts'

/** What is wrong or missing about the migrations and the way out, one sentence each; empty when all are applied. */
export function migrationFindings(status: MigrationStatus): string[] {
  return [...migrationFaults(status), ...waiting(status.pending)]
}

function waiting([first, ...others]: MigrationStatus['pending']): string[] {
  if (!first) return []
  const last = others.at(-1)
  const which = last
    ? `${others.length + 1} migrations, ${first.tag} to ${last.tag}, are`
    : `The migration ${first.tag} is`
  return [`${which} not applied yet. Run: npx creatorflix migrate`]
}

/** Every migration with its state, then the faults with the way out, for a terminal. */
export function renderMigrationStatus(status: MigrationStatus): string {
  const { applied, edited, pending, outOfOrder } = status
  const lines = [
    ...applied.map(({ tag, when }) => ({ tag, when, state: 'applied' })),
    ...edited.map(({ tag, when }) => ({ tag, when, state: 'applied, then EDITED' })),
    ...outOfOrder.map(({ tag, when }) => ({ tag, when, state: 'OUT OF ORDER' })),
    ...pending.map(({ tag, when }) => ({ tag, when, state: 'pending' })),
    ...status.missing.map(({ when }) => ({ tag: '(no file)', when, state: 'applied, file MISSING' })),
  ].sort((one, other) => one.when - other.when)
  const width = Math.max(0, ...lines.map(({ tag }) => tag.length))
  const findings = migrationFindings(status)
  return [
    ...lines.map(({ tag, state }) => `${tag.padEnd(width)}  ${state}`),
    ...(findings.length > 0 ? findings : ['Everything is applied.']),
  ].join('\n')
}
