import { usePage } from '../render.tsx'
import { Notice } from './notice.tsx'

/** Where nobody takes money now, no plan is a way on: what the site shows is one, and whoever answers for it. */
export function NoPayment() {
  const { words, site } = usePage()
  return (
    <Notice icon="lock" title={words.plans.noPayment} hint={words.plans.noPaymentHint}>
      <a class="button" href="/creators">
        {words.errors.toCreators}
      </a>
      {site.contacts.length > 0 && (
        <p class="mt-3 flex flex-wrap items-center justify-center gap-x-4 text-sm text-muted">
          {words.support.open}:
          {site.contacts.map(({ platform, url }) => (
            <a class="text-link min-w-0" href={url} rel="nofollow noopener noreferrer">
              <bdi class="min-w-0 truncate">{platform}</bdi>
            </a>
          ))}
        </p>
      )}
    </Notice>
  )
}
