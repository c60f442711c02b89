import { Notice } from '../../components/notice.tsx'
import { SiteLayout } from '../../layouts/site-layout.tsx'
import { usePage } from '../../render.tsx'

/** In place of the checkout of a plan that was retired, or never was. */
export function NotSoldPage() {
  const { checkout } = usePage().words
  return (
    <SiteLayout title={checkout.notSold} isTransient>
      <div class="shell pt-8 sm:pt-12">
        <div class="mx-auto max-w-2xl">
          <h1 class="sr-only">{checkout.notSold}</h1>
          <Notice icon="alert" title={checkout.notSold} hint={checkout.notSoldHint}>
            <a class="button" href="/plans">
              {checkout.otherPlans}
            </a>
          </Notice>
        </div>
      </div>
    </SiteLayout>
  )
}
