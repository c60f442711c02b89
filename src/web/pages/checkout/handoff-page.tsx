import { Notice } from '../../components/notice.tsx'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'

/**
 * Stands between our form and the gateway's page for as long as a browser needs to go on. A form may only lead to
 * this site (form-action of our Content-Security-Policy), and so may what it is redirected to.
 */
export function HandoffPage({ payUrl }: { payUrl: string }) {
  const { checkout } = usePage().words
  return (
    <SiteLayout title={checkout.handoffTitle} isTransient>
      <div class="shell pt-8 sm:pt-12">
        <div class="mx-auto max-w-2xl">
          <h1 class="sr-only">{checkout.handoffTitle}</h1>
          <Notice icon="card" title={checkout.handoffTitle} hint={checkout.handoffHint}>
            <a class="button" href={payUrl} rel="noopener">
              {checkout.toCard}
            </a>
          </Notice>
        </div>
      </div>
    </SiteLayout>
  )
}
