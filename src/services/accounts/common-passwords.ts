/**
 * What people choose first, here and elsewhere, in lower case and without the digits and signs that they put around it.
 * All that is shorter than eight characters by itself counts with its ornaments: `senha123`, `Flamengo@10`.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  password passwort passw passwd pass senha minhasenha senhas novasenha mudar trocar teste testando test testing
  qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc
  qwe asd zxc qaz wsx abc abcd abcde abcdef xyz aa aaa aaaa admin administrator administrador root user usuario
  login welcome bemvindo bemvinda hello ola letmein entrar acesso access secret segredo secreto changeme default
  guest visitante master mestre system sistema server servidor computer computador internet google facebook
  instagram youtube netflix whatsapp telegram iloveyou loveyou love lovely amor meuamor teamo euteamo amorzinho
  amorminha amoreterno princess princesa rainha anjo angel anjinho deus deuse deusefiel jesus jesuscristo cristo
  jesusteama senhor maria mariana nossasenhora familia minhafamilia mae pai filho filha vida minhavida saudade
  felicidade esperanca brasil brazil brasileiro flamengo corinthians palmeiras saopaulo santos gremio internacional
  cruzeiro vasco vascodagama botafogo fluminense atletico galo bahia futebol football soccer baseball basketball
  hockey monkey dragon dragao tiger tigre lion leao eagle aguia shadow sunshine superman batman spiderman pokemon
  naruto starwars matrix ninja samurai warrior killer hunter ranger mustang ferrari porsche harley yamaha honda
  michael jordan michelle daniel daniela gabriel gabriela rafael rafaela lucas matheus mateus pedro joao jose
  carlos eduardo fernando fernanda felipe gustavo guilherme leonardo rodrigo ricardo roberto bruno bruna amanda
  juliana camila leticia larissa beatriz vitoria isabela isabella jessica jennifer jessie ashley thomas charlie
  andrew robert joshua anthony william richard summer winter verao inverno spring autumn primavera chocolate
  cookie banana cheese pepper ginger flower flores butterfly borboleta rainbow estrela estrelinha star trustno
  freedom liberdade whatever nothing money dinheiro business empresa trabalho escola school college forever
  familiafeliz sucesso vitorioso campeao champion music musica guitar guitarra rocknroll metallica nirvana
  creator creators creatorflix subscriber assinante member membro
  11111111 00000000 12345678 123456789 1234567890 87654321 987654321 0987654321 12341234 11112222 12121212 123123123
  102030405060 10203040 11223344 1122334455 123321123 147258369 159753456 741852963 789456123 13131313 20202020
  14725836 25802580 01020304 19901990 20002000 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5 zaq12wsx
  a1b2c3d4 abc12345 abcd1234 1a2b3c4d
  `
    .trim()
    .split(/\s+/),
)
