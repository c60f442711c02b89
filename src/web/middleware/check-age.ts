import { getCookie } from 'hono/cookie'
import { matchedRoutes } from 'hono/route'
import { type AgeCheck, ageCheckOf } from '#src/services/access/age-check.ts'
import type { AppContext } from '../app-env.ts'
import { isGuard, passing } from '../policies.ts'
import type { SiteIdentity, SiteIdentitySource } from '../site-identity.ts'

/** Tells of the viewer whether the age check of the site has been passed; whoever says so already is believed. */
export const checkAge = (identity: SiteIdentitySource, provider: AgeCheck | null) =>
  passing(async function checkAge(c, next) {
    // To find that there is nothing at an address costs no question to the database.
    if (!matchedRoutes(c).some(({ handler }) => isGuard(handler))) return next()
    const { ageCheck, rating } = await identity.fresh()
    const { viewer } = c.var
    if (!viewer.agePassed && ageCheck !== 'off') {
      const answer = await ageCheckOf(ageCheck, provider).decide({
        viewer,
        rating,
        cookie: (name) => getCookie(c, name),
      })
      c.set('viewer', { ...viewer, agePassed: answer === 'passed' })
    }
    if (ageCheck === 'provider') c.set('ageCheckAt', provider?.checkAt ?? null)
    await next()
  })

/**
 * Whether the question of age comes before the page. A notice, which anybody can click away, is not put to those who
 * read pages for search engines and link previews; they get the page as who has not passed sees it.
 */
export function mustAskAge(c: AppContext, { ageCheck }: Pick<SiteIdentity, 'ageCheck'>): boolean {
  if (ageCheck === 'off' || c.var.viewer.agePassed) return false
  return ageCheck === 'provider' || !CRAWLERS.test(c.req.header('User-Agent') ?? '')
}

const CRAWLERS =
  /\b(Googlebot|Google-InspectionTool|bingbot|DuckDuckBot|Applebot|YandexBot|Baiduspider|Slurp|facebookexternalhit|Twitterbot|WhatsApp|TelegramBot|LinkedInBot|Slackbot|Discordbot|Pinterestbot|SkypeUriPreview)\b/i
