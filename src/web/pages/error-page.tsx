import { SiteLayout } from '../layouts/site-layout.tsx'
import type { Problem } from '../problem.ts'
import { usePage } from '../render.tsx'
import type { Dictionary } from '../words/en.ts'

/** @param reference what to tell the owner, for their log knows it too. */
export function ErrorPage({ problem, reference }: { problem: Problem; reference: string }) {
  const { words } = usePage()
  const { title, hint } = explanation(problem.status, words)
  return (
    <SiteLayout title={title} isTransient isError>
      <div class="shell flex flex-col items-center gap-5 py-24 text-center sm:py-32">
        <p class="brand-text text-7xl font-black tracking-tighter" aria-hidden="true">
          {problem.status}
        </p>
        <h1 class="text-3xl font-bold text-balance sm:text-4xl">{title}</h1>
        <p class="max-w-prose text-lg text-muted text-balance">{hint}</p>
        <WayOut status={problem.status} />
        {problem.status === 500 && <p class="text-sm text-muted">{words.errors.reference(reference)}</p>}
      </div>
    </SiteLayout>
  )
}

function WayOut({ status }: { status: number }) {
  const { words, address } = usePage()
  const again = address.query.size > 0 ? `${address.path}?${address.query}` : address.path
  return (
    <div class="mt-3 flex flex-wrap justify-center gap-3">
      {status >= 500 && (
        <a class="button" href={again}>
          {words.errors.tryAgain}
        </a>
      )}
      {status === 401 && (
        <a class="button" href="/sign-in">
          {words.account.signIn}
        </a>
      )}
      <a class={status >= 500 || status === 401 ? 'button-quiet' : 'button'} href="/">
        {words.errors.toHome}
      </a>
      {status === 404 && (
        <a class="button-quiet" href="/creators">
          {words.errors.toCreators}
        </a>
      )}
    </div>
  )
}

function explanation(status: number, { errors }: Dictionary) {
  if (status === 401) return { title: errors.signInNeeded, hint: errors.signInNeededHint }
  if (status === 429) return { title: errors.tooMany, hint: errors.tooManyHint }
  if (status === 404) return { title: errors.notFound, hint: errors.notFoundHint }
  if (status === 403) return { title: errors.forbidden, hint: errors.forbiddenHint }
  if (status === 503) return { title: errors.unavailable, hint: errors.unavailableHint }
  if (status < 500) return { title: errors.invalid, hint: errors.invalidHint }
  return { title: errors.failed, hint: errors.failedHint }
}
