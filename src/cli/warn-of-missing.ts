import type { Deps } from '#src/deps.ts'
import { servedMethods } from '#src/services/gateways/served-methods.ts'
import { isPublicSite } from '#src/services/settings/public-site.ts'
import { readSetting } from '#src/services/settings/settings.ts'

/** Says in the log what a site that is open to everybody lacks to sell. */
export async function warnOfMissing(deps: Deps): Promise<void> {
  if (!isPublicSite(deps.env) || (await readSetting(deps.database.db, 'access')) !== 'members') return
  if (Object.keys(await servedMethods(deps)).length === 0) {
    deps.log.warn('no payment gateway takes money: nobody can buy a plan. See: npx creatorflix gateways')
  }
  if (deps.mail === null) {
    deps.log.warn(
      'SMTP_URL is not set: no receipt, no link to an account and no new password reaches anybody',
    )
  }
}
