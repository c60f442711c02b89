import { raw } from 'hono/html'
import { SiteLayout } from '../layouts/site-layout.tsx'
import { usePage } from '../render.tsx'

interface LegalPageProps {
  kind: 'terms' | 'privacy'
  /** What the owner's text begins with, if it does, and the rest: HTML that was made safe. */
  heading: string | null
  html: string
}

export function LegalPage({ kind, heading, html }: LegalPageProps) {
  const title = usePage().words.legal[kind]
  return (
    <SiteLayout title={title}>
      <article class="shell pt-8 sm:pt-12">
        <div class="mx-auto max-w-3xl">
          <h1 class="page-title mb-6">{heading === null ? title : raw(heading)}</h1>
          <div class="prose">{raw(html)}</div>
        </div>
      </article>
    </SiteLayout>
  )
}
