import type { AccountSummary } from '#src/services/accounts/account-summary.ts'
import { SHORTEST } from '#src/services/accounts/password-rules.ts'
import type { OpenSession } from '#src/services/accounts/sessions.ts'
import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { usePage } from '../../render.tsx'
import { AccountShell } from './account-shell.tsx'
import { NoPassword } from './no-password.tsx'

export interface SecurityPageProps {
  account: AccountSummary
  sessions: OpenSession[]
  form: FormState
  refusal?: string | null
  done?: string | null
}

export function SecurityPage({ account, sessions, form, refusal = null, done = null }: SecurityPageProps) {
  return (
    <AccountShell current="security">
      {done && <FormMessage kind="done">{done}</FormMessage>}
      {account.hasPassword ? (
        <ChangePassword account={account} form={form} refusal={refusal} />
      ) : (
        <section class="panel">
          <NoPassword account={account} />
        </section>
      )}
      <Sessions sessions={sessions} />
    </AccountShell>
  )
}

function ChangePassword({ account, form, refusal }: Pick<SecurityPageProps, 'account' | 'form' | 'refusal'>) {
  const { words } = usePage()
  return (
    <section class="panel flex flex-col gap-5" aria-labelledby="change-password">
      <div class="flex flex-col gap-1">
        <h2 class="heading" id="change-password">
          {words.account.changePassword}
        </h2>
        <p class="text-muted">{words.account.changePasswordHint}</p>
      </div>
      {refusal && <FormMessage kind="error">{refusal}</FormMessage>}
      <form class="flex max-w-md flex-col gap-5" method="post" action="/account/security/password" novalidate>
        {/* Tells password managers whose password it is. */}
        <input class="sr-only" type="email" value={account.email} autocomplete="username" readonly hidden />
        <FormField
          form={form}
          name="current"
          label={words.account.currentPassword}
          type="password"
          autocomplete="current-password"
        />
        <FormField
          form={form}
          name="next"
          label={words.account.newPassword}
          hint={words.account.passwordHint(SHORTEST[account.role])}
          type="password"
          autocomplete="new-password"
        />
        <button class="button self-start" type="submit">
          {words.account.changePasswordSubmit}
        </button>
      </form>
    </section>
  )
}

function Sessions({ sessions }: Pick<SecurityPageProps, 'sessions'>) {
  const { account } = usePage().words
  return (
    <section class="panel flex flex-col gap-5" aria-labelledby="sessions">
      <h2 class="heading" id="sessions">
        {account.sessions}
      </h2>
      <ul class="flex flex-col divide-y divide-line">
        {sessions.map((session) => (
          <SessionRow session={session} />
        ))}
      </ul>
      <form
        class="flex flex-wrap items-center gap-x-4 gap-y-2"
        method="post"
        action="/account/security/sessions/end"
      >
        <button class="button-quiet" type="submit">
          {account.endAll}
        </button>
        <span class="text-sm text-muted">{account.endAllHint}</span>
      </form>
    </section>
  )
}

function SessionRow({ session }: { session: OpenSession }) {
  const { account, shortDate } = usePage().words
  const device = session.device ?? account.unknownDevice
  return (
    <li class="flex min-h-16 items-center justify-between gap-4 py-2">
      <div class="min-w-0">
        <p class="flex flex-wrap items-center gap-x-3 font-semibold">
          {device}
          {session.isThis && <span class="tag">{account.thisSession}</span>}
        </p>
        {/* Of the visits of who has paid nothing is told to who reads the e-mail that was typed. */}
        <p class="text-sm text-muted">
          {session.paidAsGuest ? account.watchesByPayment : account.lastSeen(shortDate(session.lastSeenAt))}
        </p>
      </div>
      {!session.isThis && (
        <form method="post" action={`/account/security/sessions/${session.id}/end`}>
          <button class="nav-link -me-3" type="submit" aria-label={account.endSessionOn(device)}>
            {account.endSession}
          </button>
        </form>
      )}
    </li>
  )
}
