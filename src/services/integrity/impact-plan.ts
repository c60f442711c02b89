import { type ForeignKey, narrowerKey } from './catalog.ts'

export type Effect = 'deletes' | 'clears' | 'blocks'

/** A foreign key that a delete reaches, and what it then does to the rows that refer. */
export interface Step {
  foreignKey: ForeignKey
  effect: Effect
  /** Foreign keys between the deleted row and these, by the shortest way. */
  depth: number
}

export interface ImpactPlan {
  root: string
  /** By depth. */
  steps: Step[]
  /** Every table that loses rows, the root first and each after those it is deleted through, unless in a circle. */
  emptied: string[]
  /** Whether deleting can come back to a table it has been in. */
  isCircular: boolean
}

/**
 * What a delete in `root` can reach at all. Only tables that lose rows lead further, and rows that a narrower key
 * leads to as well are counted by that.
 */
export function planImpact(allKeys: ForeignKey[], root: string): ImpactPlan {
  const foreignKeys = allKeys.filter((key) => narrowerKey(allKeys, key) === undefined)
  const depths = new Map([[root, 0]])
  const steps: Step[] = []
  for (const [table, depth] of depths) {
    for (const foreignKey of foreignKeys.filter((key) => key.parent === table)) {
      const effect = effectOf(foreignKey)
      steps.push({ foreignKey, effect, depth: depth + 1 })
      if (effect === 'deletes' && !depths.has(foreignKey.table)) depths.set(foreignKey.table, depth + 1)
    }
  }
  const emptied = parentsFirst([...depths.keys()], steps)
  return {
    root,
    steps,
    emptied: emptied ?? [...depths.keys()],
    isCircular: emptied === null,
  }
}

function effectOf({ onDelete, clearsRequired }: ForeignKey): Effect {
  if (onDelete === 'cascade') return 'deletes'
  if (onDelete === 'set default' || (onDelete === 'set null' && !clearsRequired)) return 'clears'
  return 'blocks'
}

/** The tables in an order in which each comes after all it is deleted through; null when there is a circle. */
function parentsFirst(tables: string[], steps: Step[]): string[] | null {
  const cascades = steps.filter((step) => step.effect === 'deletes').map((step) => step.foreignKey)
  const ordered: string[] = []
  let waiting = tables
  while (waiting.length > 0) {
    const free = waiting.filter((table) =>
      cascades.every((key) => key.table !== table || ordered.includes(key.parent)),
    )
    if (free.length === 0) return null
    ordered.push(...free)
    waiting = waiting.filter((table) => !free.includes(table))
  }
  return ordered
}
