import { hash, parseOptions, verify } from '@node-rs/argon2'
import { Unavailable } from '#src/errors.ts'
import { atOnce } from '#src/lib/at-once.ts'

/** OWASP's password storage cheat sheet: 19 MiB, two passes, one lane. argon2id is what the library takes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of 32 random bytes that nobody knows, at the same cost. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$NVGoSeyzVW3BAsnkHWJlhQ$ipe9YTtODJzkbw2forzCzJSJIX+3p1DPwIoVcEnRRxs'

/** A hash takes 10 ms and 19 MiB: side by side they would be the cheapest way to stop a site. */
const inTurn = atOnce({
  atOnce: 4,
  waiting: 50,
  full: () => new Unavailable('Too many people are signing in at this moment. Try again in a few seconds.'),
})

/** @throws Unavailable when too much waits. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, COST))

/**
 * Whether it is the password of this hash. What is no hash, and null for nobody, takes as long as a wrong password.
 * @throws Unavailable when too much waits.
 */
export function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  return inTurn(async () => {
    const isHash = stored?.startsWith('$argon2') === true
    const matches = await verify(isHash ? stored : NOBODYS_HASH, password)
    return isHash && matches
  })
}

/** Whether it was made at a lower cost than hashes are now. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost } = parseOptions(stored)
  return memoryCost < COST.memoryCost || timeCost < COST.timeCost
}
