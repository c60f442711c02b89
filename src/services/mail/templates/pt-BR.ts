import type { Sender, Templates } from './templates.ts'

const day = (date: Date) =>
  date.toLocaleDateString('pt-BR', { dateStyle: 'long', timeZone: 'America/Sao_Paulo' })
const hello = (name: string | null) => (name ? `Olá, ${name}!` : 'Olá!')
const closing = ({ siteName, siteLink }: Sender) => `${siteName}\n${siteLink}`
/** Site names take `o`, `a` or neither: sentences here do without. */
const METHODS = { pix: 'por Pix', credit_card: 'com cartão' }

export const ptBR: Templates = {
  claim: (facts) => ({
    subject: `${facts.siteName}: sua conta`,
    greeting: hello(null),
    paragraphs: ['Escolha uma senha para concluir sua conta. Com ela você entra em qualquer aparelho.'],
    action: { label: 'Escolher uma senha', link: facts.link },
    notes: [
      'O link funciona uma vez só, por sete dias.',
      'Não foi você quem pediu? Então não precisa fazer nada.',
    ],
    closing: closing(facts),
  }),
  reset: (facts) => ({
    subject: `${facts.siteName}: nova senha`,
    greeting: hello(null),
    paragraphs: ['Recebemos um pedido de nova senha.'],
    action: { label: 'Escolher outra senha', link: facts.link },
    notes: [
      'O link funciona uma vez só, por 30 minutos.',
      'Não foi você? Então não precisa fazer nada: sua senha continua a mesma.',
    ],
    closing: closing(facts),
  }),
  'already-registered': (facts) => ({
    subject: `${facts.siteName}: você já tem uma conta`,
    greeting: hello(null),
    paragraphs: [
      'Recebemos um pedido para usar este e-mail em uma conta. Já existe uma conta com ele: é só entrar.',
    ],
    action: { label: 'Entrar', link: facts.signInLink },
    notes: [`Esqueceu a senha? ${facts.resetLink}`, 'Não foi você? Então não precisa fazer nada.'],
    closing: closing(facts),
  }),
  'password-changed': (facts) => ({
    subject: `${facts.siteName}: sua senha foi trocada`,
    greeting: hello(null),
    paragraphs: [
      'A senha da sua conta acaba de ser trocada, e todos os outros aparelhos foram desconectados.',
      'Não foi você? Escolha outra agora mesmo:',
    ],
    action: { label: 'Escolher outra senha', link: facts.resetLink },
    closing: closing(facts),
  }),
  'confirm-email': (facts) => ({
    subject: `${facts.siteName}: confirme seu novo e-mail`,
    greeting: hello(null),
    paragraphs: [`Confirme este endereço como o novo e-mail da sua conta. Site: ${facts.siteName}.`],
    action: { label: 'Confirmar este e-mail', link: facts.link },
    notes: [
      'O link funciona uma vez só, por um dia.',
      'Não foi você quem pediu? Então não precisa fazer nada: este e-mail não será usado.',
    ],
    closing: closing(facts),
  }),
  'email-change-asked': (facts) => ({
    subject: `${facts.siteName}: pedido de troca do seu e-mail`,
    greeting: hello(null),
    paragraphs: [
      'Alguém que sabe sua senha pediu para trocar o e-mail da sua conta. A troca acontece assim que o novo endereço for confirmado.',
      'Não foi você? Troque sua senha agora mesmo: com isso, o link enviado ao novo endereço deixa de funcionar.',
    ],
    action: { label: 'Trocar minha senha', link: facts.securityLink },
    closing: closing(facts),
  }),
  'email-changed': (facts) => ({
    subject: `${facts.siteName}: seu e-mail foi trocado`,
    greeting: hello(null),
    paragraphs: [
      'Sua conta agora tem outro e-mail, confirmado por quem o lê. É com ele que você entra, e nossas mensagens vão para lá.',
      'Não foi você? Fale conosco agora mesmo.',
    ],
    closing: closing(facts),
  }),
  receipt: (facts) => ({
    subject: `${facts.siteName}: ${facts.planName}, pagamento de ${day(facts.paidAt)}`,
    greeting: hello(facts.name),
    paragraphs: [
      'Recebemos seu pagamento. Obrigado pela confiança!',
      ...(facts.claimLink
        ? [
            'Você já pode assistir no navegador em que pagou. Para assistir em outros aparelhos, escolha uma senha:',
          ]
        : []),
    ],
    facts: [
      ...facts.lines.map(({ name, price }): [string, string] => [name, price]),
      ['Total', facts.total],
      ['Pago em', `${day(facts.paidAt)}, ${METHODS[facts.method]}`],
      ...(facts.accessUntil ? [['Acesso até', day(facts.accessUntil)] as [string, string]] : []),
    ],
    action: facts.claimLink
      ? { label: 'Escolher uma senha', link: facts.claimLink }
      : { label: 'Ver minha conta', link: facts.accountLink },
    notes: [
      'Não há renovação automática: você só paga de novo se quiser.',
      'Mudou de ideia? Em até sete dias, na página Sua conta, você pede o dinheiro de volta.',
    ],
    closing: closing(facts),
  }),
  'order-moved': (facts) => ({
    subject: `${facts.siteName}: um pagamento que não era seu`,
    greeting: hello(facts.name),
    paragraphs: [
      `O plano ${facts.planName}, pago em ${day(facts.paidAt)}, tinha sido pedido com o seu e-mail por engano. Quem pagou informou o endereço certo: esses dias deixaram de ser seus, assim como o que mais o mesmo navegador pagou com o seu e-mail. O resto continua como está.`,
      'Foi você quem pagou? Fale conosco.',
    ],
    closing: closing(facts),
  }),
  reminder: (facts) => ({
    subject: `${facts.siteName}: seu acesso termina em ${day(facts.endsAt)}`,
    greeting: hello(facts.name),
    paragraphs: [
      `O plano ${facts.planName} termina em ${day(facts.endsAt)}. Não há renovação automática. Se quiser continuar, renove antes disso: os novos dias se somam aos que você ainda tem.`,
    ],
    action: { label: 'Renovar', link: facts.plansLink },
    notes: ['Não quer mais receber este lembrete? Cancele na sua conta; o acesso continua até o fim.'],
    closing: closing(facts),
  }),
  refunded: (facts) => ({
    subject: facts.isChargedBack
      ? `${facts.siteName}: seu banco estornou um pagamento`
      : `${facts.siteName}: seu reembolso`,
    greeting: hello(facts.name),
    paragraphs: facts.isChargedBack
      ? [
          `Seu banco estornou o pagamento de ${facts.amount} do plano ${facts.planName}. O acesso que ele pagava terminou.`,
        ]
      : [
          `Devolvemos ${facts.amount} do plano ${facts.planName}, e o acesso que esse valor pagava terminou.`,
          facts.method === 'pix'
            ? 'Um reembolso por Pix chega à sua conta em minutos; em alguns bancos, no próximo dia útil.'
            : 'No cartão, o reembolso aparece nesta fatura ou na próxima.',
        ],
    closing: closing(facts),
  }),
}
