import type { Child } from 'hono/jsx'
import type { AccountSummary } from '#src/services/accounts/account-summary.ts'
import { usePage } from '../../render.tsx'
import { AccountShell } from './account-shell.tsx'

interface AccountPageProps {
  account: AccountSummary
  /** What one has and what one paid. */
  children?: Child
}

export function AccountPage({ account, children }: AccountPageProps) {
  const { words } = usePage()
  return (
    <AccountShell current="overview">
      <section class="panel flex flex-wrap items-center justify-between gap-x-8 gap-y-5">
        <div class="min-w-0">
          <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-lg font-bold">
            <bdi class="break-words">{account.name ?? account.email}</bdi>
            {account.role === 'admin' && <span class="tag">{words.account.adminTag}</span>}
          </p>
          {account.name && <p class="break-words text-muted">{account.email}</p>}
          <p class="text-sm text-muted">{words.account.memberSince(words.date(account.createdAt))}</p>
        </div>
        <form method="post" action="/sign-out">
          <button class="button-quiet" type="submit">
            {words.account.signOut}
          </button>
        </form>
      </section>
      {children}
    </AccountShell>
  )
}
