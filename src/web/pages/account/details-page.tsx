import type { AccountSummary } from '#src/services/accounts/account-summary.ts'
import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { usePage } from '../../render.tsx'
import { AccountShell } from './account-shell.tsx'
import { NoPassword } from './no-password.tsx'

export interface DetailsPageProps {
  account: AccountSummary
  /** Of both forms; their fields have different names. */
  form: FormState
  refusal?: string | null
  done?: string | null
}

/** By what name and address one is known here. */
export function DetailsPage({ account, form, refusal = null, done = null }: DetailsPageProps) {
  const { words } = usePage()
  return (
    <AccountShell current="details">
      {done && <FormMessage kind="done">{done}</FormMessage>}
      <section class="panel flex flex-col gap-5" aria-labelledby="change-name">
        <h2 class="heading" id="change-name">
          {words.account.name}
        </h2>
        <form class="flex max-w-md flex-col gap-5" method="post" action="/account/details/name" novalidate>
          <FormField
            form={form}
            name="name"
            label={words.account.name}
            hint={words.account.nameHint}
            autocomplete="name"
            required={false}
          />
          <button class="button self-start" type="submit">
            {words.account.saveName}
          </button>
        </form>
      </section>
      <section class="panel flex flex-col gap-5" aria-labelledby="change-email">
        <div class="flex flex-col gap-1">
          <h2 class="heading" id="change-email">
            {words.account.email}
          </h2>
          <p class="break-words text-muted">{words.account.emailNow(account.email)}</p>
        </div>
        {refusal && <FormMessage kind="error">{refusal}</FormMessage>}
        {account.hasPassword ? <ChangeEmail form={form} /> : <NoPassword account={account} />}
      </section>
    </AccountShell>
  )
}

function ChangeEmail({ form }: Pick<DetailsPageProps, 'form'>) {
  const { account } = usePage().words
  return (
    <form class="flex max-w-md flex-col gap-5" method="post" action="/account/details/email" novalidate>
      <FormField
        form={form}
        name="email"
        label={account.newEmail}
        hint={account.newEmailHint}
        type="email"
        autocomplete="email"
        inputmode="email"
      />
      <FormField
        form={form}
        name="password"
        label={account.currentPassword}
        type="password"
        autocomplete="current-password"
      />
      <button class="button self-start" type="submit">
        {account.newEmailSubmit}
      </button>
    </form>
  )
}
