import { FormField, FormMessage, type FormState } from '../../components/form-field.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { usePage } from '../../render.tsx'

/** For what a link is asked: its page, its form's address and its words. */
export type AskedFor = 'register' | 'reset'

interface AskLinkPageProps {
  kind: AskedFor
  form: FormState
  refusal?: string | null
}

/** Asks for an e-mail to send a link to. */
export function AskLinkPage({ kind, form, refusal = null }: AskLinkPageProps) {
  const { account } = usePage().words
  return (
    <NarrowPage title={account[`${kind}Title`]} hint={account[`${kind}Hint`]}>
      {refusal && <FormMessage kind="error">{refusal}</FormMessage>}
      <form class="flex flex-col gap-5" method="post" action={`/${kind}`} novalidate>
        <FormField
          form={form}
          name="email"
          label={account.email}
          type="email"
          autocomplete="username"
          inputmode="email"
          autofocus
        />
        <button class="button" type="submit">
          {account[`${kind}Submit`]}
        </button>
      </form>
      <p class="text-muted">
        {kind === 'register' && `${account.hasAccount} `}
        <a class="text-link" href="/sign-in">
          {kind === 'register' ? account.signIn : account.backToSignIn}
        </a>
      </p>
    </NarrowPage>
  )
}

interface LinkSentPageProps {
  kind: AskedFor
  email: string
  /** Where the mail can be read on a site that sends none. */
  outbox: string | null
}

/** The same whether or not the e-mail has an account. */
export function LinkSentPage({ kind, email, outbox }: LinkSentPageProps) {
  const { account } = usePage().words
  return (
    <NarrowPage title={account.sentTitle}>
      <p role="status" class="break-words">
        {kind === 'register' ? account.sentRegister(email) : account.sentReset(email)}
      </p>
      <p class="text-muted">{account.sentHint}</p>
      {outbox && (
        <a class="button" href={outbox}>
          {account.openOutbox}
        </a>
      )}
      <a class="text-link" href={`/${kind}`}>
        {account.sentAgain}
      </a>
    </NarrowPage>
  )
}
