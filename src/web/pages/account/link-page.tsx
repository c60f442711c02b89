import { SHORTEST } from '#src/services/accounts/password-rules.ts'
import type { AccountLink } from '#src/services/accounts/tokens.ts'
import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { usePage } from '../../render.tsx'
import type { Dictionary } from '../../words/en.ts'

interface LinkPageProps {
  link: AccountLink
  form: FormState
  refusal?: string | null
}

/** Where a mailed link leads. Opening it changes nothing, for programs that look into mails open it too. */
export function LinkPage({ link, form, refusal = null }: LinkPageProps) {
  const { account } = usePage().words
  const { title, hint, submit } = wordsOf(link, account)
  return (
    <NarrowPage title={title} hint={hint}>
      {refusal && <FormMessage kind="error">{refusal}</FormMessage>}
      <form class="flex flex-col gap-5" method="post" novalidate>
        <Fields link={link} form={form} />
        <button class="button" type="submit">
          {submit}
        </button>
      </form>
    </NarrowPage>
  )
}

function Fields({ link: { purpose, user }, form }: Pick<LinkPageProps, 'link' | 'form'>) {
  const { account } = usePage().words
  if (purpose === 'sign_in' || purpose === 'change_email') return null
  const role = purpose === 'setup' ? 'admin' : (user?.role ?? 'user')
  return (
    <>
      {user ? (
        <AccountOf email={user.email} />
      ) : (
        <FormField
          form={form}
          name="email"
          label={account.email}
          type="email"
          autocomplete="username"
          inputmode="email"
          autofocus
        />
      )}
      {purpose !== 'reset' && (
        <FormField
          form={form}
          name="name"
          label={account.name}
          hint={account.nameHint}
          autocomplete="name"
          required={false}
        />
      )}
      <FormField
        form={form}
        name="password"
        label={account.newPassword}
        hint={account.passwordHint(SHORTEST[role])}
        type="password"
        autocomplete="new-password"
        autofocus={purpose === 'reset'}
      />
    </>
  )
}

/** Tells password managers whose password it is. */
function AccountOf({ email }: { email: string }) {
  const { account } = usePage().words
  return (
    <div class="flex flex-col gap-1.5">
      <label class="ps-1 text-sm font-semibold" for="account">
        {account.email}
      </label>
      <input
        class="field field-box text-muted"
        id="account"
        type="email"
        value={email}
        autocomplete="username"
        readonly
      />
    </div>
  )
}

function wordsOf({ purpose, user, newEmail }: AccountLink, account: Dictionary['account']) {
  if (purpose === 'claim')
    return { title: account.claimTitle, hint: account.claimHint, submit: account.claimSubmit }
  if (purpose === 'reset')
    return { title: account.chooseTitle, hint: account.chooseHint, submit: account.chooseSubmit }
  if (purpose === 'setup')
    return { title: account.setupTitle, hint: account.setupHint, submit: account.setupSubmit }
  if (purpose === 'change_email') {
    const hint = account.confirmEmailHint(newEmail ?? '')
    return { title: account.confirmEmailTitle, hint, submit: account.confirmEmailSubmit }
  }
  const hint = account.linkSignInHint(user?.email ?? '')
  return { title: account.linkSignInTitle, hint, submit: account.signIn }
}

/** Of an e-mail that was changed, to who is not signed in to its account here. */
export function EmailChangedPage({ newEmail }: { newEmail: string }) {
  const { account } = usePage().words
  return (
    <NarrowPage title={account.emailChanged} hint={account.emailChangedHint(newEmail)}>
      <a class="button" href="/account">
        {account.yourAccount}
      </a>
    </NarrowPage>
  )
}

/** The same for every link that does not work, whatever it was. */
export function VoidLinkPage() {
  const { account } = usePage().words
  return (
    <NarrowPage title={account.linkVoidTitle} hint={account.linkVoidHint}>
      <a class="button" href="/reset">
        {account.linkVoidAction}
      </a>
      <a class="text-link" href="/sign-in">
        {account.backToSignIn}
      </a>
    </NarrowPage>
  )
}
