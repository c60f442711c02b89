import type { Sender, Templates } from './templates.ts'

const day = (date: Date) =>
  date.toLocaleDateString('pt-BR', { dateStyle: 'long', timeZone: 'America/Sao_Paulo' })
const hello = (name: string | null) => (name ? `Olá, ${name}!` : 'Olá!')
const closing = ({ siteName, siteLink }: Sender) => `${siteName}\n${siteLink}`
const METHODS = { pix: 'PIX', credit_card: 'cartão' }

export const ptBR: Templates = {
  claim: (facts) => ({
    subject: `Sua conta em ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [`Escolha uma senha para concluir sua conta em ${facts.siteName}.`],
    action: { label: 'Escolher uma senha', link: facts.link },
    notes: [
      'O link funciona uma vez só, por sete dias.',
      'Não foi você quem pediu? Então não faça nada: sem o link, não existe conta.',
    ],
    closing: closing(facts),
  }),
  reset: (facts) => ({
    subject: `Nova senha em ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [`Alguém, esperamos que você, pediu uma nova senha em ${facts.siteName}.`],
    action: { label: 'Escolher outra senha', link: facts.link },
    notes: [
      'O link funciona uma vez só, por 30 minutos.',
      'Não foi você? Então não faça nada: sua senha continua a mesma.',
    ],
    closing: closing(facts),
  }),
  'already-registered': (facts) => ({
    subject: `Você já tem uma conta em ${facts.siteName}`,
    greeting: hello(null),
    paragraphs: [
      `Alguém, esperamos que você, quis criar uma conta em ${facts.siteName} com este endereço. Ele já tem uma: é só entrar.`,
    ],
    action: { label: 'Entrar', link: facts.signInLink },
    notes: [`Esqueceu a senha? ${facts.resetLink}`, 'Não foi você? Então não precisa fazer nada.'],
    closing: closing(facts),
  }),
  'password-changed': (facts) => ({
    subject: `Sua senha em ${facts.siteName} foi trocada`,
    greeting: hello(null),
    paragraphs: [
      `A senha da sua conta em ${facts.siteName} acaba de ser trocada, e todos os outros aparelhos foram desconectados.`,
      'Não foi você? Escolha outra agora mesmo:',
    ],
    action: { label: 'Escolher outra senha', link: facts.resetLink },
    closing: closing(facts),
  }),
  receipt: (facts) => ({
    subject: `Seu pagamento em ${facts.siteName}`,
    greeting: hello(facts.name),
    paragraphs: [
      'Recebemos seu pagamento. Agradecemos a confiança!',
      ...(facts.claimLink
        ? [
            'Você já pode assistir no navegador em que pagou. Para assistir em outros aparelhos, escolha uma senha:',
          ]
        : []),
    ],
    facts: [
      ...facts.lines.map(({ name, price }): [string, string] => [name, price]),
      ['Total', facts.total],
      ['Pago', `em ${day(facts.paidAt)}, com ${METHODS[facts.method]}`],
      ...(facts.accessUntil ? [['Acesso até', day(facts.accessUntil)] as [string, string]] : []),
    ],
    action: facts.claimLink
      ? { label: 'Escolher uma senha', link: facts.claimLink }
      : { label: 'Ver minha conta', link: facts.accountLink },
    notes: [
      'O acesso termina sozinho: nada é cobrado de novo, a não ser que você compre de novo.',
      'Mudou de ideia? Em até sete dias você recebe o dinheiro de volta, pela sua conta.',
    ],
    closing: closing(facts),
  }),
  reminder: (facts) => ({
    subject: `Seu acesso a ${facts.siteName} termina em ${day(facts.endsAt)}`,
    greeting: hello(facts.name),
    paragraphs: [
      `O plano ${facts.planName} termina em ${day(facts.endsAt)}. Nada é cobrado automaticamente. Se quiser continuar, renove antes disso: os novos dias se somam aos que você ainda tem.`,
    ],
    action: { label: 'Renovar', link: facts.plansLink },
    notes: ['Não quer mais receber este lembrete? Cancele na sua conta; o acesso continua até o fim.'],
    closing: closing(facts),
  }),
  refunded: (facts) => ({
    subject: facts.isChargedBack
      ? `Seu banco estornou um pagamento em ${facts.siteName}`
      : `Seu reembolso em ${facts.siteName}`,
    greeting: hello(facts.name),
    paragraphs: facts.isChargedBack
      ? [
          `Seu banco estornou o pagamento de ${facts.amount} do plano ${facts.planName}. O acesso que ele pagava terminou.`,
        ]
      : [
          `Devolvemos ${facts.amount} do plano ${facts.planName}, e o acesso que esse valor pagava terminou.`,
          facts.method === 'pix'
            ? 'Um reembolso por PIX chega à sua conta em minutos; em alguns bancos, no próximo dia útil.'
            : 'No cartão, o reembolso aparece nesta fatura ou na próxima.',
        ],
    closing: closing(facts),
  }),
}
