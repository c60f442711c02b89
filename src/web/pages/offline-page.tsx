import { Icon } from '../components/icon.tsx'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

/** Kept by browsers, and shown by them for every page while there is no connection. */
export function OfflinePage() {
  const { offline } = usePage().words
  return (
    <SiteLayout title={offline.title} isTransient>
      <div class="shell flex flex-col items-center gap-4 py-28 text-center sm:py-40" data-offline>
        <span class="notice-icon">
          <Icon name="offline" class="size-8" />
        </span>
        <h1 class="page-title">{offline.title}</h1>
        <p class="max-w-prose text-lg text-muted text-balance">{offline.hint}</p>
        <button class="button mt-3" type="button" data-reload>
          {offline.tryAgain}
        </button>
      </div>
    </SiteLayout>
  )
}
