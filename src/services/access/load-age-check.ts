import { pathToFileURL } from 'node:url'
import type { Env } from '#src/env.ts'
import { Misconfigured } from '#src/errors.ts'
import type { AgeAnswer, AgeCheck } from './age-check.ts'

/**
 * The owner's own age check: the default export of a module, either a whole `AgeCheck` or its `decide` alone; null
 * where none is named.
 * @throws Misconfigured when the module cannot be loaded or exports neither.
 */
export async function loadAgeCheck({
  AGE_CHECK_MODULE: file,
}: Pick<Env, 'AGE_CHECK_MODULE'>): Promise<AgeCheck | null> {
  if (!file) return null
  const exported = (await imported(file)).default
  const check = typeof exported === 'function' ? { decide: exported } : exported
  if (isAgeCheck(check)) return strict(check)
  throw new Misconfigured(
    `AGE_CHECK_MODULE ${file} must export by default a function that answers passed or ask, or an object with such a function as decide.`,
  )
}

async function imported(file: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    throw new Misconfigured(`AGE_CHECK_MODULE ${file} cannot be loaded: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function isAgeCheck(check: unknown): check is AgeCheck {
  if (typeof check !== 'object' || check === null) return false
  const { decide, checkAt } = check as Partial<Record<keyof AgeCheck, unknown>>
  return typeof decide === 'function' && (checkAt === undefined || typeof checkAt === 'function')
}

/** Anything but a clear yes is no. */
function strict(check: AgeCheck): AgeCheck {
  return {
    async decide(visitor): Promise<AgeAnswer> {
      return (await check.decide(visitor)) === 'passed' ? 'passed' : 'ask'
    },
    ...(check.checkAt && { checkAt: (returnTo: string) => String(check.checkAt?.(returnTo)) }),
  }
}
