/** Calls that a test hears of, should any of them run. */
const CALL = 'heard()'

/** Ways out of where a value may stand: text, attributes of either quote or none, titles, comments, scripts, styles. */
const BREAKS = ['', '">', "'>", '</title>', '--></style></script>', '</textarea></noscript>'] as const

/** What would run there. */
const VECTORS = [
  `<script>${CALL}</script>`,
  `<ScRiPt >${CALL}</sCrIpT>`,
  `<img src=x onerror=${CALL}>`,
  `<img/src="x"/onerror="${CALL}">`,
  `<svg onload=${CALL}>`,
  `<svg><script>${CALL}</script></svg>`,
  `<svg><animate onbegin=${CALL} attributeName=x dur=1s>`,
  `<details open ontoggle=${CALL}>x</details>`,
  `<video><source onerror=${CALL}></video>`,
  `<audio src=x onerror=${CALL}>`,
  `<input autofocus onfocus=${CALL}>`,
  `<select autofocus onfocus=${CALL}>`,
  `<body onload=${CALL}>`,
  `<iframe srcdoc="<script>parent.${CALL}</script>"></iframe>`,
  `<iframe src="javascript:parent.${CALL}"></iframe>`,
  `<math><mtext><img src=x onerror=${CALL}></mtext></math>`,
  `<marquee onstart=${CALL}>x</marquee>`,
  `<object data="javascript:${CALL}"></object>`,
] as const

/** Values that are dangerous as they are: in addresses, in attributes, in data that a script reads. */
const VALUES = [
  `javascript:${CALL}`,
  `JaVaScRiPt:${CALL}`,
  `java\tscript:${CALL}`,
  `data:text/html,<script>parent.${CALL}</script>`,
  `" onmouseover="${CALL}" autofocus onfocus="${CALL}" x="`,
  `' onmouseover='${CALL}' autofocus onfocus='${CALL}' x='`,
  `x onerror=${CALL}`,
  `</script><script>${CALL}</script>`,
  `${'${'}${CALL}}`,
  `{{constructor.constructor('${CALL}')()}}`,
  `\u2028${CALL}//`,
  `&lt;script&gt;${CALL}&lt;/script&gt;`,
] as const

/** A hundred and twenty. */
export const SCRIPT_PAYLOADS: string[] = [
  ...BREAKS.flatMap((leave) => VECTORS.map((vector) => leave + vector)),
  ...VALUES,
]
