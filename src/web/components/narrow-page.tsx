import type { Child } from 'hono/jsx'
import { SiteLayout } from '../layouts/site-layout.tsx'

interface NarrowPageProps {
  title: string
  hint?: string
  children: Child
}

/** A page with one thing to do. */
export function NarrowPage({ title, hint, children }: NarrowPageProps) {
  return (
    <SiteLayout title={title} isTransient>
      <div class="shell pt-8 sm:pt-14">
        <div class="panel mx-auto flex max-w-md flex-col gap-6">
          <div class="flex flex-col gap-2">
            <h1 class="text-2xl font-extrabold tracking-tight text-balance sm:text-3xl">{title}</h1>
            {hint && <p class="text-muted break-words">{hint}</p>}
          </div>
          {children}
        </div>
      </div>
    </SiteLayout>
  )
}
