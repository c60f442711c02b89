import type { AccountSummary } from '#src/services/accounts/account-summary.ts'
import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { usePage } from '../../render.tsx'
import { AccountShell } from './account-shell.tsx'
import { NoPassword } from './no-password.tsx'

interface DataPageProps {
  account: AccountSummary
  form: FormState
  refusal?: string | null
}

/** What the law gives everybody (LGPD, art. 18): a copy of one's data, and their end. */
export function DataPage({ account, form, refusal = null }: DataPageProps) {
  const { words } = usePage()
  return (
    <AccountShell current="data">
      <section class="panel flex flex-col items-start gap-4" aria-labelledby="export">
        <h2 class="heading" id="export">
          {words.account.exportTitle}
        </h2>
        <p class="text-muted">{words.account.exportHint}</p>
        <a class="button-quiet" href="/account/data/export" download>
          {words.account.exportSubmit}
        </a>
      </section>
      <section class="panel flex flex-col gap-4" aria-labelledby="erase">
        <h2 class="heading" id="erase">
          {words.account.eraseTitle}
        </h2>
        <p>{words.account.eraseGoes}</p>
        <p class="text-muted">{words.account.eraseStays}</p>
        {refusal && <FormMessage kind="error">{refusal}</FormMessage>}
        {account.hasPassword ? <EraseForm account={account} form={form} /> : <NoPassword account={account} />}
      </section>
    </AccountShell>
  )
}

function EraseForm({ account, form }: Pick<DataPageProps, 'account' | 'form'>) {
  const { words } = usePage()
  return (
    <form class="flex max-w-md flex-col gap-5" method="post" action="/account/data/erase" novalidate>
      <input class="sr-only" type="email" value={account.email} autocomplete="username" readonly hidden />
      <FormField
        form={form}
        name="password"
        label={words.account.currentPassword}
        type="password"
        autocomplete="current-password"
      />
      <button class="button-danger self-start" type="submit">
        {words.account.eraseSubmit}
      </button>
    </form>
  )
}
