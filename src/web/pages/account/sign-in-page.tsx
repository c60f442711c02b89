import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { usePage } from '../../render.tsx'

interface SignInPageProps {
  form: FormState
  /** Where to go afterwards. */
  to: string
  /** What is wrong with the whole of it. */
  refusal?: string | null
  /** What has just been done. */
  done?: string | null
  /** Who asks has paid in this browser, and has no need to sign in for watching. */
  hasPaidHere: boolean
}

export function SignInPage({ form, to, refusal = null, done = null, hasPaidHere }: SignInPageProps) {
  const { account } = usePage().words
  return (
    <NarrowPage title={account.signInTitle} hint={account.signInHint}>
      {done && <FormMessage kind="done">{done}</FormMessage>}
      {hasPaidHere && <PaidAsGuest />}
      {refusal && <FormMessage kind="error">{refusal}</FormMessage>}
      <form class="flex flex-col gap-5" method="post" action="/sign-in" novalidate>
        <input type="hidden" name="to" value={to} />
        <FormField
          form={form}
          name="email"
          label={account.email}
          type="email"
          autocomplete="username"
          inputmode="email"
          autofocus={!form.values.email}
        />
        <FormField
          form={form}
          name="password"
          label={account.password}
          type="password"
          autocomplete="current-password"
          autofocus={Boolean(form.values.email)}
        />
        <button class="button" type="submit">
          {account.signIn}
        </button>
      </form>
      <div class="flex flex-col gap-1">
        <a class="text-link" href="/reset">
          {account.forgot}
        </a>
        <p class="text-muted">
          {account.noAccount}{' '}
          <a class="text-link" href="/register">
            {account.register}
          </a>
        </p>
      </div>
    </NarrowPage>
  )
}

/** An account that was made by paying has a password as soon as its owner follows the mailed link. */
function PaidAsGuest() {
  const { account, checkout } = usePage().words
  return (
    <div class="form-message flex flex-col items-start gap-1">
      <p>{account.paidAsGuest}</p>
      <a class="text-link text-sm" href="/reset">
        {checkout.nothingCame}
      </a>
    </div>
  )
}
