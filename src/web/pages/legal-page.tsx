import { raw } from 'hono/html'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

/** @param html a text of the owner's, already made safe. */
export function LegalPage({ kind, html }: { kind: 'terms' | 'privacy'; html: string }) {
  const title = usePage().words.legal[kind]
  return (
    <SiteLayout title={title}>
      <article class="shell pt-8 sm:pt-12">
        <div class="mx-auto max-w-3xl">
          <h1 class="mb-6 text-3xl font-black tracking-tight text-balance sm:text-4xl">{title}</h1>
          <div class="prose">{raw(html)}</div>
        </div>
      </article>
    </SiteLayout>
  )
}
