import type { Deps } from '#src/deps.ts'
import type { GatewayKind } from '#src/payments/gateway.ts'
import { gatewayKind } from '#src/payments/registry.ts'
import { isPublicSite } from '#src/services/settings/public-site.ts'
import { type GatewayRow, type Secrets, unsealSecrets } from './gateway-secrets.ts'

/** What a row is good for: a gateway with its secrets, or the reason why it cannot be used, for the owner. */
export type Opening =
  | { kind: GatewayKind; secrets: Secrets; obstacle: null }
  | { kind: GatewayKind | null; secrets: null; obstacle: string }

export function openingOf(deps: Pick<Deps, 'env' | 'sealKey'>, row: GatewayRow): Opening {
  const kind = gatewayKind(row.name)
  const unusable = (obstacle: string): Opening => ({ kind, secrets: null, obstacle })
  if (!kind) return unusable(`There is no kind of gateway named ${row.name}.`)
  if (kind.isPretend && isPublicSite(deps.env)) return unusable(pretendOnPublicSite(row.name, deps))
  if (row.secretKey === null) return unusable(`It has no secrets yet. ${howToSet(row.name)}`)
  const secrets = unsealSecrets(deps, row)
  if (!secrets) {
    return unusable(
      `Its secrets cannot be opened: they were sealed with another key, or changed since. Restore ENCRYPTION_KEY_FILE or APP_SECRET, or give them again. ${howToSet(row.name)}`,
    )
  }
  const mistakes = mistakesIn(kind, secrets)
  if (mistakes.length > 0)
    return unusable(`Its secrets are not complete: ${mistakes.join('; ')}. ${howToSet(row.name)}`)
  return { kind, secrets, obstacle: null }
}

/** What is wrong with secrets, by their names; never what they are. */
export const mistakesIn = ({ secrets: form }: GatewayKind, secrets: Secrets): string[] =>
  form.safeParse(secrets).error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()) ??
  []

const howToSet = (name: string) => `See: npx creatorflix gateways set ${name} --help`

const pretendOnPublicSite = (name: string, { env }: Pick<Deps, 'env'>) =>
  `${name} takes pretend money, and ${env.BASE_URL} is an address for everybody. Choose a real gateway.`
