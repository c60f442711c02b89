import type { AccountSummary } from '#src/services/accounts/account-summary.ts'
import { usePage } from '../../render.tsx'

/** For who came by a link and has none yet: what asks for a password has to wait until one is chosen. */
export function NoPassword({ account }: { account: AccountSummary }) {
  const { words } = usePage()
  return (
    <form class="flex flex-wrap items-center justify-between gap-4" method="post" action="/reset">
      <input type="hidden" name="email" value={account.email} />
      <p>{words.account.noPasswordYet}</p>
      <button class="button-quiet" type="submit">
        {words.account.choosePasswordByMail}
      </button>
    </form>
  )
}
